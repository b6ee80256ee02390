/**
 * Encoded words in headers (RFC 2047), decoded; everything else stays as it stands. Refuses nothing: what is no encoded
 * word is text. Neighbours in one character set are joined before decoding, because clients cut characters in two.
 */
import { Buffer } from "node:buffer";
import { concatBytes } from "../../../base/bytes.ts";
import { decodeCharset } from "./charset.ts";

interface Word {
  readonly charset: string;
  readonly bytes: Uint8Array;
  /** Behind it in the text. */
  readonly end: number;
}

/** The text with its encoded words decoded, and blanks between two of them gone. */
export function decodeWords(text: string): string {
  let start = text.indexOf("=?");
  if (start < 0) return text;
  let out = "";
  let at = 0;
  let run: Word[] = [];
  const flush = () => {
    const [first] = run;
    if (first !== undefined)
      out += decodeCharset(concatBytes(run.map(({ bytes }) => bytes)), first.charset).text;
    run = [];
  };
  for (; start >= 0; start = text.indexOf("=?", start)) {
    const word = wordAt(text, start);
    if (word === null) {
      start += 2;
      continue;
    }
    const between = text.slice(at, start);
    const isNeighbour = run.length > 0 && between.trim() === "";
    if (!isNeighbour || run[0]?.charset !== word.charset) flush();
    if (!isNeighbour) out += between;
    run.push(word);
    at = start = word.end;
  }
  flush();
  return out + text.slice(at);
}

/** Lengths beyond what RFC 2047 allows (75) occur; beyond this nobody meant one. */
const WORD_CHARS_MAX = 8_192;

function wordAt(text: string, start: number): Word | null {
  const mark = start + 2 + text.slice(start + 2, start + 66).indexOf("?");
  if (mark < start + 2 || text[mark + 2] !== "?") return null;
  const length = text.slice(mark + 3, mark + 3 + WORD_CHARS_MAX).indexOf("?=");
  if (length < 0) return null;
  const end = mark + 3 + length;
  // A language may follow the name (RFC 2231).
  const charset = (text.slice(start + 2, mark).split("*")[0] ?? "").toLowerCase();
  if (charset === "" || /\s/.test(charset)) return null;
  const body = text.slice(mark + 3, end);
  const kind = text[mark + 1]?.toLowerCase();
  if (kind === "b") return { charset, bytes: Buffer.from(body, "base64"), end: end + 2 };
  return kind === "q" ? { charset, bytes: decodeQ(body), end: end + 2 } : null;
}

function decodeQ(text: string): Uint8Array {
  return decodePercent(text.replaceAll("_", " "), "=");
}

/** `=E4` or `%E4` as a byte; other characters as their UTF-8. */
export function decodePercent(text: string, sign: "=" | "%"): Uint8Array {
  const bytes = Buffer.from(text, "utf8");
  const mark = sign.charCodeAt(0);
  let length = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    const high = byte === mark ? hexOf(bytes[at + 1]) : -1;
    const low = high < 0 ? -1 : hexOf(bytes[at + 2]);
    if (low >= 0) at += 2;
    bytes[length++] = low >= 0 ? high * 16 + low : byte;
  }
  return bytes.subarray(0, length);
}

/** The value of a hexadecimal digit in ASCII, or -1. */
export function hexOf(byte: number | undefined): number {
  if (byte === undefined) return -1;
  if (byte >= 48 && byte <= 57) return byte - 48;
  const letter = byte | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}
