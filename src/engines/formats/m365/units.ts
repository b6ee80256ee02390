/**
 * Text in UTF-8, or in UTF-16 as Windows PowerShell writes it, looked at as one byte a unit: what is ASCII stands as it is,
 * all else as a byte that no grammar knows. So one scanner reads both, and a place in one is a place in the other.
 */
import type { Source } from "../../../base/source.ts";
import { FORM_BYTES, type Form, formOf, narrowed } from "../text/wide-text.ts";

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
  const { unitBytes, markBytes } = form;
  const byteLength = Math.max(0, Math.floor((source.byteLength - markBytes) / unitBytes));
  const offsetOf = (unit: number) => Math.min(markBytes + unit * unitBytes, source.byteLength);
  const window = (start: number, end: number) => {
    const raw = source.read(offsetOf(start), offsetOf(end));
    return { raw, units: unitBytes === 1 ? raw : narrowed(raw, form) };
  };
  const read = (start: number, end: number) => window(start, end).units;
  return { form, byteLength, offsetOf, window, read };
}
