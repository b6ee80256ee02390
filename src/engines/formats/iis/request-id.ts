/**
 * Exchange's own id of a request: a GUID that it writes into the logged query, the same in both sites' logs and in HttpProxy's
 * RequestId. Refuses anything but a whole GUID. Known from public logs; not specified.
 */
import { utf8 } from "../../../base/bytes.ts";

/** What stands before the id. */
const TEXT = "cafeReqId=";
const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![0-9a-f-])/i;
const GUID_CHARS = 36;
const DASH = 45;
const NAME = utf8(TEXT);
/** How far the search goes on from each byte: to where it stands next in what is searched for. */
const SKIPS = Uint8Array.from({ length: 0x100 }, (_, byte) => {
  const before = NAME.lastIndexOf(byte, -2);
  return NAME.length - 1 - before;
});

/** 1 for a hexadecimal digit, 2 for the dash. */
const IN_GUID = Uint8Array.from({ length: 0x100 }, (_, byte) =>
  byte === DASH ? 2 : /[0-9a-f]/i.test(String.fromCharCode(byte)) ? 1 : 0,
);
/** 1 where a GUID has a dash. */
const GUID_DASHES = Uint8Array.from("00000000-0000-0000-0000-000000000000", (char) =>
  char === "-" ? 1 : 0,
);

/** The id in a query, in lower case; undefined where there is none. */
export function requestIdIn(query: string): string | undefined {
  const found = query.indexOf(TEXT);
  if (found < 0) return undefined;
  const start = found + TEXT.length;
  return GUID.exec(query.slice(start, start + GUID_CHARS + 1))?.[0].toLowerCase();
}

/**
 * The byte at which the id starts in the query bytes[from..to), or -1. Looks for what stands before it from the byte
 * on that would be its last (Horspool, 1980): most bytes are passed over.
 */
export function findRequestId(bytes: Uint8Array, from: number, to: number): number {
  const last = NAME.length - 1;
  for (let at = from + last; at < to; at += SKIPS[bytes[at] ?? 0] ?? 1) {
    let back = 0;
    while (back <= last && bytes[at - back] === NAME[last - back]) back++;
    // The first one counts, whatever comes after it.
    if (back > last) return isGuid(bytes, at + 1, to) ? at + 1 : -1;
  }
  return -1;
}

/** Whether a GUID starts at bytes[at], and neither goes on nor goes beyond `end`. */
function isGuid(bytes: Uint8Array, at: number, end: number): boolean {
  if (at + GUID_CHARS > end) return false;
  // Without a branch a byte: nearly all that stands behind the name is a GUID.
  let good = 1;
  for (let index = 0; index < GUID_CHARS; index++)
    good &= (IN_GUID[bytes[at + index] ?? 0] ?? 0) >> (GUID_DASHES[index] ?? 0);
  const next = at + GUID_CHARS < end ? (IN_GUID[bytes[at + GUID_CHARS] ?? 0] ?? 0) : 0;
  return (good & 1) === 1 && next === 0;
}
