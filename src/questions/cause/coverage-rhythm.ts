/**
 * The rhythm of a source, and the silences that break it (docs/design/coverage.md). A silence is held against the
 * source's own habit, never against a fixed limit: a busy web log is never silent for hours, a clinic's log at
 * night and over Christmas, an administrator's log for weeks. Refuses to judge where there is too little to tell.
 */
import { readableSpan, TICKS_PER_DAY, TICKS_PER_HOUR } from "../../base/time.ts";
import { count } from "../../engines/wording/index.ts";
import type { Gap } from "../../model/coverage.ts";
import { referenceTo, type Span } from "./coverage-spans.ts";

/** What a source's spans tell of its habits. */
export interface Rhythm {
  /** The longest silence that is no gap, at least the width of a span; null where nothing can be told. */
  readonly longest: bigint | null;
  readonly gaps: readonly Gap[];
}

/** Below this many spans or days nothing is judged. */
const SPANS_MIN = 100;
const DAYS_MIN = 7;
/** Wider spans than this do not tell one day from the next. */
const WIDTH_MAX = 8n * TICKS_PER_HOUR;
/** The shortest silence that can be a gap in a source that never rests. */
const GAP_MIN = 6n * TICKS_PER_HOUR;
/** A source never rests when 49 of 50 active hours are followed by the next record within this time. */
const RESTLESS_WITHIN = 2n * TICKS_PER_HOUR;
/** Easter, and Christmas with both its days, silence an office for two working days; three are no holiday. */
const HOLIDAY_DAYS_MAX = 2;
/**
 * From the silence of one active hour in 10 to that of one in 50, so often again until it is incredible. For
 * exponential silences that is 8 times the silence of one in 50; heavier tails are left alone altogether.
 */
const TAIL_POWER = 4;
/** A silence this long tells nothing about weekdays, as long as such silences are rare. */
const LONG_DAYS_MIN = 8;

/** Between two neighbouring spans: nothing. */
interface Silence {
  readonly before: Span;
  readonly after: Span;
  readonly length: bigint;
  /** Whole days (UTC) without a record are those from `day` on, `days` of them. */
  readonly day: number;
  readonly days: number;
}

/** Monday to Sunday: how many such days the source has seen, and on how many it spoke. */
interface Weekdays {
  readonly dates: readonly number[];
  readonly active: readonly number[];
  readonly activeDays: number;
  /** Rare long silences, whose days are not among `dates`. */
  readonly leftOut: ReadonlySet<Silence>;
}

/** Judges every silence between spans given in order of time. */
export function judgeRhythm(spans: readonly Span[], widthTicks: bigint): Rhythm {
  const [first, last] = [spans[0], spans.at(-1)];
  const nothing = { longest: null, gaps: [] };
  if (first === undefined || last === undefined || spans.length < SPANS_MIN) return nothing;
  const daysCovered = dayOf(last.last.ticks) - dayOf(first.first.ticks) + 1;
  if (widthTicks > WIDTH_MAX || daysCovered < DAYS_MIN) return nothing;
  const silences = silencesOf(spans);
  const weekdays = weekdaysOf(spans, silences);
  if (weekdays.dates.every((_, weekday) => habitOn(weekday, null, weekdays) !== "works"))
    return nothing;
  const missed = silences.map((silence) => missedBy(silence, weekdays));
  const habit = habitOf(spans.length, silences, missed, weekdays);
  const broken = silences.map((silence, at) =>
    breaksHabit(silence, missed[at] ?? 0, weekdays, habit),
  );
  const isGap = silences.map((_, at) => broken[at] === true && !isOutdone(at));

  /**
   * A longer silence that is no gap shows that this one is none either, unless that one was a night or a holiday and
   * this one misses more working days than it and than any holiday.
   */
  function isOutdone(gap: number): boolean {
    const days = missed[gap] ?? 0;
    const length = silences[gap]?.length ?? 0n;
    return silences.some(
      (other, at) =>
        broken[at] === false &&
        other.length >= length &&
        (days <= HOLIDAY_DAYS_MAX || (missed[at] ?? 0) >= days),
    );
  }

  const longest = silences.reduce(
    (longest, { length }, at) => (isGap[at] !== true && length > longest ? length : longest),
    widthTicks,
  );
  const gaps = silences.flatMap((silence, at) =>
    isGap[at] === true ? [gapOf(silence, missed[at] ?? 0, longest)] : [],
  );
  return { longest, gaps };
}

/** How long the silences of a source usually are. */
interface Habit {
  /** All but one in 50, and all but one in 100, of the active hours are followed by a silence no longer than this. */
  readonly mostly: bigint;
  readonly nearlyAlways: bigint;
  /** Longer than chance gives a source with silences like these: the heavier their tail, the longer. */
  readonly incredible: bigint;
  /** Whole days missed by a silence, but for one in 100. */
  readonly missed: number;
  /** Whole days missed by all silences together, the rare long ones left out. */
  readonly missedTogether: number;
}

function habitOf(
  spans: number,
  silences: readonly Silence[],
  missed: readonly number[],
  weekdays: Weekdays,
): Habit {
  const lengths = silences.map(({ length }) => length).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const mostly = atMost(lengths, spans, 50, 0n);
  const often = atMost(lengths, spans, 10, 0n);
  const tail = Number(mostly) / Number(often > TICKS_PER_HOUR ? often : TICKS_PER_HOUR);
  const incredible = Number(mostly) * Math.max(1, tail) ** TAIL_POWER;
  return {
    mostly,
    nearlyAlways: atMost(lengths, spans, 100, 0n),
    incredible: BigInt(Math.round(Math.min(incredible, Number.MAX_SAFE_INTEGER))),
    missed: atMost(
      missed.toSorted((a, b) => a - b),
      weekdays.activeDays,
      100,
      0,
    ),
    missedTogether: silences.reduce(
      (sum, silence, at) => sum + (weekdays.leftOut.has(silence) ? 0 : (missed[at] ?? 0)),
      0,
    ),
  };
}

function breaksHabit(silence: Silence, missed: number, weekdays: Weekdays, habit: Habit): boolean {
  const { length } = silence;
  const days = weekdays.dates.map((_, weekday) => habitOn(weekday, silence, weekdays));
  const daily = days.every((day) => day === "works");
  if (habit.mostly <= RESTLESS_WITHIN && !days.includes("rests"))
    return (missed > 0 || daily) && length >= GAP_MIN && length > habit.incredible;
  const own = weekdays.leftOut.has(silence) ? 0 : missed;
  const others = habit.missedTogether - own;
  if (daily && others <= Math.max(1, weekdays.activeDays / 100))
    return missed > 0 && length * 2n > habit.nearlyAlways * 5n;
  if (!daily && others <= HOLIDAY_DAYS_MAX + weekdays.activeDays / 20)
    return missed > HOLIDAY_DAYS_MAX && missed > 2 * habit.missed;
  return missed > HOLIDAY_DAYS_MAX && length > habit.incredible;
}

/** The largest value once one in `rare` of `total` is set aside as rare, and always the very largest. */
function atMost<T>(ascending: readonly T[], total: number, rare: number, none: T): T {
  const aside = Math.max(1, Math.floor(total / rare));
  return ascending[ascending.length - 1 - aside] ?? none;
}

function silencesOf(spans: readonly Span[]): Silence[] {
  return spans.slice(1).map((after, at) => {
    const before = spans[at] ?? after;
    const day = dayOf(before.last.ticks) + 1;
    const days = Math.max(0, dayOf(after.first.ticks) - day);
    return { before, after, length: after.first.ticks - before.last.ticks, day, days };
  });
}

function weekdaysOf(spans: readonly Span[], silences: readonly Silence[]): Weekdays {
  const activeDates = new Set(
    spans.flatMap(({ first, last }) => [dayOf(first.ticks), dayOf(last.ticks)]),
  );
  const active = [0, 0, 0, 0, 0, 0, 0];
  for (const day of activeDates) add(active, weekdayOf(day), 1);
  const long = silences.filter(({ days }) => days >= LONG_DAYS_MIN);
  const rare = long.length <= Math.max(1, Math.floor(activeDates.size / 20));
  const leftOut = new Set(rare ? long : []);
  const dates = [...active];
  for (const silence of silences)
    if (!leftOut.has(silence))
      for (let weekday = 0; weekday < 7; weekday++)
        add(dates, weekday, datesWithin(silence, weekday));
  return { dates, active, activeDays: activeDates.size, leftOut };
}

function add(counts: number[], at: number, more: number): void {
  counts[at] = (counts[at] ?? 0) + more;
}

/**
 * What the source does on this weekday: it works when it has records on three of four such days, those of the silence
 * itself left out; it rests when it has some on fewer than half.
 */
type WeekdayHabit = "works" | "rests" | "unclear" | "unseen";

function habitOn(weekday: number, silence: Silence | null, weekdays: Weekdays): WeekdayHabit {
  const own = silence === null || weekdays.leftOut.has(silence) ? 0 : datesWithin(silence, weekday);
  const others = (weekdays.dates[weekday] ?? 0) - own;
  if (others === 0) return "unseen";
  const share = (weekdays.active[weekday] ?? 0) / others;
  return share >= 3 / 4 ? "works" : share < 1 / 2 ? "rests" : "unclear";
}

/** Whole days of the silence on which the source should have spoken; an unseen Monday to Friday counts as one. */
function missedBy(silence: Silence, weekdays: Weekdays): number {
  let missed = 0;
  for (let weekday = 0; silence.days > 0 && weekday < 7; weekday++) {
    const habit = habitOn(weekday, silence, weekdays);
    if (habit === "works" || (habit === "unseen" && weekday < 5))
      missed += datesWithin(silence, weekday);
  }
  return missed;
}

function datesWithin(silence: Silence, weekday: number): number {
  const first = (weekday - weekdayOf(silence.day) + 7) % 7;
  return first >= silence.days ? 0 : Math.floor((silence.days - 1 - first) / 7) + 1;
}

function gapOf(silence: Silence, missed: number, longest: bigint): Gap {
  const { before, after, length } = silence;
  const days =
    missed === 0
      ? ""
      : `, ${count(missed, "whole day")} of it on weekdays on which this log otherwise has records`;
  return {
    from: before.last.ticks,
    to: after.first.ticks,
    kind: "quiet",
    why: `no record for ${readableSpan(length)}${days}; its longest other silence is ${
      longest <= TICKS_PER_HOUR ? "under an hour" : readableSpan(longest)
    }`,
    before: referenceTo(before.last),
    after: referenceTo(after.first),
  };
}

/** Days since 1970-01-01, UTC. */
function dayOf(ticks: bigint): number {
  const day = ticks / TICKS_PER_DAY;
  return Number(ticks < 0n && day * TICKS_PER_DAY !== ticks ? day - 1n : day);
}

/** 0 is Monday; 1970-01-01 was a Thursday. */
function weekdayOf(day: number): number {
  return (((day + 3) % 7) + 7) % 7;
}
