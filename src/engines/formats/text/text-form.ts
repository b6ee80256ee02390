/**
 * How the text of a log lies in bytes: UTF-8 or, as Windows writes much of it, UTF-16LE; told by the first bytes.
 * Refuses UTF-16BE.
 */
import { Buffer, isAscii } from "node:buffer";
import { decodeText } from "./encoding.ts";

/** How the text of a file lies in bytes. */
export interface TextForm {
  /** Bytes of a unit: one of UTF-8, two of UTF-16LE. */
  readonly unitBytes: 1 | 2;
  /** Length of the byte order mark; 0 where there is none. */
  readonly markBytes: number;
}

/** The form of a text by its first bytes: a byte order mark, or a zero behind its first character. */
export function textFormOf(head: Uint8Array): TextForm {
  if (head[0] === 0xff && head[1] === 0xfe) return { unitBytes: 2, markBytes: 2 };
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf)
    return { unitBytes: 1, markBytes: 3 };
  const isWide = head.length >= 4 && head[0] !== 0 && head[1] === 0 && head[3] === 0;
  return { unitBytes: isWide ? 2 : 1, markBytes: 0 };
}

/** The first lines of a head without their ends, blank ones left out; `linesMax` at the most. */
export function headLines(head: Uint8Array, linesMax: number): readonly string[] {
  const { unitBytes, markBytes } = textFormOf(head);
  const text = decodedText(head.subarray(markBytes), unitBytes);
  const lines = text.split("\n", linesMax * 4).map((line) => line.trimEnd());
  return lines.filter((line) => line !== "").slice(0, linesMax);
}

/** The text of whole units. */
export function decodedText(bytes: Uint8Array, unitBytes: 1 | 2): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (unitBytes === 2) return buffer.toString("utf16le");
  // Mostly ASCII, which needs no check for what is no UTF-8.
  return isAscii(buffer) ? buffer.toString("latin1") : decodeText(bytes);
}
