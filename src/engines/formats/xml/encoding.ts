/**
 * How an XML text is encoded, told from its first bytes (XML 1.0, appendix F), and the name of its root, for cards.
 * Refuses to trust the declaration's own word: Windows writes `encoding="UTF-16"` into files of either kind.
 */
import { decodeText } from "../text/encoding.ts";

/** The encodings that Windows and its exporters write; windows-1252 is tried where UTF-8 fails. */
export type XmlEncoding = "utf-8" | "utf-16le" | "utf-16be";

/** The encoding by the byte order mark, or by where the first `<` has its zero byte. */
export function xmlEncodingOf(head: Uint8Array): XmlEncoding {
  const [first = 0, second = 0x3c] = head;
  if (first === 0xff && second === 0xfe) return "utf-16le";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  if (first === 0x3c && second === 0) return "utf-16le";
  if (first === 0 && second === 0x3c) return "utf-16be";
  return "utf-8";
}

/** How many bytes the byte order mark takes; 0 where there is none. */
export function markBytes(head: Uint8Array): number {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return 3;
  return xmlEncodingOf(head) !== "utf-8" && (head[0] ?? 0) >= 0xfe ? 2 : 0;
}

const little = new TextDecoder("utf-16le");
const big = new TextDecoder("utf-16be");

/** The text of these bytes, without a byte order mark. */
export function decodeXml(bytes: Uint8Array, encoding: XmlEncoding): string {
  switch (encoding) {
    case "utf-8":
      return decodeText(bytes);
    case "utf-16le":
      return little.decode(bytes);
    case "utf-16be":
      return big.decode(bytes);
  }
}

const ROOT_CHARS_MAX = 4_096;

/** The start tag of the root as written, or null where these first bytes are no XML. */
export function rootTagOf(head: Uint8Array): string | null {
  // An odd byte at the end of the head would be a character that is not there.
  const bytes = head.subarray(0, Math.min(head.length, ROOT_CHARS_MAX * 2) & ~1);
  let text = decodeXml(cutToText(bytes), xmlEncodingOf(bytes))
    .replace(/^\ufeff/, "")
    .trimStart();
  while (/^<[?!]/.test(text)) {
    const mark = text.startsWith("<!--") ? "-->" : text.startsWith("<?") ? "?>" : ">";
    const end = text.indexOf(mark);
    if (end < 0) return null;
    text = text.slice(end + mark.length).trimStart();
  }
  return /^<[\p{L}_:][^<>]*/u.exec(text)?.[0] ?? null;
}

/** UTF-8 cut within a character would be taken for an older code page: the last such bytes go. */
function cutToText(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  while (end > 0 && bytes.length - end < 4 && ((bytes[end - 1] ?? 0) & 0xc0) === 0x80) end--;
  return (bytes[end - 1] ?? 0) >= 0xc0 ? bytes.subarray(0, end - 1) : bytes;
}

/** The name of the root without its prefix, or null where these first bytes are no XML. */
export function rootNameOf(head: Uint8Array): string | null {
  const tag = rootTagOf(head);
  return tag === null ? null : (/^<(?:[^\s:/>]*:)?([^\s:/>]+)/.exec(tag)?.[1] ?? null);
}
