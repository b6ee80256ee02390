/** The door of the Sigma engine: rule text to rules, rules to a plan, a plan over batches to detections. */
export { parseRules } from "./parse.ts";
export type { Expression, LogSource, ParsedRule, Refusal, Rule } from "./rule.ts";
export { parseLogSources, type LogSources } from "./log-sources.ts";
export { planRules, type Account, type Plan } from "./plan.ts";
export { createMatcher, type Matcher } from "./match.ts";
export { detectionId, detectionOf, detectionWith } from "./detection.ts";
