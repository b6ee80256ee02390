/** What was detected, as findings: detections with all that casework knows of hosts, tests and earlier runs. */
import type { Ticks } from "../base/time.ts";
import { nameHosts } from "../engines/wording/index.ts";
import type { CaseFile } from "../model/case-file.ts";
import type { Finding } from "../model/finding.ts";
import { findDetected, serversOf } from "../questions/answered/index.ts";
import { actorsOf, testsOf } from "../questions/cause/index.ts";
import type { Analysis } from "./analysis.ts";
import type { Knowledge } from "./knowledge.ts";

/** What findings of detections are made with; `opened`: ids told in earlier runs, the oldest first. */
export interface DetectedTerms {
  readonly caseFile: CaseFile;
  readonly knowledge: Knowledge;
  readonly asOf: Ticks;
  readonly opened: readonly string[];
}

/** The findings of an analysis that detections carry, the gravest first. */
export function detectedIn(
  { detections, coverage, observations }: Analysis,
  { caseFile, knowledge, asOf, opened }: DetectedTerms,
): readonly Finding[] {
  const { hosts } = caseFile;
  const { threats } = knowledge;
  const nameOf = nameHosts(hosts, new Set(detections.map(({ host }) => host)));
  return findDetected(detections, {
    knowledge: threats,
    hosts,
    servers: serversOf({ hosts, coverage, observations }, threats),
    tests: testsOf({ detections, caseFile }),
    clientsOf: (host, paths) => {
      const own = detections.filter((detection) => nameOf(detection.host) === host);
      return actorsOf({ detections: own, caseFile }, paths);
    },
    asOf,
    opened,
  });
}
