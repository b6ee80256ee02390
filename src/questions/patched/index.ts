/** The door of questions/patched: what records show of installed software. */
export { answerPatched } from "./answer.ts";
export { compareBuilds, parseBuild } from "./build.ts";
export {
  type ObservationCollector,
  type ObservationTerms,
  type ObservationsState,
  createObservations,
} from "./observations.ts";
export { type StrengthEntry, type StrengthKnowledge, parseStrengths } from "./strengths.ts";
