/**
 * Pages of a timeline: blocks are merged by the time at which they start, and reading stops at the first
 * block that starts after the page is full. In memory: one block and twice the page.
 */
import type { Event } from "../../model/event.ts";
import type { PageStart, Query } from "../../model/query.ts";
import type { Block } from "./block.ts";
import type { BlockEntry } from "./manifest.ts";
import {
  compareStanding,
  LAST,
  orderOf,
  Ranks,
  sourceOf,
  splitKey,
  type Standing,
} from "./order.ts";
import type { Segments } from "./segments.ts";
import { select } from "./select.ts";

/** A row that may be on the page. */
interface Candidate extends Standing {
  readonly entry: BlockEntry;
  readonly row: number;
}

/** A block and the range of its rows in the order of the timeline. */
interface Stretch {
  readonly entry: BlockEntry;
  readonly from: bigint;
  readonly until: bigint;
}

/** The order of an open store's blocks in time; made once, asked page by page. */
export class Timeline {
  readonly #segments: Segments;
  readonly #ranks: Ranks;
  readonly #stretches: readonly Stretch[];

  constructor(segments: Segments) {
    this.#segments = segments;
    this.#ranks = new Ranks(segments.entries.map((entry) => sourceOf(segments.placeOf(entry))));
    this.#stretches = segments.entries
      .map(stretchOf)
      .sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0));
  }

  /** The first `limit` matching rows strictly after `after`. */
  page(query: Query, after: PageStart | null, limit: number): readonly Event[] {
    const page = new PageBuffer(limit, after === null ? null : this.#standingOf(after));
    for (const { entry, from, until } of this.#stretches) {
      if (page.endsBefore(from)) break;
      if (page.startsAfter(until) || this.#segments.shareOf(query, entry) === "none") continue;
      this.#offer(page, query, this.#segments.open(entry));
    }
    return this.#decode(page.rows());
  }

  #standingOf({ ticks, key }: PageStart): Standing {
    const { source, offset } = splitKey(key);
    return { order: orderOf(ticks), source: this.#ranks.rank(source), offset };
  }

  #offer(page: PageBuffer, query: Query, block: Block): void {
    const source = this.#ranks.rank(sourceOf(block.place));
    const { entry } = block;
    const selection = select(query, block);
    for (let row = selection.indexOf(1); row >= 0; row = selection.indexOf(1, row + 1)) {
      const order = orderOf(block.head.ticks[row] ?? 0n);
      page.offer({ order, source, offset: block.head.offsets[row] ?? 0, entry, row });
    }
  }

  /** Decodes the rows block by block, and puts them back in their order. */
  #decode(rows: readonly Candidate[]): readonly Event[] {
    const events: Event[] = [];
    const places = Map.groupBy(rows.keys(), (at) => rows[at]?.entry);
    for (const [entry, positions] of places) {
      if (entry === undefined) continue;
      const block = this.#segments.open(entry);
      for (const at of positions) events[at] = block.event(rows[at]?.row ?? 0);
    }
    return events;
  }
}

function stretchOf(entry: BlockEntry): Stretch {
  const { rows, undated, ticksMin, ticksMax } = entry;
  return {
    entry,
    from: undated === rows ? LAST : ticksMin,
    until: undated > 0 ? LAST : ticksMax,
  };
}

/** Keeps the first `limit` of the rows that are offered, in any order, after a start. */
class PageBuffer {
  readonly #limit: number;
  readonly #after: Standing | null;
  #kept: Candidate[] = [];
  /** The last row of a full page: what stands after it is of no interest. */
  #end: Standing | null = null;

  constructor(limit: number, after: Standing | null) {
    this.#limit = limit;
    this.#after = after;
  }

  /** Whether the page is full, and ends before anything of this order. */
  endsBefore(order: bigint): boolean {
    if (this.#end === null && this.#kept.length >= this.#limit) this.#trim();
    return this.#end !== null && this.#end.order < order;
  }

  /** Whether the page starts after everything of this order. */
  startsAfter(order: bigint): boolean {
    return this.#after !== null && this.#after.order > order;
  }

  offer(candidate: Candidate): void {
    if (this.#after !== null && compareStanding(candidate, this.#after) <= 0) return;
    if (this.#end !== null && compareStanding(candidate, this.#end) >= 0) return;
    this.#kept.push(candidate);
    if (this.#kept.length >= this.#limit * 2) this.#trim();
  }

  rows(): readonly Candidate[] {
    this.#trim();
    return this.#kept;
  }

  #trim(): void {
    this.#kept.sort(compareStanding);
    this.#kept.length = Math.min(this.#kept.length, this.#limit);
    if (this.#kept.length === this.#limit) this.#end = this.#kept.at(-1) ?? null;
  }
}
