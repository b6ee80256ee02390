/** `breakwater serve`: the dossier on this machine, behind a token, until Ctrl-C; other commands work meanwhile. */
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { Fault } from "../../../base/fault.ts";
import type { Ticks } from "../../../base/time.ts";
import {
  Turns,
  type Vault,
  beginRun,
  eventPage,
  eventSummary,
  keepEscalating,
  requirePaths,
  watchLogs,
  withVault,
} from "../../../casework/index.ts";
import { type Served, type Serving, serve } from "../../http/index.ts";
import { type Command, KEYS, type Surroundings, VAULT } from "../command.ts";
import { findingJson } from "../finding-report.ts";
import { lastDossier } from "../last-dossier.ts";
import { lendVault } from "../lending.ts";
import { LivePage } from "../live-page.ts";
import { actor, timeOption, vaultFolder, vaultSettings } from "../settings.ts";
import { plain } from "../terminal.ts";

const PORT = 4480;
const PORT_MAX = 65_535;
const TOKEN_BYTES = 24;

export const command: Command = {
  summary:
    "Shows the dossier of a vault at an address on this machine, until Ctrl-C. Other commands work meanwhile.",
  usage: "serve --vault DIR [--port 4480] [--watch PATH]... [--syslog PORT]",
  options: [
    VAULT,
    { name: "port", value: "PORT", help: `where to listen on 127.0.0.1 (${PORT}; 0 for any)` },
    {
      name: "watch",
      value: "PATH",
      repeated: true,
      help: "follow this log, or every log in this folder, as it grows",
    },
    {
      name: "syslog",
      value: "[HOST:]PORT",
      help: "take syslog over UDP and TCP (on 127.0.0.1 unless a host is named)",
    },
    {
      name: "by",
      value: "NAME",
      help: "who follows the logs, and has messages sent (the account's name)",
    },
    { name: "as-of", value: "TIME", help: "tell clocks for this moment (that of the last run)" },
    ...KEYS,
  ],
  example: "breakwater serve --vault ./case",
  sharing: "alone",
  async run(given, surroundings) {
    const settings = vaultSettings(given, surroundings);
    const port = portOf(given.one("port"));
    const asOf = timeOption(given, "as-of");
    const paths = given.many("watch");
    const syslog = syslogOf(given.one("syslog"));
    requirePaths(paths);
    const watches = paths.length > 0 || syslog !== null;
    const by = watches ? actor(given) : "";
    const mode = watches ? { createBy: by } : "open";
    await withVault(vaultFolder(given), settings, mode, async (vault) => {
      const { pace, out } = surroundings;
      if (watches) await beginRun(vault, by, settings.clock(), pace);
      const besides = (signal: AbortSignal, turns: Turns) => ({
        clock: settings.clock,
        notice: (line: string) => out.say(plain(line)),
        signal,
        turn: <T>(work: () => Promise<T>) => turns.take(work, signal),
      });
      const watch: SideWork = (signal, turns) =>
        watchLogs(vault, { paths, syslog, by, ...besides(signal, turns) }, pace);
      const tell: SideWork = (signal, turns) =>
        keepEscalating(vault, { by: () => actor(given), ...besides(signal, turns) }, pace);
      const works = watches ? [watch, tell] : [tell];
      await serveVault({ vault, ports: [port], asOf }, surroundings, works);
    });
    return 0;
  },
};

/** What is served, and where. */
export interface Service {
  readonly vault: Vault;
  /** The first of these that is free; 0 is any. */
  readonly ports: readonly number[];
  /** The moment that clocks are told for; null: that of the last run. */
  readonly asOf: Ticks | null;
}

/** Work that goes on beside the server until `signal`; it takes `turns` for more than a moment in the vault. */
export type SideWork = (signal: AbortSignal, turns: Turns) => Promise<void>;

/**
 * Serves until Ctrl-C, or until one of `beside` fails, whose Fault it then throws; prints the address, which holds the
 * token, on stdout. Commands of other processes run in the vault meanwhile. Faults: port-in-use, and as dossierOf.
 */
export async function serveVault(
  { vault, ports, asOf }: Service,
  surroundings: Surroundings,
  beside: readonly SideWork[] = [],
): Promise<void> {
  const { out } = surroundings;
  const failed = new AbortController();
  const signal = AbortSignal.any([surroundings.signal, failed.signal]);
  const turns = new Turns();
  const page = new LivePage(vault, turns, () => lastDossier(vault, asOf, surroundings), signal);
  await page.current();
  const serving = await serveAt(ports, {
    page: () => page.current(),
    findings: async () => (await page.current()).findings.map(findingJson),
    patches: async () => (await page.current()).patches(),
    events: (search) => eventPage(vault, search),
    summary: (search) => eventSummary(vault, search),
  });
  const reception = await lendVault(vault, turns).catch((error: unknown) => {
    out.say(`other commands cannot reach this process (${String(error)}); they must wait for it`);
    return null;
  });
  try {
    await out.line(serving.url);
    await out.flush();
    out.say("open this address in a browser on this machine; Ctrl-C stops");
    const works = beside.map((work) =>
      work(signal, turns).catch((error: unknown) => {
        failed.abort();
        throw error;
      }),
    );
    if (!signal.aborted) await once(signal, "abort");
    await Promise.all(works);
  } finally {
    await reception?.close();
    await serving.close();
  }
}

/** On the first port that is free; with a token that nobody can guess. */
async function serveAt(ports: readonly number[], served: Served): Promise<Serving> {
  const [port = 0, ...others] = ports;
  try {
    return await serve(served, port, randomBytes(TOKEN_BYTES).toString("base64url"));
  } catch (error) {
    const taken = error instanceof Fault && error.code === "port-in-use";
    if (!taken || others.length === 0) throw error;
    return await serveAt(others, served);
  }
}

/** Where to listen for syslog, as typed. Faults: usage. */
function syslogOf(text: string | null): { readonly host: string; readonly port: number } | null {
  if (text === null) return null;
  const colon = text.lastIndexOf(":");
  const host = colon < 0 ? "127.0.0.1" : text.slice(0, colon).replace(/^\[|\]$/g, "");
  return { host, port: portOf(text.slice(colon + 1)) };
}

/** A port as typed. Faults: usage. */
export function portOf(text: string | null): number {
  const port = Number(text ?? PORT);
  if (Number.isInteger(port) && port >= 0 && port <= PORT_MAX) return port;
  throw new Fault("usage", `${text} is no port`, `a number from 0 to ${PORT_MAX}`);
}
