/**
 * Records of an MPLog that take several lines: a scan of resources, the actions on a threat, behaviour telemetry, and the
 * state of real-time protection with its exclusions. Refuses blocks beyond a limit. Spec: docs/formats/mplog.md.
 */
import { utf8 } from "../../../base/bytes.ts";
import { plainPath } from "../defender-resources.ts";
import type { Fields } from "../text/text-rows.ts";
import { append, appendNew } from "./fields.ts";

/** One kind of block: between which lines it stands, and which of its lines says when it was, in local time. */
export interface BlockKind {
  readonly eventType: string;
  readonly begins: string;
  /** The name of the line, without blanks; "" where none says it. */
  readonly time: string;
  readonly bytes: {
    readonly begins: Uint8Array;
    readonly ends: Uint8Array;
    readonly time: Uint8Array;
  };
  readonly ends: string;
}

/** Lines and characters of a block at most, in UTF-8 bytes: the longest are lists of exclusions. */
export const BLOCK_LINES_MAX = 2_000;
/** See BLOCK_LINES_MAX. */
export const BLOCK_CHARS_MAX = 262_144;

/** The kinds of blocks; rows know them by their place here. */
export const BLOCK_KINDS: readonly BlockKind[] = [
  blockKind("ResourceScan", "Begin Resource Scan", "End Scan", "StartTime"),
  blockKind("ThreatActions", "Beginning threat actions", "Finished threat actions", "Starttime"),
  blockKind("BehaviourTelemetry", "BEGIN BM telemetry", "END BM telemetry", "CreationTime"),
  blockKind("RealTimeProtection", "RTP Perf Log", "END RTP Perf Log", ""),
];

const STAR = 42;
const BLANK = 32;
const COLON = 58;
/** Characters of a name at most. */
const NAME_CHARS_MAX = 48;

function blockKind(eventType: string, begins: string, ends: string, time: string): BlockKind {
  const bytes = { begins: utf8(begins), ends: utf8(ends), time: utf8(time) };
  return { eventType, begins, ends, time, bytes };
}

/** Names that Microsoft gives to one thing in several blocks, and ours beside them. */
const ALSO: ReadonlyMap<string, string> = new Map([
  ["ResourcePath", "Path"],
  ["FileName", "Path"],
  ["ImagePath", "Process"],
  ["FiletoactonSHA1", "Sha1"],
  ["ID", "ThreatID"],
]);

const PAIR = /^([A-Za-z][A-Za-z0-9 -]{0,47}):(.*)$/s;
const BLOCK_TIME = /^\d\d-\d\d-\d{4} \d\d:\d\d:\d\d$/;

/** The place among the kinds of the one whose block begins with the line bytes[from..to); -1 where none does. */
export function blockThatBegins(bytes: Uint8Array, from: number, to: number): number {
  for (let kind = 0; kind < BLOCK_KINDS.length; kind++)
    if (isStarred(bytes, from, to, BLOCK_KINDS[kind]?.bytes.begins)) return kind;
  return -1;
}

/** Whether this line is the last one of its block. */
export function isLastLine(kind: BlockKind, bytes: Uint8Array, from: number, to: number): boolean {
  return isStarred(bytes, from, to, kind.bytes.ends);
}

/** Where the value of the line starts that says when its block was; -1 where the line says something else. */
export function timeValueAt(
  { bytes: { time } }: BlockKind,
  bytes: Uint8Array,
  from: number,
  to: number,
): number {
  if (time.length === 0 || bytes[from] !== time[0]) return -1;
  let known = 0;
  let at = from;
  for (; at < to && bytes[at] !== COLON; at++)
    if (bytes[at] !== BLANK && bytes[at] !== time[known++]) return -1;
  if (at === to || known !== time.length || at - from > NAME_CHARS_MAX) return -1;
  for (at++; bytes[at] === BLANK; at++);
  return at;
}

/** What the lines of a block say, the first and the last left out. */
export function readBlock(kind: BlockKind, lines: readonly string[], fields: Fields): void {
  fields.set("EventType", kind.eventType);
  let list = "";
  for (const line of lines) {
    if (list !== "" && line.startsWith(" ")) {
      append(fields, list, line.trim());
      continue;
    }
    const [, key = "", rest = ""] = PAIR.exec(line) ?? [];
    const name = key.replaceAll(" ", "");
    const value = plainPath(rest.trim());
    list = value === "" ? name : "";
    if (name === "" || value === "") continue;
    if (name === "Path") appendNew(fields, name, value);
    else append(fields, name, value);
    const also = ALSO.get(name);
    if (also !== undefined) appendNew(fields, also, also === "Sha1" ? value.toLowerCase() : value);
  }
}

/** When the block was, as it says itself: day and month in either order, local time; "" where it does not say. */
export function blockTime(kind: BlockKind, fields: Fields): string {
  const text = fields.get(kind.time);
  return typeof text === "string" && BLOCK_TIME.test(text) ? text : "";
}

/** Whether a line is this text, the stars around it and in it left out where it begins with one. */
function isStarred(
  bytes: Uint8Array,
  from: number,
  to: number,
  text: Uint8Array | undefined,
): boolean {
  const isDecorated = bytes[from] === STAR;
  if (text === undefined || (!isDecorated && to - from !== text.length)) return false;
  let known = 0;
  for (let at = from; at < to; at++)
    if (!(isDecorated && bytes[at] === STAR) && bytes[at] !== text[known++]) return false;
  return known === text.length;
}
