/**
 * Modifiers that encode a text (Sigma modifier appendix 2.1.0, "Encoding"): UTF-16 by its bytes, base64 (RFC 4648).
 * Refuses wildcards in base64, texts too short to be recognised within it, and more dashes than it can spell out.
 */
import { Buffer } from "node:buffer";
import type { Value } from "./modifiers.ts";
import type { Part } from "./rule.ts";
import { plainText, spellings } from "./values.ts";

type Encoding = (value: Value) => readonly Value[] | string;

/** The modifiers by their names. */
export const ENCODINGS: readonly (readonly [string, Encoding])[] = [
  ["base64", onBytes((bytes) => [bytes.toString("base64")])],
  ["base64offset", onBytes(base64Offsets)],
  ["wide", onLiterals(littleEndian)],
  ["utf16le", onLiterals(littleEndian)],
  ["utf16be", onLiterals((text) => littleEndian(text).swap16())],
  ["utf16", withMark(onLiterals(littleEndian))],
];

/** The mark that UTF-16 begins with, as bytes (Unicode standard, 23.8). */
const BYTE_ORDER_MARK: Part = { kind: "literal", text: "\u00ff\u00fe" };

function littleEndian(text: string): Buffer {
  return Buffer.from(text, "utf16le");
}

/** An encoding of each literal by itself; wildcards stay where they are, each dash in every spelling. */
function onLiterals(encode: (text: string) => Buffer): Encoding {
  return (value) => {
    const { test } = value;
    if (test.kind !== "text") return "needs a text value";
    if (value.bytes) return "follows another encoding of characters";
    const spelled = spellings(test.parts);
    if (typeof spelled === "string") return spelled;
    return spelled.map((parts) => ({
      ...value,
      bytes: true,
      test: {
        ...test,
        parts: parts.map((part) =>
          part.kind === "literal"
            ? { kind: "literal", text: encode(part.text).toString("latin1") }
            : part,
        ),
      },
    }));
  };
}

function withMark(encode: Encoding): Encoding {
  return (value) => {
    const made = encode(value);
    if (typeof made === "string") return made;
    return made.map((one) =>
      one.test.kind === "text"
        ? { ...one, test: { ...one.test, parts: [BYTE_ORDER_MARK, ...one.test.parts] } }
        : one,
    );
  };
}

/** An encoding of the bytes of a whole text: UTF-8, unless its characters are bytes by now. */
function onBytes(encode: (bytes: Buffer) => readonly string[]): Encoding {
  return (value) => {
    const { test } = value;
    if (test.kind !== "text") return "needs a text value";
    const spelled = spellings(test.parts);
    if (typeof spelled === "string") return spelled;
    const plain = spelled.map(plainText);
    if (plain.includes(null)) return "cannot encode wildcards";
    const texts = plain.flatMap((text) =>
      encode(Buffer.from(text ?? "", value.bytes ? "latin1" : "utf8")),
    );
    if (texts.includes("")) return "needs a longer text";
    return texts.map((text) => ({
      ...value,
      bytes: false,
      test: { ...test, parts: [{ kind: "literal", text }] },
    }));
  };
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
