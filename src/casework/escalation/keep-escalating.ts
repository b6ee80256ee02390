/** Passes of escalation beside the serving of a vault, one a minute. Refuses to end the serving because of a pass that fails. */
import { setTimeout } from "node:timers/promises";
import { Fault } from "../../base/fault.ts";
import type { Ticks } from "../../base/time.ts";
import { count } from "../../engines/wording/index.ts";
import { nameRecipient } from "../../questions/answered/index.ts";
import type { Pace } from "../pace.ts";
import type { Vault } from "../vault/index.ts";
import { type EscalatedMessage, type EscalationState, escalationState, sendDue } from "./pass.ts";

/** Between two passes. */
const PASS_MILLIS = 60_000;
/** After passes that failed as a whole, as on a full disk, the longest pause: what was sent cannot be journalled, and would be sent again. */
const PAUSE_MILLIS_MAX = 3_600_000;

/** How passes go on, and who is told. */
export interface Escalating {
  /** Who acts; asked for when the first message is due. Faults: usage. */
  readonly by: () => string;
  readonly clock: () => Ticks;
  /** A line for people. */
  readonly notice: (line: string) => void;
  readonly signal: AbortSignal;
  /** Absent: a minute. */
  readonly passMillis?: number;
  /** Does a piece of work in the vault in its turn. */
  turn<T>(work: () => Promise<T>): Promise<T>;
}

/** Passes until the signal. Where the case file names nobody nothing is done; one that comes with a later run counts from then on. */
export async function keepEscalating(
  vault: Vault,
  escalating: Escalating,
  pace: Pace,
): Promise<void> {
  const { by, clock, notice, signal, passMillis = PASS_MILLIS } = escalating;
  let state: EscalationState | null = null;
  // Journal length that `state` tells of.
  let known = -1;
  const pass = async (): Promise<readonly EscalatedMessage[]> => {
    const { length } = vault.entries();
    if (length !== known) state = await escalationState(vault, pace);
    known = length;
    return state === null
      ? []
      : sendDue(vault, state, { by: by(), now: clock(), signal, dryRun: false });
  };
  for (let pause = passMillis; !signal.aborted; ) {
    try {
      for (const message of await escalating.turn(pass))
        notice(`escalation: ${tellMessage(message)}`);
      pause = passMillis;
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      if (signal.aborted) return;
      notice(`escalation: ${error.message}; ${error.hint}`);
      pause = Math.min(2 * pause, Math.max(passMillis, PAUSE_MILLIS_MAX));
    }
    await setTimeout(pause, undefined, { signal }).catch(() => undefined);
  }
}

/** One message in a line: `sent: mail to it@clinic.example, 2 findings`. */
export function tellMessage({ to, message, outcome, error }: EscalatedMessage): string {
  const { findings, more } = message;
  const about = count(findings.length + more, "finding");
  return `${outcome}: ${nameRecipient(to)}, ${about}${error === "" ? "" : ` (${error})`}`;
}
