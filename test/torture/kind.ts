/** What a kind of round is, and what a kill in it came to. */
import type { Home } from "./home.ts";
import { type JournalSeen } from "./journal.ts";
import { phaseOf } from "./phase.ts";
import type { Ended, Moment } from "./program.ts";
import type { World } from "./world.ts";

/** One kill -9. */
export interface Kill {
  /** Whether it ended a program that was at work; false where that had ended before. */
  readonly isHit: boolean;
  /** Where in its work the program was, for people. */
  readonly phase: string;
  readonly by: Moment["by"];
}

/** A way to torment a vault. */
export interface Kind {
  readonly name: string;
  /** Why it cannot be done here, or null. */
  readonly whyNot?: () => string | null;
  /** Torments the vault of an empty home, and judges it; what is lost is told to the home. */
  run(home: Home, world: World): Promise<readonly Kill[]>;
}

/** What became of a kill; to be called before anything else touches the vault. */
export function killOf(home: Home, before: JournalSeen, { code }: Ended, by: Moment["by"]): Kill {
  const isHit = code === null;
  return { isHit, phase: isHit ? phaseOf(home, before) : "it had ended before", by };
}
