/**
 * Correlations by the book, and slowly: every group, every time, every window anew, over documents as they are written. Shares nothing
 * with the engine; what the engine finds must be what this finds.
 */
import { createHash } from "node:crypto";

/** A correlation as a document has it. */
export interface PlainCorrelation {
  readonly id: string;
  readonly name: string;
  readonly title?: string;
  readonly generate?: boolean;
  readonly correlation: {
    readonly type: string;
    readonly rules: readonly string[];
    readonly "group-by"?: readonly string[];
    readonly timespan: string;
    readonly aliases?: Readonly<Record<string, Readonly<Record<string, string>>>>;
    readonly condition?: string | Readonly<Record<string, unknown>>;
  };
}

/** A match of a base rule. */
export interface PlainMatch {
  readonly rule: string;
  readonly ticks: bigint;
  readonly key: string;
  readonly fields: Readonly<Record<string, string | number>>;
}

/** A match, or a window of another correlation, as a correlation sees it. */
interface Seen {
  readonly rule: string;
  readonly ticks: bigint;
  readonly keys: readonly (readonly [bigint, string])[];
  /** The key of a match; null: a window. */
  readonly event: string | null;
  value(name: string): string | undefined;
}

const SECONDS: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86400, w: 604800 };

/** Ids of the detections of each correlation, in the order given: each refers to rules and to earlier ones only. */
export function correlateByTheBook(
  correlations: readonly PlainCorrelation[],
  matches: readonly PlainMatch[],
): ReadonlyMap<string, readonly string[]> {
  const told = new Map<string, Seen[]>();
  const named = correlations.flatMap((one) => one.correlation.rules);
  const inOrder = [...matches].sort(
    (a, b) =>
      compare(a.ticks, b.ticks) ||
      compare(a.key, b.key) ||
      named.indexOf(a.rule) - named.indexOf(b.rule),
  );
  const base = inOrder.map(
    (match): Seen => ({
      rule: match.rule,
      ticks: match.ticks,
      keys: [[match.ticks, match.key]],
      event: match.key,
      value: (name) =>
        match.fields[name] === undefined ? undefined : String(match.fields[name]).trimEnd(),
    }),
  );
  const all = new Map<string, Seen[]>();
  for (const one of correlations) {
    const { rules, type } = one.correlation;
    const below = type.startsWith("temporal") ? all : told;
    const seen = [...base, ...[...below.values()].flat()].filter(({ rule }) =>
      rules.includes(rule),
    );
    const windows = windowsOf(one, seen);
    all.set(
      one.name,
      windows.flatMap(({ window }) => [window]),
    );
    told.set(
      one.name,
      windows.flatMap(({ window, isTold }) => (isTold ? [window] : [])),
    );
  }
  return new Map(
    correlations.map(({ id, name }) => [
      id,
      [...new Set((told.get(name) ?? []).map(({ keys }) => idOf(id, keys)))].sort(),
    ]),
  );
}

function idOf(id: string, keys: Seen["keys"]): string {
  const ordered = [...keys].sort((a, b) => compare(a[0], b[0]) || compare(a[1], b[1]));
  const unique = [...new Set(ordered.map(([, key]) => key))];
  return createHash("sha256")
    .update([id, ...unique].join("\n"))
    .digest("hex")
    .slice(0, 32);
}

function compare<T>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function windowsOf(
  { name, correlation }: PlainCorrelation,
  seen: readonly Seen[],
): { window: Seen; isTold: boolean }[] {
  const span =
    BigInt(Number.parseInt(correlation.timespan)) *
    BigInt(SECONDS[correlation.timespan.at(-1) ?? ""] ?? 0) *
    10_000_000n;
  const groupBy = correlation["group-by"] ?? [];
  const read = (one: Seen, field: string) =>
    one.value(correlation.aliases?.[field]?.[one.rule] ?? field);
  const groups = Map.groupBy(
    seen.filter((one) => groupBy.every((field) => read(one, field) !== undefined)),
    (one) => JSON.stringify(groupBy.map((field) => read(one, field)?.toLowerCase())),
  );
  // What ends with an event comes after what is on it.
  const placeOf = (one: Seen) =>
    correlation.rules.indexOf(one.rule) + (one.event === null ? correlation.rules.length : 0);
  const found: { window: Seen; isTold: boolean }[] = [];
  for (const group of groups.values()) {
    group.sort(
      (a, b) =>
        compare(a.ticks, b.ticks) || compare(lastKey(a), lastKey(b)) || placeOf(a) - placeOf(b),
    );
    let toldUpTo = -(10n ** 30n);
    for (const end of [...new Set(group.map(({ ticks }) => ticks))].sort(compare)) {
      const window = group.filter(({ ticks }) => ticks <= end && ticks >= end - span);
      const begin = window[0]?.ticks ?? 0n;
      const wider = group.some(({ ticks }) => ticks > end && ticks - span <= begin);
      if (wider && !isMonotone(correlation)) continue;
      if (!holds(correlation, once(window, correlation.type), read)) continue;
      const completing = window.at(-1);
      const isTold = begin > toldUpTo;
      if (isTold) toldUpTo = end;
      found.push({
        isTold,
        window: {
          rule: name,
          ticks: end,
          event: null,
          keys: window.flatMap(({ keys }) => keys),
          value: (field) => (completing === undefined ? undefined : read(completing, field)),
        },
      });
    }
  }
  return found;
}

function lastKey({ keys }: Seen): string {
  return [...keys].sort((a, b) => compare(a[0], b[0]) || compare(a[1], b[1])).at(-1)?.[1] ?? "";
}

/** What counts events counts one that two rules match once; windows of other correlations are no events. */
function once(window: readonly Seen[], type: string): readonly Seen[] {
  if (type.startsWith("temporal")) return window;
  const events = new Map<string, Seen>();
  for (const one of window)
    if (one.event !== null && !events.has(one.event)) events.set(one.event, one);
  return [...events.values(), ...window.filter(({ event }) => event === null)];
}

/** Whether a window that holds cannot stop holding when more comes into it. */
function isMonotone({ type, condition }: PlainCorrelation["correlation"]): boolean {
  if (condition === undefined) return true;
  if (typeof condition === "string") return !/\bnot\b/.test(condition);
  if (/^value_(?!count)/.test(type)) return false;
  return Object.keys(condition).every((key) => ["field", "gt", "gte"].includes(key));
}

function holds(
  { type, rules, condition }: PlainCorrelation["correlation"],
  window: readonly Seen[],
  read: (one: Seen, field: string) => string | undefined,
): boolean {
  const positions = (one: Seen) => rules.indexOf(one.rule);
  if (type.startsWith("temporal")) {
    const sets = type.startsWith("temporal_ordered")
      ? chains(window, positions)
      : [new Set(window.map(positions))];
    const present = new Set(window.map(positions));
    if (typeof condition === "string")
      return sets.some((set) => evaluate(condition, rules, set, present));
    const most = Math.max(0, ...sets.map(({ size }) => size));
    return bounded(condition ?? { gte: rules.length }, most, (a, b) => a - b);
  }
  const map = typeof condition === "object" ? condition : {};
  if (type === "event_count") return bounded(map, window.length, (a, b) => a - b);
  const fields = [map["field"]].flat().map(String);
  const tuples = window
    .map((one) => fields.map((field) => read(one, field)))
    .filter((tuple) => tuple.every((value) => value !== undefined));
  if (type === "value_count")
    return bounded(
      map,
      new Set(tuples.map((tuple) => JSON.stringify(tuple).toLowerCase())).size,
      (a, b) => a - b,
    );
  const numbers = tuples
    .map(([value]) => Number(value))
    .filter((value) => !Number.isNaN(value))
    .sort((a, b) => a - b);
  if (numbers.length === 0) return false;
  const sum = numbers.reduce((a, b) => a + b, 0);
  const middle = numbers.length >> 1;
  const at = Math.min(
    Math.floor((numbers.length * Number(map["percentile"] ?? 95)) / 100),
    numbers.length - 1,
  );
  const value =
    type === "value_sum"
      ? sum
      : type === "value_avg"
        ? sum / numbers.length
        : type === "value_percentile"
          ? (numbers[at] ?? 0)
          : numbers.length % 2 === 1
            ? (numbers[middle] ?? 0)
            : ((numbers[middle - 1] ?? 0) + (numbers[middle] ?? 0)) / 2;
  return bounded(map, value, (a, b) => (Math.abs(a - b) < 1e-9 ? 0 : a - b));
}

/** Every set of rules that came one at or after the other in the order of the list. */
function chains(window: readonly Seen[], position: (one: Seen) => number): Set<number>[] {
  const sets: Set<number>[] = [];
  const extend = (chain: readonly Seen[]): void => {
    sets.push(new Set(chain.map(position)));
    const last = chain.at(-1);
    for (const one of window)
      if (last === undefined || (position(one) > position(last) && one.ticks >= last.ticks))
        extend([...chain, one]);
  };
  extend([]);
  return sets;
}

function bounded(
  condition: Readonly<Record<string, unknown>>,
  value: number,
  difference: (a: number, b: number) => number,
): boolean {
  const tests: Record<string, (by: number) => boolean> = {
    gt: (by) => by > 0,
    gte: (by) => by >= 0,
    lt: (by) => by < 0,
    lte: (by) => by <= 0,
    eq: (by) => by === 0,
    neq: (by) => by !== 0,
  };
  return Object.entries(condition).every(
    ([key, bound]) => tests[key]?.(difference(value, Number(bound))) ?? true,
  );
}

/** The condition with its rules as 1 and 0, rewritten until one is left. A rule under `not` is looked for in the whole window. */
function evaluate(
  condition: string,
  rules: readonly string[],
  set: ReadonlySet<number>,
  present: ReadonlySet<number>,
): boolean {
  let left = condition
    .replace(/\bnot (\w+)/g, (_, name: string) => (present.has(rules.indexOf(name)) ? "0" : "1"))
    .replace(/\b[a-z]{2}\b(?<!or)/g, (name) => (set.has(rules.indexOf(name)) ? "1" : "0"));
  const steps: readonly (readonly [RegExp, string])[] = [
    [/\((\d)\)/, "$1"],
    [/1 and 1/, "1"],
    [/\d and \d/, "0"],
    [/0 or 0(?! and)/, "0"],
    [/\d or \d(?! and)/, "1"],
  ];
  for (;;) {
    const step = steps.find(([pattern]) => pattern.test(left));
    if (step === undefined) return left === "1";
    left = left.replace(...step);
  }
}
