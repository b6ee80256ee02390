/** The HTTP door: serves one vault's dossier on this machine only. */
export type { EventQuestion, Served } from "./app.ts";
export { createApp } from "./app.ts";
export { type Serving, serve } from "./serve.ts";
