/** What a run's evidence holds, as data: the same for whoever reads the same evidence with the same rules and knowledge. */
import type { SignsState } from "../engines/lookout/index.ts";
import type { CarriedState } from "../engines/sigma/index.ts";
import type { Coverage } from "../model/coverage.ts";
import type { Detection } from "../model/detection.ts";
import type { EvidenceAccount } from "../model/dossier.ts";
import type { Observations } from "../model/observation.ts";
import type { Flaw } from "../model/flaw.ts";
import type { StartsState, TrafficState } from "../questions/answered/index.ts";
import type { StoppedContainer } from "./reading/units.ts";

/** What the evidence holds, before any question is put to it. */
export interface Analysis {
  readonly accounts: readonly EvidenceAccount[];
  /** The first FLAWS_MAX of them; the total is exact. */
  readonly flaws: readonly Flaw[];
  readonly flawsTotal: number;
  /** Of one rule at most OF_RULE_IN_RUN_MAX; the total is exact. */
  readonly detections: readonly Detection[];
  readonly detectionsTotal: number;
  /** As of when correlations find more in the same evidence: windows that are still open; null: never. */
  readonly correlationsDue: bigint | null;
  readonly coverage: Coverage;
  /** What the logs carried: which rules could have matched at all. */
  readonly carried: CarriedState;
  /** What records show of installed software. */
  readonly observations: Observations;
  /** What befell sensors, and what was excluded from scanning. */
  readonly signs: SignsState;
  /** What was changed that matters after a break-in, of all times. */
  readonly changes: SignsState;
  /** Processes that are, or may be, under a web server's worker. */
  readonly starts: StartsState;
  /** Who asked servers for what, and how much they gave. */
  readonly traffic: TrafficState;
  /** Keys of the portions that all of this was merged from, in their order. */
  readonly portions: readonly string[];
  /** Containers whose parser was stopped: part of the run, so that a replay does not try again. */
  readonly stopped: readonly StoppedContainer[];
}
