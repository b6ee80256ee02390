/**
 * All portions of a reading as one: what each collector gathered, the detections, the flaws, and an account of every file. Refuses to
 * publish: which segments the store answers from, whoever reads decides. Portions come one after the other, so that memory holds one.
 */
import { known } from "../../base/assert.ts";
import type { Segment } from "../../engines/store/index.ts";
import type { CaseFile } from "../../model/case-file.ts";
import type { Detection } from "../../model/detection.ts";
import type { EvidenceAccount } from "../../model/dossier.ts";
import type { EventReference } from "../../model/event.ts";
import type { Evidence, Place } from "../../model/evidence.ts";
import type { Flaw } from "../../model/flaw.ts";
import { createSigns, createStarts, createTraffic } from "../../questions/answered/index.ts";
import {
  type CoverageCollector,
  createChanges,
  createCoverage,
} from "../../questions/cause/index.ts";
import { createObservations } from "../../questions/patched/index.ts";
import type { Analysis } from "../analysis.ts";
import { skewFor } from "../case-file.ts";
import type { PassedOver } from "../disk.ts";
import type { Knowledge } from "../knowledge.ts";
import { notTakenIn } from "../read-evidence.ts";
import { keptTraffic } from "../traffic.ts";
import { KeptDetections, OF_RULE_IN_RUN_MAX } from "./kept-detections.ts";
import { FLAWS_MAX, type Portion, type Shelf, takePortion } from "./portion.ts";
import type { AccountedTask } from "./tasks.ts";
import type { Ledger, OpenAccount } from "./units.ts";

/** What was read, and where what it gave is kept. */
export interface Reading {
  /** In the order in which their portions become one. */
  readonly tasks: readonly AccountedTask[];
  readonly shelf: Shelf;
  readonly ledger: Ledger;
  readonly evidence: readonly Evidence[];
  readonly passedOver: readonly PassedOver[];
  readonly knowledge: Knowledge;
  readonly caseFile: CaseFile;
}

/** All that the portions hold, and the segments of the events that they were read from. */
export function mergePortions(reading: Reading): {
  readonly analysis: Analysis;
  readonly segments: readonly Segment[];
} {
  const { tasks, ledger, evidence, passedOver, knowledge, caseFile } = reading;
  const gathered = gather(reading);
  const { coverage, observations, signs, changes, starts, traffic, detections } = gathered;
  const flaws = [
    ...passedOver.map(notTakenIn).slice(0, FLAWS_MAX),
    ...ledger.flaws,
    ...gathered.flaws,
    ...detections.flaws(),
  ].slice(0, FLAWS_MAX);
  const accounts = withCounts(ledger.accounts, gathered.counts);
  const analysis = {
    accounts,
    flaws,
    flawsTotal:
      passedOver.length +
      detections.flaws().length +
      accounts.reduce((sum, { flaws: own }) => sum + own, 0),
    detections: detections.kept,
    detectionsTotal: gathered.matches,
    coverage: (coverage.overflowed ? coverageFirstOf(reading, detections.kept) : coverage).finish(
      knowledge.expected,
      caseFile.hosts,
      {
        modifiedAt: lastChanges(evidence),
        statedSkewMillis: (file) => skewFor(caseFile, file),
      },
    ),
    observations: observations.finish({
      strengths: knowledge.strengths,
      hosts: caseFile.hosts,
      changedAt: changesOf(accounts),
    }),
    signs: signs.state(),
    changes: changes.state(),
    starts: starts.state(),
    traffic: keptTraffic(traffic.state(), detections.kept, caseFile, () => portionsOf(reading)),
    portions: tasks.map(({ task }) => task.key),
    stopped: ledger.stopped,
  };
  return { analysis, segments: gathered.segments };
}

/** What the portions hold, before anything is made of it. */
function gather(reading: Reading) {
  const { knowledge } = reading;
  const flaws: Flaw[] = [];
  const segments: Segment[] = [];
  const all = {
    coverage: createCoverage(),
    observations: createObservations(),
    signs: createSigns(knowledge.protection),
    changes: createChanges(knowledge.aftermath),
    starts: createStarts(knowledge.worker),
    traffic: createTraffic(),
    detections: new KeptDetections(OF_RULE_IN_RUN_MAX),
    matches: 0,
    flaws,
    segments,
    counts: new Map<OpenAccount, Counts>(),
  };
  for (const { portion, accounts } of taken(reading)) {
    all.coverage.absorb(portion.coverage);
    all.observations.absorb(portion.observations);
    all.signs.absorb(portion.signs);
    all.changes.absorb(portion.changes);
    all.starts.absorb(portion.starts);
    all.traffic.absorb(portion.traffic);
    for (const detection of portion.detections) all.detections.add(detection);
    all.matches += portion.matches;
    all.flaws.push(...portion.flaws.slice(0, FLAWS_MAX - all.flaws.length));
    all.segments.push(...portion.segments);
    portion.counts.forEach((count, at) => addCounts(all.counts, accounts[at], count));
  }
  return all;
}

/** What one file gave, over all tasks that read a part of it. */
interface Counts {
  readonly events: number;
  readonly flaws: number;
}

function addCounts(
  counts: Map<OpenAccount, Counts>,
  account: OpenAccount | undefined,
  more: Counts,
): void {
  if (account === undefined) return;
  const { events, flaws } = counts.get(account) ?? { events: 0, flaws: 0 };
  counts.set(account, { events: events + more.events, flaws: flaws + more.flaws });
}

function withCounts(
  accounts: readonly OpenAccount[],
  counts: ReadonlyMap<OpenAccount, Counts>,
): readonly EvidenceAccount[] {
  return accounts.map((account) => ({
    ...account,
    events: counts.get(account)?.events ?? 0,
    flaws: account.flaws + (counts.get(account)?.flaws ?? 0),
  }));
}

function* taken({ tasks, shelf }: Reading) {
  for (const { task, accounts } of tasks) {
    const portion = known(takePortion(shelf, task.key), "a portion that was just kept is there");
    yield { portion, accounts };
  }
}

function* portionsOf(reading: Reading): Generator<Portion> {
  for (const { portion } of taken(reading)) yield portion;
}

/** The count of coverage once more, where sources are too many: those of hosts with detections first. */
function coverageFirstOf(reading: Reading, detections: readonly Detection[]): CoverageCollector {
  const coverage = createCoverage(new Set(detections.map(({ host }) => host)));
  for (const portion of portionsOf(reading)) coverage.absorb(portion.coverage);
  return coverage;
}

/** When a whole evidence was last changed where it lay; null for a member, and where nobody knows. */
function lastChanges(evidence: readonly Evidence[]): (place: Place) => bigint | null {
  const changes = new Map(evidence.map(({ hash, modifiedAt }) => [hash, modifiedAt]));
  return ({ evidence: hash, member }) => (member === "" ? (changes.get(hash) ?? null) : null);
}

/** When the file of a record was last changed where it lay, as far as the accounts tell. */
function changesOf(
  accounts: readonly EvidenceAccount[],
): (reference: EventReference) => bigint | null {
  const changes = new Map(
    accounts.map(({ evidence }) => [`${evidence.hash} ${evidence.file}`, evidence.modifiedAt]),
  );
  return ({ evidence, file }) => changes.get(`${evidence} ${file}`) ?? null;
}
