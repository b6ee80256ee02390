/** All that is told of the defences beside the findings about them: the calendar of missed signals, exclusions, canaries, and what a limit left out. */
import type { Canary } from "../model/canary.ts";
import type { StandingFinding } from "../model/finding.ts";
import type { MissedSignals } from "../model/missed-signals.ts";
import { type ToldOfDefences, tellMissed } from "../questions/answered/index.ts";
import { type RunMatter, toldOfCanaries } from "./canaries.ts";
import { type DefenceMatter, toldOfDefences } from "./defences.ts";

/** What the run derived, and what was made of it for the conclusion. */
export interface ToldMatter {
  readonly findings: readonly StandingFinding[];
  readonly missed: MissedSignals | null;
  readonly canaries: readonly Canary[];
}

/** The words of all of them, for the answer (answerAnswered). */
export function tellDefences(
  matter: RunMatter & DefenceMatter,
  { findings, missed, canaries }: ToldMatter,
): ToldOfDefences {
  const told = [toldOfDefences(matter), toldOfCanaries(matter, canaries)];
  return {
    missed: tellMissed(missed, findings),
    statements: told.flatMap(({ statements }) => statements),
    unknown: told.flatMap(({ unknown }) => unknown),
  };
}
