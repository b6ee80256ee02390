/**
 * Single events of a vault where they stand in the evidence, for whoever needs what was not kept of them. Their sources are read again,
 * whole; nothing is written but members of archives that have to be unpacked anew.
 */
import { type EventKey, eventKey } from "../model/event.ts";
import type { Batch } from "../model/event.ts";
import type { CaseFile } from "../model/case-file.ts";
import type { Place } from "../model/evidence.ts";
import { openBytes } from "./analyse.ts";
import { evidenceOf } from "./evidence.ts";
import { type Run, unpackPasswords } from "./inputs.ts";
import type { Knowledge } from "./knowledge.ts";
import type { Pace } from "./pace.ts";
import { readThrough } from "./read-through.ts";
import { type Ledger, type Unit, Units } from "./reading/units.ts";
import type { Vault } from "./vault/index.ts";

/** An event by where it stands. */
export interface EventAt {
  readonly place: Place;
  readonly offset: number;
}

/** What was read when the events were kept, and how. */
export interface ReadBefore {
  readonly vault: Vault;
  readonly run: Run;
  readonly caseFile: CaseFile;
  readonly knowledge: Knowledge;
}

/** Shows each of these events in its batch, while that is valid; gives the keys of those that are not to be found any more. */
export async function readAgain(
  before: ReadBefore,
  events: readonly EventAt[],
  pace: Pace,
  visit: (batch: Batch, rows: readonly number[]) => void,
): Promise<ReadonlySet<EventKey>> {
  const missing = new Set(events.map(({ place, offset }) => eventKey(place, offset)));
  const sources = new Set(events.map(({ place }) => sourceOf(place)));
  const units: Unit[] = [];
  for await (const unit of unitsOf(before, events, pace))
    if (sources.has(sourceOf(unit.setting.place))) units.push(unit);
  pace.start(
    "reading again",
    units.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
  );
  for (const { bytes, format, setting } of units) {
    const reader = await before.knowledge.formats.load(format);
    const source = openBytes(before.vault, bytes);
    try {
      await readThrough({ reader, source, setting }, pace, (piece) => {
        if (piece.kind === "flaw") return;
        const rows = [...piece.offsets.keys()].filter((row) =>
          missing.delete(eventKey(piece.place, piece.offsets[row] ?? 0)),
        );
        if (rows.length > 0) visit(piece, rows);
      });
    } finally {
      source.close();
    }
  }
  return missing;
}

/** The sources of the evidence that these events are of. */
async function* unitsOf(
  { vault, run, caseFile, knowledge }: ReadBefore,
  events: readonly EventAt[],
  pace: Pace,
): AsyncGenerator<Unit> {
  const hashes = new Set(events.map(({ place }) => place.evidence));
  const logs = new Map(run.logs.map(({ hash, sizeBytes }) => [hash, sizeBytes]));
  const evidence = evidenceOf(vault, run.entries)
    .filter(({ hash }) => hashes.has(hash))
    .map((one) => ({
      ...one,
      sizeBytes: Math.min(one.sizeBytes, logs.get(one.hash) ?? one.sizeBytes),
    }));
  const ledger: Ledger = { accounts: [], flaws: [], stopped: [] };
  const passwords = unpackPasswords(vault, run.passwords);
  const { formats } = knowledge;
  const units = new Units(
    { vault, formats, evidence, caseFile, passwords, stopped: run.stopped },
    ledger,
  );
  yield* await units.loose();
  for await (const members of units.members(pace)) yield* members;
}

function sourceOf({ evidence, member }: Place): string {
  return `${evidence} ${member}`;
}
