/**
 * Finds the rows that somebody looks for: by event id, by line of a log, by cmdlet or operation, or by kind of evidence. Refuses to
 * decode a row whose event id, or whose cmdlet, nobody looks for: logs of millions of rows pass by. Knows no question.
 */
import type { Batch } from "../../model/event.ts";
import type { FormatId } from "../../model/evidence.ts";
import { firstText } from "./fields.ts";

/** Where something shows. */
export type Seek =
  /** Windows events by log and id; without ids the lines of a log that has none (the protection log). */
  | { readonly kind: "event"; readonly log: string; readonly eventIds: readonly number[] }
  /** What an administrator ran, or did in a tenant, where it succeeded. */
  | { readonly kind: "cmdlet"; readonly cmdlet: string }
  /** Every row of a kind of evidence. */
  | { readonly kind: "rows"; readonly format: FormatId };

/** Prepared to be asked for every batch. */
export interface Lookout<Item> {
  /** Tells of each row where one of the items shows, in file order for each way of looking. */
  look(batch: Batch, found: (row: number, item: Item) => void): void;
}

/** Formats whose rows have event ids. */
export const EVENT_LOGS: ReadonlySet<string> = new Set([
  "evtx",
  "windows-json",
  "plaso",
  "timesketch",
  "syslog",
]);
/** Formats whose rows are lines of a log under its name, without an event id. */
const LINES: ReadonlySet<string> = new Set(["mplog"]);

/** How a format tells cmdlets or operations of administrators. */
interface CmdletLogs {
  /** What names them; the first that a row has counts. */
  readonly fields: readonly string[];
  /** Logs that hold them; null: all of the format do. */
  readonly channels: ReadonlySet<string> | null;
}

const MANAGEMENT: CmdletLogs = {
  fields: ["Cmdlet"],
  channels: new Set(["MSExchange Management"]),
};
const CMDLETS: ReadonlyMap<string, CmdletLogs> = new Map([
  ["evtx", MANAGEMENT],
  ["windows-json", MANAGEMENT],
  ["exchange", { fields: ["Cmdlet"], channels: new Set(["CmdletInfra"]) }],
  ["audit-xml", { fields: ["Cmdlet"], channels: null }],
  ["clixml", { fields: ["CmdletName"], channels: null }],
  [
    "m365",
    {
      fields: ["Operation", "OperationName", "activityDisplayName"],
      channels: new Set(["UnifiedAudit", "DirectoryAudit"]),
    },
  ],
]);
/** Event 1 of the Management log is success, 6 is failure; the others say so in a word. */
const SUCCEEDED = 1;
const OUTCOMES = ["Succeeded", "ResultStatus", "Result", "result"];

interface Prepared<Item> {
  readonly byEvent: ReadonlyMap<number, readonly OfLog<Item>[]>;
  /** By the log's name in lower case. */
  readonly byLog: ReadonlyMap<string, readonly Item[]>;
  /** By the cmdlet's name in lower case. */
  readonly byCmdlet: ReadonlyMap<string, readonly Item[]>;
  readonly byFormat: ReadonlyMap<string, readonly Item[]>;
}

interface OfLog<Item> {
  readonly log: string;
  readonly item: Item;
}

/** Prepares what is sought; each item is told wherever its place shows. */
export function createLookout<Item>(
  sought: Iterable<readonly [seek: Seek, item: Item]>,
): Lookout<Item> {
  const prepared = prepare(sought);
  return {
    look(batch, found) {
      const all = prepared.byFormat.get(batch.format);
      if (all !== undefined)
        for (let row = 0; row < batch.length; row++) for (const item of all) found(row, item);
      if (EVENT_LOGS.has(batch.format)) lookAtEvents(batch, prepared, found);
      else if (LINES.has(batch.format)) lookAtLines(batch, prepared, found);
      else lookAtCmdlets(batch, prepared, found);
    },
  };
}

function prepare<Item>(sought: Iterable<readonly [Seek, Item]>): Prepared<Item> {
  const byEvent = new Map<number, OfLog<Item>[]>();
  const byLog = new Map<string, Item[]>();
  const byCmdlet = new Map<string, Item[]>();
  const byFormat = new Map<string, Item[]>();
  for (const [seek, item] of sought)
    switch (seek.kind) {
      case "event": {
        const log = seek.log.toLowerCase();
        if (seek.eventIds.length === 0) put(byLog, log, item);
        for (const id of seek.eventIds) put(byEvent, id, { log, item });
        break;
      }
      case "cmdlet":
        put(byCmdlet, nameOf(seek.cmdlet), item);
        break;
      case "rows":
        put(byFormat, seek.format, item);
        break;
    }
  return { byEvent, byLog, byCmdlet, byFormat };
}

function put<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

/** Nearly every row costs its event id, asked once, and one look into a table: what the id itself costs, and 10 ns. */
function lookAtEvents<Item>(
  batch: Batch,
  { byEvent, byCmdlet }: Prepared<Item>,
  found: (row: number, item: Item) => void,
): void {
  const cmdlets = CMDLETS.get(batch.format);
  for (let row = 0; row < batch.length; row++) {
    const id = batch.eventId(row);
    if (id === SUCCEEDED && cmdlets !== undefined)
      lookAtCmdlet(batch, row, cmdlets, byCmdlet, found);
    const sought = byEvent.get(id);
    if (sought === undefined) continue;
    const channel = batch.channel(row).toLowerCase();
    for (const { log, item } of sought) if (log === channel) found(row, item);
  }
}

function lookAtLines<Item>(
  batch: Batch,
  { byLog }: Prepared<Item>,
  found: (row: number, item: Item) => void,
): void {
  for (let row = 0; row < batch.length; row++)
    for (const item of byLog.get(batch.channel(row).toLowerCase()) ?? []) found(row, item);
}

/** Rows of logs without cmdlets cost a look at the channel, each cmdlet one field. */
function lookAtCmdlets<Item>(
  batch: Batch,
  { byCmdlet }: Prepared<Item>,
  found: (row: number, item: Item) => void,
): void {
  const cmdlets = CMDLETS.get(batch.format);
  if (cmdlets === undefined || byCmdlet.size === 0) return;
  for (let row = 0; row < batch.length; row++) lookAtCmdlet(batch, row, cmdlets, byCmdlet, found);
}

function lookAtCmdlet<Item>(
  batch: Batch,
  row: number,
  { fields, channels }: CmdletLogs,
  byCmdlet: Prepared<Item>["byCmdlet"],
  found: (row: number, item: Item) => void,
): void {
  if (channels !== null && !channels.has(batch.channel(row))) return;
  const cmdlet = cmdletOf(batch, row, fields);
  const sought = cmdlet === "" ? undefined : byCmdlet.get(nameOf(cmdlet));
  if (sought === undefined || hasFailed(batch, row)) return;
  for (const item of sought) found(row, item);
}

function hasFailed(batch: Batch, row: number): boolean {
  return /^(?:false|fail)/i.test(firstText(batch, row, OUTCOMES));
}

function cmdletOf(batch: Batch, row: number, names: readonly string[]): string {
  for (const name of names) {
    const value = batch.field(row, name);
    if (typeof value === "string" && value !== "") return value;
  }
  return "";
}

/** Some operations of a tenant end with a full stop, in one service and not in another. */
function nameOf(cmdlet: string): string {
  const name = cmdlet.toLowerCase();
  return name.endsWith(".") ? name.slice(0, -1) : name;
}
