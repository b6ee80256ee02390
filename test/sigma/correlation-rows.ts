/** Rules, matches and correlations of tests, run through the engine as casework runs it. */
import {
  type Correlating,
  type CorrelationFeed,
  correlate,
  createFeed,
  createMatcher,
  parseLogSources,
  parseRules,
  planRules,
} from "../../src/engines/sigma/index.ts";
import type { Detection } from "../../src/model/detection.ts";
import { UNDATED } from "../../src/base/time.ts";
import type { EvidenceHash } from "../../src/model/evidence.ts";
import type { Batch } from "../../src/model/event.ts";
import { batchOf } from "./rows.ts";

/** All events are here, whatever a rule's log source says of channels. */
export const SOURCES = parseLogSources({
  about: "",
  sources: { s: { title: "", url: "", date: "", confidence: "" } },
  formats: { windows: ["evtx"] },
  rows: [{ product: ["windows"], reads: "windows", source: "s" }],
  unread: [],
});

/** 2021-08-13T00:00:00Z in ticks. */
export const DAY = 16_288_128_000_000_000n;

/** An event: seconds after DAY (null: no time), and fields; `is` says which base rules match it. */
export interface TimedEvent {
  readonly at: number | null;
  readonly is: string;
  readonly fields?: Readonly<Record<string, string | number>>;
}

/** A base rule that matches the events that say so. */
export function baseRule(name: string): object {
  return {
    title: `base ${name}`,
    id: `id-${name}`,
    name,
    logsource: { product: "windows" },
    detection: { a: { "is|contains": name }, condition: "a" },
  };
}

/** A plan of these documents; JSON is YAML. */
export function planOf(documents: readonly object[]) {
  const text = documents.map((document) => JSON.stringify(document)).join("\n---\n");
  return planRules(parseRules("r.yml", text), SOURCES);
}

/** A batch of these events; `evidence` tells batches apart, and offsets are places in `all`. */
export function timedBatch(
  all: readonly TimedEvent[],
  which: readonly number[],
  evidence = "0",
): Batch {
  const events = which.map((at) => all[at] ?? { at: 0, is: "" });
  return {
    ...batchOf(
      "evtx",
      events.map(({ is, fields }) => ({ fields: { is, ...fields }, host: "MX1" })),
    ),
    place: { evidence: evidence.repeat(64).slice(0, 64) as EvidenceHash, member: "", file: "rows" },
    ticks: BigInt64Array.from(events, ({ at }) =>
      at === null ? UNDATED : DAY + BigInt(Math.round(at * 10_000_000)),
    ),
    offsets: Float64Array.from(which),
    record: (row) => String((which[row] ?? 0) + 1),
  };
}

/** A feed that has read these batches. */
export function feedOf(
  plan: ReturnType<typeof planOf>,
  batches: readonly Batch[],
): CorrelationFeed {
  const feed = createFeed(plan);
  const matcher = createMatcher(plan);
  for (const batch of batches) matcher.match(batch, (row, rule) => feed.add(rule, batch, row));
  return feed;
}

/** All detections of what was found. */
export function detectionsOf({ matches }: Correlating): Detection[] {
  return [...matches].map(({ detection }) => detection());
}

/** What correlations find in events, read in the order given. */
export function found(
  documents: readonly object[],
  events: readonly TimedEvent[],
): readonly Detection[] {
  const plan = planOf(documents);
  const feed = feedOf(plan, [timedBatch(events, [...events.keys()])]);
  return detectionsOf(correlate(plan, feed));
}
