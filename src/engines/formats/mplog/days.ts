/**
 * Which number of a block's time is the day: `08-04-2021`. Defender writes the month first whatever the machine's language;
 * dates of the file that only read the other way, and the case file, outweigh that. Spec: docs/formats/mplog.md.
 */
import { type Source, memorySource } from "../../../base/source.ts";
import type { Setting } from "../../../model/evidence.ts";
import {
  DAY_ORDER_BYTES,
  type DayReading,
  type UsualOrder,
  decideDayOrder,
} from "../time/day-order.ts";
import { wholeRange } from "../text/line-reading.ts";
import { TextLines } from "../text/text-lines.ts";
import { blockTimeAt } from "./stamp.ts";

const USUAL: UsualOrder = {
  order: "month-first",
  why: "Defender writes the month first in every language",
};
const STATED = [null, "day-first", "month-first"] as const;

/** How the blocks of a source are dated, by its first bytes. */
export function blockDays(source: Source, setting: Pick<Setting, "dayOrder">): DayReading {
  return decideDayOrder(blockTimes(source), USUAL, setting);
}

/** The same of first bytes. */
export function blockDaysOf(head: Uint8Array, setting: Setting): DayReading {
  return blockDays(memorySource(head), setting);
}

/** Whether the blocks of a source are dated as when it had so many bytes, whatever the case file says. */
export function isDatedAlike(source: Source, sizeBytes: number): boolean {
  if (sizeBytes >= DAY_ORDER_BYTES) return true;
  const before: Source = { byteLength: sizeBytes, read: (from, to) => source.read(from, to) };
  const [earlier, now] = [[...blockTimes(before)], [...blockTimes(source)]];
  return STATED.every(
    (dayOrder) =>
      decideDayOrder(earlier, USUAL, { dayOrder }).order ===
      decideDayOrder(now, USUAL, { dayOrder }).order,
  );
}

/** The times of blocks in the first bytes, in file order. */
function* blockTimes(source: Source): Generator<string> {
  const end = Math.min(source.byteLength, DAY_ORDER_BYTES);
  const lines = new TextLines(source, { ...wholeRange(source), end });
  while (lines.fill())
    while (lines.next()) {
      const at = blockTimeAt(lines.bytes, lines.from, lines.to);
      if (at >= 0) yield lines.text(at, lines.to);
    }
}
