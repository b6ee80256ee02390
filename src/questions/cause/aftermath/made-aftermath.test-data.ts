/** A break-in made by hand, put to the shipped knowledge, for the tests of the aftermath. */
import { readFileSync } from "node:fs";
import type { AftermathCheck } from "../../../model/aftermath.ts";
import type { FirstExploitation } from "../../../model/cause.ts";
import type { SourceCoverage } from "../../../model/coverage.ts";
import type { Batch } from "../../../model/event.ts";
import { type MadeRow, batch, source, ticks } from "../made.test-data.ts";
import { type AftermathMatter, aftermathsOf } from "./aftermath.ts";
import { createChanges } from "./rows.ts";
import { parseAftermath } from "./terms.ts";

export const KNOWLEDGE: unknown = JSON.parse(readFileSync("knowledge/aftermath.json", "utf8"));
export const TERMS = parseAftermath(KNOWLEDGE);
export const [SINCE, END] = ["2021-08-20T04:00:00Z", "2021-12-16T00:00:00Z"];

export function firstOn(host: string, more: Partial<FirstExploitation> = {}): FirstExploitation {
  const [at, last] = [ticks(SINCE), ticks(SINCE)];
  const step = { rung: "executed", first: at, last, digits: 0, count: 1, at: [] } as const;
  return { host, at: step, over: [], hiddenBy: [], earlier: [], ...more };
}

export function log(channel: string, from: string, to: string, more: Partial<SourceCoverage> = {}) {
  return source(channel, from, to, { format: "evtx", ...more });
}

/** A log that goes on to the end, so that the end of evidence is known. */
export const ON = log("Application", "2021-01-01T00:00:00Z", END);

export interface Given extends Partial<Omit<AftermathMatter, "changes">> {
  readonly batches?: readonly Batch[];
  readonly sources?: readonly SourceCoverage[];
  readonly first?: FirstExploitation;
}

export function aftermathOf({
  batches = [],
  sources = [],
  first = firstOn("MX1"),
  ...more
}: Given) {
  const collector = createChanges(TERMS);
  for (const each of batches) collector.add(each);
  return aftermathsOf({
    cause: { first: [first], ownTests: [] },
    coverage: { sources: [ON, ...sources] },
    changes: collector.state(),
    signs: { signs: [] },
    detections: [],
    tests: new Map(),
    caseFile: { hosts: [] },
    terms: TERMS,
    ...more,
  });
}

export function check(id: string, given: Given): AftermathCheck | undefined {
  return aftermathOf(given)[0]?.checks.find((each) => each.id === id);
}

export function event(
  at: string,
  eventId: number,
  fields: MadeRow["fields"],
  more: Partial<MadeRow> = {},
) {
  const row = { at, eventId, channel: "Security", fields: fields ?? {}, ...more };
  return batch([row], { format: "evtx", file: `${eventId}${at}${JSON.stringify(fields)}` });
}
