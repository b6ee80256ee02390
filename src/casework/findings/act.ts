/** What a person does with a finding: takes it, answers it, opens it again. Refuses an act without a name, and an answer without a reason. */
import { Fault } from "../../base/fault.ts";
import type { Checked, Determination } from "../../model/answer.ts";
import type { StandingFinding } from "../../model/finding.ts";
import { coveredBy } from "../../questions/answered/index.ts";
import { findingsNow } from "../investigate.ts";
import { loadKnowledge } from "../knowledge.ts";
import type { Pace } from "../pace.ts";
import type { Vault } from "../vault/index.ts";
import { recordAnswer, recordReopened, recordTaken } from "./record.ts";
import { findingNamed, standingOf } from "./standing.ts";

/** Which finding, and who acts. */
export interface FindingRequest {
  /** Its id, or the beginning of it. */
  readonly word: string;
  readonly by: string;
}

/** What somebody answers. */
export interface AnswerRequest extends FindingRequest {
  readonly determination: Determination;
  readonly reason: string;
  readonly checked: Checked;
  readonly evidence: readonly string[];
}

/** The findings of the last run as they stand. Faults: not-found where nothing was investigated. */
export async function listFindings(vault: Vault, pace: Pace): Promise<readonly StandingFinding[]> {
  return standingOf(vault, await findingsNow(vault, pace), loadKnowledge());
}

/** Takes a finding. Faults: not-found, usage. */
export async function takeFinding(
  vault: Vault,
  { word, by }: FindingRequest,
  pace: Pace,
): Promise<StandingFinding> {
  const finding = findingNamed(await listFindings(vault, pace), word);
  recordTaken(vault, finding.id, by);
  return again(vault, finding, pace);
}

/** Answers a finding: the answer covers what is in it now. Faults: not-found; usage without a reason. */
export async function answerFinding(
  vault: Vault,
  { word, by, ...answer }: AnswerRequest,
  pace: Pace,
): Promise<StandingFinding> {
  if (answer.reason.trim() === "")
    throw new Fault("usage", "why? an answer has a reason", 'add --reason "what was found out"');
  const finding = findingNamed(await listFindings(vault, pace), word);
  recordAnswer(vault, finding.id, by, { ...answer, covers: coveredBy(finding) });
  return again(vault, finding, pace);
}

/** Opens a finding again. Faults: not-found; usage without a reason, and where nobody answered it. */
export async function reopenFinding(
  vault: Vault,
  { word, by, reason }: FindingRequest & { readonly reason: string },
  pace: Pace,
): Promise<StandingFinding> {
  if (reason.trim() === "")
    throw new Fault("usage", "why? people give a reason here", 'add --reason "what is new"');
  const finding = findingNamed(await listFindings(vault, pace), word);
  if (finding.state !== "answered")
    throw new Fault(
      "usage",
      `this finding is ${finding.state}`,
      "only what is answered can be opened again",
    );
  recordReopened(vault, finding.id, by, reason);
  return again(vault, finding, pace);
}

async function again(vault: Vault, { id }: StandingFinding, pace: Pace): Promise<StandingFinding> {
  return findingNamed(await listFindings(vault, pace), id);
}
