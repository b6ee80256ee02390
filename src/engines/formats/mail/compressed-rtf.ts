/**
 * Outlook's compressed RTF, and the text or HTML inside of it: enough to find quotes and links, no layout. Refuses what
 * unpacks to more than a limit. Specs: MS-OXRTFCP (compression), MS-OXRTFEX (HTML inside RTF), RTF 1.9.1.
 */
import { Buffer } from "node:buffer";
import { BODY_BYTES_MAX, type Body, type Report } from "./layout.ts";
import { textOfRtf } from "./rtf.ts";

const COMPRESSED = 0x75465a4c;
const UNCOMPRESSED = 0x414c454d;
const HEADER_BYTES = 16;
const WINDOW = 4_096;
/** What the window holds before the first byte (MS-OXRTFCP 2.1.2.1): words that RTF always begins with. */
const PRELOADED = Buffer.from(
  "{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript " +
    "\\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par " +
    "\\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx",
  "latin1",
);

/** The bodies in the value of PidTagRtfCompressed; none, and a flaw, where it is no such thing. */
export function bodiesOfRtf(packed: Uint8Array, offset: number, report: Report): readonly Body[] {
  const rtf = unpackRtf(packed);
  if (rtf === null) {
    const need = "LZFu or MELA behind the sizes";
    report(offset, { what: "compressed RTF", need, have: "another mark, or too few bytes" });
    return [];
  }
  if (rtf.isCut)
    report(offset, { what: "compressed RTF", need: "its end", have: `${rtf.bytes.length} bytes` });
  const found = textOfRtf(Buffer.from(rtf.bytes).toString("latin1"));
  return found.text.trim() === "" ? [] : [found];
}

/** RTF unpacked, and whether its end was missing or beyond the limit; null where it is no compressed RTF. */
export function unpackRtf(
  packed: Uint8Array,
): { readonly bytes: Uint8Array; readonly isCut: boolean } | null {
  if (packed.length < HEADER_BYTES) return null;
  const view = new DataView(packed.buffer, packed.byteOffset, packed.length);
  const size = view.getUint32(4, true);
  const mark = view.getUint32(8, true);
  if (mark === UNCOMPRESSED) {
    const end = Math.min(packed.length, HEADER_BYTES + size, HEADER_BYTES + BODY_BYTES_MAX);
    return { bytes: packed.subarray(HEADER_BYTES, end), isCut: end < HEADER_BYTES + size };
  }
  return mark === COMPRESSED ? unpackLz(packed, Math.min(size, BODY_BYTES_MAX)) : null;
}

/** LZ77 over a ring of 4,096 bytes: a control byte, then eight times a byte or a reference of 12 and 4 bits. */
function unpackLz(packed: Uint8Array, sizeMax: number) {
  const ring = new Uint8Array(WINDOW);
  ring.set(PRELOADED);
  let write = PRELOADED.length;
  const out = new Uint8Array(sizeMax);
  let length = 0;
  let at = HEADER_BYTES;
  while (at < packed.length && length < sizeMax) {
    let control = packed[at++] ?? 0;
    for (let bit = 0; bit < 8 && at < packed.length && length < sizeMax; bit++, control >>= 1) {
      if ((control & 1) === 0) {
        ring[write] = out[length++] = packed[at++] ?? 0;
        write = (write + 1) % WINDOW;
        continue;
      }
      const word = ((packed[at] ?? 0) << 8) | (packed[at + 1] ?? 0);
      at += 2;
      let read = word >> 4;
      // A reference to where the next byte goes is the end.
      if (read === write) return { bytes: out.subarray(0, length), isCut: false };
      for (let left = (word & 15) + 2; left > 0 && length < sizeMax; left--) {
        ring[write] = out[length++] = ring[read] ?? 0;
        read = (read + 1) % WINDOW;
        write = (write + 1) % WINDOW;
      }
    }
  }
  const isCut = at >= packed.length ? length < sizeMax : sizeMax === BODY_BYTES_MAX;
  return { bytes: out.subarray(0, length), isCut };
}
