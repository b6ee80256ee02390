/**
 * What is measured in a window while it slides over the detections of a group, one kind for each test of a correlation. No gauge
 * allocates for a detection but for sums; what it says depends on the window alone, never on how it came there.
 */
import {
  type Amount,
  type Bounds,
  type WindowTest,
  isAmountWithin,
  isWithinBounds,
} from "./correlation.ts";
import type { Gauge, Measured } from "./gauge.ts";
import { PresenceInOrder, PresentRules, RuleCount, RulesInOrder } from "./rule-gauges.ts";

/** The gauge of a test; `rules`: how many rules the correlation has. */
export function createGauge(test: WindowTest, rules: number, measured: Measured): Gauge {
  switch (test.kind) {
    case "event-count":
      return new EventCount(test.bounds);
    case "value-count":
      return new ValueCount(test.bounds, measured);
    case "amount":
      return test.of.kind === "sum" || test.of.kind === "average"
        ? new Sum(test.of.kind, test.bounds, measured)
        : new Ranked(test.of, test.bounds, measured);
    case "rule-count":
      return test.ordered
        ? new RulesInOrder(test.bounds, rules, measured)
        : new RuleCount(test.bounds, rules, measured);
    case "presence":
      return test.ordered
        ? new PresenceInOrder(test.condition, rules, measured)
        : new PresentRules(test.condition, rules, measured);
  }
}

class EventCount implements Gauge {
  readonly #bounds: Bounds;
  #count = 0;

  constructor(bounds: Bounds) {
    this.#bounds = bounds;
  }

  begin(): void {
    this.#count = 0;
  }

  add(): void {
    this.#count++;
  }

  remove(): void {
    this.#count--;
  }

  settle(): void {}

  holds(): boolean {
    return isWithinBounds(this.#bounds, this.#count);
  }
}

class ValueCount implements Gauge {
  readonly #bounds: Bounds;
  readonly #measured: Measured;
  readonly #counts = new Map<number, number>();

  constructor(bounds: Bounds, measured: Measured) {
    this.#bounds = bounds;
    this.#measured = measured;
  }

  begin(): void {
    this.#counts.clear();
  }

  add(at: number): void {
    const value = this.#measured.value[at] ?? -1;
    if (value >= 0) this.#counts.set(value, (this.#counts.get(value) ?? 0) + 1);
  }

  remove(at: number): void {
    const value = this.#measured.value[at] ?? -1;
    const left = (this.#counts.get(value) ?? 0) - 1;
    if (left > 0) this.#counts.set(value, left);
    else this.#counts.delete(value);
  }

  settle(): void {}

  holds(): boolean {
    return isWithinBounds(this.#bounds, this.#counts.size);
  }
}

/** Sum and average, in whole millionths: taking away what was added leaves nothing behind. */
class Sum implements Gauge {
  readonly #of: "sum" | "average";
  readonly #bounds: Bounds;
  readonly #measured: Measured;
  #sum = 0n;
  #count = 0;

  constructor(of: "sum" | "average", bounds: Bounds, measured: Measured) {
    this.#of = of;
    this.#bounds = bounds;
    this.#measured = measured;
  }

  begin(): void {
    this.#sum = 0n;
    this.#count = 0;
  }

  add(at: number): void {
    this.#change(at, 1);
  }

  remove(at: number): void {
    this.#change(at, -1);
  }

  settle(): void {}

  holds(): boolean {
    if (this.#count === 0) return false;
    return isAmountWithin(this.#bounds, this.#sum, this.#of === "sum" ? 1n : BigInt(this.#count));
  }

  #change(at: number, sign: 1 | -1): void {
    const amount = this.#measured.amountOf(this.#measured.value[at] ?? -1);
    if (amount === null) return;
    this.#sum += sign === 1 ? amount : -amount;
    this.#count += sign;
  }
}

/** Median and percentile: a tree of counts over the ranks of a group's amounts, so that a step costs its logarithm. */
class Ranked implements Gauge {
  readonly #of: Amount;
  readonly #bounds: Bounds;
  readonly #measured: Measured;
  /** The group's different amounts, the smallest first. */
  #amounts: bigint[] = [];
  #ranks = new Map<bigint, number>();
  /** Fenwick's tree: the count of an amount stands at its rank + 1. */
  #tree = new Int32Array(1);
  #count = 0;

  constructor(of: Amount, bounds: Bounds, measured: Measured) {
    this.#of = of;
    this.#bounds = bounds;
    this.#measured = measured;
  }

  begin(first: number, end: number): void {
    const amounts = new Set<bigint>();
    for (let at = first; at < end; at++) {
      const amount = this.#amountAt(at);
      if (amount !== null) amounts.add(amount);
    }
    this.#amounts = [...amounts].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    this.#ranks = new Map(this.#amounts.map((amount, rank) => [amount, rank]));
    this.#tree = new Int32Array(this.#amounts.length + 1);
    this.#count = 0;
  }

  add(at: number): void {
    this.#change(at, 1);
  }

  remove(at: number): void {
    this.#change(at, -1);
  }

  settle(): void {}

  holds(): boolean {
    const count = this.#count;
    if (count === 0) return false;
    if (this.#of.kind === "percentile") {
      // The nearest rank below, as pySigma's own matcher has it.
      const at = Math.min(Math.floor((count * this.#of.percent) / 100), count - 1);
      return isAmountWithin(this.#bounds, this.#select(at), 1n);
    }
    const middle = this.#select(count >> 1);
    if (count % 2 === 1) return isAmountWithin(this.#bounds, middle, 1n);
    return isAmountWithin(this.#bounds, this.#select((count >> 1) - 1) + middle, 2n);
  }

  #amountAt(at: number): bigint | null {
    return this.#measured.amountOf(this.#measured.value[at] ?? -1);
  }

  #change(at: number, by: 1 | -1): void {
    const amount = this.#amountAt(at);
    if (amount === null) return;
    const tree = this.#tree;
    for (let node = (this.#ranks.get(amount) ?? 0) + 1; node < tree.length; node += node & -node)
      tree[node] = (tree[node] ?? 0) + by;
    this.#count += by;
  }

  /** The amount at a place among all in the window, from 0. */
  #select(place: number): bigint {
    const tree = this.#tree;
    let node = 0;
    let left = place;
    for (let step = 2 ** (31 - Math.clz32(tree.length)); step >= 1; step /= 2) {
      const next = node + step;
      if (next >= tree.length || (tree[next] ?? 0) > left) continue;
      node = next;
      left -= tree[next] ?? 0;
    }
    return this.#amounts[node] ?? 0n;
  }
}
