/** Who the Windows event log format is. By content: a file's header, or a single chunk that was carved out. */
import type { Card } from "../format.ts";
import { CHUNK_MAGIC, FILE_MAGIC } from "./layout.ts";

/** Windows event logs, and bare chunks of one. */
export const evtxCard: Card = {
  id: "evtx",
  reads: "Windows event logs (.evtx), and single chunks carved out of one",
  spec: "https://github.com/libyal/libevtx/blob/main/documentation/Windows%20XML%20Event%20Log%20(EVTX).asciidoc and [MS-EVEN6] 2.2.12",
  recognises(head) {
    return startsWith(head, FILE_MAGIC) || startsWith(head, CHUNK_MAGIC);
  },
};

/** Whether the bytes at `at` are the ASCII text `magic`. */
export function startsWith(bytes: Uint8Array, magic: string, at = 0): boolean {
  for (let index = 0; index < magic.length; index++)
    if (bytes[at + index] !== magic.charCodeAt(index)) return false;
  return true;
}
