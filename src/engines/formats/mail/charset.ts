/**
 * Bytes into characters by the name of a character set, as mail writes it. Refuses to guess: what has no known name is
 * read as windows-1252, and the caller says so. Spec: WHATWG Encoding, RFC 2152 (UTF-7).
 */
import { Buffer } from "node:buffer";
import { decodeText } from "../text/encoding.ts";

/** Names that mail uses and the Encoding standard lacks. */
const ALIASES: Readonly<Record<string, string>> = {
  "cp-850": "ibm866",
  cp932: "shift_jis",
  "windows-31j": "shift_jis",
  cp936: "gbk",
  cp949: "euc-kr",
  "ks_c_5601-1987": "euc-kr",
  cp950: "big5",
  cp1250: "windows-1250",
  cp1251: "windows-1251",
  cp1253: "windows-1253",
  cp1254: "windows-1254",
  cp65001: "utf-8",
  "ansi_x3.4-1968": "windows-1252",
  unicode: "utf-16le",
};

/** Code pages of Windows by number, where the name is not `windows-NUMBER`. */
const CODE_PAGES: Readonly<Record<number, string>> = {
  874: "windows-874",
  932: "shift_jis",
  936: "gbk",
  949: "euc-kr",
  950: "big5",
  1200: "utf-16le",
  1201: "utf-16be",
  20127: "us-ascii",
  20866: "koi8-r",
  20932: "euc-jp",
  21866: "koi8-u",
  50220: "iso-2022-jp",
  50221: "iso-2022-jp",
  50222: "iso-2022-jp",
  51932: "euc-jp",
  51949: "euc-kr",
  52936: "gb2312",
  54936: "gb18030",
  65000: "utf-7",
  65001: "utf-8",
};

const decoders = new Map<string, InstanceType<typeof TextDecoder> | null>();
/** Names come from evidence: only so many are remembered. */
const REMEMBERED_MAX = 256;

/** Characters, and whether the character set was known. */
export interface Decoded {
  readonly text: string;
  readonly isKnown: boolean;
}

/** Decodes bytes by the name of a character set; without a name, and for ASCII, as UTF-8 if they are that. */
export function decodeCharset(bytes: Uint8Array, charset: string): Decoded {
  const name = charset.trim().toLowerCase();
  // What calls itself ASCII and is not, is mostly UTF-8 of a careless client.
  if (name === "" || name === "us-ascii" || name === "ascii" || name === "utf-8")
    return { text: decodeText(bytes), isKnown: true };
  if (name === "utf-7" || name === "unicode-1-1-utf-7")
    return { text: decodeUtf7(bytes), isKnown: true };
  const decoder = decoderOf(name);
  return decoder === null
    ? { text: decodeText(bytes), isKnown: false }
    : { text: decoder.decode(bytes), isKnown: true };
}

/** The name of a Windows code page. */
export function charsetOfCodePage(codePage: number): string {
  if (codePage >= 1250 && codePage <= 1258) return `windows-${codePage}`;
  if (codePage >= 28591 && codePage <= 28606) return `iso-8859-${codePage - 28590}`;
  return CODE_PAGES[codePage] ?? "windows-1252";
}

function decoderOf(name: string): InstanceType<typeof TextDecoder> | null {
  const found = decoders.get(name);
  if (found !== undefined) return found;
  let made: InstanceType<typeof TextDecoder> | null;
  try {
    made = new TextDecoder(Object.hasOwn(ALIASES, name) ? ALIASES[name] : name);
  } catch {
    made = null;
  }
  if (decoders.size < REMEMBERED_MAX) decoders.set(name, made);
  return made;
}

/** UTF-7: `+`, modified base64 of UTF-16BE, `-`; `+-` is a plus. What is malformed stays as it stands. */
function decodeUtf7(bytes: Uint8Array): string {
  const text = decodeText(bytes);
  let out = "";
  let at = 0;
  for (;;) {
    const plus = text.indexOf("+", at);
    if (plus < 0) return out + text.slice(at);
    let end = plus + 1;
    while (end < text.length && /[A-Za-z0-9+/]/.test(text[end] ?? "")) end++;
    const run = text.slice(plus + 1, end);
    out += text.slice(at, plus) + (run === "" ? "+" : utf16Of(run));
    at = text[end] === "-" ? end + 1 : end;
  }
}

function utf16Of(base64: string): string {
  const units = Buffer.from(base64, "base64");
  let out = "";
  for (let at = 0; at + 1 < units.length; at += 2)
    out += String.fromCharCode(units.readUInt16BE(at));
  return out;
}
