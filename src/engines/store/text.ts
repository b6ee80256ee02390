/**
 * Text of columns as it is stored: UTF-8, which every reader of Parquet asks for. A text with half a surrogate pair,
 * which UTF-8 has not, is stored as NUL and its JSON; so is a text that begins with NUL, to tell the two apart.
 */
import type { JsonBytes } from "../../base/json-bytes.ts";

/** Copying longer texts byte by byte would cost more than the call that it saves. */
const COPIED_MAX = 32;

/** The text as it is stored. */
export function storedText(text: string): string {
  return text.startsWith("\0") || !text.isWellFormed() ? `\0${JSON.stringify(text)}` : text;
}

/** The text that was stored. */
export function textOf(stored: string): string {
  return stored.startsWith("\0") ? JSON.parse(stored.slice(1)) : stored;
}

/** Appends the text as it is stored. Short ASCII, such as the label of a record, takes no call. */
export function putText(text: string, out: JsonBytes): void {
  const { length } = text;
  if (length > COPIED_MAX) return out.put(storedText(text));
  out.reserve(length);
  const { bytes } = out;
  for (let at = 0; at < length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === 0 || unit > 0x7f) return out.put(storedText(text));
    bytes[out.length + at] = unit;
  }
  out.length += length;
}
