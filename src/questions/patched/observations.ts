/**
 * Observations of builds and updates over all evidence, gathered while it is read. Refuses to decide: what contradicts what is
 * for whoever holds them against claims. Order of reading decides nothing (docs/design/observations.md).
 */
import { UNDATED } from "../../base/time.ts";
import { byCodeUnits } from "../../base/text.ts";
import { known } from "../../base/assert.ts";
import { count, nameHosts } from "../../engines/wording/index.ts";
import type { CaseHost } from "../../model/case-file.ts";
import type { Batch, EventReference } from "../../model/event.ts";
import type { Observation, Observations } from "../../model/observation.ts";
import { parseBuild } from "./build.ts";
import { withNeighbours } from "./neighbours.ts";
import { type SeenState, Sightings, type SightingsState } from "./sightings.ts";
import type { StrengthKnowledge } from "./strengths.ts";
import { lookAt } from "./testimony.ts";

/** What a collector has gathered, as data: for another thread, or for the next day. */
export type ObservationsState = SightingsState;

/** What turns sightings into observations. */
export interface ObservationTerms {
  readonly strengths: StrengthKnowledge;
  /** Those of the case file. */
  readonly hosts: readonly CaseHost[];
  /** When the file of a record was last changed where it lay, in ticks; null where nobody knows. */
  readonly changedAt: (reference: EventReference) => bigint | null;
}

/** Gathers from batches while they are read; finished once, when all are. */
export interface ObservationCollector {
  /** Looks at every row of a batch; the batch is not kept. */
  add(batch: Batch): void;
  /** What was gathered so far, valid until the next call. */
  state(): ObservationsState;
  /** Takes in what another collector has gathered: in whatever order, the observations are the same. */
  absorb(state: ObservationsState): void;
  /** The observations of all that was added, by host, product, kind, source and build. */
  finish(terms: ObservationTerms): Observations;
}

/** A collector that has seen nothing. */
export function createObservations(): ObservationCollector {
  const sightings = new Sightings();
  return {
    add(batch) {
      lookAt(sightings, batch);
    },
    state: () => sightings.state(),
    absorb(state) {
      sightings.absorb(state);
    },
    finish(terms) {
      const { entries, uncounted } = sightings.state();
      const nameOf = nameHosts(
        terms.hosts,
        entries.map(({ host }) => host),
      );
      const joined = new Sightings();
      const named = entries.map((entry) => ({ ...entry, host: nameOf(entry.host) }));
      joined.absorb({ entries: withNeighbours(named).sort(byThing), uncounted });
      const limits =
        joined.uncounted > 0
          ? [
              `${count(joined.uncounted, "record")} that speak of builds or updates are not among the observations: a log names more of them than can be kept.`,
            ]
          : [];
      const observations = joined
        .state()
        .entries.map((entry) => told(entry, terms))
        .sort(byThing);
      return { observations, limits };
    },
  };
}

function told(entry: SeenState, { strengths, changedAt }: ObservationTerms): Observation {
  const { host, folder, product, kind, kb, first, last, days, records } = entry;
  const { strength, revisionStrength, why } = known(
    strengths.get(kind),
    "every kind has a strength",
  );
  const isDated = first.ticks !== UNDATED;
  return {
    host,
    hostAssumedFrom: folder,
    product,
    build: entry.build === "" ? null : parseBuild(entry.build),
    kb,
    kind,
    strength,
    revisionStrength,
    source: entry.channel === "" ? entry.format : entry.channel,
    basis: why,
    first,
    last,
    days,
    records,
    notAfter: isDated ? null : changedAt(first.at),
  };
}

/** What orders entries and observations alike: words, never the order of reading. */
function byThing(a: Observation | SeenState, b: Observation | SeenState): number {
  return (
    byCodeUnits(a.host, b.host) ||
    byCodeUnits(folderOf(a), folderOf(b)) ||
    byCodeUnits(a.product, b.product) ||
    byCodeUnits(a.kind, b.kind) ||
    byCodeUnits(sourceOf(a), sourceOf(b)) ||
    byCodeUnits(buildOf(a), buildOf(b)) ||
    byCodeUnits(a.kb, b.kb)
  );
}

function folderOf(thing: Observation | SeenState): string {
  return "folder" in thing ? thing.folder : thing.hostAssumedFrom;
}

function sourceOf(thing: Observation | SeenState): string {
  return "source" in thing ? thing.source : `${thing.format}\n${thing.channel}`;
}

function buildOf({ build }: Observation | SeenState): string {
  return typeof build === "string" ? build : (build?.text ?? "");
}
