/**
 * A value with parameters: Content-Type and Content-Disposition, with continued and encoded parameters. Lenient as mail
 * programs are: quotes may be missing, encoded words may stand where they must not. Specs: RFC 2045, 2183, 2231.
 */
import { concatBytes, utf8 } from "../../../base/bytes.ts";
import { decodeCharset } from "./charset.ts";
import { decodePercent, decodeWords } from "./encoded-word.ts";

/** `text/plain` in lower case, and its parameters by lower-case name. */
export interface Parametrised {
  readonly value: string;
  readonly parameters: ReadonlyMap<string, string>;
}

const PARAMETERS_MAX = 64;

/** Parses a value with parameters; a value of "" where there is none. */
export function parseParametrised(text: string): Parametrised {
  // Some programs leave out the semicolon: `multipart/mixed boundary=x`.
  const pieces = piecesOf(
    text.replace(/^(\s*[^\s;=/]{1,64}\/[^\s;=/]{1,64})\s+(?=[a-z*0-9]{1,32}=)/i, "$1;"),
  );
  const value = (pieces[0] ?? "").trim().toLowerCase();
  const raw = new Map<string, string>();
  for (const piece of pieces.slice(1, PARAMETERS_MAX)) {
    const equals = piece.indexOf("=");
    const name = piece.slice(0, Math.max(equals, 0)).trim().toLowerCase();
    if (name !== "" && !raw.has(name)) raw.set(name, unquoted(piece.slice(equals + 1).trim()));
  }
  return { value, parameters: joined(raw) };
}

/** Cut at semicolons outside quotes and comments; comments go. */
function piecesOf(text: string): readonly string[] {
  const pieces: string[] = [];
  let piece = "";
  let isQuoted = false;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? "";
    if (char === "\\" && (isQuoted || depth > 0)) {
      if (depth === 0) piece += char + (text[at + 1] ?? "");
      at++;
    } else if (isQuoted || depth === 0) {
      if (char === '"') isQuoted = !isQuoted;
      if (char === "(" && !isQuoted) depth = 1;
      else if (char === ";" && !isQuoted) {
        pieces.push(piece);
        piece = "";
      } else piece += char;
    } else if (char === "(") depth++;
    else if (char === ")") depth--;
  }
  return [...pieces, piece];
}

function unquoted(text: string): string {
  if (!text.startsWith('"')) return text;
  const end = text.length > 1 && text.endsWith('"') ? -1 : text.length;
  return text.slice(1, end).replaceAll(/\\(.)/g, "$1");
}

/** `name*0*`, `name*1`, … into `name`; an encoded part is percent-encoded in the character set of the first. */
function joined(raw: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const plain = new Map<string, string>();
  for (const [name, value] of raw) if (!name.includes("*")) plain.set(name, decodeWords(value));
  const extended = new Set<string>();
  for (const name of raw.keys()) if (name.includes("*")) extended.add(name.split("*")[0] ?? "");
  for (const name of extended) {
    const value = extendedValue(raw, name);
    if (value !== null) plain.set(name, value);
  }
  return plain;
}

function extendedValue(raw: ReadonlyMap<string, string>, name: string): string | null {
  const whole = raw.get(`${name}*`);
  const parts: { readonly text: string; readonly isEncoded: boolean }[] = [];
  if (whole !== undefined) parts.push({ text: whole, isEncoded: true });
  for (let index = 0; whole === undefined && index < PARAMETERS_MAX; index++) {
    const encoded = raw.get(`${name}*${index}*`);
    const text = encoded ?? raw.get(`${name}*${index}`);
    if (text === undefined) break;
    parts.push({ text, isEncoded: encoded !== undefined });
  }
  const [first] = parts;
  if (first === undefined) return null;
  const [charset = "", , ...rest] = first.isEncoded ? first.text.split("'") : [];
  const hasCharset = first.isEncoded && rest.length > 0;
  const bytes = parts.map(({ text, isEncoded }, index) => {
    const body = index === 0 && hasCharset ? rest.join("'") : text;
    return isEncoded ? decodePercent(body, "%") : utf8(body);
  });
  return decodeCharset(concatBytes(bytes), hasCharset ? charset : "").text;
}
