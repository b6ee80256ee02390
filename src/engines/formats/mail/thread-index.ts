/**
 * Outlook's conversation index (Thread-Index, PidTagConversationIndex): when a thread began, its GUID, and when each
 * answer was written. Refuses what is shorter than its header. Spec: MS-OXOMSG 2.2.1.3; see docs/formats/mail.md.
 */
import { toHex } from "../../../base/bytes.ts";
import { formatTicks, isPlausible, ticksFromFiletime } from "../../../base/time.ts";

/** A conversation index, taken apart; times as ISO 8601 in UTC, "" where they are no plausible time. */
export interface ThreadIndex {
  readonly created: string;
  readonly guid: string;
  /** One for each answer or forward, in order. */
  readonly replies: readonly string[];
}

const HEADER_BYTES = 22;
const LEVEL_BYTES = 5;
const LEVELS_MAX = 256;

/** Takes a conversation index apart; null where it is none. */
export function parseThreadIndex(bytes: Uint8Array): ThreadIndex | null {
  if (bytes.length < HEADER_BYTES) return null;
  // The first byte is the highest of a FILETIME; newer servers write a mark of 1 before it, and one byte less of the end.
  const isNew = bytes[0] === 1 && bytes[1] === 1;
  let filetime = bigEndian(bytes, isNew ? 1 : 0, isNew ? 5 : 6) << (isNew ? 24n : 16n);
  const created = spellTime(filetime);
  const replies: string[] = [];
  const end = Math.min(bytes.length, HEADER_BYTES + LEVELS_MAX * LEVEL_BYTES);
  for (let at = HEADER_BYTES; at + LEVEL_BYTES <= end; at += LEVEL_BYTES) {
    const word = bigEndian(bytes, at, 4);
    const isLong = word >> 31n === 1n;
    filetime += (word & 0x7fff_ffffn) << (isLong ? 23n : 18n);
    replies.push(spellTime(filetime));
  }
  return { created, guid: toHex(bytes.subarray(6, HEADER_BYTES)), replies };
}

function bigEndian(bytes: Uint8Array, at: number, length: number): bigint {
  let value = 0n;
  for (const byte of bytes.subarray(at, at + length)) value = (value << 8n) | BigInt(byte);
  return value;
}

function spellTime(filetime: bigint): string {
  const ticks = ticksFromFiletime(filetime);
  return ticks !== null && isPlausible(ticks) ? formatTicks(ticks, 0) : "";
}
