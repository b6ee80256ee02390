/**
 * Which process started which, at any depth: by Sysmon's own name of a process, otherwise by the number and the start, since numbers are
 * used again. Pure; order of its input decides nothing. Refuses a parent whose program is another than the record names.
 */
import { TICKS_PER_SECOND } from "../../../base/time.ts";
import { byCodeUnits } from "../../../base/text.ts";
import type { Started } from "./started.ts";
import type { WorkerTerms } from "./terms.ts";

/** Deeper than any chain of commands; a forged log may have more. */
const DEPTH_MAX = 64;
/** Windows and Sysmon record one start within milliseconds of each other. */
const SAME_WITHIN = 2n * TICKS_PER_SECOND;

/** A start with its place: under the worker, nobody's of interest, or unknown because its parent's start is not here. */
export interface Placed {
  readonly started: Started;
  readonly under: "worker" | "unknown" | "other";
  /** Programs from the worker down to the one that started it; empty where it is not under the worker. */
  readonly chain: readonly string[];
}

/** Places every start of all hosts; one start in two logs is one. In order of time. */
export function placeStarts(starts: readonly Started[], terms: WorkerTerms): readonly Placed[] {
  return [...Map.groupBy(starts, ({ host }) => host).values()]
    .flatMap((own) => placeOnHost(own.toSorted(byStart), terms))
    .sort((a, b) => byStart(a.started, b.started));
}

/** Orders starts by time; of one time by what they are and where they stand. */
export function byStart(a: Started, b: Started): number {
  if (a.ticks !== b.ticks) return a.ticks < b.ticks ? -1 : 1;
  return a.id - b.id || byCodeUnits(a.channel, b.channel) || byCodeUnits(a.at.key, b.at.key);
}

function placeOnHost(ordered: readonly Started[], terms: WorkerTerms): readonly Placed[] {
  const byId = new Map<number, Placed>();
  const byGuid = new Map<string, Placed>();
  const placed = new Set<Placed>();
  for (const started of ordered) {
    const twin = byId.get(started.id);
    const parent = parentOf(started, byId, byGuid);
    let own = placeUnder(started, parent, terms);
    if (twin !== undefined && isSameStart(twin.started, started)) {
      placed.delete(twin);
      own = joined(twin, own);
    }
    placed.add(own);
    byId.set(started.id, own);
    if (started.guid !== "") byGuid.set(started.guid, own);
  }
  return [...placed];
}

/** One start of two records: the earlier, with what only the later one names, placed by whichever tells more of the parent. */
function joined(a: Placed, b: Placed): Placed {
  const started = {
    ...a.started,
    guid: a.started.guid || b.started.guid,
    parentGuid: a.started.parentGuid || b.started.parentGuid,
    parentImage: a.started.parentImage || b.started.parentImage,
  };
  return { ...(a.under === "worker" || b.under !== "worker" ? a : b), started };
}

function isSameStart(a: Started, b: Started): boolean {
  return a.image === b.image && a.at.key !== b.at.key
    ? b.ticks - a.ticks <= SAME_WITHIN && (a.channel !== b.channel || a.ticks === b.ticks)
    : a.at.key === b.at.key;
}

function parentOf(
  { parentGuid, parentId, parentImage }: Started,
  byId: ReadonlyMap<number, Placed>,
  byGuid: ReadonlyMap<string, Placed>,
): Placed | null {
  const named = parentGuid === "" ? undefined : byGuid.get(parentGuid);
  if (named !== undefined) return named;
  const numbered = byId.get(parentId);
  if (numbered === undefined) return null;
  return parentImage === "" || numbered.started.image === parentImage ? numbered : null;
}

function placeUnder(started: Started, parent: Placed | null, terms: WorkerTerms): Placed {
  const image = parent?.started.image ?? started.parentImage;
  if (terms.isWorker(image)) return { started, under: "worker", chain: [image] };
  if (parent === null) {
    const isOther = image !== "" && terms.isStanding(image);
    return { started, under: isOther ? "other" : "unknown", chain: [] };
  }
  const chain =
    parent.under === "worker" ? [...parent.chain, parent.started.image].slice(0, DEPTH_MAX) : [];
  return { started, under: parent.under, chain };
}
