/**
 * All portions of a reading as one: what each collector gathered, the detections, the flaws, and an account of every file. Refuses to
 * publish: which segments the store answers from, whoever reads decides. Portions come one after the other, so that memory holds one.
 */
import { known } from "../../base/assert.ts";
import type { Ticks } from "../../base/time.ts";
import { type Plan, createCarried, createFeed } from "../../engines/sigma/index.ts";
import type { Segment } from "../../engines/store/index.ts";
import type { CaseFile } from "../../model/case-file.ts";
import type { Detection } from "../../model/detection.ts";
import type { Evidence } from "../../model/evidence.ts";
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
import { changesOf, lastChanges } from "../last-changes.ts";
import { notTakenIn } from "../read-evidence.ts";
import { keptTraffic } from "../traffic.ts";
import { addCorrelated } from "./correlated.ts";
import { KeptDetections, OF_RULE_IN_RUN_MAX } from "./kept-detections.ts";
import { FLAWS_MAX, type Portion, type Shelf, takePortion } from "./portion.ts";
import type { AccountedTask } from "./tasks.ts";
import { type AccountCounts, type Ledger, addCounts, withCounts } from "./units.ts";

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
  readonly plan: Plan;
  /** The run's: up to then anything can have happened. */
  readonly asOf: Ticks;
}

/** All that the portions hold, and the segments of the events that they were read from. */
export function mergePortions(reading: Reading): {
  readonly analysis: Analysis;
  readonly segments: readonly Segment[];
} {
  const { tasks, ledger, evidence, passedOver, knowledge, caseFile } = reading;
  const gathered = gather(reading);
  const { coverage, observations, signs, changes, starts, traffic, detections } = gathered;
  const matched = detections.total;
  // Correlations come when all that they read is there.
  const correlated = addCorrelated(reading.plan, gathered.feed, reading.asOf, detections);
  const leftOut = [...correlated.flaws, ...detections.flaws()];
  const flaws = [
    ...passedOver.map(notTakenIn).slice(0, FLAWS_MAX),
    ...ledger.flaws,
    ...gathered.flaws,
    ...leftOut,
  ].slice(0, FLAWS_MAX);
  const accounts = withCounts(ledger.accounts, gathered.counts);
  const analysis = {
    accounts,
    flaws,
    flawsTotal:
      passedOver.length + leftOut.length + accounts.reduce((sum, { flaws: own }) => sum + own, 0),
    detections: detections.kept,
    detectionsTotal: gathered.matches + detections.total - matched,
    coverage: (coverage.overflowed ? coverageFirstOf(reading, detections.kept) : coverage).finish(
      knowledge.expected,
      caseFile.hosts,
      {
        modifiedAt: lastChanges(evidence),
        statedSkewMillis: (file) => skewFor(caseFile, file),
      },
    ),
    carried: gathered.carried.state(),
    observations: observations.finish({
      strengths: knowledge.strengths,
      hosts: caseFile.hosts,
      changedAt: changesOf(accounts),
    }),
    signs: signs.state(),
    changes: changes.state(),
    starts: starts.state(),
    traffic: keptTraffic(traffic.state(), detections.kept, caseFile, () => portionsOf(reading)),
    correlationsDue: correlated.due,
    portions: tasks.map(({ task }) => task.key),
    stopped: ledger.stopped,
  };
  return { analysis, segments: gathered.segments };
}

/** What the portions hold, before anything is made of it. */
function gather(reading: Reading) {
  const { knowledge, plan } = reading;
  const flaws: Flaw[] = [];
  const segments: Segment[] = [];
  const noCounts: AccountCounts = new Map();
  const all = {
    coverage: createCoverage(),
    carried: createCarried(),
    feed: createFeed(plan),
    observations: createObservations(),
    signs: createSigns(knowledge.protection),
    changes: createChanges(knowledge.aftermath),
    starts: createStarts(knowledge.worker),
    traffic: createTraffic(),
    detections: new KeptDetections(OF_RULE_IN_RUN_MAX),
    matches: 0,
    flaws,
    segments,
    counts: noCounts,
  };
  for (const { portion, accounts } of taken(reading)) {
    all.coverage.absorb(portion.coverage);
    all.carried.absorb(portion.carried);
    all.feed.absorb(portion.feed);
    all.observations.absorb(portion.observations);
    all.signs.absorb(portion.signs);
    all.changes.absorb(portion.changes);
    all.starts.absorb(portion.starts);
    all.traffic.absorb(portion.traffic);
    for (const detection of portion.detections) all.detections.add(detection);
    all.matches += portion.matches;
    all.flaws.push(...portion.flaws.slice(0, FLAWS_MAX - all.flaws.length));
    all.segments.push(...portion.segments);
    addCounts(all.counts, accounts, portion.counts);
  }
  return all;
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
