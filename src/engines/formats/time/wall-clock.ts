/**
 * The wall clock of one log turned into UTC. Mostly there is nothing to turn; logs that somebody converted to local
 * time, or labelled wrongly, are read by the zone that the case file names, change hours included.
 */
import { utcFromWallMillis, zoneOffsetMillis } from "../../../base/time.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** A wall clock that falls back by more than this within a repeated hour has been set back: logs are out of order by seconds. */
const SET_BACK = HOUR / 12;

/** UTC milliseconds of wall-clock milliseconds, asked in file order; one for each reading of a file. */
export type WallClock = (wallMillis: number) => number;

/**
 * The clock of a file in `zone` (null: UTC) that was `skewMillis` ahead of true time. Who reads a file from its middle on
 * gives `recall`: called once, at the first time whose meaning the order of the file decides, it shows the clock all
 * times that stand before.
 */
export function wallClock(
  zone: string | null,
  skewMillis: number,
  recall: () => void = () => {},
): WallClock {
  return zone === null ? (wall) => wall - skewMillis : zoneClock(zone, skewMillis, recall);
}

/**
 * The zone's rules are asked once an hour. In the hour that autumn repeats, the order of the file decides:
 * until the clock is seen to go back the earlier instant is meant, afterwards the later one.
 */
function zoneClock(zone: string, skewMillis: number, recall: () => void): WallClock {
  let recalled = false;
  let hour = Number.NaN;
  let offset: number | null = null;
  let latest = Number.NEGATIVE_INFINITY;
  let setBack = false;
  return (wall) => {
    if (Number.isNaN(wall)) return wall;
    const start = Math.floor(wall / HOUR) * HOUR;
    if (start !== hour) {
      hour = start;
      offset = steadyOffset(zone, start);
    }
    if (offset !== null) return wall - offset - skewMillis;
    const { first, second } = instantsOf(zone, wall);
    if (first === second) return first - skewMillis;
    if (!recalled) {
      recalled = true;
      recall();
    }
    if (Math.abs(wall - latest) > DAY) {
      latest = wall;
      setBack = false;
    }
    if (wall < latest - SET_BACK) setBack = true;
    latest = Math.max(latest, wall);
    return (setBack ? second : first) - skewMillis;
  };
}

/** The one offset that holds in the whole hour from `start`, or null where the clock changes or repeats in it. */
function steadyOffset(zone: string, start: number): number | null {
  const last = start + HOUR - 1;
  const from = instantsOf(zone, start);
  const to = instantsOf(zone, last);
  const steady =
    from.first === from.second && to.first === to.second && to.first - from.first === HOUR - 1;
  return steady ? start - from.first : null;
}

/** Both instants at which clocks in `zone` showed this; the same one twice outside the repeated hour. */
function instantsOf(
  zone: string,
  wall: number,
): { readonly first: number; readonly second: number } {
  const first = utcFromWallMillis(zone, wall);
  const second = wall - zoneOffsetMillis(zone, wall + DAY);
  const repeated = second > first && second + zoneOffsetMillis(zone, second) === wall;
  return { first, second: repeated ? second : first };
}
