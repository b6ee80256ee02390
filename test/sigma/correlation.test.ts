/**
 * Correlations, type by type, on events of our own: no public rule has vectors for them. What is right is what the specification says
 * (sigma-correlation-rules-specification.md 2.1.0), pySigma's own matcher (sigma/matching) for value_* and the extended condition.
 */
import { expect, test } from "vitest";
import { correlate, parseRules, planRules } from "../../src/engines/sigma/index.ts";
import {
  SOURCES,
  type TimedEvent,
  baseRule,
  feedOf,
  found,
  planOf,
  timedBatch,
} from "./correlation-rows.ts";

const ABC = ["aa", "bb", "cc"].map(baseRule);

/** The windows that a correlation tells of, as the places of their events. */
function told(correlation: object, events: readonly TimedEvent[]): readonly (readonly number[])[] {
  const document = { title: "t", id: "t", correlation };
  return found([document, ...ABC], events).map(({ correlated }) =>
    (correlated?.events ?? []).map(({ offset }) => offset),
  );
}

function every(seconds: number, count: number, is = "aa"): TimedEvent[] {
  return Array.from({ length: count }, (_, at) => ({ at: at * seconds, is }));
}

const COUNT = { type: "event_count", rules: ["aa"], timespan: "10s" };

test("event_count: so many in a window that slides over every boundary", () => {
  expect(told({ ...COUNT, condition: { gte: 3 } }, every(5, 3))).toEqual([[0, 1, 2]]);
  expect(told({ ...COUNT, condition: { gte: 3 } }, every(6, 9))).toEqual([]);
  // The minute ends between them; the specification forbids windows cut at fixed boundaries.
  const across = [58, 59, 61].map((at) => ({ at, is: "aa" }));
  expect(told({ ...COUNT, condition: { gte: 3 } }, across)).toEqual([[0, 1, 2]]);
});

test("a stretch that goes on is told once for each window that shares nothing with the one before", () => {
  expect(told({ ...COUNT, condition: { gte: 3 } }, every(1, 5))).toEqual([[0, 1, 2]]);
  const long = told({ ...COUNT, condition: { gte: 3 } }, every(1, 40));
  expect(long[0]).toEqual([0, 1, 2]);
  expect(long[1]).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]);
  expect(long.length).toBe(4);
});

test("bounds that more events can break are held against whole windows", () => {
  const four = every(2, 4);
  expect(told({ ...COUNT, condition: { eq: 3 } }, four)).toEqual([]);
  expect(told({ ...COUNT, condition: { eq: 4 } }, four)).toEqual([[0, 1, 2, 3]]);
  expect(told({ ...COUNT, condition: { lt: 4 } }, four)).toEqual([]);
  expect(told({ ...COUNT, condition: { lte: 4 } }, four)).toEqual([[0, 1, 2, 3]]);
  expect(told({ ...COUNT, condition: { gt: 1, lte: 3 } }, four)).toEqual([]);
  expect(told({ ...COUNT, condition: { gt: 1, lte: 4 } }, four)).toEqual([[0, 1, 2, 3]]);
  expect(told({ ...COUNT, condition: { neq: 4 } }, four)).toEqual([]);
});

test("value_count: different values without case; several fields count as tuples", () => {
  const events = ["ann", "ANN", "bob"].map((user, at) => ({
    at,
    is: "aa",
    fields: { user, host: at % 2 },
  }));
  const correlation = { type: "value_count", rules: ["aa"], timespan: "10s" };
  expect(told({ ...correlation, condition: { field: "user", eq: 2 } }, events)).toHaveLength(1);
  expect(told({ ...correlation, condition: { field: "user", gte: 3 } }, events)).toEqual([]);
  expect(
    told({ ...correlation, condition: { field: ["user", "host"], eq: 3 } }, events),
  ).toHaveLength(1);
});

test.each([
  ["value_sum", { gte: 110 }, { gt: 110 }],
  ["value_avg", { eq: 22 }, { gt: 22 }],
  ["value_median", { eq: 3 }, { neq: 3 }],
  ["value_percentile", { eq: 100, percentile: 90 }, { lt: 100, percentile: 90 }],
  ["value_percentile", { eq: 3, percentile: 50 }, { gt: 3, percentile: 50 }],
])("%s: holds with %j and not with %j", (type, yes, no) => {
  const bytes = [1, 2, 3, "4.0", 100, "none"];
  const events = bytes.map((value, at) => ({ at, is: "aa", fields: { bytes: value } }));
  const correlation = { type, rules: ["aa"], timespan: "10s" };
  expect(told({ ...correlation, condition: { field: "bytes", ...yes } }, events)).toHaveLength(1);
  expect(told({ ...correlation, condition: { field: "bytes", ...no } }, events)).toEqual([]);
});

test("sums are exact: tenths and numbers beyond 2^53", () => {
  const sum = { type: "value_sum", rules: ["aa"], timespan: "10s" };
  const tenths = Array.from({ length: 10 }, (_, at) => ({ at, is: "aa", fields: { n: "0.1" } }));
  expect(told({ ...sum, condition: { field: "n", eq: 1 } }, tenths)).toHaveLength(1);
  const large = ["9007199254740993", "1"].map((n, at) => ({ at, is: "aa", fields: { n } }));
  expect(told({ ...sum, condition: { field: "n", gt: 9007199254740992 } }, large)).toHaveLength(1);
});

test("temporal: all rules in any order; a condition can ask for fewer", () => {
  const temporal = { type: "temporal", rules: ["aa", "bb", "cc"], timespan: "10s" };
  const both = [
    { at: 0, is: "cc" },
    { at: 4, is: "aa" },
  ];
  expect(told(temporal, both)).toEqual([]);
  expect(told({ ...temporal, condition: { gte: 2 } }, both)).toEqual([[0, 1]]);
  expect(told(temporal, [...both, { at: 10, is: "bb" }])).toEqual([[0, 1, 2]]);
});

const ORDERED = { type: "temporal_ordered", rules: ["aa", "bb", "cc"], timespan: "10s" };
const at = (...rows: readonly (readonly [number, string, string?])[]): TimedEvent[] =>
  rows.map(([second, is, user]) => ({
    at: second,
    is,
    ...(user === undefined ? {} : { fields: { user } }),
  }));

test("temporal_ordered: the order holds among all rules, not only against the first", () => {
  expect(told(ORDERED, at([0, "aa"], [1, "bb"], [2, "cc"]))).toEqual([[0, 1, 2]]);
  // Hayabusa told A, C, B as A, B, C until its 4.0.0.
  expect(told(ORDERED, at([0, "aa"], [1, "cc"], [2, "bb"]))).toEqual([]);
  expect(told(ORDERED, at([0, "aa"], [1, "cc"], [2, "bb"], [3, "cc"]))).toEqual([[0, 1, 2, 3]]);
});

test("group-by holds in temporal types too", () => {
  // Hayabusa told A of one group and B of another until its 4.0.0.
  const both = { type: "temporal", rules: ["aa", "bb"], timespan: "10s", "group-by": ["user"] };
  expect(told(both, at([0, "aa", "ann"], [1, "bb", "bob"]))).toEqual([]);
  expect(told(both, at([0, "aa", "ann"], [1, "bb", "bob"], [2, "bb", "Ann"]))).toEqual([[0, 2]]);
  const ordered = { ...ORDERED, "group-by": ["user"] };
  expect(told(ordered, at([0, "aa", "x"], [1, "bb", "y"], [2, "cc", "x"]))).toEqual([]);
});

test("no window is longer than the timespan", () => {
  // Hayabusa counted a value from outside of the window until its 4.0.0.
  const events = ["a", "b", "b", "c"].map((user, n) => ({ at: n * 5, is: "aa", fields: { user } }));
  const correlation = {
    type: "value_count",
    rules: ["aa"],
    timespan: "10s",
    condition: { field: "user", gte: 3 },
  };
  expect(told(correlation, events)).toEqual([]);
  // A to B and B to C are within the timespan each, A to C is not.
  expect(told(ORDERED, at([0, "aa"], [6, "bb"], [12, "cc"]))).toEqual([]);
  expect(told({ ...COUNT, condition: { gte: 2 } }, at([0, "aa"], [10, "aa"]))).toEqual([[0, 1]]);
  expect(told({ ...COUNT, condition: { gte: 2 } }, at([0, "aa"], [10.0000001, "aa"]))).toEqual([]);
});

test("the extended condition: absence on both sides of what is there", () => {
  const lonely = {
    type: "temporal",
    rules: ["aa", "bb"],
    timespan: "10s",
    condition: "aa and not bb",
  };
  expect(told(lonely, at([0, "aa"]))).toEqual([[0]]);
  expect(told(lonely, at([0, "aa"], [11, "bb"]))).toEqual([[0]]);
  expect(told(lonely, at([0, "aa"], [9, "bb"]))).toEqual([]);
  expect(told(lonely, at([0, "bb"], [9, "aa"]))).toEqual([]);
  const either = { ...lonely, rules: undefined, condition: "aa and (bb or cc)" };
  expect(told(either, at([0, "cc"], [3, "aa"]))).toEqual([[0, 1]]);
  const named = { ...lonely, type: "temporal_ordered_extended", condition: "aa and bb" };
  expect(told(named, at([0, "bb"], [1, "aa"]))).toEqual([]);
  expect(told(named, at([0, "aa"], [1, "bb"]))).toEqual([[0, 1]]);
});

test("aliases: other fields of other rules are one name", () => {
  const events: TimedEvent[] = [
    { at: 0, is: "aa", fields: { dst: "10.0.0.1", src: "10.9.9.9" } },
    { at: 1, is: "bb", fields: { src: "10.0.0.1", dst: "8.8.8.8" } },
  ];
  const aliases = { ip: { aa: "dst", bb: "src" } };
  const base = { type: "temporal", rules: ["aa", "bb"], timespan: "10s", "group-by": ["ip"] };
  const [detection] = found(
    [{ title: "t", id: "t", correlation: { ...base, aliases } }, ...ABC],
    events,
  );
  expect(detection?.correlated?.group).toEqual({ ip: "10.0.0.1" });
  expect(told({ ...base, "group-by": ["src"] }, events)).toEqual([]);
});

/** The specification's own example: failed logins followed by a successful one. */
const CHAIN = [
  {
    title: "many, then one",
    id: "chain",
    level: "high",
    correlation: {
      type: "temporal_ordered",
      rules: ["many", "bb"],
      "group-by": ["user"],
      timespan: "10m",
    },
  },
  {
    title: "many",
    name: "many",
    correlation: {
      type: "event_count",
      rules: ["aa"],
      "group-by": ["user"],
      timespan: "10m",
      condition: { gte: 3 },
    },
  },
  ...ABC,
];

test("a chain: its time is that at which the inner window is full, as long as that goes on", () => {
  const fails = Array.from({ length: 30 }, (_, n): [number, string, string] => [
    n * 60,
    "aa",
    "ann",
  ]);
  const late = found(CHAIN, at(...fails, [1800, "bb", "ann"]));
  expect(late.map(({ rule, level }) => [rule, level])).toEqual([["chain", "high"]]);
  expect(late[0]?.correlated?.group).toEqual({ user: "ann" });
  expect(
    found(CHAIN, at([0, "aa", "ann"], [1, "aa", "ann"], [2, "bb", "ann"], [3, "aa", "ann"])),
  ).toEqual([]);
  expect(
    found(CHAIN, at([0, "aa", "ann"], [1, "aa", "ann"], [2, "aa", "ann"], [3, "bb", "bob"])),
  ).toEqual([]);
});

test("rules that only feed are hidden; `generate` shows them", () => {
  const plan = (generate: boolean) =>
    planOf([
      { title: "t", id: "t", generate, correlation: { ...COUNT, condition: { gte: 3 } } },
      ...ABC,
    ]);
  expect([...plan(false).correlations.hidden]).toEqual(["id-aa"]);
  expect([...plan(true).correlations.hidden]).toEqual([]);
  // Who does not run hides nobody.
  expect([
    ...planOf([
      {
        title: "t",
        id: "t",
        correlation: { ...COUNT, rules: ["aa", "zz"], condition: { gte: 3 } },
      },
      ...ABC,
    ]).correlations.hidden,
  ]).toEqual([]);
});

test("what takes no part is counted", () => {
  const events: TimedEvent[] = [
    { at: null, is: "aa", fields: { user: "ann" } },
    { at: 1, is: "aa" },
    { at: 2, is: "aa", fields: { user: "ann" } },
  ];
  const plan = planOf([
    { title: "t", id: "t", correlation: { ...COUNT, "group-by": ["user"], condition: { gte: 2 } } },
    ...ABC,
  ]);
  const { matches, limits } = correlate(plan, feedOf(plan, [timedBatch(events, [0, 1, 2])]));
  expect([...matches]).toEqual([]);
  expect(limits.map(({ what, have, first }) => [what, have, first.offset])).toEqual([
    ["matches without a time", "1 matches of base aa take no part in correlations", 0],
    ["matches without a value to group by", "1 take no part in t", 1],
  ]);
});

const OK = { type: "event_count", rules: ["aa"], timespan: "1m", condition: { gte: 1 } };

test.each<[string, object]>([
  ["the correlation type 'value_max'", { ...OK, type: "value_max" }],
  ["a correlation without a type", { ...OK, type: undefined }],
  ["a correlation without rules", { ...OK, rules: undefined }],
  ["the rule 'aa' twice", { ...OK, rules: ["aa", "aa"] }],
  ["a correlation without a timespan", { ...OK, timespan: undefined }],
  ["the timespan '90'", { ...OK, timespan: "90" }],
  ["the timespan '0s'", { ...OK, timespan: "0s" }],
  ["the timespan '1D'", { ...OK, timespan: "1D" }],
  ["'ordered' in a correlation", { ...OK, ordered: true }],
  ["'ge' in the condition", { ...OK, condition: { ge: 3 } }],
  ["a condition without a number", { ...OK, condition: {} }],
  ["'many' where a number should stand", { ...OK, condition: { gte: "many" } }],
  ["a correlation without a condition", { ...OK, condition: undefined }],
  ["a condition of 'event_count' that is not a map", { ...OK, condition: "aa" }],
  ["a condition of 'value_sum' without a field", { ...OK, type: "value_sum" }],
  [
    "'value_sum' of several fields",
    { ...OK, type: "value_sum", condition: { gte: 1, field: ["a", "b"] } },
  ],
  [
    "a `percentile` that is not within 0 and 100",
    { ...OK, type: "value_percentile", condition: { gte: 1, field: "a", percentile: 101 } },
  ],
  ["a condition that 1 rules never meet", { ...OK, type: "temporal", condition: { gte: 2 } }],
  [
    "an extended type without a condition in words",
    { ...OK, type: "temporal_extended", condition: undefined },
  ],
  [
    "a condition that holds where nothing happens",
    { ...OK, type: "temporal", condition: "not aa" },
  ],
  [
    "the condition leaves out the rule 'bb'",
    { ...OK, type: "temporal", rules: ["aa", "bb"], condition: "aa" },
  ],
  [
    "the condition has a rule that `rules` does not name: 'zz'",
    { ...OK, type: "temporal", condition: "aa or zz" },
  ],
  ["a `generate` that is neither true nor false", { ...OK, generate: "sometimes" }],
  ["it refers to 'zz', and no rule here has this id or name", { ...OK, rules: ["aa", "zz"] }],
  ["it refers to 'aa' by two names", { ...OK, rules: ["aa", "id-aa"] }],
  ["the alias 'x' names 'bb', which is none of its rules", { ...OK, aliases: { x: { bb: "f" } } }],
])("refused: %s", (reason, correlation) => {
  const { accounts } = planOf([...ABC, { title: "t", id: "t", correlation }]);
  const expected = reason.replace("it refers to 'aa'", "it refers to 'base aa'");
  expect(accounts.at(-1)).toMatchObject({ state: "refused", file: "r.yml", reason: expected });
});

test("a circle is refused; what refers to it as well; both with their lines", () => {
  const link = (name: string, to: string) =>
    `title: ${name}\nid: ${name}\nname: ${name}\ncorrelation:\n  type: temporal\n  rules: [${to}]\n  timespan: 1m\n`;
  const text = [link("x", "y"), link("y", "x"), link("z", "x")].join("---\n");
  const { accounts } = planRules(parseRules("c.yml", text), SOURCES);
  expect(accounts).toMatchObject([
    { state: "refused", line: 1, reason: "a correlation that refers to itself: 'x' to 'y' to 'x'" },
    { state: "refused", line: 9, reason: "it refers to 'x', which is refused" },
    { state: "refused", line: 17, reason: "it refers to 'x', which is refused" },
  ]);
});

test("a rule with nothing here to run on: what needs it does not run, what does without it does", () => {
  const elsewhere = { ...baseRule("bb"), logsource: { product: "linux" } };
  const state = (correlation: object) =>
    planOf([baseRule("aa"), elsewhere, { title: "t", id: "t", correlation }]).accounts.at(-1);
  expect(state({ ...ORDERED, rules: ["aa", "bb"] })).toMatchObject({
    state: "not-applicable",
    reason: "its rule 'bb' is not applicable here",
  });
  expect(state({ ...OK, rules: ["aa", "bb"] })).toMatchObject({ state: "run" });
  expect(state({ ...OK, rules: ["aa", "bb"], condition: { lt: 3 } })).toMatchObject({
    state: "not-applicable",
  });
  const words = { type: "temporal", rules: ["aa", "bb"], timespan: "1m" };
  expect(state({ ...words, condition: "aa or bb" })).toMatchObject({ state: "run" });
  expect(state({ ...words, condition: "aa and not bb" })).toMatchObject({
    state: "not-applicable",
  });
});
