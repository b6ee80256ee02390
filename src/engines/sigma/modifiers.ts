/**
 * Value modifiers (Sigma modifier appendix 2.1.0), one entry each: adding one is adding a line to MODIFIERS.
 * Refuses by name what is not in the table; `all` is no change of a value and is handled by selections.ts.
 */
import { Buffer } from "node:buffer";
import type { Part, TextTest, ValueTest } from "./rule.ts";
import { readNetwork } from "./cidr.ts";
import { plainText } from "./values.ts";

/** A value on its way through its modifiers: text until a modifier makes a test of another kind of it. */
export type Value = ValueTest;

/** What one modifier makes of one value: alternatives, or the reason why it cannot. */
type Modifier = (value: Value) => readonly Value[] | string;

/** The modifier of this name, or undefined where it is not supported. */
export function findModifier(name: string): Modifier | undefined {
  return MODIFIERS.get(name);
}

const MANY: Part = { kind: "many" };

const MODIFIERS: ReadonlyMap<string, Modifier> = new Map([
  ["contains", onText((parts) => open(open(parts, "start"), "end"))],
  ["startswith", onText((parts) => open(parts, "end"))],
  ["endswith", onText((parts) => open(parts, "start"))],
  ["cased", (value: Value) => (value.kind === "text" ? [{ ...value, cased: true }] : NOT_TEXT)],
  ["windash", onText((parts) => parts.flatMap(dashes))],
  ["cidr", toNetwork],
  ["exists", toExists],
  ["base64", onPlain((bytes) => [bytes.toString("base64")])],
  ["base64offset", onPlain(base64Offsets)],
  ["wide", widen],
  ["utf16le", widen],
]);

const NOT_TEXT = "needs a text value";

/** A modifier that changes the parts of a text. */
function onText(change: (parts: readonly Part[]) => readonly Part[]): Modifier {
  return (value) => (value.kind === "text" ? [{ ...value, parts: change(value.parts) }] : NOT_TEXT);
}

/** A modifier that encodes the bytes of a text without wildcards. */
function onPlain(encode: (bytes: Buffer) => readonly string[]): Modifier {
  return (value) => {
    if (value.kind !== "text") return NOT_TEXT;
    const plain = plainText(value.parts);
    if (plain === null) return "cannot encode wildcards";
    return encode(Buffer.from(plain, "utf8")).map(
      (text): TextTest => ({ ...value, parts: [{ kind: "literal", text }] }),
    );
  };
}

/** The parts with a `*` at one side, unless there is one already. */
function open(parts: readonly Part[], side: "start" | "end"): readonly Part[] {
  const outer = side === "start" ? parts[0] : parts.at(-1);
  if (outer?.kind === "many") return parts;
  return side === "start" ? [MANY, ...parts] : [...parts, MANY];
}

/** A dash or slash that opens an option: nothing of a word before it, a word character after it. */
const OPTION_DASH = /\B[-/]\b/g;

function dashes(part: Part): readonly Part[] {
  if (part.kind !== "literal") return [part];
  const split: Part[] = [];
  let from = 0;
  for (const { index } of part.text.matchAll(OPTION_DASH)) {
    if (index > from) split.push({ kind: "literal", text: part.text.slice(from, index) });
    split.push({ kind: "dash" });
    from = index + 1;
  }
  if (from < part.text.length) split.push({ kind: "literal", text: part.text.slice(from) });
  return split;
}

/** UTF-16LE of ASCII: a zero byte after each character. Other characters have no such form as text. */
function widen(value: Value): readonly Value[] | string {
  if (value.kind !== "text") return NOT_TEXT;
  const parts: Part[] = [];
  for (const part of value.parts) {
    if (part.kind !== "literal") parts.push(part);
    // oxlint-disable-next-line no-control-regex -- all of ASCII is meant
    else if (!/^[\0-\x7f]*$/.test(part.text)) return "needs ASCII";
    else parts.push({ kind: "literal", text: part.text.replace(/[^]/g, "$&\0") });
  }
  return [{ ...value, parts }];
}

/** The three forms that a text takes within base64, cut to the characters that depend on it alone. */
function base64Offsets(bytes: Buffer): string[] {
  return [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift, 0x20), bytes]).toString("base64");
    const start = [0, 2, 3][shift] ?? 0;
    const loose = [0, 3, 2][(bytes.length + shift) % 3] ?? 0;
    return text.slice(start, text.length - loose);
  });
}

function toNetwork(value: Value): readonly Value[] | string {
  const plain = value.kind === "text" ? plainText(value.parts) : null;
  const network = plain === null ? null : readNetwork(plain);
  return network === null ? "is not a network in CIDR notation" : [network];
}

function toExists(value: Value): readonly Value[] | string {
  const plain = value.kind === "text" ? plainText(value.parts) : null;
  if (plain !== "true" && plain !== "false") return "needs true or false";
  return [{ kind: "exists", expected: plain === "true" }];
}
