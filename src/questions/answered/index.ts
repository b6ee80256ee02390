/** The door of questions/answered: what the defences saw, and who answered. */
export { answerAnswered } from "./answer.ts";
export { groupFindings } from "./findings.ts";
