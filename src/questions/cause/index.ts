/** The door of questions/cause: coverage of the evidence, and how they got in. */
export { overCoverage } from "../../engines/wording/index.ts";
export { type AftermathMatter, aftermathsOf } from "./aftermath/aftermath.ts";
export { type ChangeCollector, createChanges } from "./aftermath/rows.ts";
export { type AftermathTerms, parseAftermath } from "./aftermath/terms.ts";
export { answerCause } from "./answer.ts";
export { type ActorInput, actorsOf } from "./chains/actors.ts";
export { type CauseInput, causeOf, testsOf } from "./cause.ts";
export { type CoverageCollector, type CoverageState, createCoverage } from "./coverage.ts";
export {
  type ExpectedEntry,
  type ExpectedKnowledge,
  parseExpectedEvidence,
} from "./coverage-expected.ts";
export type { FileFacts } from "./coverage-skew.ts";
export { type DyingInput, dyingOf } from "./dying.ts";
export {
  type Intruder,
  type Intruders,
  type NoIntruder,
  intrudersOf,
  isOwnAddress,
} from "./intruders.ts";
export { type Lifetime, type Lifetimes, parseLifetimes } from "./lifetimes.ts";
