/**
 * One journal entry as one line of canonical JSON. Refuses every line that it would not have written itself,
 * so that an entry has exactly one spelling. Specified in docs/formats/journal.md.
 */
import { canonicalJson } from "../../base/text.ts";
import { formatTicks, parseTime } from "../../base/time.ts";
import { ACTS } from "../../model/act.ts";
import type { JournalEntry, ObjectReference } from "../../model/act.ts";

/** A line longer than this is no entry; real ones stay below 700. */
export const LINE_BYTES_MAX = 4096;

/** The line of an entry, without its line feed: what the tree hashes. */
export function formatEntry(entry: JournalEntry): string {
  return canonicalJson({ ...entry, time: formatTicks(entry.time) });
}

/** The entry of a line, or null where formatEntry does not write this very line. */
export function parseEntry(line: string): JournalEntry | null {
  if (line.length > LINE_BYTES_MAX) return null;
  const entry = readEntry(parseJson(line));
  return entry !== null && formatEntry(entry) === line ? entry : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isHex(value: unknown, digits: number): value is string {
  return typeof value === "string" && value.length === digits && /^[0-9a-f]+$/.test(value);
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function readEntry(value: unknown): JournalEntry | null {
  if (!isRecord(value)) return null;
  const { index, actor, subject } = value;
  const kind = ACTS.find((known) => known === value["kind"]);
  const time = typeof value["time"] === "string" ? parseTime(value["time"]) : null;
  const body = readReference(value["body"]);
  const sealed = readReference(value["sealed"]);
  if (kind === undefined || time === null || body === undefined || sealed === undefined)
    return null;
  // A subject is an id (16 bytes) or a SHA-256.
  if (!isHex(subject, 32) && !isHex(subject, 64)) return null;
  if (!isCount(index) || !isHex(actor, 32)) return null;
  return { index, kind, time: time.ticks, actor, subject, body, sealed };
}

/** Undefined: no reference; null: none where none is allowed. */
function readReference(value: unknown): ObjectReference | null | undefined {
  if (value === null) return null;
  if (!isRecord(value)) return undefined;
  const { object, sizeBytes, sha256, hmac } = value;
  if (!isHex(object, 32) || !isCount(sizeBytes) || !isHex(sha256, 64) || !isHex(hmac, 64))
    return undefined;
  return { object, sizeBytes, sha256, hmac };
}
