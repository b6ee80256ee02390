/**
 * How they got in, when, and how far, from detections and coverage. A pure function of both: the order of its
 * input does not matter. Names no root cause: that takes hypotheses, which this version does not weigh.
 */
import { isPlausible } from "../../base/time.ts";
import { count, nameHosts } from "../../engines/wording/index.ts";
import type { CaseFile } from "../../model/case-file.ts";
import type { Cause } from "../../model/cause.ts";
import type { Coverage } from "../../model/coverage.ts";
import type { Detection, DetectionId } from "../../model/detection.ts";
import { type Followed, followTraces } from "./chains/chains.ts";
import { firstExploitationOf, witnessesOf } from "./first-exploitation.ts";
import { ladderOf, sightsByHost } from "./ladder.ts";
import { nobodysAddresses } from "./intruders.ts";
import { attributeByTime, ownTestsOf } from "./own-tests.ts";
import { buildTimeline } from "./timeline.ts";
import { higherRung, type Trace, tracesOf } from "./traces.ts";
import { unjudgedOf } from "./unjudged.ts";

/** What the question is put to. */
export interface CauseInput {
  readonly detections: readonly Detection[];
  readonly coverage: Coverage;
  /** Names of hosts, and tests that belong on no ladder. */
  readonly caseFile: Pick<CaseFile, "hosts" | "tests" | "frontDoors">;
}

/** Whose stated test each detection is, as the ladder tells it; those of nobody's test are absent. */
export function testsOf({
  detections,
  caseFile,
}: Pick<CauseInput, "detections" | "caseFile">): ReadonlyMap<DetectionId, string> {
  if (caseFile.tests.length === 0) return new Map();
  const nameOf = nameHosts(caseFile.hosts, new Set(detections.map(({ host }) => host)));
  const traces = attributeByTime(tracesOf(detections, caseFile, nameOf));
  return new Map(
    traces.flatMap(({ detection, test }) => (test === null ? [] : [[detection.id, test] as const])),
  );
}

/** The timeline, each host's ladder and first exploitation, and the tests that the case file states. */
export function causeOf({ detections, coverage, caseFile }: CauseInput): Cause {
  const nameOf = nameHosts(caseFile.hosts, [
    ...new Set([...detections, ...coverage.sources].map(({ host }) => host)),
  ]);
  const placed = attributeByTime(tracesOf(detections, caseFile, nameOf));
  const followed = followTraces(placed, nobodysAddresses(caseFile));
  const traces = placed.map((trace) => joinedTrace(trace, followed));
  const witnesses = witnessesOf(coverage.sources, traces);
  const sights = sightsByHost(traces);
  const first = [...sights].flatMap(([host, own]) => {
    const sources = coverage.sources.filter((source) => source.host === host);
    const shown = witnesses.filter((source) => source.host === host);
    return firstExploitationOf(host, own, sources, shown) ?? [];
  });
  const built = buildTimeline(traces, coverage);
  const { timeline } = built;
  const limits = [...built.limits, ...followed.limits];
  const timeless = detections.filter(({ ticks }) => !isPlausible(ticks));
  const undated = timeless.length;
  return {
    timeline,
    chains: followed.chains,
    ladders: [...sights].map(([host, own]) => ladderOf(host, own)),
    first,
    unjudged: unjudgedOf(traces, timeless, nameOf),
    ownTests: ownTestsOf(traces),
    limits:
      undated === 0
        ? limits
        : [
            ...limits,
            `${count(undated, "detection without a usable time stands", "detections without a usable time stand")} in the findings, on no ladder and no timeline.`,
          ],
  };
}

/** The trace with what following it shows: a higher rung than its rule's, the same program in another log. */
function joinedTrace(trace: Trace, { raised, programs }: Followed): Trace {
  if (trace.test !== null) return trace;
  const { key } = trace.detection.at;
  const program = programs.get(key);
  const told = program === undefined ? trace : { ...trace, requestId: program };
  const by = raised.get(key);
  if (by === undefined || higherRung(trace.rung, by.rung) === trace.rung) return told;
  return { ...told, rung: by.rung, joinedBy: by.joinedBy };
}
