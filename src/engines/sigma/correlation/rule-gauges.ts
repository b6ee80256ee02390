/**
 * Gauges of temporal correlations: which rules match in a window, and in which order. Refuses nothing; a step costs the square of
 * the rules at most, or as much as they have sets where a condition is in words and in order.
 */
import { type Bounds, type Presence, holdsPresence, isWithinBounds } from "./correlation.ts";
import type { Gauge, Measured } from "./gauge.ts";

/** How often each rule stands in the window. */
abstract class ByRule implements Gauge {
  readonly measured: Measured;
  readonly counts: Int32Array;
  different = 0;

  constructor(rules: number, measured: Measured) {
    this.counts = new Int32Array(rules);
    this.measured = measured;
  }

  begin(): void {
    this.counts.fill(0);
    this.different = 0;
  }

  add(at: number): void {
    const position = this.measured.position[at] ?? 0;
    const count = (this.counts[position] ?? 0) + 1;
    this.counts[position] = count;
    if (count === 1) this.different++;
  }

  remove(at: number): void {
    const position = this.measured.position[at] ?? 0;
    const count = (this.counts[position] ?? 0) - 1;
    this.counts[position] = count;
    if (count === 0) this.different--;
  }

  settle(): void {}

  abstract holds(left: number): boolean;

  /** The rules in the window, as bits. */
  present(): number {
    let mask = 0;
    for (let position = 0; position < this.counts.length; position++)
      if ((this.counts[position] ?? 0) > 0) mask |= 1 << position;
    return mask;
  }
}

/** How many different rules match. */
export class RuleCount extends ByRule {
  readonly #bounds: Bounds;

  constructor(bounds: Bounds, rules: number, measured: Measured) {
    super(rules, measured);
    this.#bounds = bounds;
  }

  holds(): boolean {
    return isWithinBounds(this.#bounds, this.different);
  }
}

/** Which rules match. */
export class PresentRules extends ByRule {
  readonly #condition: Presence;

  constructor(condition: Presence, rules: number, measured: Measured) {
    super(rules, measured);
    this.#condition = condition;
  }

  holds(): boolean {
    const mask = this.present();
    return holdsPresence(this.#condition, mask, mask);
  }
}

/** Rules one after the other: those of one time are taken in the order of the list, since which came first nobody knows. */
abstract class InOrder extends ByRule {
  readonly #came: number[] = [];

  override begin(): void {
    super.begin();
    this.#came.length = 0;
    this.forget();
  }

  override add(at: number): void {
    super.add(at);
    this.#came.push(at);
  }

  override settle(): void {
    const { position } = this.measured;
    if (this.#came.length > 1)
      this.#came.sort((a, b) => (position[a] ?? 0) - (position[b] ?? 0) || a - b);
    for (const at of this.#came) this.extend(position[at] ?? 0, at);
    this.#came.length = 0;
  }

  /** A group begins. */
  abstract forget(): void;
  /** The detection `at`, of the rule at this position, goes on with whatever chains it can. */
  abstract extend(position: number, at: number): void;
}

/** The longest chain of rules in the order of the list; all of them are followed at once. */
export class RulesInOrder extends InOrder {
  readonly #bounds: Bounds;
  readonly #rules: number;
  /**
   * Where the chain begins that is so long and ends with the rule at a position: at [position * (rules + 1) + length], the latest of
   * all such chains; -1: none.
   */
  readonly #begins: Int32Array;

  constructor(bounds: Bounds, rules: number, measured: Measured) {
    super(rules, measured);
    this.#bounds = bounds;
    this.#rules = rules;
    this.#begins = new Int32Array(rules * (rules + 1));
  }

  forget(): void {
    this.#begins.fill(-1);
  }

  extend(position: number, at: number): void {
    const begins = this.#begins;
    const row = this.#rules + 1;
    begins[position * row + 1] = at;
    for (let length = 2; length <= position + 1; length++) {
      let latest = begins[position * row + length] ?? -1;
      for (let before = length - 2; before < position; before++)
        latest = Math.max(latest, begins[before * row + length - 1] ?? -1);
      begins[position * row + length] = latest;
    }
  }

  holds(left: number): boolean {
    return isWithinBounds(this.#bounds, this.#longest(left));
  }

  #longest(left: number): number {
    const row = this.#rules + 1;
    for (let length = this.#rules; length > 0; length--)
      for (let position = length - 1; position < this.#rules; position++)
        if ((this.#begins[position * row + length] ?? -1) >= left) return length;
    return 0;
  }
}

/** Sets of rules that came in the order of the list, by the bits of the set. */
export class PresenceInOrder extends InOrder {
  readonly #condition: Presence;
  /** Where the latest chain of exactly these rules begins; -1: there is none. */
  readonly #begins: Int32Array;

  constructor(condition: Presence, rules: number, measured: Measured) {
    super(rules, measured);
    this.#condition = condition;
    this.#begins = new Int32Array(2 ** rules);
  }

  forget(): void {
    this.#begins.fill(-1);
  }

  extend(position: number, at: number): void {
    const begins = this.#begins;
    const bit = 1 << position;
    begins[bit] = at;
    for (let before = 1; before < bit; before++)
      begins[bit | before] = Math.max(begins[bit | before] ?? -1, begins[before] ?? -1);
  }

  holds(left: number): boolean {
    const present = this.present();
    for (let set = 1; set < this.#begins.length; set++)
      if ((this.#begins[set] ?? -1) >= left && holdsPresence(this.#condition, set, present))
        return true;
    return false;
  }
}
