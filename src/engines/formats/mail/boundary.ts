/**
 * Lines that part a multipart, and where content ends before them. Refuses a mark that goes on after blanks: a longer
 * boundary may begin like a shorter one. Spec: RFC 2046, section 5.1.1.
 */
import { Buffer } from "node:buffer";

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const DASH = 45;
const DASHES = Buffer.from("\n--");

/** Whether the line [at, next) is empty but for its end. */
export function isEmptyLine(bytes: Buffer, at: number, next: number): boolean {
  const first = bytes[at];
  if (first === LINE_FEED) return true;
  return first === CARRIAGE_RETURN && (next === at + 2 || next === at + 1);
}

/** Whether the line is the mark, or the mark and two dashes; blanks may follow. */
export function isBoundary(bytes: Buffer, at: number, next: number, mark: Buffer): boolean {
  if (next - at < mark.length || bytes.compare(mark, 0, mark.length, at, at + mark.length) !== 0)
    return false;
  let behind = at + mark.length;
  if (bytes[behind] === DASH && bytes[behind + 1] === DASH) behind += 2;
  while (behind < next && (bytes[behind] ?? 0) <= 32) behind++;
  return behind === next;
}

/** The start of the next line that begins with two dashes, or -1. */
export function nextMark(bytes: Buffer, from: number): number {
  const found = bytes.indexOf(DASHES, from);
  return found < 0 ? -1 : found + 1;
}

/** Where [from, to) ends without the line end that stands last in it. */
export function withoutBreak(bytes: Uint8Array, from: number, to: number): number {
  if (to <= from || bytes[to - 1] !== LINE_FEED) return to;
  return to - 2 >= from && bytes[to - 2] === CARRIAGE_RETURN ? to - 2 : to - 1;
}
