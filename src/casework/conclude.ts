/** Puts the five questions to what the evidence holds, and gathers the answers into one dossier. */
import { type Ticks, formatTicks, toTicks } from "../base/time.ts";
import { count } from "../engines/wording/index.ts";
import type { Claims } from "../model/claim.ts";
import type { Answer, Dossier, EvidenceAccount } from "../model/dossier.ts";
import type { Event } from "../model/event.ts";
import { answerAnswered, startLimits, tellMissed } from "../questions/answered/index.ts";
import { type DyingInput, answerCause, causeOf, dyingOf } from "../questions/cause/index.ts";
import { answerPatched } from "../questions/patched/index.ts";
import { answerDuties, clocksOf } from "../questions/duties/index.ts";
import { type Citing, citedKeys } from "./cited.ts";
import { attackDetections, canariesOfRun, withCanaries } from "./canaries.ts";
import { containmentOf } from "./containment.ts";
import { checkManifests } from "./collect/check-manifests.ts";
import { aftermathsIn } from "./aftermath.ts";
import type { Analysis } from "./analyse.ts";
import { toldOfDefences } from "./defences.ts";
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
  const detections = attackDetections(vault, run, analysis.detections);
  const attack = { ...conclusion, analysis: { ...analysis, detections } };
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
  const told = {
    ...withCanaries(toldOfDefences(conclusion), conclusion),
    missed: tellMissed(missed),
  };
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
    canaries: canariesOfRun(vault, run, analysis.detections),
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

function windowOf({ from, to }: Run): Dossier["window"] {
  if (from === null && to === null) return null;
  const real = (ticks: bigint | null) => (ticks === null ? null : toTicks(ticks));
  return { from: real(from), to: real(to) };
}

/** An answer that looked only at a part of the time says so first: its "no" is worth no more than that part. */
function within(window: Dossier["window"], answer: Answer): Answer {
  if (window === null) return answer;
  const from = window.from === null ? "" : ` from ${formatTicks(window.from, 0)}`;
  const to = window.to === null ? "" : ` until ${formatTicks(window.to, 0)}`;
  const unknown = [
    `Anything that the rules would have found outside the window${from}${to}: it was asked for with --from or --to. The same investigation without them would tell.`,
    ...answer.unknown,
  ];
  return { ...answer, headline: `Looked at only${from}${to}. ${answer.headline}`, unknown };
}

/** What was destroyed could have said more: an answer names it among what is not known. */
function without(gone: readonly string[], answer: Answer): Answer {
  return gone.length === 0 ? answer : { ...answer, unknown: [...answer.unknown, ...gone] };
}

/** A rule that matches on every line of a log is kept as far as a person can use it; its findings count what is kept. */
function uncountedUnknown({ detections, detectionsTotal, starts }: Analysis): readonly string[] {
  const more = detectionsTotal - detections.length;
  if (more === 0) return startLimits(starts);
  return [
    ...startLimits(starts),
    `What ${count(more, "further match", "further matches")} of rules that match very often would add: they are counted and not listed, and the findings of these rules count only what is listed. Among the places that could not be read stands which rules these are, and where.`,
  ];
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
