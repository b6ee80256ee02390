/**
 * Gathers starts of processes that are, or may be, under the web server's worker. Refuses to keep the others: a server starts thousands a
 * day. What is left out because there are too many is counted.
 */
import { byCodeUnits } from "../../../base/text.ts";
import { count } from "../../../engines/wording/index.ts";
import type { Batch } from "../../../model/event.ts";
import { byStart, placeStarts } from "./lineage.ts";
import { lookForStarts, type Started } from "./started.ts";
import type { WorkerTerms } from "./terms.ts";

/** What a collector has gathered, as data. */
export interface StartsState {
  readonly starts: readonly Started[];
  /** Starts that were not kept. */
  readonly uncounted: number;
}

/** Gathers starts from batches while they are read; what was gathered can be handed on. */
export interface StartCollector {
  add(batch: Batch): void;
  /** What was gathered so far without what is under no worker; valid until the next call. */
  state(): StartsState;
  /** Takes in what another collector has gathered. */
  absorb(state: StartsState): void;
}

/** Starts of one task before they are placed, and of a whole run after: the earliest are kept. */
const STARTS_MAX = 65_536;

/** A collector that has seen nothing. */
export function createStarts(terms: WorkerTerms): StartCollector {
  let starts = new Map<string, Started>();
  let uncounted = 0;
  const put = (started: Started) => {
    starts.set(started.at.key, started);
    if (starts.size >= 2 * STARTS_MAX) cut();
  };
  const cut = () => {
    const kept = concerning([...starts.values()], terms);
    uncounted += Math.max(0, kept.length - STARTS_MAX);
    starts = new Map(kept.slice(0, STARTS_MAX).map((started) => [started.at.key, started]));
  };
  return {
    add: (batch) => lookForStarts(batch, put),
    state() {
      cut();
      return { starts: [...starts.values()], uncounted };
    },
    absorb(state) {
      uncounted += state.uncounted;
      for (const started of state.starts) put(started);
    },
  };
}

/** What was left out, as sentences; none where nothing was. */
export function startLimits({ uncounted }: StartsState): readonly string[] {
  return uncounted === 0
    ? []
    : [
        `What ${count(uncounted, "further process start")} would show of commands under the web server's worker: there are more of them than can be kept.`,
      ];
}

/**
 * Starts under the worker, the worker's own, and those whose parent's start may stand in another part of the log: of these the first of
 * each program under each parent, since a monitoring agent starts the same one every minute.
 */
function concerning(starts: readonly Started[], terms: WorkerTerms): readonly Started[] {
  const first = new Map<string, Started>();
  const kept: Started[] = [];
  for (const { started, under } of placeStarts(starts, terms)) {
    if (under === "worker" || terms.isWorker(started.image)) kept.push(started);
    else if (under === "unknown") {
      const { host, parentId, parentImage, image } = started;
      const key = JSON.stringify([host, parentId, parentImage, image]);
      if (!first.has(key)) first.set(key, started);
    }
  }
  return [...kept, ...first.values()].sort((a, b) => byStart(a, b) || byCodeUnits(a.host, b.host));
}
