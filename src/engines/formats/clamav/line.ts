/**
 * What one line of a ClamAV log says: a verdict on a file, what was done with it, the state of the signatures. Refuses to
 * guess: a line in no known form is its message alone. Spec: docs/formats/clamav.md.
 */
import { utf8 } from "../../../base/bytes.ts";
import { type TextLines, beginsWith } from "../text/text-lines.ts";
import type { Fields } from "../text/text-rows.ts";

const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
/** `Sat Aug 14 03:12:07 2021 -> `, also behind `WARNING: `. */
const STAMP =
  /^((?:WARNING|ERROR): )?[A-Z][a-z]{2} ([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d\d:\d\d:\d\d) (\d{4}) -> /;
const LEVEL = /^(WARNING|ERROR|LibClamAV Warning|LibClamAV Error): /;
/** What clamd and clamscan say of a file when nothing was found in it. */
const VERDICT =
  /^(OK|Empty file|Symbolic link|Excluded|Not a regular file|Not supported file type)$/;
/** clamd's ExtendedDetectionInfo: hash and size of what was found. */
const EXTENDED = /^(.+)\(([0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}):(\d{1,15})\)$/;
const STREAM = /^instream\(([^()@]{1,64})(?:@(\d{1,5}))?\)$/;
const MOVED = /^(moved|copied) to '(.*)'$/s;
const SIGNATURES =
  /^(\S{1,64}\.(?:cvd|cld|cud|hdb|ndb)) (updated|is up to date|database is up-to-date|is up-to-date)(?: \(version: (\d{1,12})(?:, sigs: (\d{1,12}))?.*\))?$/;
const SUMMARY_NAMES = [
  "Known viruses",
  "Engine version",
  "Scanned directories",
  "Scanned files",
  "Infected files",
  "Suspect files",
  "Total errors",
  "Not removed",
  "Not moved",
  "Not copied",
  "Data scanned",
  "Data read",
  "Time",
  "Start Date",
  "End Date",
];
/** What a line of a summary begins with, by its first byte. */
const LEADS: readonly (readonly Uint8Array[])[] = Array.from({ length: 0x100 }, (_, byte) =>
  SUMMARY_NAMES.map((name) => utf8(`${name}: `)).filter(([first]) => first === byte),
);
const CARRIAGE_RETURN = 13;
const BEYOND_ASCII = 0x80;
const SUMMARY = new RegExp(`^(${SUMMARY_NAMES.join("|")}): +(.*)$`);
/** First line of the summary that clamscan and clamdscan write. */
export const SUMMARY_BEGINS = "----------- SCAN SUMMARY -----------";

/** A line and its time. */
export interface ClamLine {
  /** ISO 8601 without a zone; "" where the line has none. */
  readonly time: string;
  /** `WARNING` or `ERROR`; "" where it is neither. */
  readonly level: string;
  readonly message: string;
}

/** Takes the time and the level off a line. */
export function lineOf(text: string): ClamLine {
  const stamp = STAMP.exec(text);
  const [, early = "", month = "", day = "", clock = "", year = ""] = stamp ?? [];
  const behind = text.slice(stamp?.[0].length ?? 0);
  const late = LEVEL.exec(behind)?.[0] ?? "";
  const number = MONTHS.indexOf(month) + 1;
  const two = (part: number | string) => String(part).padStart(2, "0");
  return {
    time: number === 0 ? "" : `${year}-${two(number)}-${two(day)}T${clock}`,
    level: levelOf(early === "" ? late : early),
    message: behind.slice(late.length),
  };
}

function levelOf(words: string): string {
  if (words === "") return "";
  return /error/i.test(words) ? "ERROR" : "WARNING";
}

/** Adds what a message says of a file, of a stream or of the signatures; nothing where its form is not known. */
export function readMessage(message: string, fields: Fields): void {
  const [, database, state = "", version, count] = SIGNATURES.exec(message) ?? [];
  if (database !== undefined) {
    fields.set("Database", database);
    fields.set("Result", state === "updated" ? "updated" : "up to date");
    if (version !== undefined) fields.set("SignatureVersion", version);
    if (count !== undefined) fields.set("Signatures", Number(count));
    return;
  }
  if (message.startsWith("SelfCheck: ")) {
    fields.set("Result", message.slice("SelfCheck: ".length).replace(/\.$/, ""));
    return;
  }
  // A path may hold colons; what is said of it does not, but for where it was moved to.
  const moved = / '.*'$/s.test(message) ? message.lastIndexOf(": ", message.indexOf(" to '")) : -1;
  const colon = moved >= 0 ? moved : message.lastIndexOf(": ");
  if (colon > 0) readVerdict(message.slice(0, colon), message.slice(colon + 2), fields);
}

function readVerdict(path: string, said: string, fields: Fields): void {
  const found: Fields = new Map();
  const [, done, destination = ""] = MOVED.exec(said) ?? [];
  if (said.endsWith(" FOUND")) {
    const [, name, hash = "", size] = EXTENDED.exec(said.slice(0, -" FOUND".length)) ?? [];
    found.set("ThreatName", name ?? said.slice(0, -" FOUND".length));
    if (hash.length === 32) found.set("Md5", hash);
    if (hash.length === 40) found.set("Sha1", hash);
    if (hash.length === 64) found.set("Sha256", hash);
    if (size !== undefined) found.set("Size", Number(size));
    found.set("Result", "FOUND");
  } else if (said.endsWith(" ERROR")) {
    found.set("Result", "ERROR").set("Error", said.slice(0, -" ERROR".length));
  } else if (done !== undefined) {
    found.set("Action", done).set("Destination", destination);
  } else if (/^Removed\.?$/.test(said)) {
    found.set("Action", "removed");
  } else if (VERDICT.test(said)) {
    found.set("Result", said);
  } else return;
  const [, client, port] = STREAM.exec(path) ?? [];
  // What came over a socket has no path.
  if (client === undefined) fields.set("Path", path);
  else {
    fields.set("Client", client);
    if (port !== undefined) fields.set("ClientPort", Number(port));
  }
  for (const [name, value] of found) fields.set(name, value);
}

/** Whether the line under the cursor is one of a summary, as summaryLineOf reads it; mostly told without its text. */
export function isSummaryLine(line: TextLines): boolean {
  const { bytes, from, to } = line;
  for (const lead of LEADS[bytes[from] ?? 0] ?? [])
    if (beginsWith(bytes, from, to, lead))
      return isPlain(bytes, from, to) || summaryLineOf(line.text(from, to)) !== null;
  return false;
}

/** Whether nothing stands there that may end a line of text but no line of bytes. */
function isPlain(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === CARRIAGE_RETURN || byte >= BEYOND_ASCII) return false;
  }
  return true;
}

/** A line of a summary, its name without blanks; null where it is none. */
export function summaryLineOf(text: string): readonly [name: string, value: string] | null {
  const [, name = "", value = ""] = SUMMARY.exec(text) ?? [];
  return name === "" ? null : [name.replaceAll(" ", ""), value];
}

/** Whether a line is one that ClamAV alone writes. */
export function isTelling(text: string): boolean {
  const { time, message } = lineOf(text);
  if (time !== "" || text === SUMMARY_BEGINS) return true;
  const fields: Fields = new Map();
  readMessage(message, fields);
  const isNamed = ["ThreatName", "Database", "Action"].some((name) => fields.has(name));
  return isNamed || fields.get("Result") === "OK";
}
