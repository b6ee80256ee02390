/**
 * Rules over the events that a vault keeps, without reading the evidence again: the store gives what may match, the matcher decides each
 * row. Where what was kept does not tell, the evidence does. Changes nothing in the vault; refuses one whose events are not there.
 */
import { Fault } from "../base/fault.ts";
import { unlistedOf } from "../engines/formats/index.ts";
import {
  type CarriedState,
  type CorrelationFeed,
  type Matcher,
  type Plan,
  createFeed,
  detectionOf,
  queryOf,
} from "../engines/sigma/index.ts";
import type { KeptBatch, Store } from "../engines/store/index.ts";
import type { Detection } from "../model/detection.ts";
import { type Batch, type EventKey, type Reach, eventKey } from "../model/event.ts";
import { FORMAT_IDS, type FormatId } from "../model/evidence.ts";
import type { Query } from "../model/query.ts";
import { takeDerivedBeside } from "./derived.ts";
import { withStore } from "./event-store.ts";
import { evidenceOf } from "./evidence.ts";
import { lastRun } from "./inputs.ts";
import { loadKnowledge, programVersion } from "./knowledge.ts";
import type { Pace } from "./pace.ts";
import { type EventAt, type ReadBefore, readAgain } from "./read-again.ts";
import type { Vault } from "./vault/index.ts";

/** What is held against kept events. */
export interface KeptAsked {
  readonly plan: Plan;
  readonly matcher: Matcher;
  /** Dated events outside [from, to) are left out; null leaves a side open. */
  readonly from: bigint | null;
  readonly to: bigint | null;
}

/** What a search came to. */
export interface KeptTotals {
  /** Events that the vault keeps, and how many of them the matcher saw. */
  readonly events: number;
  readonly candidates: number;
  /** Events that were decided by the evidence, and those that could not be, since it is gone. */
  readonly readAgain: number;
  readonly undecided: number;
  /** Evidence taken in since the events were kept. */
  readonly notKept: number;
  /** What the logs carried, of all times. */
  readonly carried: CarriedState;
  /** The base detections for correlations. */
  readonly feed: CorrelationFeed;
}

/**
 * Tells each detection of single rules in the order of the timeline. Faults: not-found where the vault keeps no events that this version
 * made, vault-damaged.
 */
export async function searchKept(
  vault: Vault,
  asked: KeptAsked,
  pace: Pace,
  tell: (detection: Detection) => Promise<void>,
): Promise<KeptTotals> {
  const run = lastRun(vault);
  if (run === null)
    throw new Fault(
      "not-found",
      "nothing was investigated in this vault",
      `breakwater investigate PATH... --vault ${vault.folder}`,
    );
  const knowledge = loadKnowledge();
  const derived = takeDerivedBeside(vault, run, programVersion(), knowledge.hash);
  if (derived === null)
    throw new Fault(
      "not-found",
      "the events of this vault are not there, or another version kept them",
      `breakwater unlock --vault ${vault.folder} makes them anew`,
    );
  const { caseFile, analysis } = derived;
  const before = { vault, run, caseFile, knowledge };
  return await withStore(vault, async (store) => {
    const search = new KeptSearch(store, asked, pace);
    await search.readAgain(before);
    await search.run(tell);
    const { candidates, feed, again, undecided } = search;
    return {
      events: store.rows,
      candidates,
      readAgain: again.size,
      undecided: undecided.size,
      notKept: evidenceOf(vault).length - evidenceOf(vault, run.entries).length,
      carried: analysis.carried,
      feed,
    };
  });
}

/** Formats of which something is lost where only listed fields are kept. */
const LOSSY: readonly FormatId[] = FORMAT_IDS.filter((id) => unlistedOf(id).isLost !== undefined);

function reachOf(format: FormatId, name: string): Reach {
  return unlistedOf(format).reach(name);
}

/** A detection, and the row that it is of. */
interface Found {
  readonly row: number;
  readonly detection: Detection;
}

/** One search through an open store. */
class KeptSearch {
  candidates = 0;
  readonly feed: CorrelationFeed;
  /** What the evidence says of events that what was kept does not decide. */
  readonly again = new Map<EventKey, Detection[]>();
  undecided: ReadonlySet<EventKey> = new Set();
  readonly #store: Store;
  readonly #asked: KeptAsked;
  readonly #pace: Pace;

  constructor(store: Store, asked: KeptAsked, pace: Pace) {
    this.#store = store;
    this.#asked = asked;
    this.#pace = pace;
    this.feed = createFeed(asked.plan);
  }

  /** Finds the events that what was kept does not decide, and has the evidence decide them. */
  async readAgain(before: ReadBefore): Promise<void> {
    const { bound } = this.#asked.plan;
    const rules = bound.filter(({ target }) => target.formats.some((id) => LOSSY.includes(id)));
    if (rules.length === 0) return;
    const formats: Query[] = LOSSY.map((value) => ({ kind: "is", column: "format", value }));
    const query: Query = {
      kind: "and",
      parts: [{ kind: "or", parts: formats }, queryOf(rules, reachOf)],
    };
    const lacking: EventAt[] = [];
    // What correlations ask for may be lacking as well; what they would be fed here does not count.
    const unused = createFeed(this.#asked.plan);
    for await (const batch of this.#batches(query, "looking for events that were not kept whole")) {
      this.#decide(batch, unused, () => true);
      for (let row = 0; row < batch.length; row++)
        if (batch.isLacking(row))
          lacking.push({ place: batch.place, offset: batch.offsets[row] ?? 0 });
    }
    if (lacking.length === 0) return;
    this.undecided = await readAgain(before, lacking, this.#pace, (batch, rows) => {
      const wanted = new Set(rows);
      for (const row of rows) this.again.set(keyOf(batch, row), []);
      for (const { row, detection } of this.#decide(batch, this.feed, (at) => wanted.has(at)))
        this.again.get(keyOf(batch, row))?.push(detection);
    });
  }

  /** Tells what the rules find, in the order of the timeline. */
  async run(tell: (detection: Detection) => Promise<void>): Promise<void> {
    const query = queryOf(this.#asked.plan.bound, reachOf);
    for await (const batch of this.#batches(query, "searching")) {
      this.candidates += batch.length;
      for (const { detection } of this.#found(batch)) await tell(detection);
    }
  }

  /** The detections of a batch in the order of its rows; of rows that the evidence decided, what it said. */
  #found(batch: Batch): readonly Found[] {
    if (this.again.size === 0 && this.undecided.size === 0)
      return this.#decide(batch, this.feed, () => true);
    const isKept = (row: number): boolean => {
      const key = keyOf(batch, row);
      return !this.again.has(key) && !this.undecided.has(key);
    };
    const kept = this.#decide(batch, this.feed, isKept);
    const told = [...batch.offsets.keys()].flatMap((row) =>
      (this.again.get(keyOf(batch, row)) ?? []).map((detection) => ({ row, detection })),
    );
    return [...kept, ...told].sort((left, right) => left.row - right.row);
  }

  #decide(
    batch: Batch,
    feed: CorrelationFeed,
    isWanted: (row: number) => boolean,
  ): readonly Found[] {
    const { plan, matcher } = this.#asked;
    const { hidden } = plan.correlations;
    const found: Found[] = [];
    matcher.match(batch, (row, rule) => {
      if (!isWanted(row)) return;
      feed.add(rule, batch, row);
      if (!hidden.has(rule.id)) found.push({ row, detection: detectionOf(rule, batch, row) });
    });
    return found;
  }

  /** The batches that a query may match, with progress. */
  async *#batches(query: Query, phase: string): AsyncGenerator<KeptBatch> {
    const { from, to } = this.#asked;
    this.#pace.start(phase, this.#store.rows, "events");
    let done = 0;
    for await (const { batches, passed } of this.#store.scan({ query, from, to, unlistedOf })) {
      yield* batches;
      this.#pace.add(passed - done);
      done = passed;
      await this.#pace.breathe();
    }
  }
}

function keyOf(batch: Batch, row: number): EventKey {
  return eventKey(batch.place, batch.offsets[row] ?? 0);
}
