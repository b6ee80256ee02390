/**
 * What a row of an Exchange log says beyond its columns: which server wrote it, as whom a request to PowerShell came
 * (RpsCatUser, RpsCatSid), a cmdlet's parameters by name, and whether its SMTP session was encrypted (Tls, TlsVersion, TlsCipher).
 */
import type { FieldValue } from "../../../model/event.ts";
import { type Beyond, type Cells, jsonBeyond } from "../csv/batch.ts";
import type { Layout } from "./layout.ts";
import { cmdletParameters } from "./parameters.ts";
import { findRpsCat, RPS_CAT_NAMES, rpsCatAt } from "../rps-cat.ts";
import { PLAIN, type Tls, UNKNOWN } from "./sessions.ts";

const TLS_NAMES = ["Tls", "TlsVersion", "TlsCipher"] as const;
const NO_NAMES: readonly string[] = [];

/** The sessions of a batch's rows. */
export interface RowSessions {
  /** Per row: PLAIN, UNKNOWN or a number of `tls`. */
  readonly states: Int16Array;
  readonly tls: readonly (Tls | null)[];
}

/** What the rows of one batch say beyond their cells; `host` is the case file's. */
export function beyondOf(layout: Layout, host: string | null, sessions: RowSessions): Beyond {
  const common = {
    host: (cells: Cells, row: number) => host ?? hostOf(cells, row, layout),
    channel: () => layout.channel,
  };
  if (layout.smtp !== null) return { ...common, ...tlsOf(sessions) };
  if (layout.parameters >= 0) return { ...common, ...cmdletParameters(layout.parameters) };
  const { query } = layout;
  const names = query < 0 ? NO_NAMES : RPS_CAT_NAMES;
  const field = (cells: Cells, row: number, name: string) => rpsCatField(cells, row, query, name);
  const json = (cells: Cells, row: number) =>
    query < 0 || tokenIn(cells, row, query) < 0 ? "" : jsonBeyond({ names, field }, cells, row);
  return { ...common, names, field, json };
}

/** The fields of SMTP sessions: the same in row after row of the same state. */
function tlsOf({ states, tls }: RowSessions): Pick<Beyond, "names" | "field" | "json"> {
  const names = TLS_NAMES;
  const field = (_: Cells, row: number, name: string) =>
    tlsField(states[row] ?? UNKNOWN, tls, name);
  const printed = new Map<number, string>();
  const json = (cells: Cells, row: number) => {
    const state = states[row] ?? UNKNOWN;
    const known = printed.get(state) ?? jsonBeyond({ names, field }, cells, row);
    printed.set(state, known);
    return known;
  };
  return { names, field, json };
}

/** A message that is sent off has this server as its client: the other side is then the one that `server` names. */
const SENDING: ReadonlySet<string> = new Set(["SEND", "SENDEXTERNAL", "SUBMIT"]);

function hostOf(cells: Cells, row: number, layout: Layout): string {
  if (layout.smtp !== null) {
    // `SERVER\Connector` in received mail; a connector for sending names no server.
    const connector = cells.repeated(row, layout.smtp.connector) ?? "";
    const end = connector.indexOf("\\");
    return end < 0 ? "" : connector.slice(0, end);
  }
  if (layout.clientHost < 0) return cells.repeated(row, layout.host) ?? "";
  const isSent = SENDING.has(cells.text(row, layout.eventId) ?? "");
  const own = cells.text(row, isSent ? layout.clientHost : layout.host);
  return own ?? cells.text(row, isSent ? layout.host : layout.clientHost) ?? "";
}

function tlsField(
  state: number,
  tls: readonly (Tls | null)[],
  name: string,
): FieldValue | undefined {
  if (state === UNKNOWN) return undefined;
  if (name === "Tls") return state !== PLAIN;
  const { version, cipher } = tls[state] ?? { version: undefined, cipher: null };
  return name === "TlsVersion" ? version : (cipher ?? undefined);
}

/** Where a token begins in the query of a row, or -1. */
function tokenIn(cells: Cells, row: number, query: number): number {
  return findRpsCat(cells.bytes, cells.start(row, query), cells.end(row, query));
}

function rpsCatField(
  cells: Cells,
  row: number,
  query: number,
  name: string,
): FieldValue | undefined {
  const at = tokenIn(cells, row, query);
  if (at < 0) return undefined;
  const token = rpsCatAt(cells.bytes, at, cells.end(row, query));
  return (name === "RpsCatUser" ? token?.user : token?.sid) ?? undefined;
}
