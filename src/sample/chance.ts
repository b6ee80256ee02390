/**
 * Chance from a seed: sfc32 (Chris Doty-Humphrey's PractRand), fed by a hash of the seed and a label.
 * Refuses secrecy: the numbers are repeatable on purpose and must never guard anything.
 */
import { Buffer } from "node:buffer";
import { known } from "../base/assert.ts";

const TWO_32 = 4_294_967_296;

const HEX_DIGITS = Uint8Array.from("0123456789abcdef", (digit) => digit.charCodeAt(0));
/** One GUID as ASCII, filled in again for each: joining strings takes three times as long. */
const GUID_TEXT = Buffer.alloc(36, "-", "latin1");
const GUID_VERSION = 14;
const GUID_VARIANT = 19;

/** A stream of numbers that its seed and label decide. */
export class Chance {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  /** The stream of one seed and label; streams of different labels do not depend on each other. */
  constructor(seed: number, label: string) {
    this.#a = hash(`${label}/a`, seed);
    this.#b = hash(`${label}/b`, seed);
    this.#c = hash(`${label}/c`, seed);
    for (let round = 0; round < 12; round++) this.next();
  }

  /** An unsigned 32-bit number. */
  next(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  /** A fraction in [0, 1). */
  real(): number {
    return this.next() / TWO_32;
  }

  /** A whole number in [0, count). */
  below(count: number): number {
    return Math.floor(this.real() * count);
  }

  /** A whole number in [least, most]. */
  between(least: number, most: number): number {
    return least + this.below(most - least + 1);
  }

  /** True in `share` of the draws. */
  happens(share: number): boolean {
    return this.real() < share;
  }

  /** One of the list, which is not empty. */
  pick<T>(list: readonly T[]): T {
    return known(list[this.below(list.length)], "a list to pick from is not empty");
  }

  /** The list in a drawn order. */
  shuffle<T>(list: readonly T[]): T[] {
    const shuffled = [...list];
    for (let at = shuffled.length - 1; at > 0; at--) {
      const other = this.below(at + 1);
      const held = known(shuffled[at], "inside the list");
      shuffled[at] = known(shuffled[other], "inside the list");
      shuffled[other] = held;
    }
    return shuffled;
  }

  /** `length` characters of the alphabet. */
  letters(length: number, alphabet = "abcdefghijklmnopqrstuvwxyz"): string {
    let text = "";
    for (let at = 0; at < length; at++) text += alphabet.charAt(this.below(alphabet.length));
    return text;
  }

  /** Lower-case hexadecimal digits. */
  hex(length: number): string {
    return this.letters(length, "0123456789abcdef");
  }

  /** A random GUID, version 4, in lower case without braces. */
  guid(): string {
    return guidOf(this.next(), this.next(), this.next(), this.next());
  }
}

/** The version 4 GUID of four 32-bit numbers; 3 M/s, for request ids are made by the million. */
export function guidOf(first: number, second: number, third: number, fourth: number): string {
  putHex(first, 0, 8);
  putHex(second >>> 16, 9, 4);
  putHex(second, 14, 4);
  putHex(third >>> 16, 19, 4);
  putHex(third, 24, 4);
  putHex(fourth, 28, 8);
  GUID_TEXT[GUID_VERSION] = 0x34;
  GUID_TEXT[GUID_VARIANT] = HEX_DIGITS[8 | ((third >>> 28) & 3)] ?? 0x38;
  return GUID_TEXT.toString("latin1");
}

function putHex(value: number, start: number, digits: number): void {
  let rest = value;
  for (let at = start + digits - 1; at >= start; at--) {
    GUID_TEXT[at] = HEX_DIGITS[rest & 15] ?? 0;
    rest >>>= 4;
  }
}

/** FNV-1a over the label, started from the seed, with the finisher of murmur3. */
function hash(label: string, seed: number): number {
  let state = 0x811c9dc5 ^ seed ^ Math.floor(seed / TWO_32);
  for (let at = 0; at < label.length; at++) {
    state = Math.imul(state ^ label.charCodeAt(at), 0x01000193);
  }
  state = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35);
  return (state ^ (state >>> 16)) | 0;
}
