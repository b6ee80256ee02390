/** What a person does with a finding: takes it, answers it, opens it again. Refuses an act without a name, and an answer without a reason. */
import { Fault } from "../../base/fault.ts";
import type { Checked, Determination } from "../../model/answer.ts";
import type { StandingFinding } from "../../model/finding.ts";
import { coveredBy } from "../../questions/answered/index.ts";
import { findingsNow } from "../investigate.ts";
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
  return (await standingIn(vault, pace))();
}

/** Takes a finding. Faults: not-found, usage. */
export async function takeFinding(
  vault: Vault,
  { word, by }: FindingRequest,
  pace: Pace,
): Promise<StandingFinding> {
  const standing = await standingIn(vault, pace);
  const { id } = findingNamed(standing(), word);
  recordTaken(vault, id, by);
  return findingNamed(standing(), id);
}

/** Answers a finding: the answer covers what is in it now. Faults: not-found; usage without a reason. */
export async function answerFinding(
  vault: Vault,
  { word, by, ...answer }: AnswerRequest,
  pace: Pace,
): Promise<StandingFinding> {
  if (answer.reason.trim() === "")
    throw new Fault("usage", "why? an answer has a reason", 'add --reason "what was found out"');
  const standing = await standingIn(vault, pace);
  const finding = findingNamed(standing(), word);
  recordAnswer(vault, finding.id, by, { ...answer, covers: coveredBy(finding) });
  return findingNamed(standing(), finding.id);
}

/** Opens a finding again. Faults: not-found; usage without a reason, and where nobody answered it. */
export async function reopenFinding(
  vault: Vault,
  { word, by, reason }: FindingRequest & { readonly reason: string },
  pace: Pace,
): Promise<StandingFinding> {
  if (reason.trim() === "")
    throw new Fault("usage", "why? people give a reason here", 'add --reason "what is new"');
  const standing = await standingIn(vault, pace);
  const finding = findingNamed(standing(), word);
  if (finding.state !== "answered")
    throw new Fault(
      "usage",
      `this finding is ${finding.state}`,
      "only what is answered can be opened again",
    );
  recordReopened(vault, finding.id, by, reason);
  return findingNamed(standing(), finding.id);
}

/** What tells the findings as they stand whenever it is asked, over one reading of what the last run derived. */
async function standingIn(vault: Vault, pace: Pace): Promise<() => readonly StandingFinding[]> {
  const { findings, knowledge } = await findingsNow(vault, pace);
  return () => standingOf(vault, findings, knowledge);
}
