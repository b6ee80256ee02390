/** `breakwater serve`: the dossier on this machine, behind a token, until Ctrl-C. */
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { Fault } from "../../../base/fault.ts";
import {
  type EventSearch,
  type Vault,
  dossierOf,
  eventPage,
  renderDossier,
  withVault,
} from "../../../casework/index.ts";
import type { Dossier } from "../../../model/dossier.ts";
import { serve } from "../../http/index.ts";
import { type Command, KEYS, type Surroundings, VAULT } from "../command.ts";
import { timeOption, vaultFolder, vaultSettings } from "../settings.ts";
import { say } from "../terminal.ts";

const PORT = 4480;
const PORT_MAX = 65_535;
const TOKEN_BYTES = 24;

export const command: Command = {
  summary: "Shows the dossier of a vault at an address on this machine, until Ctrl-C.",
  usage: "serve --vault DIR [--port 4480]",
  options: [
    VAULT,
    { name: "port", value: "PORT", help: `where to listen on 127.0.0.1 (${PORT}; 0 for any)` },
    { name: "as-of", value: "TIME", help: "tell clocks for this moment (that of the last run)" },
    ...KEYS,
  ],
  example: "breakwater serve --vault ./case",
  async run(given, surroundings) {
    const settings = vaultSettings(given, surroundings);
    const port = portOf(given.one("port"));
    await withVault(vaultFolder(given), settings, "open", async (vault) => {
      const dossier = await dossierOf(vault, timeOption(given, "as-of"), surroundings.pace);
      await serveDossier(vault, dossier, port, surroundings);
    });
    return 0;
  },
};

/** Serves until Ctrl-C; prints the address, which holds the token, on stdout. */
export async function serveDossier(
  vault: Vault,
  dossier: Dossier,
  port: number,
  { out, signal }: Surroundings,
): Promise<void> {
  const served = {
    ...renderDossier(dossier),
    events: (search: EventSearch) => eventPage(vault, search),
  };
  const serving = await serve(served, port, randomBytes(TOKEN_BYTES).toString("base64url"));
  await out.line(serving.url);
  await out.flush();
  say("open this address in a browser on this machine; Ctrl-C stops");
  if (!signal.aborted) await once(signal, "abort");
  await serving.close();
}

/** A port as typed. Faults: usage. */
export function portOf(text: string | null): number {
  const port = Number(text ?? PORT);
  if (Number.isInteger(port) && port >= 0 && port <= PORT_MAX) return port;
  throw new Fault("usage", `${text} is no port`, `a number from 0 to ${PORT_MAX}`);
}
