/**
 * How they got in, when, and how far, from detections and coverage. A pure function of both: the order of its
 * input does not matter. Names no root cause: that takes hypotheses, which this version does not weigh.
 */
import { UNDATED } from "../../base/time.ts";
import { byCodeUnits } from "../../base/text.ts";
import { count, nameHosts } from "../../engines/wording/index.ts";
import type { CaseFile } from "../../model/case-file.ts";
import type { Cause, OwnTest } from "../../model/cause.ts";
import type { Coverage } from "../../model/coverage.ts";
import type { Detection } from "../../model/detection.ts";
import { firstExploitationOf, witnessesOf } from "./first-exploitation.ts";
import { exampleReferences, ladderOf, sightsByHost } from "./ladder.ts";
import { buildTimeline } from "./timeline.ts";
import { type Trace, tracesOf } from "./traces.ts";

/** What the question is put to. */
export interface CauseInput {
  readonly detections: readonly Detection[];
  readonly coverage: Coverage;
  /** Names of hosts, and tests that belong on no ladder. */
  readonly caseFile: Pick<CaseFile, "hosts" | "tests" | "frontDoors">;
}

/** The timeline, each host's ladder and first exploitation, and the tests that the case file states. */
export function causeOf({ detections, coverage, caseFile }: CauseInput): Cause {
  const nameOf = nameHosts(caseFile.hosts, [
    ...new Set([...detections, ...coverage.sources].map(({ host }) => host)),
  ]);
  const traces = tracesOf(detections, caseFile, nameOf);
  const witnesses = witnessesOf(coverage.sources, traces);
  const sights = sightsByHost(traces);
  const first = [...sights].flatMap(([host, own]) => {
    const sources = coverage.sources.filter((source) => source.host === host);
    const shown = witnesses.filter((source) => source.host === host);
    return firstExploitationOf(host, own, sources, shown) ?? [];
  });
  const { timeline, limits } = buildTimeline(traces, coverage);
  const undated = detections.filter(({ ticks }) => ticks === UNDATED).length;
  return {
    timeline,
    ladders: [...sights].map(([host, own]) => ladderOf(host, own)),
    first,
    ownTests: ownTestsOf(traces),
    limits:
      undated === 0
        ? limits
        : [
            ...limits,
            `${count(undated, "detection without a time stands", "detections without a time stand")} in the findings only.`,
          ],
  };
}

function ownTestsOf(traces: readonly Trace[]): OwnTest[] {
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
          count: new Set(detections.map(({ at }) => at.key)).size,
          at: exampleReferences(detections),
        },
      ];
    });
}
