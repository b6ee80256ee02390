/**
 * Which rows show that something befell a sensor, by knowledge/protection.json. Refuses to decode a row whose event id, or whose
 * cmdlet, is none of those that it looks for: logs of millions of rows pass by.
 */
import type { Batch, FieldValue } from "../../model/event.ts";
import { count } from "../../engines/wording/index.ts";
import { EVENT_LOGS, lookAtExclusions } from "./exclusions-rows.ts";
import { type Pace, Signs, type SignsState } from "./protection-signs.ts";
import type { ProtectionTerms, SignKind, SignWhere } from "./protection-terms.ts";

const TEXT_CHARS_MAX = 200;
/** Whoever did it, by the name that Windows, Exchange or the tenant gives them. */
const ACTORS = ["SubjectUserName", "Caller", "AuthenticatedUser", "UserId"];
/** Formats whose rows are cmdlets or operations of administrators, and what names them. */
const CMDLET_FIELDS: ReadonlyMap<string, string> = new Map([
  ["evtx", "Cmdlet"],
  ["windows-json", "Cmdlet"],
  ["exchange", "Cmdlet"],
  ["audit-xml", "Cmdlet"],
  ["clixml", "CmdletName"],
  ["m365", "Operation"],
]);
/** Logs of these formats that hold cmdlets at all; of the formats that are not named, all do. */
const CMDLET_CHANNELS: ReadonlyMap<string, string> = new Map([
  ["evtx", "MSExchange Management"],
  ["windows-json", "MSExchange Management"],
  ["exchange", "CmdletInfra"],
]);
/** Where a cmdlet says that it did nothing: event 6 of the Management log, an error of another. */
const FAILED = 6;

/** Gathers signs from batches while they are read; what was gathered can be handed on. */
export interface SignCollector {
  add(batch: Batch): void;
  /** What was gathered so far, valid until the next call. */
  state(): SignsState;
  /** Takes in what another collector has gathered: in whatever order, the signs are the same. */
  absorb(state: SignsState): void;
}

type EventWhere = Exclude<SignWhere, { readonly kind: "cmdlet" }>;
type CmdletWhere = Extract<SignWhere, { readonly kind: "cmdlet" }>;

/** What is looked for, by what costs least to ask. */
interface Lookout {
  readonly byEvent: ReadonlyMap<number, readonly Sought<EventWhere>[]>;
  /** Lines of a log that has no event ids, by its name in lower case. */
  readonly byLog: ReadonlyMap<string, readonly Sought<EventWhere>[]>;
  readonly byCmdlet: ReadonlyMap<string, readonly Sought<CmdletWhere>[]>;
}

interface Sought<Where> {
  readonly kind: SignKind;
  readonly where: Where;
}

/** A collector that has seen nothing. */
export function createSigns({ signs: kinds }: Pick<ProtectionTerms, "signs">): SignCollector {
  const signs = new Signs();
  const lookout = lookoutOf(kinds);
  return {
    add(batch) {
      lookAtEvents(signs, batch, lookout);
      lookAtCmdlets(signs, batch, lookout);
      lookAtExclusions(signs, batch);
    },
    state: () => signs.state(),
    absorb: (state) => signs.absorb(state),
  };
}

/** What was left out, as sentences; none where nothing was. */
export function signLimits({ uncounted }: SignsState): readonly string[] {
  return uncounted === 0
    ? []
    : [
        `What ${count(uncounted, "further record")} say of sensors and exclusions: a log has more of them than can be kept.`,
      ];
}

function lookoutOf(kinds: readonly SignKind[]): Lookout {
  const byEvent = new Map<number, Sought<EventWhere>[]>();
  const byLog = new Map<string, Sought<EventWhere>[]>();
  const byCmdlet = new Map<string, Sought<CmdletWhere>[]>();
  for (const kind of kinds)
    for (const where of kind.where) {
      if (where.kind === "cmdlet") put(byCmdlet, where.cmdlet.toLowerCase(), { kind, where });
      else if (where.eventIds.length === 0) put(byLog, where.log.toLowerCase(), { kind, where });
      else for (const id of where.eventIds) put(byEvent, id, { kind, where });
    }
  return { byEvent, byLog, byCmdlet };
}

function put<Key, Item>(map: Map<Key, Item[]>, key: Key, item: Item): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [item]);
  else list.push(item);
}

/** Nearly every row costs its event id and one look into a table: more than 20 M rows/s. */
function lookAtEvents(signs: Signs, batch: Batch, { byEvent, byLog }: Lookout): void {
  const lines = batch.format === "mplog" ? byLog : null;
  if (lines === null && !EVENT_LOGS.has(batch.format)) return;
  for (let row = 0; row < batch.length; row++) {
    const id = batch.eventId(row);
    const sought = id >= 0 ? byEvent.get(id) : lines?.get(batch.channel(row).toLowerCase());
    if (sought === undefined) continue;
    for (const { kind, where } of sought) lookAtEvent(signs, batch, row, kind, where);
  }
}

function lookAtEvent(
  signs: Signs,
  batch: Batch,
  row: number,
  kind: SignKind,
  where: EventWhere,
): void {
  if (batch.channel(row).toLowerCase() !== where.log.toLowerCase()) return;
  switch (where.kind) {
    case "event":
      if (where.field !== undefined && !fits(textOf(batch.field(row, where.field)), where)) return;
      return show(signs, batch, row, kind, firstText(batch, row, kind.of ?? []));
    case "age": {
      const days = where.fields.map((name) => Number(textOf(batch.field(row, name)) || Number.NaN));
      const age = days.find((number) => Number.isInteger(number));
      if (age !== undefined && age > where.daysMax)
        show(signs, batch, row, kind, age >= NEVER ? "never" : String(age), "day");
      return;
    }
    case "version": {
      const version = firstText(batch, row, where.fields);
      if (/^\d{1,6}(?:\.\d{1,9}){1,3}$/.test(version))
        show(signs, batch, row, kind, version, "all");
      return;
    }
  }
}

/** Defender's word for "never": all bits of a number of 32. */
const NEVER = 4_294_967_295;

function show(
  signs: Signs,
  batch: Batch,
  row: number,
  kind: SignKind,
  of: string,
  pace: Pace = kind.daily === true ? "day" : "each",
): void {
  const by = pace === "each" ? firstText(batch, row, ACTORS) : "";
  const shown = { sign: kind.id, host: batch.host(row), channel: batch.channel(row), of, by };
  signs.see(batch, row, shown, pace);
}

function fits(text: string, where: Extract<EventWhere, { kind: "event" }>): boolean {
  const value = text.toLowerCase();
  const { is = [], contains = [], ends = [] } = where;
  return (
    is.some((word) => value === word.toLowerCase()) ||
    contains.some((word) => value.includes(word.toLowerCase())) ||
    ends.some((word) => value.endsWith(word.toLowerCase()))
  );
}

/** Rows of other logs cost a look at the format or the channel; each cmdlet one field. */
function lookAtCmdlets(signs: Signs, batch: Batch, { byCmdlet }: Lookout): void {
  const name = CMDLET_FIELDS.get(batch.format);
  if (name === undefined) return;
  const channel = CMDLET_CHANNELS.get(batch.format);
  for (let row = 0; row < batch.length; row++) {
    if (channel !== undefined && batch.channel(row) !== channel) continue;
    const cmdlet = batch.field(row, name);
    if (typeof cmdlet !== "string") continue;
    const sought = byCmdlet.get(cmdlet.toLowerCase());
    if (sought === undefined || batch.eventId(row) === FAILED) continue;
    for (const { kind, where } of sought) {
      const value = parameterOf(batch, row, where.parameter).toLowerCase();
      if (where.is.includes(value))
        show(signs, batch, row, kind, firstText(batch, row, kind.of ?? []));
    }
  }
}

/** A parameter by its own name, or within the one text that some logs keep of all: `-AuditEnabled:$false -Identity "a b"`. */
function parameterOf(batch: Batch, row: number, parameter: string): string {
  const own = firstText(batch, row, [`Parameters.${parameter}`, `CmdletParameters.${parameter}`]);
  if (own !== "") return own;
  const text = batch.field(row, "Parameters");
  if (typeof text !== "string") return "";
  const at = text.toLowerCase().indexOf(`-${parameter.toLowerCase()}`);
  if (at < 0) return "";
  const rest = text.slice(at + parameter.length + 1, at + parameter.length + 1 + TEXT_CHARS_MAX);
  return /^[ :]{1,3}["']?([^\s"']{1,64})/.exec(rest)?.[1] ?? "";
}

function firstText(batch: Batch, row: number, names: readonly string[]): string {
  for (const name of names) {
    const text = textOf(batch.field(row, name));
    if (text !== "") return text;
  }
  return "";
}

function textOf(value: FieldValue | undefined): string {
  const plain = Array.isArray(value) ? value.join(", ") : value;
  return plain === undefined || plain === null ? "" : String(plain).trim().slice(0, TEXT_CHARS_MAX);
}
