/**
 * Finds the records of a JSON text, one step at a time: objects a line, objects one behind the other, or the elements of an
 * array, alone or within the answer of a service (`value`, `records`). Refuses to guess within damage: it goes on where a
 * record opens as the first one did. A quote in a string is escaped and a line feed cannot stand in one, so that nothing
 * that somebody wrote into a value can pass for such a place. Spec: RFC 8259.
 */
import { Buffer } from "node:buffer";
import { passBlanks, passScalar, passString } from "../json/json-pass.ts";
import { type Scan, makeScan, scanObject } from "./scan.ts";

/** What a step has found at [start, end): a record, or a place that is no JSON; "more": it needs further bytes. */
export type Found = "record" | "damage" | "more" | "end";

/** How the answer of a service begins, whose records stand in a list below. */
const ANSWER = /^(?:@odata\.(?:context|count|nextLink|deltaLink)|value|records)$/;
/** The answer to a question for one record is that record (OData 4.01, context URL of an entity). */
const ENTITY = /^\{\s{0,64}"@odata\.context"\s{0,8}:\s{0,8}"[^"]{0,400}\$entity"/;
/** Enough of an object to tell whether it is such an answer. */
const OPENING_BYTES = 512;
/** Lists and answers around the records: two by every service. */
const OPEN_MAX = 24;
const QUOTE = 0x22;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const LINE_FEED = 10;

/** How records open in this text: alone on their line behind so many blanks, or with this name. */
interface Anchor {
  readonly indent: number | null;
  readonly text: Buffer;
}

/** One pass over one text. */
export class Walk {
  readonly scan: Scan = makeScan();
  /** Where what was found starts and ends, in the bytes of the step. */
  start = 0;
  end = 0;
  /** What is wrong, where that was found. */
  have = "";
  /** Whether the text has ended within something: from there on, more text would be read otherwise. */
  isCut = false;
  /** Open lists and answers around the records, a bit each: 1 is an object. The lowest is the innermost. */
  #stack = 1;
  #depth = 0;
  /** What was open around the first record. */
  #base: { readonly stack: number; readonly depth: number } | null = null;
  #anchor: Anchor | null = null;
  #isLost = false;

  /** The next record or damage of bytes[at..): its first byte is where the last step ended. */
  step(bytes: Uint8Array, at: number, isLast: boolean): Found {
    if (this.#isLost) return this.#search(bytes, at, isLast);
    let from = at;
    for (;;) {
      from = passBlanks(bytes, from, bytes.length);
      this.start = from;
      this.end = from;
      if (from >= bytes.length) {
        if (!isLast) return this.#pause(from);
        if (this.#depth === 0) return "end";
        return this.#cut(bytes);
      }
      const byte = bytes[from];
      if (byte === OPEN_BRACE) {
        const opened = this.#open(bytes, from, isLast);
        if (opened !== null) return opened;
        from++;
      } else if (byte === OPEN_BRACKET) {
        if (!this.#push(0)) return this.#lose(bytes, "lists without end");
        from++;
      } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
        if (!this.#pop(byte)) return this.#lose(bytes, "a bracket that closes nothing");
        from++;
      } else {
        const after = this.#between(bytes, from);
        if (after === -1 && !isLast) return "more";
        if (after < 0)
          return isLast && after === -1
            ? this.#cut(bytes)
            : this.#lose(bytes, "text between records");
        from = after;
      }
      // What was passed need not be passed again.
      this.end = from;
    }
  }

  /** Takes the record of the last step as the first of its kind: others open as it does. */
  anchor(bytes: Uint8Array): void {
    if (this.#anchor !== null) return;
    const { start } = this;
    let line = start;
    while (line > 0 && (bytes[line - 1] === 0x20 || bytes[line - 1] === 0x09)) line--;
    const isAlone = line > 0 ? bytes[line - 1] === LINE_FEED : this.#depth === 0;
    const name = nameAfter(bytes, start);
    if (isAlone) {
      const blanks = Buffer.from(bytes.subarray(line, start));
      this.#anchor = {
        indent: start - line,
        text: Buffer.concat([Buffer.of(LINE_FEED), blanks, Buffer.of(OPEN_BRACE)]),
      };
    } else this.#anchor = { indent: null, text: Buffer.from(`"${name ?? ""}"`, "latin1") };
  }

  /** Passes over the record of the last step, which is too long to be held. */
  giveUp(bytes: Uint8Array, have: string): void {
    this.start = this.end;
    this.#lose(bytes, have);
  }

  #open(bytes: Uint8Array, at: number, isLast: boolean): Found | null {
    const isElement = this.#depth > 0 && (this.#stack & 1) === 0;
    if (this.#depth > 0 && !isElement)
      return this.#push(1) ? null : this.#lose(bytes, "objects without end");
    if (this.#depth === 0) {
      if (!isLast && bytes.length - at < OPENING_BYTES) return "more";
      if (isAnswer(bytes, at)) {
        this.#push(1);
        return null;
      }
    }
    scanObject(bytes, at, bytes.length, this.scan);
    this.end = this.scan.end;
    switch (this.scan.ending) {
      case "whole":
        this.#base ??= { stack: this.#stack, depth: this.#depth };
        return "record";
      case "cut":
        this.end = at;
        if (!isLast) return "more";
        // Within what is cut other records may stand: a text that was damaged swallows those behind it.
        this.isCut = true;
        return this.#lose(bytes, "the end of the text");
      case "broken":
        return this.#lose(bytes, "no JSON");
      case "deep":
        return this.#lose(bytes, "nested too deep");
      case "crowded":
        return this.#lose(bytes, "too many names");
    }
  }

  /** Past one token of an answer around the records; -1 where the bytes end in it, -2 where it has no place here. */
  #between(bytes: Uint8Array, at: number): number {
    const byte = bytes[at];
    if (this.#depth > 0 && byte === 0x2c) return at + 1;
    // Objects one behind the other may have commas between them.
    if (byte === 0x2c) return this.#base === null ? -2 : at + 1;
    if ((this.#stack & 1) === 0 || this.#depth === 0) return -2;
    if (byte === 0x3a) return at + 1;
    return byte === QUOTE
      ? passString(bytes, at + 1, bytes.length)
      : passScalar(bytes, at, bytes.length);
  }

  #push(bit: 0 | 1): boolean {
    if (this.#depth >= OPEN_MAX) return false;
    this.#depth++;
    this.#stack = (this.#stack << 1) | bit;
    return true;
  }

  #pop(byte: number): boolean {
    if (this.#depth === 0 || (this.#stack & 1) !== (byte === CLOSE_BRACE ? 1 : 0)) return false;
    this.#depth--;
    this.#stack >>>= 1;
    return true;
  }

  #pause(at: number): Found {
    this.start = at;
    this.end = at;
    return "more";
  }

  /** The text ends within something. */
  #cut(bytes: Uint8Array): Found {
    this.isCut = true;
    this.have = "the end of the text";
    this.end = bytes.length;
    this.#depth = 0;
    return "damage";
  }

  /** From `start` on nothing can be told until a record opens again. */
  #lose(bytes: Uint8Array, have: string): Found {
    this.have = have;
    this.#isLost = true;
    this.end = Math.min(this.start + 1, bytes.length);
    return "damage";
  }

  /** Looks for the next record; the step then ends before it, with nothing found. */
  #search(bytes: Uint8Array, from: number, isLast: boolean): Found {
    const found = this.#find(bytes, from);
    if (found >= 0) {
      this.#isLost = false;
      this.#stack = this.#base?.stack ?? this.#stack;
      this.#depth = this.#base?.depth ?? this.#depth;
      return this.step(bytes, found, isLast);
    }
    // The end of these bytes may hold the beginning of one.
    const kept = isLast
      ? 0
      : Math.min(bytes.length - from, OPENING_BYTES + (this.#anchor?.text.length ?? 0));
    this.start = bytes.length - kept;
    this.end = this.start;
    if (!isLast) return "more";
    this.#depth = 0;
    return "end";
  }

  #find(bytes: Uint8Array, from: number): number {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    if (this.#anchor === null) return nextObject(buffer, from);
    const { indent, text } = this.#anchor;
    if (indent !== null) {
      const at = buffer.indexOf(text, Math.max(0, from - 1));
      return at < 0 ? -1 : at + text.length - 1;
    }
    for (let at = buffer.indexOf(text, from); at >= 0; at = buffer.indexOf(text, at + 1)) {
      let brace = at - 1;
      while (brace >= from && isBlank(bytes[brace] ?? 0)) brace--;
      if (brace >= from && bytes[brace] === OPEN_BRACE) return brace;
    }
    return -1;
  }
}

/** Whether the object that opens at `at` is an answer of a service, and no record. */
function isAnswer(bytes: Uint8Array, at: number): boolean {
  const name = nameAfter(bytes, at);
  if (name === null || !ANSWER.test(name)) return false;
  const opening = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  return !ENTITY.test(opening.toString("latin1", at, at + OPENING_BYTES));
}

/** Where the next object with a name in it opens; -1 where none does. Before the first record nothing more is known. */
function nextObject(buffer: Buffer, from: number): number {
  for (let at = buffer.indexOf(OPEN_BRACE, from); at >= 0; at = buffer.indexOf(OPEN_BRACE, at + 1))
    if (buffer[passBlanks(buffer, at + 1, buffer.length)] === QUOTE) return at;
  return -1;
}

function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/** The first name of the object that opens at `at`, as latin1; null where the bytes do not hold it. */
function nameAfter(bytes: Uint8Array, at: number): string | null {
  const quote = passBlanks(bytes, at + 1, bytes.length);
  if (bytes[quote] !== QUOTE) return null;
  const end = passString(bytes, quote + 1, Math.min(bytes.length, quote + OPENING_BYTES));
  if (end < 0) return null;
  return Buffer.from(bytes.buffer, bytes.byteOffset + quote + 1, end - quote - 2).toString(
    "latin1",
  );
}
