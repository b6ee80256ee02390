/**
 * Recognises $MFT by a first record that is whole in itself, and the change journal by its first records, which
 * stand behind the zeros of a sparse start (headOf). Refuses a journal of zeros alone: nothing tells it from other files.
 */
import type { Card } from "../format.ts";
import {
  FILE_MAGIC,
  FIXUP_COUNT,
  FIXUP_OFFSET,
  FIXUP_STRIDE,
  HEADER_BYTES,
  RECORD_SIZES,
  TOTAL_SIZE,
} from "./layout.ts";
import { isUsnHead } from "./usn-walk.ts";

/** The master file table. */
export const mftCard: Card = {
  id: "mft",
  reads: "NTFS master file tables ($MFT)",
  spec: "https://github.com/libyal/libfsntfs/blob/main/documentation/New%20Technologies%20File%20System%20(NTFS).asciidoc",
  recognises(head) {
    if (head.length < HEADER_BYTES) return false;
    const view = new DataView(head.buffer, head.byteOffset, head.length);
    const total = view.getUint32(TOTAL_SIZE, true);
    const fixups = view.getUint16(FIXUP_OFFSET, true);
    return (
      view.getUint32(0, true) === FILE_MAGIC &&
      RECORD_SIZES.includes(total) &&
      fixups >= 42 &&
      fixups <= HEADER_BYTES &&
      view.getUint16(FIXUP_COUNT, true) === total / FIXUP_STRIDE + 1
    );
  },
};

/** The change journal. */
export const usnCard: Card = {
  id: "usn",
  reads: "NTFS change journals ($UsnJrnl:$J)",
  spec: "https://learn.microsoft.com/windows/win32/api/winioctl/ns-winioctl-usn_record_v2 (and _v3, _v4)",
  recognises: isUsnHead,
};
