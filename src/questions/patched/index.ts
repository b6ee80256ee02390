/** The door of questions/patched: what records show of installed software, and what becomes of claims when they are held against it. */
export { type AnswerMatter, answerPatched } from "./answer.ts";
export { compareBuilds, parseBuild } from "./build.ts";
export { mergeCatalogues } from "./catalogue.ts";
export {
  type ObservationCollector,
  type ObservationTerms,
  type ObservationsState,
  createObservations,
} from "./observations.ts";
export { patchFindings } from "./findings.ts";
export { type PatchQuestion, reportPatches } from "./report.ts";
export { type StrengthEntry, type StrengthKnowledge, parseStrengths } from "./strengths.ts";
export { type PatchTerms, parsePatchTerms } from "./terms.ts";
