/**
 * Reads one task: rows into segments, past the rules, into the count of coverage; gives the portion and keeps it.
 * The same in the owner's thread and in a worker. Refuses to know a vault: bytes are opened by whoever calls.
 */
import { isOutside } from "../../base/time.ts";
import type { Formats } from "../../engines/formats/index.ts";
import {
  type CarriedCollector,
  type CorrelationFeed,
  type Matcher,
  type Plan,
  createCarried,
  createFeed,
  detectionOf,
} from "../../engines/sigma/index.ts";
import { type SegmentWriter, createSegments } from "../../engines/store/index.ts";
import type { Detection } from "../../model/detection.ts";
import type { Batch } from "../../model/event.ts";
import type { Flaw } from "../../model/flaw.ts";
import {
  type ProtectionTerms,
  type SignCollector,
  type StartCollector,
  type TrafficCollector,
  type Verdicts,
  type WorkerTerms,
  createSigns,
  createStarts,
  createTraffic,
  withMarks,
} from "../../questions/answered/index.ts";
import {
  type AftermathTerms,
  type ChangeCollector,
  type CoverageCollector,
  createChanges,
  createCoverage,
} from "../../questions/cause/index.ts";
import { type ObservationCollector, createObservations } from "../../questions/patched/index.ts";
import type { FileSource } from "../file-source.ts";
import type { Pace } from "../pace.ts";
import { readThrough } from "../read-through.ts";
import { KeptDetections, OF_RULE_IN_TASK_MAX } from "./kept-detections.ts";
import { FLAWS_MAX, type Portion, type Shelf, keepPortion } from "./portion.ts";
import type { Bytes, Part, Task } from "./task.ts";

/** What a thread reads with. */
export interface Workbench {
  open(bytes: Bytes): FileSource;
  readonly formats: Formats;
  /** What the matcher was made from. */
  readonly plan: Plan;
  readonly matcher: Matcher;
  readonly verdicts: Verdicts;
  readonly protection: ProtectionTerms;
  readonly aftermath: AftermathTerms;
  readonly worker: WorkerTerms;
  /** Detections outside [from, to) are not made; coverage and the store always see everything. */
  readonly from: bigint | null;
  readonly to: bigint | null;
  /** Folder of the event store. */
  readonly events: string;
  readonly shelf: Shelf;
}

/** What is gathered while a task is read. */
interface Gathering {
  readonly writer: SegmentWriter;
  readonly coverage: CoverageCollector;
  readonly carried: CarriedCollector;
  readonly observations: ObservationCollector;
  readonly signs: SignCollector;
  readonly changes: ChangeCollector;
  readonly starts: StartCollector;
  readonly traffic: TrafficCollector;
  readonly detections: KeptDetections;
  readonly feed: CorrelationFeed;
  readonly flaws: Flaw[];
}

/** Reads all parts of a task. Nothing is left behind where it is stopped. Faults: those of disk and vault. */
export async function readTask(task: Task, bench: Workbench, pace: Pace): Promise<Portion> {
  const gathering: Gathering = {
    writer: createSegments(bench.events, task.key),
    coverage: createCoverage(),
    carried: createCarried(),
    observations: createObservations(),
    signs: createSigns(bench.protection),
    changes: createChanges(bench.aftermath),
    starts: createStarts(bench.worker),
    traffic: createTraffic(),
    detections: new KeptDetections(OF_RULE_IN_TASK_MAX),
    feed: createFeed(bench.plan),
    flaws: [],
  };
  try {
    const counts: Portion["counts"][number][] = [];
    for (const part of task.parts) counts.push(await readPart(part, bench, gathering, pace));
    const { writer, coverage, carried, observations, detections, feed, flaws } = gathering;
    const { signs, changes, starts, traffic } = gathering;
    const portion = {
      segments: writer.finish(),
      detections: detections.kept,
      matches: detections.total,
      feed: feed.state(),
      coverage: coverage.state(),
      carried: carried.state(),
      observations: observations.state(),
      signs: signs.state(),
      changes: changes.state(),
      starts: starts.state(),
      traffic: traffic.state(),
      flaws: [...detections.flaws(), ...flaws],
      counts: withFlaws(counts, detections.flaws().length),
    };
    keepPortion(bench.shelf, task.key, portion);
    return portion;
  } catch (error) {
    gathering.writer.discard();
    throw error;
  }
}

async function readPart(part: Part, bench: Workbench, gathering: Gathering, pace: Pace) {
  const { range, setting, format } = part;
  const reader = await bench.formats.load(format);
  const source = bench.open(part.bytes);
  try {
    return await readThrough({ reader, source, setting, range }, pace, (piece) => {
      if (piece.kind === "batch") take(piece, bench, gathering);
      else if (gathering.flaws.length < FLAWS_MAX) gathering.flaws.push(piece);
    });
  } finally {
    source.close();
  }
}

/** The first part stands for what is true of the whole task. */
function withFlaws(counts: Portion["counts"], more: number): Portion["counts"] {
  return counts.map((count, at) => (at === 0 ? { ...count, flaws: count.flaws + more } : count));
}

/** All look on while the batch is valid. */
function take(batch: Batch, bench: Workbench, gathering: Gathering): void {
  const { matcher, verdicts, from, to } = bench;
  gathering.writer.append(batch);
  gathering.coverage.add(batch);
  gathering.carried.add(batch);
  gathering.observations.add(batch);
  gathering.signs.add(batch);
  gathering.changes.add(batch);
  gathering.starts.add(batch);
  gathering.traffic.add(batch);
  const isLeftOut = (row: number) => isOutside(batch.ticks[row] ?? 0n, from, to);
  const found = (row: number, rule: string, detection: () => Detection) => {
    if (isLeftOut(row)) return;
    const { detections } = gathering;
    if (detections.isFull(rule)) detections.count(rule);
    else detections.add(detection());
  };
  const { hidden } = bench.plan.correlations;
  matcher.match(batch, (row, rule) => {
    if (!isLeftOut(row)) gathering.feed.add(rule, batch, row);
    if (!hidden.has(rule.id)) found(row, rule.id, () => withMarks(detectionOf(rule, batch, row)));
  });
  verdicts.look(batch, found);
}
