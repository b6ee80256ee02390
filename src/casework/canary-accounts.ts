/**
 * What became of every canary of a vault, and which marks are nobody's. Refuses to read evidence anew: it tells what the last run saw, and
 * says of a canary that was set later that nobody has looked yet.
 */
import { spell } from "../engines/wording/index.ts";
import type { Canary } from "../model/canary.ts";
import {
  type CanaryJudgement,
  type NobodysMark,
  judgeCanary,
  nobodysMarks,
  sightCanaries,
} from "../questions/answered/index.ts";
import { canariesSet, matterOf } from "./canaries.ts";
import { hasRun } from "./inputs.ts";
import { derivedNow } from "./investigate.ts";
import type { Pace } from "./pace.ts";
import type { Vault } from "./vault/index.ts";

/** One canary, and what is to be said of it; not-looked-for: no run since it was set. */
export interface CanaryAccount {
  readonly canary: Canary;
  readonly state: CanaryJudgement["state"] | "not-looked-for";
  readonly why: string;
}

/** The canaries of a vault in the order of setting, and the marks that nobody set. Faults: those of rebuilding the last run. */
export async function accountCanaries(
  vault: Vault,
  pace: Pace,
): Promise<{
  readonly canaries: readonly CanaryAccount[];
  readonly nobodys: readonly NobodysMark[];
}> {
  const set = canariesSet(vault);
  if (!hasRun(vault))
    return { canaries: set.map((one) => unlooked({ ...one, seen: [] }, NO_RUN)), nobodys: [] };
  const { run, derived } = await derivedNow(vault, pace);
  const { detections } = derived.analysis;
  const known = new Set(canariesSet(vault, run.entries).map(({ mark }) => mark));
  const matter = matterOf({ ...derived, vault, run });
  return {
    canaries: sightCanaries(set, detections).map((canary) => {
      const isInput = known.has(canary.mark) && canary.setAt <= run.asOf;
      if (canary.seen.length === 0 && !isInput)
        return unlooked(canary, known.has(canary.mark) ? earlierThan(run.asOf) : NO_RUN);
      const { state, why } = judgeCanary(canary, matter);
      const asOf = `as of the last run, ${spell(run.asOf)}`;
      return { canary, state, why: state === "waiting" ? asOf : why };
    }),
    nobodys: nobodysMarks(set, detections),
  };
}

const NO_RUN = "no run since it was set";

/** A run over an old case, or a clock that was set back since. */
function earlierThan(asOf: bigint): string {
  return `the last run is as of ${spell(asOf)}, before it was set`;
}

function unlooked(canary: Canary, why: string): CanaryAccount {
  return { canary, state: "not-looked-for", why };
}
