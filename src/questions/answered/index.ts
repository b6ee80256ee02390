/** The door of questions/answered: what the defences saw, and who answered. */
export { answerAnswered } from "./answer.ts";
export { groupFindings } from "./findings.ts";
export {
  type ExclusionMatter,
  exclusionFindings,
  judgeExclusions,
  tellExclusions,
} from "./exclusions.ts";
export { type ExclusionTerms, parseExclusions } from "./exclusions-terms.ts";
export { protectionFindings } from "./protection.ts";
export { type SignCollector, createSigns, signLimits } from "./protection-rows.ts";
export type { SignsState } from "./protection-signs.ts";
export { type ProtectionTerms, parseProtection } from "./protection-terms.ts";
export { type SilenceTerms, silenceFindings } from "./silence.ts";
export { parseAnswerHours } from "./answer-hours.ts";
export { type AnswerHours, NO_HISTORY, coveredBy, standFindings } from "./standing.ts";
export { type StreakTerms, findDetected, findVerdicts } from "./streaks.ts";
export { serversOf } from "./streaks-servers.ts";
export { type ThreatKnowledge, parseThreats } from "./threats.ts";
export { type Verdicts, createVerdicts, isVerdict } from "./verdicts.ts";
