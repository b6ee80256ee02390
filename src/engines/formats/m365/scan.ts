/**
 * The hot loop: passes over one JSON object, checks its whole grammar, and notes where the values of the names that matter
 * stand. Makes no string and no object. Refuses what JSON.parse would refuse (scan.test.ts holds it to that), nesting
 * beyond a limit and names without number. Spec: RFC 8259.
 */
import { DEPTH_MAX } from "../json-value.ts";
import { NAMES, slotAt } from "./names.ts";

/** Names in one record at the most: a mail access record of 1,000 items has some thousands. */
export const RECORD_NAMES_MAX = 65_536;

/** How a scan ended: `cut`: the bytes end within the object. */
export type Ending = "whole" | "cut" | "broken" | "deep" | "crowded";

/** What one scan found; used again for the next. */
export interface Scan {
  ending: Ending;
  /** The byte after the closing brace, or where the trouble is. */
  end: number;
  /** The byte after the last value of the object itself that is whole; where the object is cut, what stands before it still counts. */
  valuesEnd: number;
  /** By slot: the first byte of the value, -1 where the record lacks the name; and the byte after it. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

/** A scan that has seen nothing yet. */
export function makeScan(): Scan {
  const slots = NAMES.length;
  return {
    ending: "cut",
    end: 0,
    valuesEnd: 0,
    starts: new Int32Array(slots).fill(-1),
    ends: new Int32Array(slots),
  };
}

/** Leaves a scan as one that has found no object at `at`. */
export function clearScan(scan: Scan, at: number): void {
  scan.ending = "broken";
  scan.end = at;
  scan.valuesEnd = at;
  scan.starts.fill(-1);
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const MINUS = 0x2d;
const PLUS = 0x2b;
const DOT = 0x2e;
const ZERO = 0x30;
const LETTER_U = 0x75;

/** What a string may not hold as it is, and what ends it: 1. */
const ENDS_PLAIN = new Uint8Array(256);
ENDS_PLAIN.fill(1, 0, 0x20);
ENDS_PLAIN[QUOTE] = 1;
ENDS_PLAIN[BACKSLASH] = 1;

/** What may follow a backslash. */
const ESCAPES = new Uint8Array(256);
for (const char of '"\\/bfnrtu') ESCAPES[char.charCodeAt(0)] = 1;

/** Returned instead of a place. */
const CUT = -1;
const BROKEN = -2;

/**
 * The byte after the closing quote of the string whose content starts at `from`; CUT or BROKEN. About 900 MB/s.
 * Whether the bytes are UTF-8 is not asked: text is decoded later, and never refused.
 */
export function passString(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  for (;;) {
    while (at < end && ENDS_PLAIN[bytes[at] ?? 0] === 0) at++;
    if (at >= end) return CUT;
    const byte = bytes[at];
    if (byte === QUOTE) return at + 1;
    if (byte !== BACKSLASH) return BROKEN;
    if (at + 1 >= end) return CUT;
    const escaped = bytes[at + 1] ?? 0;
    if (ESCAPES[escaped] === 0) return BROKEN;
    if (escaped === LETTER_U) {
      for (let digit = at + 2; digit < at + 6; digit++) {
        if (digit >= end) return CUT;
        if (!isHexDigit(bytes[digit] ?? 0)) return BROKEN;
      }
      at += 6;
    } else at += 2;
  }
}

function isHexDigit(byte: number): boolean {
  return isDigit(byte) || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x66);
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= 0x39;
}

/** Where the value after blanks starts; `end` where only blanks follow. */
export function passBlanks(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end) {
    const byte = bytes[at] ?? 0;
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) break;
    at++;
  }
  return at;
}

/** The byte after a number or a word (`true`, `false`, `null`); CUT where the bytes end in it, BROKEN where it is neither. */
export function passScalar(bytes: Uint8Array, from: number, end: number): number {
  switch (bytes[from] ?? 0) {
    case 0x74:
      return passWord(bytes, from, end, "true");
    case 0x66:
      return passWord(bytes, from, end, "false");
    case 0x6e:
      return passWord(bytes, from, end, "null");
    default:
      return passNumber(bytes, from, end);
  }
}

function passWord(bytes: Uint8Array, from: number, end: number, word: string): number {
  for (let at = 0; at < word.length; at++) {
    if (from + at >= end) return CUT;
    if (bytes[from + at] !== word.charCodeAt(at)) return BROKEN;
  }
  return from + word.length;
}

function passNumber(bytes: Uint8Array, from: number, end: number): number {
  let at = bytes[from] === MINUS ? from + 1 : from;
  if (at >= end) return CUT;
  const first = at;
  at = passDigits(bytes, at, end);
  if (at === first || (bytes[first] === ZERO && at > first + 1)) return BROKEN;
  if (bytes[at] === DOT && at < end) {
    const fraction = passDigits(bytes, at + 1, end);
    if (fraction === at + 1) return fraction >= end ? CUT : BROKEN;
    at = fraction;
  }
  if (at < end && ((bytes[at] ?? 0) | 0x20) === 0x65) {
    const sign = bytes[at + 1];
    const digits = at + (sign === MINUS || sign === PLUS ? 2 : 1);
    const exponent = passDigits(bytes, digits, end);
    if (exponent <= digits) return digits >= end ? CUT : BROKEN;
    at = exponent;
  }
  // An object never ends with a number: one that reaches the end of the bytes may go on.
  return at >= end ? CUT : at;
}

function passDigits(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && isDigit(bytes[at] ?? 0)) at++;
  return at;
}

/**
 * Scans the object that opens at `from`, up to `end` at the most. About 350 MB/s of audit records. In a stack of bits, one a
 * level, a 1 stands for an object.
 */
export function scanObject(bytes: Uint8Array, from: number, end: number, scan: Scan): void {
  const { starts, ends } = scan;
  starts.fill(-1);
  scan.valuesEnd = from + 1;
  let depth = 1;
  let stack = 1;
  let names = 0;
  /** Of the value that is being read, when it belongs to the object itself. */
  let slot = -1;
  let at = passBlanks(bytes, from + 1, end);
  let isFirst = true;
  for (;;) {
    // Here a name or an element begins, or the first of an empty container is its end.
    const isObject = (stack & 1) === 1;
    if (at >= end) return stop(scan, "cut", at);
    let byte = bytes[at] ?? 0;
    const isEmpty = isFirst && byte === (isObject ? CLOSE_BRACE : CLOSE_BRACKET);
    if (!isEmpty) {
      if (isObject) {
        if (byte !== QUOTE) return stop(scan, "broken", at);
        if (++names > RECORD_NAMES_MAX) return stop(scan, "crowded", at);
        const after = passString(bytes, at + 1, end);
        if (after < 0) return stop(scan, after === CUT ? "cut" : "broken", at);
        if (depth === 1) slot = slotAt(bytes, at + 1, after - 1);
        at = passBlanks(bytes, after, end);
        if (at >= end) return stop(scan, "cut", at);
        if (bytes[at] !== COLON) return stop(scan, "broken", at);
        at = passBlanks(bytes, at + 1, end);
        if (at >= end) return stop(scan, "cut", at);
        byte = bytes[at] ?? 0;
        if (depth === 1 && slot >= 0) starts[slot] = at;
      }
      if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
        if (++depth > DEPTH_MAX) return stop(scan, "deep", at);
        stack = (stack << 1) | (byte === OPEN_BRACE ? 1 : 0);
        at = passBlanks(bytes, at + 1, end);
        isFirst = true;
        continue;
      }
      const after = byte === QUOTE ? passString(bytes, at + 1, end) : passScalar(bytes, at, end);
      if (after < 0) return stop(scan, after === CUT ? "cut" : "broken", at);
      at = after;
      if (depth === 1) {
        scan.valuesEnd = at;
        if (slot >= 0) ends[slot] = at;
      }
      at = passBlanks(bytes, at, end);
      if (at >= end) return stop(scan, "cut", at);
      byte = bytes[at] ?? 0;
    }
    // Behind a value: containers that end here, and then a comma.
    while (byte === ((stack & 1) === 1 ? CLOSE_BRACE : CLOSE_BRACKET)) {
      at++;
      if (--depth === 0) return stop(scan, "whole", at);
      stack >>>= 1;
      if (depth === 1) {
        scan.valuesEnd = at;
        if (slot >= 0) ends[slot] = at;
      }
      at = passBlanks(bytes, at, end);
      if (at >= end) return stop(scan, "cut", at);
      byte = bytes[at] ?? 0;
    }
    if (byte !== COMMA) return stop(scan, "broken", at);
    at = passBlanks(bytes, at + 1, end);
    isFirst = false;
  }
}

function stop(scan: Scan, ending: Ending, at: number): void {
  // A value that did not end is not there.
  if (ending !== "whole")
    for (let slot = 0; slot < scan.starts.length; slot++)
      if ((scan.starts[slot] ?? -1) >= scan.valuesEnd) scan.starts[slot] = -1;
  scan.ending = ending;
  scan.end = at;
}
