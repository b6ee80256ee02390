/**
 * Which sources decide most, so that the first answers come while the rest is read (knowledge/reading-order.json).
 * Refuses to leave anything out: the order changes when something is read, never whether.
 */
import { z } from "zod";
import { FORMAT_IDS } from "../../model/evidence.ts";
import type { Unit } from "./units.ts";

const ENTRY = z.object({
  rank: z.number().int().min(0).max(9),
  formats: z.array(z.enum(FORMAT_IDS)).nonempty(),
  /** Endings of file names without regard to case; empty means every file of the formats. */
  names: z.array(z.string()),
  why: z.string().min(1),
  source: z.string().min(1),
  asOf: z.string(),
});
const ORDER = z.object({ about: z.string(), entries: z.array(ENTRY).nonempty() });

/** What comes first, from data. */
export type ReadingOrder = readonly z.infer<typeof ENTRY>[];

/** Checks the data. Throws where it is not of this shape. */
export function parseReadingOrder(value: unknown): ReadingOrder {
  return ORDER.parse(value).entries;
}

/** Rank of what no entry names: after everything that one does. */
const LAST = 10;

/** The units by rank, those of one rank as they came; the first rank is what the first answers rest on. */
export function byRank(units: readonly Unit[], order: ReadingOrder): readonly (readonly Unit[])[] {
  const ranked = Map.groupBy(units, (unit) => rankOf(unit, order));
  return [...ranked].sort(([a], [b]) => a - b).map(([, list]) => list);
}

function rankOf({ format, setting }: Unit, order: ReadingOrder): number {
  const name = setting.place.file.toLowerCase();
  const entry = order.find(
    ({ formats, names }) =>
      formats.includes(format) && (names.length === 0 || names.some((end) => name.endsWith(end))),
  );
  return entry?.rank ?? LAST;
}
