/**
 * One pass of escalation: what is due is sent, and what became of it is journalled. Refuses to remember anything beside the journal, so that a
 * restart repeats nothing; a crash between sending and journalling repeats one message, since a second is better than none.
 */
import { Fault } from "../../base/fault.ts";
import type { Ticks } from "../../base/time.ts";
import type { CaseFile } from "../../model/case-file.ts";
import type { Escalation, Recipient } from "../../model/escalation.ts";
import {
  type DueMessage,
  type EscalationMatter,
  type Message,
  composeMessage,
  countingAnswers,
  dueMessages,
  shownRecipient,
} from "../../questions/answered/index.ts";
import { parseCaseFile } from "../case-file.ts";
import { listFindings } from "../findings/act.ts";
import { placedActs } from "../findings/record.ts";
import { inputText, lastRun } from "../inputs.ts";
import type { Pace } from "../pace.ts";
import type { Vault } from "../vault/index.ts";
import { deliveriesOf, recordAttempt } from "./journal.ts";
import { sendMessage } from "./send.ts";

/** Who has it sent, and when. */
export interface EscalationRequest {
  readonly by: string;
  readonly now: Ticks;
  readonly signal: AbortSignal;
  /** Sends and journals nothing. */
  readonly dryRun: boolean;
}

/** A message that was due, and what became of it. */
export interface EscalatedMessage {
  /** As it may be shown: a webhook without its path. */
  readonly to: Recipient;
  readonly message: Message;
  readonly outcome: "sent" | "failed" | "due";
  /** Why it failed; "" otherwise. */
  readonly error: string;
}

/** All that decides what is due, as the journal has it. */
export interface EscalationState {
  readonly caseFile: CaseFile;
  readonly escalation: Escalation;
  readonly matter: EscalationMatter;
}

/** Gathers it; null where the case file of the last run names nobody. Faults: as listFindings. */
export async function escalationState(vault: Vault, pace: Pace): Promise<EscalationState | null> {
  const input = lastRun(vault)?.caseFile ?? null;
  const caseFile = input === null ? null : parseCaseFile(inputText(vault, input));
  const escalation = caseFile?.escalation ?? null;
  if (caseFile === null || escalation === null) return null;
  const matter: EscalationMatter = {
    findings: await listFindings(vault, pace),
    steps: escalation.steps,
    deliveries: deliveriesOf(vault),
    answers: answersThatCount(vault),
  };
  return { caseFile, escalation, matter };
}

/** One pass over the vault. Faults: usage where nobody is to be told; those of sendDue. */
export async function escalate(
  vault: Vault,
  request: EscalationRequest,
  pace: Pace,
): Promise<readonly EscalatedMessage[]> {
  const state = await escalationState(vault, pace);
  if (state !== null) return await sendDue(vault, state, request);
  throw new Fault(
    "usage",
    "the case file of the last run names nobody who is told of what is open",
    "add escalation: to it (docs/formats/case-file.md), then breakwater investigate --vault DIR --case FILE",
  );
}

/** By finding: the index in the journal of the last answer that counted. */
function answersThatCount(vault: Vault): ReadonlyMap<string, number> {
  const acts = placedActs(vault);
  const counting = new Set(countingAnswers(acts.map(({ act }) => act)));
  return new Map(
    acts.flatMap(({ act, entry }) =>
      act.kind === "answered" && counting.has(act.answer) ? [[act.finding, entry] as const] : [],
    ),
  );
}

/**
 * Sends what is due, all recipients at once, and journals what became of each as soon as it is known: a recipient that hangs keeps nobody
 * else's message from the journal. Faults: interrupted, and those of the journal.
 */
export async function sendDue(
  vault: Vault,
  { caseFile, escalation, matter }: EscalationState,
  { by, now, signal, dryRun }: EscalationRequest,
): Promise<readonly EscalatedMessage[]> {
  const due = dueMessages(matter, now).map((each) => ({
    ...each,
    message: composeMessage(each, caseFile, now),
  }));
  if (dryRun) return due.map((each) => escalated(each, "due", ""));
  const terms = { mail: escalation.mail, now, signal };
  const send = async (each: (typeof due)[number]) => {
    const { to, message } = each;
    const error = await sendMessage(to, message, terms);
    // What we stopped ourselves is no failure of the recipient: it is due again.
    if (error !== "" && signal.aborted)
      throw new Fault("interrupted", "stopped as asked", "the next pass sends what is due");
    const about = each.about.map(({ finding, step }) => ({ finding: finding.id, step }));
    recordAttempt(vault, { to, about, error }, by);
    return escalated(each, error === "" ? "sent" : "failed", error);
  };
  // All of them are waited for: nothing is journalled once the vault is closed.
  const settled = await Promise.allSettled(due.map(send));
  return settled.map((each) => {
    if (each.status === "rejected") throw each.reason;
    return each.value;
  });
}

function escalated(
  { to, message }: DueMessage & { readonly message: Message },
  outcome: EscalatedMessage["outcome"],
  error: string,
): EscalatedMessage {
  return { to: shownRecipient(to), message, outcome, error };
}
