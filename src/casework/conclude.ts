/** Puts the five questions to what the evidence holds, and gathers the answers into one dossier. */
import type { Ticks } from "../base/time.ts";
import type { Claims } from "../model/claim.ts";
import type { Answer, Dossier, EvidenceAccount } from "../model/dossier.ts";
import type { Event } from "../model/event.ts";
import { answerAnswered, withoutCanaries } from "../questions/answered/index.ts";
import {
  type DyingInput,
  answerCause,
  causeOf,
  dyingOf,
  testsOf,
} from "../questions/cause/index.ts";
import { answerPatched } from "../questions/patched/index.ts";
import { answerDuties, clocksOf } from "../questions/duties/index.ts";
import { type Citing, citedKeys } from "./cited.ts";
import { uncountedUnknown, windowOf, within, without } from "./answer-bounds.ts";
import { canariesOfRun } from "./canaries.ts";
import { containmentOf } from "./containment.ts";
import { checkManifests } from "./collect/check-manifests.ts";
import { aftermathsIn } from "./aftermath.ts";
import type { Analysis } from "./analysis.ts";
import { destroyedUnknown } from "./custody/destruction.ts";
import type { Derived } from "./derived.ts";
import { withStore } from "./event-store.ts";
import { evidenceOf } from "./evidence.ts";
import { incidentOf } from "./incident.ts";
import type { Run } from "./inputs.ts";
import { shownDeliveries } from "./escalation/journal.ts";
import { standingOf } from "./findings/standing.ts";
import type { Knowledge } from "./knowledge.ts";
import { lawsFor } from "./laws.ts";
import { missedIn } from "./missed-signals.ts";
import { tellDefences } from "./told-defences.ts";
import { patchesOfRun } from "./patches.ts";
import { withTakings } from "./traffic.ts";
import type { Vault } from "./vault/index.ts";

/** Records printed whole in a dossier; more would make a page that no browser opens. */
const RECORDS_MAX = 3000;

/** What a dossier is made from. */
export interface Conclusion extends Derived {
  readonly vault: Vault;
  readonly run: Run;
  readonly asOf: Ticks;
  readonly knowledge: Knowledge;
}

/** Asks everything and answers what can be answered; what cannot is said as such. */
export async function conclude(conclusion: Conclusion): Promise<Dossier> {
  const { vault, run, asOf, caseFile, knowledge, analysis, findings, rules } = conclusion;
  const { coverage, observations } = analysis;
  const canaries = canariesOfRun(vault, run, analysis.detections);
  const detections = withoutCanaries(analysis.detections, canaries);
  const tests = testsOf({ detections, caseFile });
  const attack = { ...conclusion, analysis: { ...analysis, detections }, tests };
  const { report: patches, claims } = patchesOfRun(conclusion, asOf);
  const manifests = checkManifests(vault, run);
  const cause = causeOf({ detections, coverage, caseFile });
  const incident = incidentOf(vault);
  const laws = lawsFor(knowledge.laws, caseFile.jurisdictions);
  const aftermaths = aftermathsIn(attack, cause);
  const causeAnswer = answerCause(cause, coverage, aftermaths);
  // A first notice says what is known so far; everything else in it is said to be supplied later.
  const facts = cause.first.length > 0 ? { nature: causeAnswer.headline } : {};
  const clocks = clocksOf(laws, incident, asOf, facts);
  const window = windowOf(run);
  const gone = [...destroyedUnknown(evidenceOf(vault, run.entries)), ...uncountedUnknown(analysis)];
  const standing = standingOf(vault, findings, knowledge);
  const seen = standing.filter(({ question }) => question === "answered");
  const traffic = withTakings(attack, causeAnswer);
  const missed = missedIn(attack, standing, incident);
  const told = tellDefences(conclusion, { findings: standing, missed, canaries });
  const answers: readonly Answer[] = [
    answerPatched(patches, {
      claims: claims.claims,
      assumed: claims.assumptions,
      limits: observations.limits,
    }),
    without(gone, within(window, answerAnswered(seen, coverage, asOf, told))),
    without(gone, within(window, traffic.answer)),
    PEOPLE,
    answerDuties(clocks, incident),
  ];
  const dossier = {
    caseName: caseFile.name,
    synthetic: caseFile.synthetic,
    asOf,
    program: run.program,
    window,
    vault: { id: vault.id, entries: vault.entries().length, checkpoint: vault.checkpoint().text },
    answers,
    evidence: [...analysis.accounts, ...duplicates(run, analysis.accounts)],
    claims: claims.claims,
    observations: observations.observations,
    patches,
    ...unreadIn(claims, manifests, analysis),
    rules,
    findings: standing,
    detectionsTotal: analysis.detectionsTotal,
    cause,
    coverage,
    missed,
    takings: traffic.takings,
    aftermaths,
    containment: containmentOf(vault),
    canaries,
    deliveries: shownDeliveries(vault),
    incident,
    clocks,
    dying: dyingIn(conclusion, { cause, incident, asked: window }),
  };
  return { ...dossier, records: await citedRecords(vault, dossier) };
}

/** What is not here and will be gone, by what is known of how long logs live. */
function dyingIn(
  { analysis, knowledge, asOf }: Conclusion,
  asked: Pick<DyingInput, "cause" | "incident" | "asked">,
): Dossier["dying"] {
  const { expected, lifetimes } = knowledge;
  return dyingOf({ coverage: analysis.coverage, expected, lifetimes, asOf, ...asked });
}

/** What could not be read anywhere: claims first, then the manifests of collections, then evidence. */
function unreadIn(
  claims: Claims,
  manifests: ReturnType<typeof checkManifests>,
  analysis: Analysis,
): Pick<Dossier, "flaws" | "flawsTotal"> {
  const inManifests = manifests.reduce((sum, { flawsTotal }) => sum + flawsTotal, 0);
  return {
    flaws: [...claims.flaws, ...manifests.flatMap(({ flaws }) => flaws), ...analysis.flaws],
    flawsTotal: claims.flaws.length + inManifests + analysis.flawsTotal,
  };
}

/** Files handed in again under another name: the same bytes, counted once. */
function duplicates(run: Run, accounts: readonly EvidenceAccount[]): EvidenceAccount[] {
  return run.duplicates.flatMap(({ path, hash }) => {
    const same = accounts.filter(({ evidence, member }) => evidence.hash === hash && member === "");
    const original = same.find(({ intake }) => intake !== "destroyed") ?? same[0];
    if (original === undefined) return [];
    const evidence = { ...original.evidence, file: path };
    return [{ ...original, evidence, intake: "duplicate", events: 0, flaws: 0 } as const];
  });
}

function citedRecords(vault: Vault, citing: Citing): Promise<readonly Event[]> {
  return withStore(vault, (store) => store.find(citedKeys(citing, RECORDS_MAX)));
}

const PEOPLE: Answer = {
  question: "people",
  asked: "Whose data was taken?",
  state: "not-yet",
  headline:
    "Not yet answered: this version looks for no people in messages, so their number is unknown, and none is given.",
  statements: [],
  unknown: [
    "Which messages were within reach, and whose data they hold. Mailbox exports, mailbox audit logs and the bytes sent to the attacker's sessions would tell.",
  ],
};
