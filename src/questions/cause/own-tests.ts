/**
 * Tests that the case file states (own scans, contracted penetration tests): told apart from the attack and shown.
 * Refuses to let a test hide an attacker: what names no client is a test's only close behind the test's own requests,
 * and only while nobody else is at that host.
 */
import { byCodeUnits } from "../../base/text.ts";
import { TICKS_PER_SECOND } from "../../base/time.ts";
import type { OwnTest } from "../../model/cause.ts";
import { exampleReferences } from "./ladder.ts";
import type { Trace } from "./traces.ts";

/** Cmdlets and antivirus verdicts follow the request that caused them within minutes (docs/design/cause.md). */
const FOLLOWS_WITHIN = 900n * TICKS_PER_SECOND;

/** Traces in order of time; those without a client get the test whose requests alone they follow. */
export function attributeByTime(traces: readonly Trace[]): readonly Trace[] {
  if (traces.every(({ test }) => test === null)) return traces;
  /** By host, whose requests were seen last when: nobody's (null) or a test's, so that a flood costs no more than a line. */
  const seen = new Map<string, Map<string | null, bigint>>();
  return traces.map((trace) => {
    const { detection, host, rung, test } = trace;
    const last = seen.get(host) ?? new Map<string | null, bigint>();
    seen.set(host, last);
    if (test !== null || namesClient(detection)) {
      if (rung !== null) last.set(test, detection.ticks);
      return trace;
    }
    const [who, ...others] = [...last]
      .filter(([, ticks]) => ticks >= detection.ticks - FOLLOWS_WITHIN)
      .map(([whose]) => whose);
    if (who === undefined || who === null || others.length > 0) return trace;
    return { ...trace, test: who, byTime: true };
  });
}

function namesClient({ fields }: Trace["detection"]): boolean {
  return fields["c-ip"] !== undefined || fields["ClientIpAddress"] !== undefined;
}

/** Every stated test that left traces, apart from the attack. */
export function ownTestsOf(traces: readonly Trace[]): OwnTest[] {
  const tests = Map.groupBy(
    traces.filter(({ test }) => test !== null),
    ({ test, host }) => JSON.stringify([test, host]),
  );
  return [...tests]
    .sort(([a], [b]) => byCodeUnits(a, b))
    .flatMap(([, own]) => {
      const detections = own.map(({ detection }) => detection);
      const [first, last, who] = [detections[0], detections.at(-1), own[0]?.test];
      if (first === undefined || last === undefined || typeof who !== "string") return [];
      return [
        {
          who,
          host: own[0]?.host ?? "",
          first: first.ticks,
          digits: first.digits,
          last: last.ticks,
          count: recordsOf(own),
          byTime: recordsOf(own.filter(({ byTime }) => byTime)),
          at: exampleReferences(detections),
        },
      ];
    });
}

function recordsOf(traces: readonly Trace[]): number {
  return new Set(traces.map(({ detection }) => detection.at.key)).size;
}
