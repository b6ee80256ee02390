/**
 * Correlations over a million base detections: gathering them while they are matched, then twenty correlations of every type at once. The
 * price of the second is what a run pays at its end, and again with every run of a growing log.
 */
import { expect, test } from "vitest";
import { correlate } from "../src/engines/sigma/index.ts";
import {
  type TimedEvent,
  baseRule,
  feedOf,
  planOf,
  timedBatch,
} from "../test/sigma/correlation-rows.ts";
import { FULL, ledger, measure } from "./measure.ts";

const EVENTS = FULL ? 1_000_000 : 5_000;
const GROUPS = ["user", "from"];
const VALUES = ["value_sum", "value_avg", "value_median", "value_percentile"];

/** Of every type, over one rule or several, in one group, many, or pairs of them; the last refers to two others. */
const CORRELATIONS: readonly object[] = [
  ...GROUPS.map((by) => counted("event_count", by, { gte: 50 })),
  counted("event_count", undefined, { gte: 5_000 }),
  counted("event_count", "user", { gte: 20, lte: 60 }),
  ...GROUPS.map((by) => counted("value_count", by, { gte: 30, field: "host" })),
  counted("value_count", "user", { gte: 100, field: ["host", "from"] }),
  ...VALUES.map((type) => counted(type, "user", { gte: 900, field: "bytes" })),
  counted("value_median", undefined, { gte: 900, field: "bytes" }),
  ...GROUPS.map((by) => ordered("temporal", by)),
  ...GROUPS.map((by) => ordered("temporal_ordered", by)),
  ordered("temporal", "user", "aa and not cc", ["aa", "cc"]),
  ordered("temporal_ordered", "user", "aa and bb or cc"),
  named("burst", counted("event_count", "user", { gte: 50 })),
  named("chain", ordered("temporal_ordered", "user", undefined, ["burst", "cc"])),
].map((correlation, at) => ({ title: `c${at}`, id: `c${at}`, generate: true, ...correlation }));

function named(name: string, correlation: object): object {
  return { ...correlation, name };
}

function counted(type: string, by: string | undefined, condition: object): object {
  const group = by === undefined ? {} : { "group-by": [by] };
  return { correlation: { type, rules: ["aa", "bb"], timespan: "10m", condition, ...group } };
}

function ordered(
  type: string,
  by: string,
  condition?: string,
  rules: readonly string[] = ["aa", "bb", "cc"],
): object {
  const words = condition === undefined ? {} : { condition };
  return { correlation: { type, rules, timespan: "1m", "group-by": [by], ...words } };
}

test("correlations over base detections", { timeout: 600_000 }, () => {
  const plan = planOf([...CORRELATIONS, ...["aa", "bb", "cc"].map(baseRule)]);
  expect(plan.correlations.correlations).toHaveLength(CORRELATIONS.length);
  // A small multiplier walks through all groups without a generator of chance.
  const events = Array.from({ length: EVENTS }, (_, at): TimedEvent => {
    const step = (at * 7_919) % 1_000_003;
    return {
      at: at / 20,
      is: ["aa", "bb", "aa", "cc"][step % 4] ?? "aa",
      fields: {
        user: `user${step % 5_000}`,
        from: `10.0.0.${step % 250}`,
        host: `h${step % 97}`,
        bytes: step % 1_000,
      },
    };
  });
  const batch = timedBatch(events, [...events.keys()]);
  const feed = feedOf(plan, [batch]);
  const gathering = measure("correlations: matching and gathering, detections", () => ({
    amount: feedOf(plan, [batch]).state().length,
    result: String(EVENTS),
  }));
  const correlating = measure("correlations: 20 over all, detections", () => {
    let found = 0;
    let ids = "";
    for (const { detection } of correlate(plan, feed).matches)
      if (++found % 100 === 0) ids += detection().id;
    return { amount: EVENTS, result: `${found} ${ids}` };
  });
  ledger(gathering, { correlations: CORRELATIONS.length });
  ledger(correlating, { correlations: CORRELATIONS.length });
});
