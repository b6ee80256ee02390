/**
 * How the mail server was patched: which updates were installed, and when. In the benign half-year all of them within days of their
 * release; in the others up to a drawn build. Drawn apart from the story, so that another course leaves the story as it is.
 */
import { DAY, HOUR, dayOf, on } from "./calendar.ts";
import { Chance } from "./chance.ts";
import {
  type CumulativeUpdate,
  CUMULATIVE_UPDATES,
  type InstalledBuilds,
  type Installation,
  SECURITY_UPDATES,
  cumulativeUpdateOf,
  revisionOf,
} from "./exchange-build.ts";

/** The course of it. */
export interface Patching extends InstalledBuilds {
  /** Exchange at the end, four parts. */
  readonly build: string;
  /** A later run of setup, which states what is installed. */
  readonly schemaPreparedAt: number;
}

/** With this the benign half-year ends: every security update of 2021 was installed. */
const UP_TO_DATE = "15.1.2308.20";

/** The course up to a build, and whether the clinic patches at once: then that build is the newest. */
export function drawPatching(
  seed: number,
  variant: string,
  { build, prompt }: { readonly build: string; readonly prompt: boolean },
): Patching {
  const chance = new Chance(seed, `patching/${variant}`);
  const setup = new Chance(seed, `setup/${variant}`);
  const end = prompt ? UP_TO_DATE : build;
  const units = unitsUpTo(cumulativeUpdateOf(end));
  const last = units.length - 1;
  const starts = units.map(
    ({ releasedAt }, at) =>
      releasedAt + evening(at === last ? setup : chance, prompt ? [3, 12] : [6, 30]),
  );
  const installations = units.flatMap((unit, at) => {
    const start = starts[at] ?? unit.releasedAt;
    const until = starts[at + 1] ?? Number.POSITIVE_INFINITY;
    const updates = updatesOf(chance, unit, start).filter((update) => update.at < until);
    const held = updates.filter(
      (update) => at < last || revisionOf(update.build) <= revisionOf(end),
    );
    return [{ at: start, name: unit.name, kind: "CU" as const, build: unit.build }, ...held];
  });
  // The schema is prepared again in the weeks behind; in all builds before the story begins or shortly after.
  const lastStart = starts[last] ?? 0;
  const schemaPreparedAt = Math.max(lastStart + 20 * DAY, on(8, 2)) + setup.between(0, 6) * DAY;
  return { build: end, installations, schemaPreparedAt };
}

/** From CU19 on, or the one before it that is installed still. */
function unitsUpTo(end: CumulativeUpdate): CumulativeUpdate[] {
  const last = CUMULATIVE_UPDATES.indexOf(end);
  return CUMULATIVE_UPDATES.slice(Math.min(1, last), last + 1);
}

/** What the clinic installs on top of a cumulative update, in that order: none before it, and no two in one evening. */
function updatesOf(chance: Chance, unit: CumulativeUpdate, start: number): Installation[] {
  let before = dayOf(start) * DAY;
  return SECURITY_UPDATES.flatMap(({ kb, releasedAt }) => {
    const build = unit.updated[kb];
    if (build === undefined) return [];
    const at = Math.max(releasedAt, before) + evening(chance, [3, 12]);
    before = dayOf(at) * DAY;
    return [{ at, name: kb, kind: "SU" as const, build }];
  });
}

/** An hour of the evening, some days on. */
function evening(chance: Chance, [least, most]: readonly [number, number]): number {
  return chance.between(least, most) * DAY + 19 * HOUR + chance.below(2 * HOUR);
}
