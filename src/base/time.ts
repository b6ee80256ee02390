/**
 * Time as a signed 64-bit count of 100 ns ticks since 1970-01-01T00:00:00Z (docs/design/time.md).
 * Refuses to read a clock: "now" is an argument that a door hands down.
 */

/** 100 ns ticks since 1970 UTC. */
export type Ticks = bigint & { readonly __brand: "Ticks" };

/** In a column of ticks: this row carries no time. Outside the years 1601 to 9999, so it never collides. */
export const UNDATED = -(2n ** 63n);

const PLAUSIBLE_FROM = BigInt(Date.UTC(1990, 0, 1)) * 10_000n;
const PLAUSIBLE_TO = BigInt(Date.UTC(2100, 0, 1)) * 10_000n;

/**
 * Whether a time can date an event: not UNDATED, and neither a zero of some epoch (1601, 1970) nor a far future that a
 * clock or a hand wrote. Such a record is shown as it is and never decides when something began.
 */
export function isPlausible(ticks: bigint): boolean {
  return ticks >= PLAUSIBLE_FROM && ticks < PLAUSIBLE_TO;
}

/** Whether a time lies outside [from, to); null leaves a side open. What has no time is never outside: it would be gone in silence. */
export function isOutside(ticks: bigint, from: bigint | null, to: bigint | null): boolean {
  if (ticks === UNDATED) return false;
  return (from !== null && ticks < from) || (to !== null && ticks >= to);
}

/** 100 ns ticks of a millisecond. */
export const TICKS_PER_MILLISECOND = 10_000n;
/** 100 ns ticks of a second. */
export const TICKS_PER_SECOND = 10_000_000n;
/** 100 ns ticks of an hour. */
export const TICKS_PER_HOUR = 36_000_000_000n;
/** 100 ns ticks of 24 hours. */
export const TICKS_PER_DAY = 864_000_000_000n;

/** FILETIME counts from 1601-01-01; this many ticks lie between the two epochs. */
export const FILETIME_EPOCH = 116_444_736_000_000_000n;
const YEAR_MIN_TICKS = -FILETIME_EPOCH;
const YEAR_MAX_TICKS = BigInt(Date.UTC(9999, 11, 31, 23, 59, 59, 999)) * 10_000n + 9_999n;

/** The count as Ticks, or null outside the years 1601 to 9999 (and for UNDATED). */
export function toTicks(count: bigint): Ticks | null {
  return count >= YEAR_MIN_TICKS && count <= YEAR_MAX_TICKS ? (count as Ticks) : null;
}

/** Ticks of a time in milliseconds since 1970; fractions below 100 ns are cut off. Null out of range. */
export function ticksFromMillis(millis: number): Ticks | null {
  if (!Number.isFinite(millis)) return null;
  const whole = Math.floor(millis);
  return toTicks(BigInt(whole) * 10_000n + BigInt(Math.floor((millis - whole) * 10_000)));
}

/** Milliseconds since 1970, rounded down. */
export function millisFromTicks(ticks: Ticks): number {
  const remainder =
    ((ticks % TICKS_PER_MILLISECOND) + TICKS_PER_MILLISECOND) % TICKS_PER_MILLISECOND;
  return Number((ticks - remainder) / TICKS_PER_MILLISECOND);
}

/** Ticks of a Windows FILETIME (100 ns since 1601 UTC, MS-DTYP 2.3.3). Null beyond the year 9999. */
export function ticksFromFiletime(filetime: bigint): Ticks | null {
  return toTicks(filetime - FILETIME_EPOCH);
}

/** FILETIME of a time, for writers. */
export function filetimeFromTicks(ticks: Ticks): bigint {
  return ticks + FILETIME_EPOCH;
}

/** ISO 8601 in UTC with `digits` (0 to 7) decimals of the second: the precision of the source. */
export function formatTicks(ticks: Ticks, digits = 7): string {
  const millis = millisFromTicks(ticks);
  const seconds = new Date(millis).toISOString().slice(0, 19);
  if (digits === 0) return `${seconds}Z`;
  const within = ((ticks % TICKS_PER_SECOND) + TICKS_PER_SECOND) % TICKS_PER_SECOND;
  return `${seconds}.${within.toString().padStart(7, "0").slice(0, digits)}Z`;
}

const ISO =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)?\s*(Z|[+-]\d\d:?\d\d)?$/;

/** A time read from text: its ticks, its decimals of a second, and whether the text named a zone. */
export interface ReadTime {
  readonly ticks: Ticks;
  readonly digits: number;
  /** False: the text carried no zone and was taken as UTC; the caller says so or shifts it. */
  readonly zoned: boolean;
}

/** Reads ISO 8601 (date, or date and time; blank or T between). Null where it is no real time. */
export function parseTime(text: string): ReadTime | null {
  const match = ISO.exec(text.trim());
  if (match === null) return null;
  const [, year, month, day, hour = "0", minute = "0", second = "0", fraction = "", zone] = match;
  const at = Date.UTC(Number(year), Number(month) - 1, Number(day), +hour, +minute, +second);
  const date = new Date(at);
  const east = zoneMinutes(zone);
  const real =
    east !== null &&
    // Date.UTC takes the years 0 to 99 for 1900 to 1999.
    date.getUTCFullYear() === Number(year) &&
    date.getUTCMonth() === Number(month) - 1 &&
    date.getUTCDate() === Number(day) &&
    +hour < 24 &&
    +minute < 60 &&
    +second < 60;
  if (!real) return null;
  const ticks = toTicks(
    (BigInt(at) - BigInt(east * 60_000)) * 10_000n + BigInt(fraction.slice(0, 7).padEnd(7, "0")),
  );
  if (ticks === null) return null;
  return { ticks, digits: Math.min(fraction.length, 7), zoned: zone !== undefined };
}

/** Minutes east of UTC of `Z`, `+01:00` or `-0530`; null where it is no offset (RFC 3339: to 23:59). */
function zoneMinutes(zone: string | undefined): number | null {
  if (zone === undefined || zone === "Z") return 0;
  const digits = zone.replace(":", "");
  const [hours, minutes] = [Number(digits.slice(1, 3)), Number(digits.slice(3, 5))];
  if (hours > 23 || minutes > 59) return null;
  return (digits.startsWith("-") ? -1 : 1) * (hours * 60 + minutes);
}

/** Whether the runtime's time zone data knows this IANA name (`Europe/Guernsey`). */
export function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat("en-GB", { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

/** Milliseconds that `zone` is ahead of UTC at an instant, by the runtime's time zone data. */
export function zoneOffsetMillis(zone: string, utcMillis: number): number {
  if (zone === "UTC") return 0;
  // The formatter cuts a fraction towards 1970; before 1970 that would be another second.
  const whole = Math.floor(utcMillis);
  const parts = formatterOf(zone).formatToParts(whole);
  const read = (type: string) => Number(parts.find((part) => part.type === type)?.value ?? "0");
  const wall = Date.UTC(
    read("year"),
    read("month") - 1,
    read("day"),
    read("hour"),
    read("minute"),
    read("second"),
  );
  return wall - Math.floor(whole / 1000) * 1000;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(zone: string): Intl.DateTimeFormat {
  const known = formatters.get(zone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });
  formatters.set(zone, made);
  return made;
}

/**
 * UTC milliseconds of a wall-clock time (given as if it were UTC milliseconds) in `zone`.
 * In the hour that the autumn change repeats the earlier instant is taken; in the hour that spring
 * skips, the time is read with the offset before the change.
 */
export function utcFromWallMillis(zone: string, wallMillis: number): number {
  const early = wallMillis - zoneOffsetMillis(zone, wallMillis - 86_400_000);
  const late = wallMillis - zoneOffsetMillis(zone, wallMillis + 86_400_000);
  const fits = (utc: number) => utc + zoneOffsetMillis(zone, utc) === wallMillis;
  if (fits(Math.min(early, late))) return Math.min(early, late);
  return fits(Math.max(early, late)) ? Math.max(early, late) : early;
}

const MONTHS =
  "January February March April May June July August September October November December".split(
    " ",
  );

/**
 * A time for people, cut to the minute: `13 August 2021, 04:12 UTC`; in another IANA zone with UTC beside it:
 * `13 August 2021, 05:12 Europe/Guernsey (04:12 UTC)`, dated again where the day differs.
 */
export function readableTime(ticks: Ticks, zone = "UTC"): string {
  const millis = millisFromTicks(ticks);
  const utc = wallClock(millis);
  if (zone === "UTC") return `${utc.day}, ${utc.minute} UTC`;
  const local = wallClock(millis + zoneOffsetMillis(zone, millis));
  const beside = local.day === utc.day ? utc.minute : `${utc.day}, ${utc.minute}`;
  return `${local.day}, ${local.minute} ${zone} (${beside} UTC)`;
}

function wallClock(wallMillis: number): { readonly day: string; readonly minute: string } {
  const wall = new Date(wallMillis);
  const day = `${wall.getUTCDate()} ${MONTHS[wall.getUTCMonth()] ?? ""} ${wall.getUTCFullYear()}`;
  return { day, minute: wall.toISOString().slice(11, 16) };
}

/** A length of time in its two largest units, cut off: `3 days 4 hours`, `12 minutes`, `0 minutes`. */
export function readableSpan(span: bigint): string {
  const minutes = (span < 0n ? -span : span) / (60n * TICKS_PER_SECOND);
  const parts = [
    [minutes / 1440n, "day"],
    [(minutes / 60n) % 24n, "hour"],
    [minutes % 60n, "minute"],
  ] as const;
  const first = parts.findIndex(([count]) => count > 0n);
  const shown = parts.slice(first, first + 2).filter(([count]) => count > 0n);
  const words = shown.map(([count, unit]) => `${count} ${unit}${count === 1n ? "" : "s"}`);
  return first < 0 ? "0 minutes" : words.join(" ");
}
