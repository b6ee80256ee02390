/** Correlations that nobody would write over events that nobody would see: the engine finds what the oracle finds, in whatever order. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { type FeedState, correlate, createFeed } from "../../src/engines/sigma/index.ts";
import { UNDATED } from "../../src/base/time.ts";
import { eventKey, type Batch } from "../../src/model/event.ts";
import {
  type PlainCorrelation,
  type PlainMatch,
  correlateByTheBook,
} from "./correlation-oracle.ts";
import {
  DAY,
  type TimedEvent,
  baseRule,
  detectionsOf,
  feedOf,
  planOf,
  timedBatch,
} from "./correlation-rows.ts";

const BASES = ["aa", "bb", "cc"];

/** Few times and values, so that windows, ties and groups meet. */
const event: fc.Arbitrary<TimedEvent> = fc.record({
  at: fc.oneof({ weight: 12, arbitrary: fc.nat(40) }, { weight: 1, arbitrary: fc.constant(null) }),
  is: fc.constantFrom("aa", "aa", "bb", "cc", "aabb", "bbcc"),
  fields: fc.record(
    {
      user: fc.constantFrom("ann", "ANN", "bob"),
      host: fc.constantFrom("x", "y"),
      from: fc.constantFrom("ann", "bob"),
      bytes: fc.constantFrom(1, 5, 10, -3, "7", "none", "2.5", "1e1", "-0.000001"),
    },
    { requiredKeys: ["user"] },
  ),
});

const number = fc.integer({ min: 0, max: 6 });
const bound = fc.oneof(
  fc.record({ gte: number }),
  fc.record({ gt: number }),
  fc.record({ gte: number, lte: number }),
  fc.record({ lt: number }),
  fc.record({ eq: number }),
  fc.record({ neq: number }),
);
const timespan = fc.constantFrom("1s", "5s", "10s", "1m");
const groupBy = fc.constantFrom<readonly string[] | undefined>(
  undefined,
  ["user"],
  ["user", "host"],
  ["who"],
);
const rules = fc.shuffledSubarray(BASES, { minLength: 1 });
const counted = fc
  .record({
    type: fc.constantFrom(
      "event_count",
      "value_count",
      "value_sum",
      "value_avg",
      "value_median",
      "value_percentile",
    ),
    bound,
    field: fc.constantFrom<readonly string[]>(["host"], ["host", "bytes"], ["bytes"]),
    percentile: fc.constantFrom(50, 90, 100),
  })
  .map(({ type, bound: numbers, field, percentile }) => {
    if (type === "event_count") return { type, condition: numbers };
    if (type === "value_count") return { type, condition: { ...numbers, field } };
    const more = type === "value_percentile" ? { percentile } : {};
    return { type, condition: { ...numbers, field: "bytes", ...more } };
  });
const temporal = fc.record(
  {
    type: fc.constantFrom("temporal", "temporal_ordered"),
    condition: fc.constantFrom({ gte: 1 }, { eq: 1 }, { gte: 1, lte: 2 }),
  },
  { requiredKeys: ["type"] },
);
const inWords = fc.record({
  type: fc.constantFrom(
    "temporal",
    "temporal_ordered",
    "temporal_extended",
    "temporal_ordered_extended",
  ),
  condition: fc.constantFrom(
    "aa and not bb",
    "aa and bb",
    "aa or bb and not cc",
    "(aa or bb) and cc",
    "aa and not cc and bb",
  ),
});
const aliases = { who: { aa: "user", bb: "from", cc: "user" } };

/** Three over base rules, then one over the first two and a base rule, then one over that, the third and a base rule. */
const correlations: fc.Arbitrary<readonly PlainCorrelation[]> = fc
  .tuple(
    fc.array(fc.tuple(fc.oneof(counted, temporal, inWords), rules, groupBy, timespan), {
      minLength: 3,
      maxLength: 3,
    }),
    fc.tuple(fc.oneof(counted, temporal), groupBy, timespan),
    fc.tuple(fc.oneof(counted, temporal), groupBy, timespan),
  )
  .map(([own, [test, by, span], [last, lastBy, lastSpan]]) => [
    ...own.map(([one, named, group, time], at) => {
      const words = "condition" in one && typeof one.condition === "string" ? one.condition : null;
      const list = words === null ? named : BASES.filter((name) => words.includes(name));
      return documentOf(at, one, list, group, time);
    }),
    documentOf(3, test, ["c0", "c1", "aa"], by, span),
    documentOf(4, last, ["bb", "c3", "c2"], lastBy, lastSpan),
  ]);

function documentOf(
  at: number,
  {
    type,
    condition,
  }: { readonly type: string; readonly condition?: string | Readonly<Record<string, unknown>> },
  list: readonly string[],
  group: readonly string[] | undefined,
  span: string,
): PlainCorrelation {
  const named = Object.fromEntries(
    Object.entries(aliases.who).filter(([rule]) => list.includes(rule)),
  );
  const correlation = {
    type,
    rules: list,
    timespan: span,
    ...(group === undefined ? {} : { "group-by": group }),
    ...(group?.includes("who") === true ? { aliases: { who: named } } : {}),
    ...(condition === undefined ? {} : { condition }),
  };
  const generate = { generate: true };
  return {
    id: `k${at}`,
    name: `c${at}`,
    title: `c${at}`,
    ...generate,
    correlation,
  };
}

function matchesOf(events: readonly TimedEvent[], batch: Batch): readonly PlainMatch[] {
  return events.flatMap(({ is, fields }, row) => {
    const ticks = batch.ticks[row] ?? UNDATED;
    if (ticks === UNDATED) return [];
    const key = eventKey(batch.place, batch.offsets[row] ?? 0);
    return BASES.filter((name) => is.includes(name)).map((rule) => ({
      rule,
      ticks,
      key,
      fields: fields ?? {},
    }));
  });
}

test("the engine finds what the oracle finds", { timeout: 120_000 }, () => {
  let hits = 0;
  let chained = 0;
  fc.assert(
    fc.property(
      correlations,
      fc.array(event, { minLength: 1, maxLength: 14 }),
      (documents, events) => {
        const plan = planOf([...documents, ...BASES.map(baseRule)]);
        const batch = timedBatch(events, [...events.keys()]);
        const runs = plan.correlations.correlations.map(({ correlation }) => correlation.id);
        const detections = detectionsOf(correlate(plan, feedOf(plan, [batch])));
        const expected = correlateByTheBook(documents, matchesOf(events, batch));
        for (const id of runs) {
          const ids = detections.filter(({ rule }) => rule === id).map((one) => one.id);
          expect({ id, ids: ids.sort() }).toEqual({ id, ids: expected.get(id) });
          if (id === "k3" || id === "k4") chained += ids.length;
        }
        hits += detections.length;
      },
    ),
    { numRuns: 3_000 },
  );
  expect(hits).toBeGreaterThan(5_000);
  expect(chained).toBeGreaterThan(500);
});

/** Everything that is told, with what a reader of it sees. */
function told(plan: ReturnType<typeof planOf>, states: readonly FeedState[]): string {
  const feed = createFeed(plan);
  for (const state of states) feed.absorb(state);
  const correlating = correlate(plan, feed);
  const counted = correlating.limits
    .map(({ what, need, have }) => `${what} ${need} ${have}`)
    .sort();
  return JSON.stringify([detectionsOf(correlating), counted], (_, value: unknown) =>
    typeof value === "bigint" ? String(value) : value,
  );
}

test("shuffled, halved between workers, late, told twice: the same bytes", {
  timeout: 60_000,
}, () => {
  fc.assert(
    fc.property(
      correlations,
      fc.array(event, { minLength: 2, maxLength: 14 }),
      fc.infiniteStream(fc.nat(1_000)),
      (documents, events, chance) => {
        const plan = planOf([...documents, ...BASES.map(baseRule)]);
        const order = [...events.keys()];
        const draw = new Map(order.map((at) => [at, chance.next().value ?? 0]));
        const shuffled = [...order].sort((a, b) => (draw.get(a) ?? 0) - (draw.get(b) ?? 0));
        const half = shuffled.length >> 1;
        const stateOf = (which: readonly number[]) =>
          feedOf(plan, [timedBatch(events, which)]).state();
        const whole = told(plan, [stateOf(order)]);
        expect(told(plan, [stateOf(shuffled)])).toBe(whole);
        expect(told(plan, [stateOf(shuffled.slice(half)), stateOf(shuffled.slice(0, half))])).toBe(
          whole,
        );
        expect(
          told(
            plan,
            shuffled.map((at) => stateOf([at])),
          ),
        ).toBe(whole);
      },
    ),
    { numRuns: 300 },
  );
});

test("what is told as of a time stays when more comes later", { timeout: 60_000 }, () => {
  let stayed = 0;
  fc.assert(
    fc.property(
      correlations,
      fc.array(event, { minLength: 2, maxLength: 14 }),
      fc.nat(40),
      (documents, events, now) => {
        const plan = planOf([...documents, ...BASES.map(baseRule)]);
        const idsAsOf = (seconds: number) => {
          const seen = [...events.keys()].filter((at) => (events[at]?.at ?? 0) <= seconds);
          const feed = feedOf(plan, [timedBatch(events, seen)]);
          const correlating = correlate(plan, feed, DAY + BigInt(seconds) * 10_000_000n);
          // A correlation of others hears of what they tell late, as of a record that comes late.
          return detectionsOf(correlating).filter(({ rule }) => rule < "k3");
        };
        const later = new Set(idsAsOf(120).map(({ id }) => id));
        for (const { id } of idsAsOf(now)) {
          expect(later).toContain(id);
          stayed++;
        }
      },
    ),
    { numRuns: 1_000 },
  );
  expect(stayed).toBeGreaterThan(500);
});
