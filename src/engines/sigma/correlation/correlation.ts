/**
 * The words of a correlation once it has been read and checked (Sigma correlation rules specification 2.1.0; the extended
 * condition as proposal 198 and pySigma 1.5 have it). What a correlation means over detections: docs/design/correlations.md.
 */
import type { Level } from "../../../model/detection.ts";

/** One correlation document. */
export interface Correlation {
  readonly kind: "correlation";
  readonly file: string;
  /** Where the document starts, from 1. */
  readonly line: number;
  readonly id: string;
  /** What other correlations may call it instead of its id; null where it has no such name. */
  readonly name: string | null;
  readonly title: string;
  readonly level: Level;
  readonly tags: readonly string[];
  /** Ids or names of rules and correlations, in the order of the document. */
  readonly rules: readonly string[];
  /** The line of that list, for refusals. */
  readonly rulesLine: number;
  /** Fields or aliases; none: all detections are one group. */
  readonly groupBy: readonly string[];
  /** What a name means in the events of each rule: alias, then the rule as `rules` has it, then the field. */
  readonly aliases: ReadonlyMap<string, ReadonlyMap<string, string>>;
  readonly timespanTicks: number;
  /** Whether the rules that it refers to show their own detections too. */
  readonly generate: boolean;
  readonly test: WindowTest;
}

/** What must hold in a window. Positions are places in the list of rules, from 0. */
export type WindowTest =
  /** How many events there are. */
  | { readonly kind: "event-count"; readonly bounds: Bounds }
  /** How many different values the fields have together. */
  | { readonly kind: "value-count"; readonly fields: readonly string[]; readonly bounds: Bounds }
  /** What the numbers in a field come to. */
  | {
      readonly kind: "amount";
      readonly of: Amount;
      readonly field: string;
      readonly bounds: Bounds;
    }
  /** How many different rules match; where ordered, how many do one after the other as they are listed. */
  | { readonly kind: "rule-count"; readonly ordered: boolean; readonly bounds: Bounds }
  /** Which rules match. */
  | { readonly kind: "presence"; readonly ordered: boolean; readonly condition: Presence };

/** How numbers become one. */
export type Amount =
  | { readonly kind: "sum" | "average" | "median" }
  | { readonly kind: "percentile"; readonly percent: number };

/** All of them must hold. */
export type Bounds = readonly Bound[];

/** A number that a count or an amount is held against. */
export interface Bound {
  readonly operator: BoundOperator;
  readonly value: number;
  /** The same in whole millionths: amounts are summed exactly. */
  readonly millionths: bigint;
}

/** The words of the specification, and pySigma's `neq`. */
export const BOUND_OPERATORS = ["gt", "gte", "lt", "lte", "eq", "neq"] as const;
export type BoundOperator = (typeof BOUND_OPERATORS)[number];

/** An extended condition: which rules match in the window, and which do not. */
export type Presence =
  | { readonly kind: "rule"; readonly position: number }
  | { readonly kind: "not"; readonly part: Presence }
  | { readonly kind: "and" | "or"; readonly parts: readonly Presence[] };

/** Whether a number is within all bounds. */
export function isWithinBounds(bounds: Bounds, value: number): boolean {
  for (const bound of bounds) if (!compare(bound.operator, value, bound.value)) return false;
  return true;
}

/** Whether an amount, as `amount / parts` in millionths, is within all bounds. */
export function isAmountWithin(bounds: Bounds, amount: bigint, parts: bigint): boolean {
  for (const bound of bounds)
    if (!compare(bound.operator, amount, bound.millionths * parts)) return false;
  return true;
}

function compare<T extends number | bigint>(operator: BoundOperator, left: T, right: T): boolean {
  switch (operator) {
    case "gt":
      return left > right;
    case "gte":
      return left >= right;
    case "lt":
      return left < right;
    case "lte":
      return left <= right;
    case "eq":
      return left === right;
    case "neq":
      return left !== right;
  }
}

/**
 * Whether a window that holds goes on to hold when more detections come into it. Of any other test a window says nothing
 * until no further detection fits into it.
 */
export function onlyGrows(test: WindowTest): boolean {
  switch (test.kind) {
    case "event-count":
    case "value-count":
    case "rule-count":
      return test.bounds.every(({ operator }) => operator === "gt" || operator === "gte");
    case "amount":
      return false;
    case "presence":
      return !hasNegation(test.condition);
  }
}

function hasNegation(presence: Presence): boolean {
  switch (presence.kind) {
    case "rule":
      return false;
    case "not":
      return true;
    case "and":
    case "or":
      return presence.parts.some(hasNegation);
  }
}

/**
 * Whether an extended condition holds. `there`: rules, as bits by position, that may stand for what must be there; `present`:
 * rules that match in the window at all, which is what `not` asks.
 */
export function holdsPresence(condition: Presence, there: number, present: number): boolean {
  switch (condition.kind) {
    case "rule":
      return ((there >>> condition.position) & 1) === 1;
    case "not":
      return !holdsPresence(condition.part, present, there);
    case "and":
      return condition.parts.every((part) => holdsPresence(part, there, present));
    case "or":
      return condition.parts.some((part) => holdsPresence(part, there, present));
  }
}
