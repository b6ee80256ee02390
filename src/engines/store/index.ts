/** Events on disk: batches in, timelines and records out (docs/design/events-and-keys.md). */
export type { Density } from "./count.ts";
export { openStore, PAGE_ROWS_MAX, type Store } from "./store.ts";
export { createStore, type StoreWriter } from "./writer.ts";
export type { Manifest } from "./manifest.ts";
