/** The door of casework/findings: what people do with findings, and how these stand. */
export {
  type AnswerRequest,
  type FindingRequest,
  answerFinding,
  listFindings,
  reopenFinding,
  takeFinding,
} from "./act.ts";
export { findingNamed } from "./standing.ts";
