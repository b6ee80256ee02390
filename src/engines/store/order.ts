/**
 * The one order of a timeline: by ticks, undated rows after all others, then by key: evidence and member
 * as texts, the offset as a number, so that the lines of one second stand as they stand in their file.
 */
import { UNDATED } from "../../base/time.ts";
import { byCodeUnits } from "../../base/text.ts";
import { eventKey, type EventKey } from "../../model/event.ts";
import type { Place } from "../../model/evidence.ts";

/** Where undated rows stand: after the last time that 64 bits hold. */
export const LAST = 2n ** 63n - 1n;

/** Ticks by which a row is ordered. */
export function orderOf(ticks: bigint): bigint {
  return ticks === UNDATED ? LAST : ticks;
}

/** A key without its offset: evidence and member. */
export function sourceOf(place: Place): string {
  const key = eventKey(place, 0);
  return key.slice(0, key.lastIndexOf("/"));
}

/** A key taken apart. A text that is no key gives the offset -1, at which no row stands. */
export function splitKey(key: EventKey): { readonly source: string; readonly offset: number } {
  const at = key.lastIndexOf("/");
  const digits = key.slice(at + 1);
  return { source: key.slice(0, at), offset: /^\d{1,16}$/.test(digits) ? Number(digits) : -1 };
}

/** A row as it is ordered: `source` is the rank of its evidence and member among all of the store. */
export interface Standing {
  readonly order: bigint;
  readonly source: number;
  readonly offset: number;
}

/** Negative where `left` stands before `right`. */
export function compareStanding(left: Standing, right: Standing): number {
  if (left.order !== right.order) return left.order < right.order ? -1 : 1;
  return left.source - right.source || left.offset - right.offset;
}

/** Ranks of sources in their order; `rank` of a source that is not among them lies between two others. */
export class Ranks {
  readonly #sorted: readonly string[];

  constructor(sources: Iterable<string>) {
    this.#sorted = [...new Set(sources)].sort(byCodeUnits);
  }

  rank(source: string): number {
    let [low, high] = [0, this.#sorted.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#sorted[middle] ?? "") < source) low = middle + 1;
      else high = middle;
    }
    return this.#sorted[low] === source ? low : low - 0.5;
  }
}
