/** How far an intruder got beyond the way in, and what was left behind to come back: looked at, or not, and over what. */
import type { EventReference } from "./event.ts";

/** found: records show it; clean: records that would show it were looked at and do not; not-looked-at: nothing here would show it. */
export const AFTERMATH_STATES = ["found", "clean", "not-looked-at"] as const;

/** One of AFTERMATH_STATES. */
export type AftermathState = (typeof AFTERMATH_STATES)[number];

/** One host that somebody broke into, and all that was asked of the time since. */
export interface Aftermath {
  readonly host: string;
  /** The first exploitation: what came before is not the intruder's. */
  readonly since: bigint;
  /** As in knowledge/aftermath.json: spread first, then persistence. */
  readonly checks: readonly AftermathCheck[];
}

export interface AftermathCheck {
  /** Its id in knowledge/aftermath.json. */
  readonly id: string;
  readonly about: "spread" | "persistence";
  /** `Accounts created or enabled`. */
  readonly what: string;
  readonly state: AftermathState;
  /** The first of them, in order of time; `changesTotal` is exact. */
  readonly changes: readonly Change[];
  readonly changesTotal: number;
  /** Sources that would show it, as looked at: `Security from … to …`, with their holes; empty where there is none. */
  readonly over: readonly string[];
  /** Why it is in this state; of what was not looked at, which evidence would tell. */
  readonly why: string;
}

/** Something that was changed, as a record has it. Whether the intruder or an administrator did it, a person must say. */
export interface Change {
  readonly ticks: bigint;
  readonly digits: number;
  readonly host: string;
  /** What was changed: `account svc_backup2 created`. */
  readonly what: string;
  /** Who did it, as the record names them; "" where it names nobody. */
  readonly by: string;
  readonly at: EventReference;
}
