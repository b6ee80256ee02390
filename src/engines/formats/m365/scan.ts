/**
 * The hot loop: passes over one JSON object, checks its whole grammar, and notes where the values of the names that matter
 * stand. Makes no string and no object. Refuses what JSON.parse would refuse (scan.test.ts holds it to that), nesting
 * beyond a limit and names without number. Spec: RFC 8259.
 */
import { CUT, passBlanks, passScalar, passString } from "../json/json-pass.ts";
import { DEPTH_MAX } from "../json/json-value.ts";
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
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

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
