import fc from "fast-check";
import { expect, test } from "vitest";
import { known } from "./assert.ts";
import {
  filetimeFromTicks,
  formatTicks,
  isZone,
  millisFromTicks,
  parseTime,
  readableSpan,
  readableTime,
  type Ticks,
  TICKS_PER_DAY,
  TICKS_PER_HOUR,
  ticksFromFiletime,
  ticksFromMillis,
  toTicks,
  UNDATED,
  utcFromWallMillis,
  zoneOffsetMillis,
} from "./time.ts";

const FIRST = -116_444_736_000_000_000n;
const GUERNSEY = "Europe/Guernsey";

/** The ticks of a time that is known to be one. */
function at(text: string): Ticks {
  return known(parseTime(text), text).ticks;
}

const anyTicks = fc
  .bigInt({ min: at("1601-01-01"), max: at("9999-12-31T23:59:59.9999999Z") })
  .map((count) => known(toTicks(count), "within range"));

test("the years 1601 to 9999 are times, one tick beyond is none, nor is UNDATED", () => {
  expect(at("1601-01-01T00:00:00Z")).toBe(FIRST);
  expect(formatTicks(at("9999-12-31T23:59:59.9999999Z"))).toBe("9999-12-31T23:59:59.9999999Z");
  expect(toTicks(FIRST - 1n)).toBeNull();
  expect(toTicks(at("9999-12-31T23:59:59.9999999Z") + 1n)).toBeNull();
  expect(toTicks(UNDATED)).toBeNull();
});

test("a FILETIME keeps its 100 ns", () => {
  expect(ticksFromFiletime(0n)).toBe(FIRST);
  expect(ticksFromFiletime(116_444_736_000_000_000n)).toBe(0n);
  // 2021-08-13 04:12:33.1234567 UTC, counted by hand: 1,628,827,953 seconds after 1970.
  const filetime = 116_444_736_000_000_000n + 16_288_279_531_234_567n;
  expect(formatTicks(known(ticksFromFiletime(filetime), "in range"))).toBe(
    "2021-08-13T04:12:33.1234567Z",
  );
  expect(ticksFromFiletime(-1n)).toBeNull();
  expect(ticksFromFiletime(2n ** 63n - 1n)).toBeNull();
});

test("property: FILETIME there and back", () => {
  fc.assert(
    fc.property(anyTicks, (ticks) => {
      expect(ticksFromFiletime(filetimeFromTicks(ticks))).toBe(ticks);
    }),
  );
});

test("property: format and parse give the same time, cut to the digits", () => {
  fc.assert(
    fc.property(anyTicks, fc.integer({ min: 0, max: 7 }), (ticks, digits) => {
      const read = known(parseTime(formatTicks(ticks, digits)), "a printed time");
      const unit = 10n ** BigInt(7 - digits);
      const within = ((ticks % unit) + unit) % unit;
      expect(read).toEqual({ ticks: ticks - within, digits, zoned: true });
    }),
  );
});

test("property: milliseconds round down, before 1970 as well", () => {
  fc.assert(
    fc.property(anyTicks, (ticks) => {
      const millis = BigInt(millisFromTicks(ticks));
      expect(ticks - millis * 10_000n).toBeGreaterThanOrEqual(0n);
      expect(ticks - millis * 10_000n).toBeLessThan(10_000n);
    }),
  );
  expect(millisFromTicks(known(toTicks(-1n), "in range"))).toBe(-1);
});

test("milliseconds become ticks, fractions cut off below 100 ns, and nonsense null", () => {
  expect(ticksFromMillis(0)).toBe(0n);
  expect(ticksFromMillis(1.5)).toBe(15_000n);
  expect(ticksFromMillis(-0.5)).toBe(-5_000n);
  expect(ticksFromMillis(0.000_05)).toBe(0n);
  for (const millis of [Number.NaN, Number.POSITIVE_INFINITY, 1e300, -1e15])
    expect(ticksFromMillis(millis)).toBeNull();
});

test.each([
  ["2021-08-13", "2021-08-13T00:00:00Z", 0, false],
  ["2021-08-13 04:12", "2021-08-13T04:12:00Z", 0, false],
  ["2021-08-13T04:12:33", "2021-08-13T04:12:33Z", 0, false],
  ["2021-08-13T04:12:33,5Z", "2021-08-13T04:12:33.5Z", 1, true],
  ["2021-08-13T04:12:33.123456789Z", "2021-08-13T04:12:33.1234567Z", 7, true],
  ["2021-08-13T05:12:33+01:00", "2021-08-13T04:12:33Z", 0, true],
  ["2021-08-12T22:42:33-0530", "2021-08-13T04:12:33Z", 0, true],
  [" 2020-02-29T23:59:59.9 Z ", "2020-02-29T23:59:59.9Z", 1, true],
])("%s is a time", (text, utc, digits, zoned) => {
  expect(parseTime(text)).toEqual({ ticks: at(utc), digits, zoned });
});

// biome-ignore format: one line for each way of being none
test.each([
  "", "yesterday", "2021", "2021-8-13", "13/08/2021", "2021-08-13T4:12:33Z", "1628827953",
  "2021-02-29", "2021-13-01", "2021-00-10", "2021-04-31", "2100-02-29",
  "2021-08-13T24:00:00Z", "2021-08-13T23:60:00Z", "2021-08-13T23:59:60Z",
  "2021-08-13T04:12:33+99:99", "2021-08-13T04:12:33+24:00", "2021-08-13T04:12:33+01:60",
  "1600-12-31T23:59:59Z", "1601-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01",
  // Date.UTC would take these two for 1950 and 1999.
  "0050-01-01", "0099-12-31",
])("'%s' is no time", (text) => {
  expect(parseTime(text)).toBeNull();
});

test("property: every text is a time within range, or none", () => {
  const almost = fc.stringMatching(
    /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d([.,]\d{1,9})?(Z|[+-]\d\d:?\d\d)?$/,
  );
  fc.assert(
    fc.property(fc.oneof(fc.string(), almost), (text) => {
      const read = parseTime(text);
      expect(read === null || toTicks(read.ticks) === read.ticks).toBe(true);
    }),
  );
});

test("a long text of digits is refused at once", () => {
  expect(parseTime("2021-08-13T04:12:33." + "1".repeat(1_000_000))).toBeNull();
});

const utc = (text: string) => Number(at(text) / 10_000n);

test("Guernsey changes its clocks at 01:00 UTC, in March and in October", () => {
  const hours = (text: string) => zoneOffsetMillis(GUERNSEY, utc(text)) / 3_600_000;
  expect(hours("2021-03-28T00:59:59.999Z")).toBe(0);
  expect(hours("2021-03-28T01:00:00Z")).toBe(1);
  expect(hours("2021-10-31T00:59:59.999Z")).toBe(1);
  expect(hours("2021-10-31T01:00:00Z")).toBe(0);
  // British Standard Time: an hour ahead all through the winter of 1970.
  expect(hours("1970-01-01T00:00:00Z")).toBe(1);
  expect(zoneOffsetMillis("UTC", 0)).toBe(0);
});

test("an offset holds for every fraction of its second, before 1970 as well", () => {
  expect(zoneOffsetMillis(GUERNSEY, -1)).toBe(3_600_000);
  expect(zoneOffsetMillis(GUERNSEY, -0.5)).toBe(3_600_000);
  expect(zoneOffsetMillis(GUERNSEY, -999.5)).toBe(3_600_000);
});

test("the hour that autumn repeats is its first pass; the hour that spring skips is read as before it", () => {
  const read = (text: string) => utcFromWallMillis(GUERNSEY, utc(`${text}Z`));
  expect(read("2021-10-31T00:59:59")).toBe(utc("2021-10-30T23:59:59Z"));
  expect(read("2021-10-31T01:00:00")).toBe(utc("2021-10-31T00:00:00Z"));
  expect(read("2021-10-31T01:59:59.999")).toBe(utc("2021-10-31T00:59:59.999Z"));
  expect(read("2021-10-31T02:00:00")).toBe(utc("2021-10-31T02:00:00Z"));
  expect(read("2021-03-28T00:59:59")).toBe(utc("2021-03-28T00:59:59Z"));
  expect(read("2021-03-28T01:30:00")).toBe(utc("2021-03-28T01:30:00Z"));
  expect(read("2021-03-28T02:00:00")).toBe(utc("2021-03-28T01:00:00Z"));
});

test("zones west of UTC and with quarter hours read the same way", () => {
  const read = (zone: string, text: string) => utcFromWallMillis(zone, utc(`${text}Z`));
  expect(read("America/New_York", "2021-11-07T01:30:00")).toBe(utc("2021-11-07T05:30:00Z"));
  expect(read("America/New_York", "2021-03-14T02:30:00")).toBe(utc("2021-03-14T07:30:00Z"));
  expect(read("Asia/Kathmandu", "2021-08-13T05:45:00")).toBe(utc("2021-08-13T00:00:00Z"));
  expect(read("UTC", "2021-08-13T05:45:00")).toBe(utc("2021-08-13T05:45:00Z"));
});

test("property: a wall clock that exists leads back to itself, by the earliest instant that shows it", () => {
  const zones = fc.constantFrom(
    GUERNSEY,
    "America/New_York",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
  );
  const millis = fc.integer({ min: utc("1990-01-01"), max: utc("2035-01-01") });
  fc.assert(
    fc.property(zones, millis, (zone, instant) => {
      const wall = instant + zoneOffsetMillis(zone, instant);
      const back = utcFromWallMillis(zone, wall);
      expect(back + zoneOffsetMillis(zone, back)).toBe(wall);
      expect(back).toBeLessThanOrEqual(instant);
    }),
    { numRuns: 300 },
  );
});

test("a zone is known or not, and asking never throws", () => {
  expect(isZone(GUERNSEY)).toBe(true);
  expect(isZone("UTC")).toBe(true);
  for (const zone of ["", "Mars/Olympus", "Europe/Guernsey ", "\u0000"])
    expect(isZone(zone)).toBe(false);
});

test("a time for people names its zone, and the day again where it differs", () => {
  expect(readableTime(at("2021-08-13T04:12:59Z"))).toBe("13 August 2021, 04:12 UTC");
  expect(readableTime(at("2021-08-13T04:12:59Z"), GUERNSEY)).toBe(
    "13 August 2021, 05:12 Europe/Guernsey (04:12 UTC)",
  );
  expect(readableTime(at("2021-08-12T23:30:00Z"), GUERNSEY)).toBe(
    "13 August 2021, 00:30 Europe/Guernsey (12 August 2021, 23:30 UTC)",
  );
});

test("a length of time has its two largest units", () => {
  expect(readableSpan(0n)).toBe("0 minutes");
  expect(readableSpan(3n * TICKS_PER_DAY + 4n * TICKS_PER_HOUR + 1n)).toBe("3 days 4 hours");
  expect(readableSpan(-TICKS_PER_HOUR)).toBe("1 hour");
  expect(readableSpan(TICKS_PER_DAY + 600_000_000n)).toBe("1 day");
});
