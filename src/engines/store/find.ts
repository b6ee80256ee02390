/** Events by their keys: the place gives the blocks, the offset the row. */
import type { Event, EventKey } from "../../model/event.ts";
import type { BlockEntry } from "./manifest.ts";
import { sourceOf, splitKey } from "./order.ts";
import type { Segments } from "./segments.ts";

/** The blocks of each evidence and member. */
export type BlocksBySource = ReadonlyMap<string, readonly BlockEntry[]>;

/** The blocks of a store by the evidence and member that they are from. */
export function blocksBySource(segments: Segments): BlocksBySource {
  return Map.groupBy(segments.entries, (entry) => sourceOf(segments.placeOf(entry)));
}

/** The events with these keys in the order of the keys, without those that are not here. */
export function findEvents(
  segments: Segments,
  blocks: BlocksBySource,
  keys: readonly EventKey[],
): readonly Event[] {
  const found: (Event | undefined)[] = [];
  for (const [source, wanted] of Map.groupBy(numbered(keys), ({ source }) => source))
    for (const entry of blocks.get(source) ?? []) {
      const here = wanted.filter(
        ({ offset }) => offset >= entry.offsetMin && offset <= entry.offsetMax,
      );
      if (here.length === 0) continue;
      const block = segments.open(entry);
      for (const { offset, at } of here) {
        // A few µs over 4,096 offsets; they need not be sorted, since carved records come out of turn.
        const row = block.head.offsets.indexOf(offset);
        if (row >= 0) found[at] = block.event(row);
      }
    }
  return found.filter((event) => event !== undefined);
}

function numbered(keys: readonly EventKey[]) {
  return keys.map((key, at) => ({ ...splitKey(key), at }));
}
