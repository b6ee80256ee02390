/** Files that are made as they are read, and can be read again. */
import { utf8 } from "../base/bytes.ts";
import type { MadeFile } from "../model/sample.ts";

/** A file whose bytes are made anew for each reading. */
export function madeFile(path: string, make: () => Iterable<Uint8Array>): MadeFile {
  return { path, bytes: { [Symbol.iterator]: () => make()[Symbol.iterator]() } };
}

/** A small file of text. */
export function textFile(path: string, text: string): MadeFile {
  return madeFile(path, () => [utf8(text)]);
}
