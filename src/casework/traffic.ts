/**
 * What traffic says beyond rules: what can have left with intruders, and what is out of the ordinary. Who the intruders are, the ladder says
 * (questions/cause); what they got, questions/answered. Refuses findings that lie wholly outside the window that was asked for.
 */
import type { CaseFile } from "../model/case-file.ts";
import type { Answer } from "../model/dossier.ts";
import type { Finding } from "../model/finding.ts";
import type { Taking } from "../model/taking.ts";
import {
  type TrafficState,
  createTraffic,
  leavesOutClients,
  takingsOf,
  tellTakings,
  trafficFindings,
  trafficLimits,
} from "../questions/answered/index.ts";
import { intrudersOf, isOwnAddress } from "../questions/cause/index.ts";
import type { Analysis } from "./analysis.ts";
import { liesWithin } from "./finding-window.ts";
import type { Run } from "./inputs.ts";

/** What a run derived, and what the case file says of addresses. */
export interface TrafficMatter {
  readonly caseFile: CaseFile;
  readonly analysis: Pick<Analysis, "traffic" | "detections">;
}

/** The findings of analytics of all hosts. */
export function trafficFindingsOf(
  { caseFile, analysis }: TrafficMatter,
  window: Pick<Run, "from" | "to">,
): readonly Finding[] {
  const { intruders } = intrudersOf(analysis.detections, caseFile);
  const known = new Map<string, boolean>();
  const isOwn = (address: string) => {
    const own = known.get(address) ?? isOwnAddress(address, caseFile);
    known.set(address, own);
    return own;
  };
  return trafficFindings({
    traffic: analysis.traffic,
    hosts: caseFile.hosts,
    intruders,
    isOwn,
  }).filter(liesWithin(window));
}

/** What can have left with intruders; and the answer on how they got in and what they did, with that in it. */
export function withTakings(
  { caseFile, analysis }: TrafficMatter,
  answer: Answer,
): { readonly answer: Answer; readonly takings: readonly Taking[] } {
  const { intruders, leftOut } = intrudersOf(analysis.detections, caseFile);
  const takings = takingsOf(analysis.traffic, intruders, caseFile.hosts);
  const told = tellTakings(takings, leftOut);
  const limits = takings.length === 0 ? [] : trafficLimits(analysis.traffic);
  return {
    answer: {
      ...answer,
      statements: [...answer.statements, ...told.statements],
      unknown: [...answer.unknown, ...told.unknown, ...limits],
    },
    takings: takings.map(({ taking }) => taking),
  };
}

/** What was merged; where clients are too many, merged once more, with those of intruders kept before others. */
export function keptTraffic(
  merged: TrafficState,
  detections: Analysis["detections"],
  caseFile: CaseFile,
  portions: () => Iterable<{ readonly traffic: TrafficState }>,
): TrafficState {
  if (!leavesOutClients(merged)) return merged;
  const { intruders } = intrudersOf(detections, caseFile);
  const traffic = createTraffic(new Set(intruders.map(({ address }) => address)));
  for (const portion of portions()) traffic.absorb(portion.traffic);
  return traffic.state();
}
