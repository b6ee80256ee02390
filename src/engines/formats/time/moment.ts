/**
 * The time that an exported event states. Exporters write UTC, local time without a zone, and local time with a wrong
 * `Z`: what the text says is believed, unless the case file names a zone for the file.
 */
import {
  type ReadTime,
  TICKS_PER_MILLISECOND,
  UNDATED,
  millisFromTicks,
  parseTime,
  ticksFromFiletime,
  toTicks,
} from "../../../base/time.ts";
import type { Setting } from "../../../model/evidence.ts";
import { wallClock } from "./wall-clock.ts";

/** When an event happened, as far as its text tells. */
export interface Moment {
  /** UNDATED where the text is no time. */
  readonly ticks: bigint;
  readonly digits: number;
  /** False: the text named no zone, or the case file's zone took the place of its `Z`. */
  readonly zoned: boolean;
}

const NO_MOMENT: Moment = { ticks: UNDATED, digits: 0, zoned: true };
/** `+01:00`: whoever writes a number knew the zone; a bare `Z` is written by habit. */
const OFFSET = /[+-]\d\d:?\d\d$/;

/** What the case file takes off every time, in ticks. */
export function skewTicks({ skewMillis }: Pick<Setting, "skewMillis">): bigint {
  return BigInt(Math.round(skewMillis)) * TICKS_PER_MILLISECOND;
}

/** Ticks of a FILETIME less a skew; UNDATED where it is zero, as Windows writes what it does not know, or out of time. */
export function ticksUnderSkew(filetime: bigint, skew: bigint): bigint {
  const ticks = filetime === 0n ? null : ticksFromFiletime(filetime);
  return (ticks === null ? null : toTicks(ticks - skew)) ?? UNDATED;
}

/** Reads times of one file, in file order. */
export type Clock = (text: string) => Moment;

/** The clock of a file under what the case file says about it; `recall` is that of wallClock. */
export function makeClock(setting: Setting, recall: () => void = () => {}): Clock {
  const clock = setting.zone === null ? null : wallClock(setting.zone, 0, recall);
  const skew = skewTicks(setting);
  return (text) => {
    const read = parseTime(text);
    if (read === null) return NO_MOMENT;
    const keep = clock === null || OFFSET.test(text.trim());
    // At either end of time a skew leads out of it.
    const ticks = toTicks((keep ? read.ticks : turned(read, clock)) - skew);
    if (ticks === null) return NO_MOMENT;
    return { ticks, digits: read.digits, zoned: keep && read.zoned };
  };
}

function turned(read: ReadTime, clock: (wallMillis: number) => number): bigint {
  const wall = millisFromTicks(read.ticks);
  return read.ticks + BigInt(clock(wall) - wall) * TICKS_PER_MILLISECOND;
}
