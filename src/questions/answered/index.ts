/** The door of questions/answered: what the defences saw, and who answered. */
export { type ToldOfDefences, answerAnswered } from "./answer.ts";
export { isCanary, withMarks } from "./canary/marks.ts";
export {
  type NobodysMark,
  type SetCanary,
  bySetting,
  nobodysMarks,
  sightCanaries,
  withoutCanaries,
} from "./canary/sights.ts";
export {
  type CanaryJudgement,
  type CanaryMatter,
  canaryFindings,
  judgeCanary,
  tellCanaries,
} from "./canary/unseen.ts";
export { groupFindings } from "./findings.ts";
export {
  type Concern,
  type DueMessage,
  type EscalationMatter,
  type PlacedDelivery,
  dueMessages,
} from "./escalation/due.ts";
export { deliveryFindings } from "./escalation/failures.ts";
export { type Message, composeMessage } from "./escalation/message.ts";
export { nameRecipient, recipientKey, shownRecipient } from "./escalation/recipients.ts";
export {
  type ExclusionMatter,
  exclusionFindings,
  judgeExclusions,
  tellExclusions,
} from "./exclusions.ts";
export { type ExclusionTerms, parseExclusions } from "./exclusions-terms.ts";
export { protectionFindings } from "./protection.ts";
export { type SignCollector, createSigns, signLimits } from "./protection-rows.ts";
export { type ProtectionTerms, parseProtection } from "./protection-terms.ts";
export { type SilenceTerms, silenceFindings } from "./silence.ts";
export { parseAnswerHours } from "./answer-hours.ts";
export { discoveryOf, missedSignals } from "./missed/missed-signals.ts";
export { type ToldMissed, tellMissed } from "./missed/tell-missed.ts";
export { type Tools, parseTools } from "./missed/tools.ts";
export {
  type AnswerHours,
  NO_HISTORY,
  countingAnswers,
  coveredBy,
  standFindings,
} from "./standing.ts";
export { type StreakTerms, findDetected, findVerdicts } from "./streaks.ts";
export { serversOf } from "./streaks-servers.ts";
export { type ThreatKnowledge, parseThreats } from "./threats.ts";
export { type Verdicts, createVerdicts, isVerdict } from "./verdicts.ts";
export { type TrafficCollector, createTraffic } from "./traffic/traffic.ts";
export { type TrafficState, leavesOutClients, trafficLimits } from "./traffic/traffic-state.ts";
export { trafficFindings } from "./traffic/analytics.ts";
export { type SidedTaking, takingsOf } from "./traffic/takings.ts";
export { tellTakings } from "./traffic/taking-words.ts";
export { workerFindings } from "./worker/findings.ts";
export {
  type StartCollector,
  type StartsState,
  createStarts,
  startLimits,
} from "./worker/starts.ts";
export { type WorkerTerms, parseWorker } from "./worker/terms.ts";
