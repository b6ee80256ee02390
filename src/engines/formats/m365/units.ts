/**
 * Text in UTF-8, or in UTF-16 as Windows PowerShell writes it, looked at as one byte a unit: what is ASCII stands as it is,
 * all else as a byte that no grammar knows. So one scanner reads both, and a place in one is a place in the other.
 */
import { Buffer } from "node:buffer";
import { copyOf } from "../../../base/bytes.ts";
import type { Source } from "../../../base/source.ts";
import { decodeText } from "../encoding.ts";

/** How the text of a file lies in bytes. */
export interface Form {
  readonly unitBytes: 1 | 2;
  readonly isBigEndian: boolean;
  /** Length of the byte order mark; 0 where there is none. */
  readonly markBytes: number;
}

/** Enough of a file to tell its form. */
export const FORM_BYTES = 4;
const BEYOND_ASCII = 0xff;

/** The form of a text by its first bytes: a byte order mark, or a zero beside its first characters. */
export function formOf(head: Uint8Array): Form {
  const [first, second, third, fourth] = head;
  if (first === 0xef && second === 0xbb && third === 0xbf)
    return { unitBytes: 1, isBigEndian: false, markBytes: 3 };
  if (first === 0xff && second === 0xfe) return { unitBytes: 2, isBigEndian: false, markBytes: 2 };
  if (first === 0xfe && second === 0xff) return { unitBytes: 2, isBigEndian: true, markBytes: 2 };
  const isWide = first !== 0 && second === 0 && third !== 0 && fourth === 0;
  return { unitBytes: isWide ? 2 : 1, isBigEndian: false, markBytes: 0 };
}

/** Some units, and the bytes of the file that they stand for; valid until the next are read. */
export interface UnitWindow {
  readonly units: Uint8Array;
  readonly raw: Uint8Array;
}

/** A source as units: what it reads is one byte a unit. Half a unit at its end belongs to none; who reads tells of it. */
export interface Units extends Source {
  readonly form: Form;
  /** The byte of the file at which a unit starts; the file's length for what lies behind the last. */
  readonly offsetOf: (unit: number) => number;
  readonly window: (start: number, end: number) => UnitWindow;
}

/** The units of a source. */
export function unitsOf(source: Source): Units {
  const form = formOf(source.read(0, Math.min(FORM_BYTES, source.byteLength)));
  const { unitBytes, markBytes, isBigEndian } = form;
  const byteLength = Math.max(0, Math.floor((source.byteLength - markBytes) / unitBytes));
  const offsetOf = (unit: number) => Math.min(markBytes + unit * unitBytes, source.byteLength);
  const window = (start: number, end: number) => {
    const raw = source.read(offsetOf(start), offsetOf(end));
    return { raw, units: unitBytes === 1 ? raw : narrowed(raw, isBigEndian) };
  };
  const read = (start: number, end: number) => window(start, end).units;
  return { form, byteLength, offsetOf, window, read };
}

/** The text that these bytes of a file hold. */
export function decoded(bytes: Uint8Array, { unitBytes, isBigEndian }: Form): string {
  return unitBytes === 1 ? decodeText(bytes) : decodedWide(bytes, isBigEndian);
}

function narrowed(wide: Uint8Array, isBigEndian: boolean): Uint8Array {
  const narrow = new Uint8Array(wide.length >> 1);
  const low = isBigEndian ? 1 : 0;
  for (let unit = 0; unit < narrow.length; unit++) {
    const byte = wide[unit * 2 + low] ?? 0;
    narrow[unit] = wide[unit * 2 + 1 - low] === 0 && byte < 0x80 ? byte : BEYOND_ASCII;
  }
  return narrow;
}

function decodedWide(bytes: Uint8Array, isBigEndian: boolean): string {
  const whole = bytes.subarray(0, bytes.length & ~1);
  if (isBigEndian) return Buffer.from(copyOf(whole)).swap16().toString("utf16le");
  return Buffer.from(whole.buffer, whole.byteOffset, whole.length).toString("utf16le");
}
