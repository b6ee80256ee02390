/** Which findings lie in the time that a run asks for. Refuses none for having no time: it would be gone in silence. */
import { UNDATED } from "../base/time.ts";
import type { Finding } from "../model/finding.ts";
import type { Run } from "./inputs.ts";

/** Whether any of the time of a finding lies in the window [from, to). */
export function liesWithin({ from, to }: Pick<Run, "from" | "to">): (finding: Finding) => boolean {
  return ({ firstSeen, lastSeen }) =>
    firstSeen === UNDATED ||
    ((from === null || lastSeen >= from) && (to === null || firstSeen < to));
}
