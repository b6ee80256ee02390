/**
 * Who a request to Exchange's PowerShell claims to be: X-Rps-CAT in its query is a common access token in base64. Reads as
 * far as the token goes, and refuses what is no such token; a claim, not a proof. Layout: docs/formats/exchange.md.
 */
import { Buffer } from "node:buffer";
import { constants, gunzipSync } from "node:zlib";
import { concatBytes, utf8 } from "../../base/bytes.ts";
import { type Needle, findBehind, needleOf } from "./text/byte-search.ts";
import { decodeText } from "./text/encoding.ts";

/** The fields that a request with a token has beside its own, as they are listed. */
export const RPS_CAT_NAMES = ["RpsCatUser", "RpsCatSid"] as const;

/** Whom a token names; null where it does not, or is cut before. */
export interface RpsCat {
  readonly user: string | null;
  readonly sid: string | null;
}

const NAME: Needle = needleOf("X-Rps-CAT=");
/** Far longer than a token with a user's groups; IIS takes no longer query. */
const TOKEN_CHARS_MAX = 16_384;
const INFLATED_BYTES_MAX = 65_536;
const TEXT_BYTES_MAX = 1_024;
const EXTENSIONS_MAX = 64;
/** `&` and `;` end a value, and so does a blank, where the query ends. */
const VALUE = /^[^&; ]*/;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;
const SID = /^S-1-\d{1,15}(?:-\d{1,10}){1,15}$/i;

/** Where the value of X-Rps-CAT begins in the query bytes[from..to), or -1. Cheap: nearly no query has one. */
export function findRpsCat(bytes: Uint8Array, from: number, to: number): number {
  return findBehind(bytes, from, to, NAME);
}

/** Whom the token names whose value begins at bytes[at] of a query that ends at `to`; null where it is no token. */
export function rpsCatAt(bytes: Uint8Array, at: number, to: number): RpsCat | null {
  const text = decodeText(bytes.subarray(at, Math.min(to, at + TOKEN_CHARS_MAX)));
  return readRpsCat(VALUE.exec(text)?.[0] ?? "");
}

/** Whom a token names, as it stands in a query: base64, perhaps percent-encoded, perhaps cut. Null where it is none. */
export function readRpsCat(value: string): RpsCat | null {
  const base64 = unescaped(value.slice(0, TOKEN_CHARS_MAX));
  if (!BASE64.test(base64)) return null;
  const cursor = new Cursor(Buffer.from(base64, "base64"));
  if (!cursor.skip("V", 2) || !cursor.tagged("T")) return null;
  const type = cursor.text();
  if (type === null || !cursor.tagged("C")) return null;
  const isCompressed = cursor.byte() === 1;
  const rest = isCompressed ? inflated(cursor.rest()) : cursor.rest();
  if (rest === null) return null;
  const found =
    type.toLowerCase() === "windows"
      ? windowsToken(new Cursor(rest))
      : extensions(new Cursor(rest));
  return found.user === null && found.sid === null ? null : found;
}

/** The token of a user, for writers, as base64: one group, no extensions. */
export function writeRpsCat(user: string, sid: string): string {
  const part = (tag: string, text: string) => {
    const bytes = utf8(text);
    return concatBytes([utf8(tag), Uint8Array.of(bytes.length), bytes]);
  };
  const token = concatBytes([
    utf8("V\u0001\0"),
    part("T", "Windows"),
    utf8("C\0"),
    part("A", "Kerberos"),
    part("L", user),
    part("U", sid),
    utf8("G\u0001\0\0\0"),
    part("\u0007\0\0\0", "S-1-5-32-544"),
    utf8("E\0\0\0\0"),
  ]);
  return Buffer.from(token).toString("base64");
}

/** Percent-encoding undone; `+` is itself, though a blank to a web form: base64 has it. */
function unescaped(value: string): string {
  return value.replace(/%([0-9a-fA-F]{2})/g, (_, digits: string) =>
    String.fromCharCode(parseInt(digits, 16)),
  );
}

/** How the user logged on, the name, the SID; groups come behind. */
function windowsToken(cursor: Cursor): RpsCat {
  if (!cursor.tagged("A") || cursor.text() === null || !cursor.tagged("L"))
    return { user: null, sid: null };
  const user = cursor.text();
  const sid = cursor.tagged("U") ? cursor.text() : null;
  return { user: user === "" ? null : user, sid: sid !== null && SID.test(sid) ? sid : null };
}

/** Tokens of other kinds of logon: pairs of names and values. */
function extensions(cursor: Cursor): RpsCat {
  let user: string | null = null;
  let sid: string | null = null;
  if (!cursor.skip("E", 4)) return { user, sid };
  for (let pair = 0; pair < EXTENSIONS_MAX; pair++) {
    const name = cursor.text()?.toLowerCase();
    const value = cursor.text();
    if (name === undefined || value === null) break;
    if (name === "membername" && value !== "") user ??= value;
    if (name === "usersid" && SID.test(value)) sid ??= value;
  }
  return { user, sid };
}

function inflated(bytes: Uint8Array): Uint8Array | null {
  try {
    // What a cut stream gives up to its end is worth having.
    const finishFlush = constants.Z_SYNC_FLUSH;
    return gunzipSync(bytes, { maxOutputLength: INFLATED_BYTES_MAX, finishFlush });
  } catch {
    return null;
  }
}

/** Reads what .NET's BinaryWriter wrote; where the bytes end, everything is null. */
class Cursor {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  byte(): number | null {
    return this.#bytes[this.#at++] ?? null;
  }

  tagged(tag: string): boolean {
    return this.byte() === tag.charCodeAt(0);
  }

  /** Past a tag and so many bytes behind it. */
  skip(tag: string, size: number): boolean {
    if (!this.tagged(tag)) return false;
    this.#at += size;
    return this.#at <= this.#bytes.length;
  }

  /** A text behind its length, seven bits a byte, the lowest first. */
  text(): string | null {
    let size = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      if (byte === null || shift > 7) return null;
      size |= (byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    const end = this.#at + size;
    if (size > TEXT_BYTES_MAX || end > this.#bytes.length) return null;
    const text = decodeText(this.#bytes.subarray(this.#at, end));
    this.#at = end;
    return text;
  }

  rest(): Uint8Array {
    return this.#bytes.subarray(this.#at);
  }
}
