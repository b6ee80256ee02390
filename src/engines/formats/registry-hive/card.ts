/** Recognises primary files of registry hives. Refuses their transaction logs, which begin with the same word. */
import type { Card } from "../format.ts";
import {
  BASE_BYTES,
  BASE_MAGIC,
  BIN_MAGIC,
  FILE_TYPE,
  MAJOR_VERSION,
  PRIMARY_FILE,
} from "./layout.ts";

/** Registry hives. */
export const registryCard: Card = {
  id: "registry",
  reads: "Windows registry hives (SYSTEM, SOFTWARE, NTUSER.DAT, Amcache.hve …)",
  spec: "https://github.com/msuhanov/regf",
  recognises(head) {
    if (head.length < FILE_TYPE + 4 || !startsWith(head, BASE_MAGIC, 0)) return false;
    const view = new DataView(head.buffer, head.byteOffset, head.length);
    const isPrimary =
      view.getUint32(FILE_TYPE, true) === PRIMARY_FILE && view.getUint32(MAJOR_VERSION, true) === 1;
    return isPrimary && (head.length <= BASE_BYTES || startsWith(head, BIN_MAGIC, BASE_BYTES));
  },
};

function startsWith(bytes: Uint8Array, magic: string, at: number): boolean {
  const end = Math.min(bytes.length, at + magic.length);
  for (let index = at; index < end; index++)
    if (bytes[index] !== magic.charCodeAt(index - at)) return false;
  return true;
}
