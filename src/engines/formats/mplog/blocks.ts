/**
 * Records of an MPLog that take several lines: a scan of resources, the actions on a threat, behaviour telemetry, and the
 * state of real-time protection with its exclusions. Refuses blocks beyond a limit. Spec: docs/formats/mplog.md.
 */
import { type Fields, append, appendNew, plainPath } from "./fields.ts";

/** One kind of block: between which lines it stands, and which of its lines says when it was, in local time. */
export interface BlockKind {
  readonly eventType: string;
  readonly begins: string;
  readonly ends: string;
  readonly time: string;
}

/** Lines and characters of a block at most: the longest are lists of exclusions. */
export const BLOCK_LINES_MAX = 2_000;
/** See BLOCK_LINES_MAX. */
export const BLOCK_CHARS_MAX = 262_144;

const KINDS: readonly BlockKind[] = [
  { eventType: "ResourceScan", begins: "Begin Resource Scan", ends: "End Scan", time: "StartTime" },
  {
    eventType: "ThreatActions",
    begins: "Beginning threat actions",
    ends: "Finished threat actions",
    time: "Starttime",
  },
  {
    eventType: "BehaviourTelemetry",
    begins: "BEGIN BM telemetry",
    ends: "END BM telemetry",
    time: "CreationTime",
  },
  { eventType: "RealTimeProtection", begins: "RTP Perf Log", ends: "END RTP Perf Log", time: "" },
];

/** Names that Microsoft gives to one thing in several blocks, and ours beside them. */
const ALSO: ReadonlyMap<string, string> = new Map([
  ["ResourcePath", "Path"],
  ["FileName", "Path"],
  ["ImagePath", "Process"],
  ["FiletoactonSHA1", "Sha1"],
  ["ID", "ThreatID"],
]);

const PAIR = /^([A-Za-z][A-Za-z0-9 -]{0,47}):(.*)$/s;
const MONTH_FIRST = /^(\d\d)-(\d\d)-(\d{4}) (\d\d:\d\d:\d\d)$/;

/** The kind of block that begins with this line; undefined where none does. */
export function blockThatBegins(line: string): BlockKind | undefined {
  const bare = withoutStars(line);
  return KINDS.find(({ begins }) => bare === begins);
}

/** Whether this line is the last one of its block. */
export function isLastLine({ ends }: BlockKind, line: string): boolean {
  return withoutStars(line) === ends;
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

/** When the block was, as ISO 8601 without a zone; "" where it does not say. Month first, in the machine's local time. */
export function blockTime(kind: BlockKind, fields: Fields): string {
  const text = fields.get(kind.time);
  const [, month, day, year, clock] = MONTH_FIRST.exec(typeof text === "string" ? text : "") ?? [];
  return clock === undefined ? "" : `${year}-${month}-${day}T${clock}`;
}

function withoutStars(line: string): string {
  if (!line.startsWith("*")) return line;
  return line.replaceAll("*", "");
}
