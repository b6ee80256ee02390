/**
 * Canaries of a vault: set by name, journalled with their mark, and held against what a run detected. Refuses to let a run know a canary
 * that was set after it began, or after its as-of time: its replay must find the same (docs/design/canary.md).
 */
import { Buffer } from "node:buffer";
import { z } from "zod";
import { Fault } from "../base/fault.ts";
import { TICKS_PER_SECOND, type Ticks, toTicks } from "../base/time.ts";
import { CANARY_PREFIX, type Canary } from "../model/canary.ts";
import type { Detection } from "../model/detection.ts";
import type { Statement } from "../model/dossier.ts";
import type { Finding } from "../model/finding.ts";
import {
  type CanaryMatter,
  type SetCanary,
  bySetting,
  canaryFindings,
  nobodysMarks,
  sightCanaries,
  tellCanaries,
  withoutCanaries,
} from "../questions/answered/index.ts";
import { bodyOf } from "./bodies.ts";
import type { Derived } from "./derived.ts";
import type { Run } from "./inputs.ts";
import { foldJournal } from "./journal-fold.ts";
import { type Vault, damagedFault } from "./vault/index.ts";

/** Bytes of chance in a mark: nobody guesses 2^64. */
export const MARK_BYTES = 8;
/** A canary that is waited for longer is forgotten. */
const WITHIN_HOURS_MAX = 8784;
const WHERE_CHARS_MAX = 200;

/** The body of a `canary-set` act. */
const BODY = z.object({
  mark: z.string(),
  by: z.string(),
  where: z.string(),
  within_seconds: z.int().positive(),
});

/** What a person states; `chance`: MARK_BYTES that nobody can guess. */
export interface StatedCanary {
  readonly by: string;
  readonly where: string;
  readonly withinHours: number;
  readonly chance: Uint8Array;
}

/** Journals a canary and gives it. Faults: usage where the time to wait is none, or where the place is a text too long. */
export function setCanary(vault: Vault, stated: StatedCanary): SetCanary {
  const { by, where, withinHours, chance } = stated;
  const seconds = Math.round(withinHours * 3600);
  if (!(seconds >= 1 && withinHours <= WITHIN_HOURS_MAX))
    throw new Fault(
      "usage",
      "a canary is waited for between a second and a year",
      "write the hours as --within 1, or --within 0.5",
    );
  if (where.length > WHERE_CHARS_MAX)
    throw new Fault(
      "usage",
      `--where has more than ${WHERE_CHARS_MAX} characters`,
      'name the log and the host: --where "IIS of MX1"',
    );
  const mark = CANARY_PREFIX + Buffer.from(chance).toString("hex");
  const body: z.infer<typeof BODY> = { mark, by, where, within_seconds: seconds };
  const { time } = vault.act({ kind: "canary-set", by, body, sealed: null });
  return { mark, setAt: time, by, where, due: dueOf(vault, time, seconds) };
}

const allSet = foldJournal(
  (): { readonly entry: number; readonly canary: SetCanary }[] => [],
  (all, vault, entry) => {
    if (entry.kind !== "canary-set") return;
    const { mark, by, where, within_seconds } = bodyOf(vault, entry, BODY);
    const due = dueOf(vault, entry.time, within_seconds);
    all.push({ entry: entry.index, canary: { mark, setAt: entry.time, by, where, due } });
  },
);

/** Every canary of the vault in the order of setting; `entries`: only those before this index of the journal. */
export function canariesSet(
  vault: Vault,
  entries = Number.POSITIVE_INFINITY,
): readonly SetCanary[] {
  return allSet(vault)
    .filter(({ entry }) => entry < entries)
    .map(({ canary }) => canary)
    .sort(bySetting);
}

/**
 * Whether a run as of `until` judges a canary that one as of `after` left waiting. Where the log that should have it has died nothing grows,
 * and only the clock says that it is time.
 */
export function isCanaryDue(vault: Vault, after: Ticks, until: Ticks): boolean {
  return allSet(vault).some(({ canary: { due } }) => due > after && due <= until);
}

function dueOf(vault: Vault, setAt: Ticks, seconds: number): Ticks {
  const due = toTicks(setAt + BigInt(seconds) * TICKS_PER_SECOND);
  if (due === null) throw damagedFault(vault.folder, "a canary has no real time");
  return due;
}

/** What of a run canaries are judged by. */
export interface RunMatter extends Pick<Derived, "analysis" | "caseFile" | "watchesCanaries"> {
  readonly vault: Vault;
  readonly run: Pick<Run, "asOf" | "from" | "to" | "logs" | "entries">;
}

/** The canaries that are inputs of a run, with where it saw them. */
export function canariesOfRun(
  vault: Vault,
  { asOf, entries }: Pick<Run, "asOf" | "entries">,
  detections: readonly Detection[],
): readonly Canary[] {
  const known = canariesSet(vault, entries).filter(({ setAt }) => setAt <= asOf);
  return sightCanaries(known, detections);
}

/** The detections of a run that can be signs of an attack: without what its canaries left. */
export function attackDetections(
  vault: Vault,
  run: Pick<Run, "asOf" | "entries">,
  detections: readonly Detection[],
): readonly Detection[] {
  return withoutCanaries(detections, canariesOfRun(vault, run, detections));
}

/** The findings of a run about canaries that were not seen. */
export function unseenIn(matter: RunMatter): readonly Finding[] {
  const { vault, run, analysis } = matter;
  return canaryFindings(canariesOfRun(vault, run, analysis.detections), matterOf(matter));
}

/** What the canaries of a run (canariesOfRun) tell. A mark is nobody's where no canary of the vault has it, whenever set. */
export function toldOfCanaries(
  matter: RunMatter,
  canaries: readonly Canary[],
): { readonly statements: readonly Statement[]; readonly unknown: readonly string[] } {
  const nobodys = nobodysMarks(canariesSet(matter.vault), matter.analysis.detections);
  return tellCanaries(canaries, nobodys, matterOf(matter));
}

/** How the canaries of a run are judged. */
export function matterOf({ run, analysis, caseFile, watchesCanaries }: RunMatter): CanaryMatter {
  const followed = new Set(run.logs.map(({ hash }) => hash));
  return {
    asOf: run.asOf,
    from: run.from,
    to: run.to,
    hosts: caseFile.hosts,
    coverage: analysis.coverage,
    isFollowed: ({ evidence }) => followed.has(evidence),
    hasRules: watchesCanaries,
  };
}
