/**
 * What the evidence lacks: days of logs that are gone, a log that rolled over, a folder in local time, a wrong clock.
 * Gaps are drawn after the attack, so that in some seeds they hide exactly the line that would date it.
 */
import { COLLECTED_AT, DAY, FIRST_DAY, HOUR, LAST_DAY, MINUTE, dayOf, on } from "./calendar.ts";
import type { Scene } from "./actor.ts";
import type { Clearing, Site } from "./plan.ts";
import type { Downtime } from "./traffic.ts";

/** A stretch that a source does not cover, exact to the millisecond. */
export interface SampleGap {
  readonly host: string;
  readonly source: string;
  readonly from: number;
  readonly to: number;
  readonly kind: "days-missing" | "rolled-over" | "cleared" | "not-collected";
}

/** Where the drawn gaps lie in relation to the first exploitation. */
export type Hiding = "nothing" | "back-end" | "front-end" | "both";

/** What the evidence of a story lacks or gets wrong. Days are whole days since 1970 in UTC. */
export interface Gaps {
  readonly list: readonly SampleGap[];
  readonly hiding: Hiding;
  /** First and last missing day, or null. */
  readonly missing: Readonly<Record<Site, readonly [number, number] | null>>;
  /** Days of W3SVC1 that were handed over in local time, in a folder of their own. */
  readonly localDays: readonly number[];
  /** Days of March that somebody kept. */
  readonly marchDays: readonly number[];
  readonly managementFrom: number;
  readonly securityFrom: number;
  readonly systemFrom: number;
  /** The web server's clock is ahead of true time by this. */
  readonly skewMillis: number;
  /** False: nobody told the case file. */
  readonly skewStated: boolean;
  readonly downtimes: readonly Downtime[];
}

const BACK_DAYS = 11;

/** Whether the day's file of a site is absent. */
export function isMissing(gaps: Gaps, site: Site, day: number): boolean {
  const range = gaps.missing[site];
  return range !== null && day >= range[0] && day <= range[1];
}

/** Draws the gaps around `exploitedAt`; null where nothing was exploited. */
export function drawGaps(
  scene: Scene,
  exploitedAt: number | null,
  marchDays: readonly number[],
): Gaps {
  const { cast, chance } = scene;
  const hiding = exploitedAt === null ? "nothing" : drawHiding(chance.real());
  const day = exploitedAt === null ? null : dayOf(exploitedAt);
  const back = drawBackDays(scene, day, hiding === "back-end" || hiding === "both");
  const front =
    day !== null && (hiding === "front-end" || hiding === "both")
      ? drawFrontDays(scene, day)
      : null;
  const kept = chance.happens(exploitedAt === null ? 0.3 : 1 / 6);
  const managementFrom = kept ? FIRST_DAY * DAY : on(10, 24) + chance.between(0, 27 * 24) * HOUR;
  const clearedAt = (log: Clearing["log"]) =>
    scene.plan.clearings.find((one) => one.log === log)?.at;
  const securityFrom = clearedAt("Security") ?? COLLECTED_AT - chance.between(50, 130) * HOUR;
  const systemFrom = clearedAt("System") ?? on(6, 1) + chance.between(0, 70 * 24) * HOUR;
  const mail = cast.mailServer.name;
  const list: SampleGap[] = [daysGap(mail, "W3SVC2", back)];
  if (front !== null) list.push(daysGap(mail, "W3SVC1", front));
  const start = FIRST_DAY * DAY;
  const startsAt = (source: string, to: number, cleared: boolean) =>
    list.push({ host: mail, source, from: start, to, kind: cleared ? "cleared" : "rolled-over" });
  if (!kept) startsAt("MSExchange Management", managementFrom, false);
  startsAt("Security", securityFrom, clearedAt("Security") !== undefined);
  if (systemFrom > start) startsAt("System", systemFrom, clearedAt("System") !== undefined);
  const lastOfMarch = marchDays.at(-1);
  if (lastOfMarch !== undefined) {
    list.push({
      host: mail,
      source: "W3SVC1",
      from: (lastOfMarch + 1) * DAY,
      to: start,
      kind: "not-collected",
    });
  }
  return {
    list,
    hiding,
    missing: { front, back, web: null },
    localDays: drawLocalDays(scene, front),
    marchDays,
    managementFrom,
    securityFrom,
    systemFrom,
    skewMillis: 7 * MINUTE * (chance.happens(0.7) ? 1 : -1),
    skewStated: chance.happens(0.8),
    downtimes: drawDowntimes(scene),
  };
}

function drawHiding(share: number): Hiding {
  if (share < 0.5) return "nothing";
  if (share < 0.72) return "back-end";
  return share < 0.86 ? "front-end" : "both";
}

function daysGap(
  host: string,
  source: string,
  [first, last]: readonly [number, number],
): SampleGap {
  return { host, source, from: first * DAY, to: (last + 1) * DAY, kind: "days-missing" };
}

/** Eleven days of the back end, over the first exploitation or well away from it. */
function drawBackDays(
  scene: Scene,
  exploited: number | null,
  over: boolean,
): readonly [number, number] {
  const { chance } = scene;
  for (;;) {
    const first =
      over && exploited !== null
        ? exploited - chance.between(0, BACK_DAYS - 1)
        : chance.between(FIRST_DAY + 8, LAST_DAY - 8 - BACK_DAYS);
    const last = first + BACK_DAYS - 1;
    const near = exploited !== null && exploited >= first - 1 && exploited <= last + 1;
    if (over || !near) return [first, last];
  }
}

function drawFrontDays(scene: Scene, exploited: number): readonly [number, number] {
  const { chance } = scene;
  return [exploited - chance.between(0, 2), exploited + chance.between(0, 3)];
}

/** Days in summer time, where local time differs from UTC, outside the missing ones. */
function drawLocalDays(scene: Scene, missing: readonly [number, number] | null): number[] {
  const { chance } = scene;
  const count = chance.between(5, 8);
  for (;;) {
    const first = on(8, 20) / DAY + chance.between(0, 50);
    if (missing === null || first > missing[1] + 1 || first + count < missing[0]) {
      return Array.from({ length: count }, (_, at) => first + at);
    }
  }
}

/** Restarts after updates, on nights in which the story asks nothing of the server. */
function drawDowntimes(scene: Scene): Downtime[] {
  const { chance, plan } = scene;
  const downtimes: Downtime[] = [];
  for (const tuesday of [on(6, 8), on(7, 13), on(9, 14), on(10, 12), on(11, 9)]) {
    const from = tuesday + chance.between(2, 5) * DAY + 2 * HOUR + chance.between(0, 90) * MINUTE;
    const to = from + chance.between(6, 22) * MINUTE;
    const busy = plan.requests.some(
      ({ end }) => end >= from - 20 * MINUTE && end <= to + 20 * MINUTE,
    );
    if (!busy) downtimes.push({ from, to });
  }
  return downtimes;
}
