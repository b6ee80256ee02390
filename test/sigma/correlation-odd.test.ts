/**
 * Correlations that nobody should write, and evidence that nobody should send: what cannot be meant is refused with its line, and what is odd
 * has one meaning, said here.
 */
import { expect, test } from "vitest";
import { correlate, parseRules, planRules } from "../../src/engines/sigma/index.ts";
import {
  DAY,
  SOURCES,
  type TimedEvent,
  baseRule,
  detectionsOf,
  feedOf,
  found,
  planOf,
  timedBatch,
} from "./correlation-rows.ts";

const AB = ["aa", "bb", "cc"].map(baseRule);
const COUNT = { type: "event_count", rules: ["aa"], timespan: "10s", condition: { gte: 2 } };

function told(correlation: object, events: readonly TimedEvent[]): readonly (readonly number[])[] {
  return found([{ title: "t", id: "t", correlation }, ...AB], events).map(({ correlated }) =>
    (correlated?.events ?? []).map(({ offset }) => offset),
  );
}

function reasonOf(document: object): string {
  const account = planOf([...AB, { title: "t", id: "t", ...document }]).accounts.at(-1);
  return account?.state === "refused" ? account.reason : String(account?.state);
}

test.each([
  [{ eq: 0 }],
  [{ lt: 1 }],
  [{ lte: 0 }],
  [{ lt: -3 }],
  [{ gt: 5, lt: 6 }],
  [{ gte: 5, lte: 4 }],
  [{ eq: 2.5 }],
  [{ gte: 3, lte: 3, neq: 3 }],
])("a count that no window ever has is refused, not silent: %j", (condition) => {
  expect(reasonOf({ correlation: { ...COUNT, condition } })).toBe(
    "a condition that no window ever meets",
  );
});

test.each([[{ lt: 2 }], [{ gt: 0.5 }], [{ neq: 1 }], [{ gt: 5, lt: 7 }], [{ gte: -1, neq: 1 }]])(
  "a count that a window can have runs: %j",
  (condition) => {
    expect(reasonOf({ correlation: { ...COUNT, condition } })).toBe("run");
  },
);

test("amounts may be anything but in contradiction", () => {
  const sum = (condition: object) =>
    reasonOf({
      correlation: { ...COUNT, type: "value_sum", condition: { field: "n", ...condition } },
    });
  expect(sum({ lt: 0 })).toBe("run");
  expect(sum({ gt: 5, lt: 6 })).toBe("run");
  expect(sum({ gt: 0, lt: 10, neq: 5 })).toBe("run");
  expect(sum({ gt: "99999999999999999999", lt: "100000000000000000000" })).toBe("run");
  expect(sum({ gt: 5, lte: 5 })).toBe("a condition that no window ever meets");
  expect(sum({ eq: 1, neq: 1 })).toBe("a condition that no window ever meets");
});

test.each<[string, object]>([
  ["a correlation beside a `action`", { action: "global", correlation: COUNT }],
  ["a correlation beside a `logsource`", { logsource: { product: "windows" }, correlation: COUNT }],
  ["a correlation beside a `filter`", { filter: {}, correlation: COUNT }],
  ["a correlation that is not a map", { correlation: [COUNT] }],
  ["a correlation without rules", { correlation: { ...COUNT, rules: [] } }],
  ["a `group-by` that is no name", { correlation: { ...COUNT, "group-by": [null] } }],
  ["a `group-by` that is no name", { correlation: { ...COUNT, "group-by": { a: "b" } } }],
  ["the timespan '1.5h'", { correlation: { ...COUNT, timespan: "1.5h" } }],
  ["the timespan '-1h'", { correlation: { ...COUNT, timespan: "-1h" } }],
  ["the timespan '101y'", { correlation: { ...COUNT, timespan: "101y" } }],
  ["a condition without a number", { correlation: { ...COUNT, condition: {} } }],
  [
    "a condition that holds where nothing happens",
    { correlation: { ...COUNT, type: "temporal", condition: "not aa" } },
  ],
  ["the level 'grave'", { level: "grave", correlation: COUNT }],
])("refused: %s", (reason, document) => {
  expect(reasonOf(document)).toBe(reason);
});

test("an unknown key is refused with its line", () => {
  const text =
    "title: t\nid: t\ncorrelation:\n  type: event_count\n  rules: aa\n  timespan: 1m\n  tumbling: true\n  condition: { gte: 1 }\n";
  expect(planRules(parseRules("c.yml", text), SOURCES).accounts).toMatchObject([
    { state: "refused", line: 7, reason: "'tumbling' in a correlation" },
  ]);
});

test("rules by id: a UUID in whatever case, and before any name", () => {
  const id = "5638f7c0-ac70-491d-8465-2a65075e0d86";
  const rule = { ...baseRule("aa"), id };
  const correlation = { ...COUNT, rules: [id.toUpperCase()], condition: { gte: 1 } };
  const detections = found([{ title: "t", id: "t", correlation }, rule], [{ at: 0, is: "aa" }]);
  expect(detections).toHaveLength(1);
  // One rule's name is another's id: the id is meant.
  const named = [
    { title: "t", id: "t", correlation: { ...COUNT, rules: ["id-aa"], condition: { gte: 1 } } },
    baseRule("aa"),
    { ...baseRule("bb"), name: "id-aa" },
  ];
  expect(found(named, [{ at: 0, is: "bb" }])).toEqual([]);
  expect(found(named, [{ at: 0, is: "aa" }])).toHaveLength(1);
  const both = [
    { title: "t", id: "t", correlation: { ...COUNT, rules: ["x"], condition: { gte: 1 } } },
    { ...baseRule("aa"), id: "x", name: "x" },
  ];
  expect(found(both, [{ at: 0, is: "aa" }])).toHaveLength(1);
});

test("a name that two files have: that of the own file, otherwise refused", () => {
  const document = (name: string) => `${JSON.stringify(baseRule(name))}`;
  const other = JSON.stringify({ ...baseRule("aa"), id: "other" });
  const text = JSON.stringify({ title: "t", id: "t", correlation: COUNT });
  const states = (own: string, ...files: readonly string[]) =>
    planRules(
      [
        ...parseRules("own.yml", own),
        ...files.flatMap((file, at) => parseRules(`${at}.yml`, file)),
      ],
      SOURCES,
    ).accounts[0];
  expect(states(`${text}\n---\n${document("aa")}`, other)).toMatchObject({ state: "run" });
  expect(states(text, document("aa"), other)).toMatchObject({
    state: "refused",
    reason: "it refers to 'aa', which several rules are called",
  });
});

test("one event that two rules match is one event, and two rules", () => {
  const both: TimedEvent[] = [{ at: 0, is: "aabb" }];
  expect(told({ ...COUNT, rules: ["aa", "bb"] }, both)).toEqual([]);
  expect(told({ type: "temporal", rules: ["aa", "bb"], timespan: "1s" }, both)).toEqual([[0]]);
  expect(told({ type: "temporal_ordered", rules: ["bb", "aa"], timespan: "1s" }, both)).toEqual([
    [0],
  ]);
});

test("amounts: texts, exponents and hexadecimal as rules read numbers; others are left out; negative sums", () => {
  const events = ["1e3", "0x10", " 4 ", "-20", "12 KB", ""].map((n, at) => ({
    at,
    is: "aa",
    fields: { n },
  }));
  const of = (type: string, condition: object, rows: readonly TimedEvent[] = events) =>
    told({ ...COUNT, type, condition: { field: "n", ...condition } }, rows).length;
  expect(of("value_sum", { eq: 1000 })).toBe(1);
  expect(of("value_avg", { eq: 250 })).toBe(1);
  expect(of("value_median", { eq: 10 })).toBe(1);
  const negative = [-1, -2].map((n, at) => ({ at, is: "aa", fields: { n } }));
  expect(of("value_sum", { lt: 0 }, negative)).toBe(1);
  expect(of("value_sum", { eq: -3 }, negative)).toBe(1);
  expect(of("value_avg", { eq: -1.5 }, negative)).toBe(1);
  expect(of("value_sum", { lt: 0 }, events.slice(4))).toBe(0);
});

test("percentiles at their bounds, and of one value", () => {
  const events = Array.from({ length: 100 }, (_, n) => ({ at: n / 100, is: "aa", fields: { n } }));
  const of = (percentile: number, eq: number, rows = events) =>
    told({ ...COUNT, type: "value_percentile", condition: { field: "n", percentile, eq } }, rows)
      .length;
  expect(of(1, 1)).toBe(1);
  expect(of(0.5, 0)).toBe(1);
  expect(of(99, 99)).toBe(1);
  expect(of(100, 99)).toBe(1);
  expect(of(50, 7, events.slice(7, 8))).toBe(1);
});

test("timespans from a second to decades", () => {
  const pair = (seconds: number): TimedEvent[] => [
    { at: 0, is: "aa" },
    { at: seconds, is: "aa" },
  ];
  expect(told({ ...COUNT, timespan: "1s" }, pair(1))).toHaveLength(1);
  expect(told({ ...COUNT, timespan: "1s" }, pair(1.0000001))).toEqual([]);
  const month = 2_629_746;
  expect(told({ ...COUNT, timespan: "1M" }, pair(month))).toHaveLength(1);
  expect(told({ ...COUNT, timespan: "1M" }, pair(month + 1))).toEqual([]);
  const decades: TimedEvent[] = [-240 * month, 240 * month].map((at) => ({ at, is: "aa" }));
  expect(told({ ...COUNT, timespan: "40y" }, decades)).toHaveLength(1);
  expect(told({ ...COUNT, timespan: "39y" }, decades)).toEqual([]);
  expect(told({ ...COUNT, timespan: "2w" }, pair(14 * 86_400))).toHaveLength(1);
});

test("a list is one value: the same items in the same order", () => {
  const rows = [["x", "y"], ["x", "y"], ["y", "x"], ["x"]];
  const events = rows.map((user, at) => ({ at, is: "aa", fields: { user } }));
  const plan = planOf([
    { title: "t", id: "t", correlation: { ...COUNT, "group-by": ["user"] } },
    ...AB,
  ]);
  const batch = timedBatch(events as unknown as TimedEvent[], [0, 1, 2, 3]);
  const detections = detectionsOf(correlate(plan, feedOf(plan, [batch])));
  expect(detections.map(({ correlated }) => correlated?.group)).toEqual([{ user: "x, y" }]);
});

test("a correlation that stands before its rules, and one on a filtered rule", () => {
  const filter = {
    title: "not ann",
    id: "f",
    logsource: { product: "windows" },
    filter: { rules: ["id-aa"], x: { user: "ann" }, condition: "not x" },
  };
  const documents = [
    { title: "t", id: "t", correlation: { ...COUNT, condition: { gte: 2 } } },
    ...AB,
    filter,
  ];
  const events = (users: readonly string[]): TimedEvent[] =>
    users.map((user, at) => ({ at, is: "aa", fields: { user } }));
  expect(found(documents, events(["ann", "bob", "ann"]))).toEqual([]);
  expect(found(documents, events(["ann", "bob", "eve"]))).toHaveLength(1);
});

test("a rule whose tag a question reads shows its detections, whatever refers to it", () => {
  const canary = { ...baseRule("aa"), tags: ["Breakwater.canary"] };
  const correlation = { ...COUNT, rules: ["aa", "bb"], generate: false };
  const plan = planOf([canary, baseRule("bb"), { title: "t", id: "t", correlation }]);
  expect([...plan.correlations.hidden]).toEqual(["id-bb"]);
});

test("a correlation on a refused rule is refused with it", () => {
  const broken = { ...baseRule("aa"), detection: { a: { "is|loud": "aa" }, condition: "a" } };
  const account = planOf([
    broken,
    { title: "t", id: "t", correlation: { ...COUNT, rules: ["id-aa"] } },
  ]).accounts.at(-1);
  expect(account).toMatchObject({
    state: "refused",
    reason: "it refers to 'id-aa', which is refused",
  });
});

test("a global part of a rule collection goes into its rules, not into a correlation", () => {
  const text = [
    "action: global\nlevel: high\nlogsource: { product: windows }\n",
    'title: a\nname: aa\ndetection: { a: { "is|contains": aa }, condition: a }\n',
    "title: t\nid: t\ncorrelation: { type: event_count, rules: aa, timespan: 1m, condition: { gte: 1 } }\n",
  ].join("---\n");
  const plan = planRules(parseRules("g.yml", text), SOURCES);
  expect(plan.accounts.map(({ state }) => state)).toEqual(["run", "run"]);
  expect(plan.correlations.correlations[0]?.correlation.level).toBe("informational");
});

const LONELY = {
  type: "temporal",
  rules: ["aa", "bb"],
  timespan: "10s",
  condition: "aa and not bb",
};

test("what more can break is told when nothing more can come: as of a time", () => {
  const plan = planOf([{ title: "t", id: "t", correlation: LONELY }, ...AB]);
  const toldAsOf = (events: readonly TimedEvent[], seconds: number | null) => {
    const feed = feedOf(plan, [timedBatch(events, [...events.keys()])]);
    const asOf = seconds === null ? null : DAY + BigInt(Math.round(seconds * 10_000_000));
    const { matches, due } = correlate(plan, feed, asOf);
    return [[...matches].length, due === null ? null : Number(due - DAY) / 10_000_000];
  };
  const alone: TimedEvent[] = [{ at: 0, is: "aa" }];
  expect(toldAsOf(alone, null)).toEqual([1, null]);
  expect(toldAsOf(alone, 5)).toEqual([0, 10.0000001]);
  expect(toldAsOf(alone, 10)).toEqual([0, 10.0000001]);
  expect(toldAsOf(alone, 10.0000001)).toEqual([1, null]);
  expect(toldAsOf([...alone, { at: 7, is: "bb" }], 8)).toEqual([0, null]);
  // Nobody waits for a log whose clock is ahead.
  expect(toldAsOf(alone, -60)).toEqual([1, null]);
});

test("what only grows is told at once, and stays when more comes behind it", () => {
  const plan = planOf([{ title: "t", id: "t", correlation: COUNT }, ...AB]);
  const events: TimedEvent[] = Array.from({ length: 40 }, (_, n) => ({ at: n * 3, is: "aa" }));
  const ids = (count: number) => {
    const feed = feedOf(plan, [timedBatch(events, [...events.keys()].slice(0, count))]);
    return detectionsOf(correlate(plan, feed, DAY)).map(({ id }) => id);
  };
  const all = ids(40);
  for (let count = 1; count < 40; count++)
    expect(all.slice(0, ids(count).length)).toEqual(ids(count));
});

test("a chain follows a flood within it only so far, and says that there is more", () => {
  const documents = [
    {
      title: "t",
      id: "t",
      correlation: { type: "temporal_ordered", rules: ["many", "bb"], timespan: "1m" },
    },
    {
      title: "many",
      name: "many",
      correlation: { ...COUNT, timespan: "1d", condition: { gte: 5 } },
    },
    ...AB,
  ];
  const events = (count: number): TimedEvent[] =>
    Array.from({ length: count }, (_, n) => ({ at: n / 10, is: n % 10 === 9 ? "bb" : "aa" }));
  const [small] = found(documents, events(100));
  expect(small?.correlated).toMatchObject({ eventsTotal: 10, isTotalExact: true });
  const large = found(documents, events(4_000));
  expect(large).toHaveLength(7);
  for (const [at, { correlated, ticks }] of large.entries()) {
    expect(correlated?.isTotalExact).toBe(at === 0);
    // The own minute, with the flood's beginning and some of its middle: it does not grow with the flood.
    expect(correlated?.eventsTotal).toBeLessThan(1_200);
    expect(ticks).toBe(DAY);
  }
});
