/** The door of the Sigma engine: rule text to rules, rules to a plan, a plan over batches to detections. */
export { parseRules } from "./parse.ts";
export type { Expression, LogSource, ParsedRule, Refusal, Rule } from "./rule.ts";
export { parseLogSources, type LogSources } from "./log-sources.ts";
export { type CarriedCollector, type CarriedState, createCarried } from "./carried.ts";
export { type NotHere, findNotHere } from "./here.ts";
export { type Explained, type Explanation, explainRule } from "./explain.ts";
export { NO_PLACEHOLDERS, type Placeholders, parsePlaceholders } from "./placeholders.ts";
export { planRules, type Account, type Plan } from "./plan.ts";
export { type ReachOf, queryOf } from "./query.ts";
export { createMatcher, type Matcher } from "./match.ts";
export { detectionId, detectionOf, detectionWith } from "./detection.ts";
export type { CorrelationPlan } from "./correlation/plan.ts";
export { type CorrelationFeed, type FeedState, createFeed } from "./correlation/feed.ts";
export {
  type CorrelationLimit,
  type CorrelationMatch,
  type Correlating,
  correlate,
} from "./correlation/correlate.ts";
