/**
 * Values of detections as numbers: those of a text, of a text without its case, of a tuple of them. Each text is folded, and read as an
 * amount, once.
 */
import { foldCase } from "../fields.ts";
import { readMillionths } from "./amount.ts";
import type { OrderedFeed } from "./order.ts";
import { type CorrelationPlan, type PlannedCorrelation, fieldAt } from "./plan.ts";
import type { Windows } from "./window.ts";

/** Numbers for tuples of numbers, from left to right: the same tuple has the same number, another of its length another. */
export class Pairs {
  readonly #numbers = new Map<number, number>();

  /** `left`: the number of what stands before; 0 where nothing does. */
  of(left: number, right: number): number {
    // Of one number the tuple is as good as a name of its own, and most tuples are.
    if (left === 0) return right + 1;
    const pair = left * 2 ** 26 + right;
    const known = this.#numbers.get(pair);
    if (known !== undefined) return known;
    this.#numbers.set(pair, this.#numbers.size + 1);
    return this.#numbers.size;
  }
}

/** The number of a member's value for one name; -1: it has none. */
export type ValueReader = (rank: number, position: number, window: number) => number;

/** Values of detections by number of text; what they are without case, and as amounts, is found once. */
export class Values {
  readonly rules: readonly string[];
  readonly #plan: CorrelationPlan;
  readonly #feed: OrderedFeed;
  readonly #folds: Int32Array;
  readonly #folded = new Map<string, number>();
  readonly #amounts = new Map<number, bigint | null>();

  constructor(plan: CorrelationPlan, feed: OrderedFeed) {
    this.rules = [...plan.fed.keys()];
    this.#plan = plan;
    this.#feed = feed;
    this.#folds = new Int32Array(feed.state.texts.length).fill(-1);
  }

  /** The number of a text without its case. */
  fold(text: number): number {
    const known = this.#folds[text] ?? -1;
    if (known >= 0) return known;
    const folded = foldCase(this.#feed.state.texts[text] ?? "");
    const number = this.#folded.get(folded) ?? this.#folded.size;
    this.#folded.set(folded, number);
    this.#folds[text] = number;
    return number;
  }

  amount(text: number): bigint | null {
    if (text < 0) return null;
    let amount = this.#amounts.get(text);
    if (amount === undefined) {
      amount = readMillionths(this.#feed.state.texts[text] ?? "");
      this.#amounts.set(text, amount);
    }
    return amount;
  }

  /** How a name of a correlation is read from its members. A window has its group's value, otherwise that of its last detection. */
  reader(planned: PlannedCorrelation, name: string, below: readonly Windows[]): ValueReader {
    const { state, entry } = this.#feed;
    const readers = planned.sources.map((source, position): ValueReader => {
      const field = fieldAt(planned, position, name);
      if (source === null) return () => -1;
      if (source.kind === "rule") {
        const column = this.#plan.fed.get(source.id)?.indexOf(field) ?? -1;
        if (column < 0) return () => -1;
        return (rank) => state.values[(state.valueAt[entry[rank] ?? 0] ?? 0) + column] ?? -1;
      }
      const windows = below[source.at];
      if (windows === undefined) return () => -1;
      const own = windows.planned.correlation.groupBy.indexOf(field);
      if (own >= 0)
        return (_, __, window) => windows.groupTexts[windows.group[window] ?? 0]?.[own] ?? -1;
      const { members, last } = windows;
      const read = this.reader(windows.planned, field, below);
      return (_, __, window) => {
        const at = last[window] ?? 0;
        return read(members.rank[at] ?? 0, members.position[at] ?? 0, members.window[at] ?? -1);
      };
    });
    return (rank, position, window) => readers[position]?.(rank, position, window) ?? -1;
  }
}
