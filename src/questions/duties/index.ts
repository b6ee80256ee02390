/** What must be done now, by when: laws as data held against what happened (docs/design/duties.md). */
export { parseLaws } from "./laws.ts";
export { clocksOf } from "./clocks.ts";
export { noticeLines, type KnownFacts } from "./notice.ts";
export { answerDuties } from "./answer.ts";
