/** The analytics of traffic together: what Sigma cannot say, because it takes the history of a log. */
import type { Finding } from "../../../model/finding.ts";
import { firstSeenFindings } from "./first-seen.ts";
import { sequenceFindings } from "./long-sequence.ts";
import { excessesOf, volumeDays, volumeFindings } from "./mailbox-volume.ts";
import type { TrafficMatter } from "./traffic-finding.ts";

/** All findings of these analytics, at most one for each host and analytic. */
export function trafficFindings(matter: TrafficMatter): readonly Finding[] {
  const excesses = excessesOf(matter);
  return [
    ...firstSeenFindings(matter, volumeDays(excesses)),
    ...volumeFindings(matter, excesses),
    ...sequenceFindings(matter),
  ];
}
