/** The one API of the program: what a person can have done with evidence. One file an act. */
export type { Progress } from "./pace.ts";
export { Pace } from "./pace.ts";
export { type ClaimsFile, readClaimsFiles } from "./claims.ts";
export {
  type AddedCatalogue,
  type Addition,
  type ReadCatalogue,
  addCatalogue,
  cataloguesIn,
  cataloguesOf,
  readCatalogueFile,
} from "./catalogues.ts";
export { patchesIn } from "./patches.ts";
export { readText, requirePaths } from "./disk.ts";
export { eventLine } from "./event-line.ts";
export { NO_CASE_FILE, parseCaseFile } from "./case-file.ts";
export { OWN_CATALOGUES, OWN_RULES, loadKnowledge } from "./knowledge.ts";
export {
  type PlannedRules,
  type RuleFile,
  planRuleFiles,
  readPlaceholderFile,
  readRuleFiles,
  ruleAccount,
  withPlaceholders,
} from "./rules.ts";
export { type PlanCache, personalPlans, usualPlans } from "./plan-cache.ts";
export { hasRun } from "./inputs.ts";
export { type FilesAsked, readFiles } from "./read-files.ts";
export type { EventPlace } from "./at-event.ts";
export { explainAtEvent } from "./explain-rule.ts";
export { REFERENCED_CHANGED } from "./reading/units.ts";
export { refuseDiskImages } from "./take-in.ts";
export { type Request, checkCaseFile, dossierOf, investigate } from "./investigate.ts";
export {
  type EventPage,
  type EventSearch,
  type EventSummary,
  eventPage,
  eventSummary,
} from "./event-pages.ts";
export { renderDossier, dossierJson, makeEmpty, writeDossier } from "./write-dossier.ts";
export { verifyVault } from "./verify.ts";
export { isSignedFolder, verifyFolder } from "./verify-folder.ts";
export type { Verdict } from "./verdict.ts";
export { type Custody, type Hold, custodyOf } from "./custody/account.ts";
export { type Exported, exportEvidence } from "./custody/export.ts";
export { type CustodyRequest, holdEvidence, releaseEvidence } from "./custody/holds.ts";
export { destroyEvidence } from "./custody/destruction.ts";
export { certify } from "./custody/certificate.ts";
export { type StatedEvent, incidentKind, recordIncidentEvent } from "./incident.ts";
export { type StatedCanary, MARK_BYTES, setCanary } from "./canaries.ts";
export { type CanaryAccount, accountCanaries } from "./canary-accounts.ts";
export type { NobodysMark } from "../questions/answered/index.ts";
export {
  type RecordedContainment,
  type StatedContainment,
  containmentKind,
  containmentOf,
  recordContainment,
} from "./containment.ts";
export { clocksNow } from "./clocks.ts";
export {
  type CollectionPlan,
  collectRole,
  planForMissing,
  planForRole,
} from "./collect/plan.ts";
export { writeCollection } from "./collect/write-collection.ts";
export {
  type AnswerRequest,
  answerFinding,
  findingNamed,
  listFindings,
  reopenFinding,
  takeFinding,
} from "./findings/index.ts";
export {
  type EscalatedMessage,
  type Escalating,
  escalate,
  keepEscalating,
  tellMessage,
} from "./escalation/index.ts";
export { type Symptom, examine } from "./doctor.ts";
export { writeSample } from "./sample.ts";
export { parseStory, recordStory } from "./story.ts";
export { type KeyChoice, type Vault, type VaultSettings, configFolderOf } from "./vault/index.ts";
export { type Watching, beginRun, watchLogs } from "./watch.ts";
export { type LentVault, type Mode, type VaultAccess, withVault } from "./with-vault.ts";
export { type Removed, isLocked, removeDerived } from "./remove-derived.ts";
export { type KeptTotals, searchKept } from "./search-kept.ts";
export { type Replay, rebuildDerived } from "./replay.ts";
export { type Reception, type Visit, receiveClients } from "./owner/owner.ts";
export { type Errand, askOwner } from "./owner/client.ts";
export { Turns } from "./owner/turns.ts";
export type { Screen } from "./owner/wire.ts";
export { eventOf } from "../model/event.ts";
export {
  TIMESKETCH_CSV_HEADER,
  printDetection,
  printFlaw,
  printPatches,
  printTimesketch,
  printTimesketchCsv,
} from "../engines/print/index.ts";
export { ENCRYPTED } from "../engines/formats/index.ts";
export {
  type CarriedState,
  type CorrelationFeed,
  type Explained,
  type Explanation,
  correlate,
  createCarried,
  createFeed,
  detectionOf,
  findNotHere,
} from "../engines/sigma/index.ts";
export { SAMPLE_VARIANTS } from "../sample/index.ts";
