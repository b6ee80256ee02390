/** IIS logs in ranges: whatever stands before a range and has a say in it, together they give the whole. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { utf8 } from "../../../base/bytes.ts";
import { memorySource, type Source } from "../../../base/source.ts";
import { type Event, eventOf } from "../../../model/event.ts";
import type { EvidenceHash, Setting } from "../../../model/evidence.ts";
import type { Flaw } from "../../../model/flaw.ts";
import type { Range } from "../format.ts";
import { LINE_BYTES_MAX } from "./layout.ts";
import { iisReader } from "./read.ts";

const SETTING: Setting = {
  place: { evidence: "0".repeat(64) as EvidenceHash, member: "", file: "u_ex.log" },
  host: null,
  zone: null,
  skewMillis: 0,
};
const GUERNSEY: Setting = { ...SETTING, zone: "Europe/Guernsey" };

function read(source: Source, setting: Setting, range?: Range): (Event | Flaw)[][] {
  const events: Event[] = [];
  const flaws: Flaw[] = [];
  for (const piece of iisReader.read(source, setting, range)) {
    if (piece.kind === "flaw") flaws.push(piece);
    else for (let row = 0; row < piece.length; row++) events.push(eventOf(piece, row));
  }
  return [events, flaws];
}

function expectSame(text: string, rangeBytes: number, setting: Setting): Range[] {
  const source = memorySource(utf8(text));
  const ranges = [...iisReader.ranges(source, rangeBytes, null)];
  const parts = ranges.map((range) => read(source, setting, range));
  expect([0, 1].map((kind) => parts.flatMap((part) => part[kind] ?? []))).toEqual(
    read(source, setting),
  );
  return ranges;
}

const pad = (value: number) => String(value).padStart(2, "0");
const time = fc
  .tuple(fc.nat(23), fc.nat(59), fc.nat(59))
  .map(([hour, minute, second]) => `${pad(hour)}:${pad(minute)}:${pad(second)}`);
/** Around the hour that Guernsey repeats, and the months before. */
const moment = fc
  .tuple(fc.constantFrom("2021-10-30", "2021-10-31", "2021-07-01"), fc.nat(3), fc.nat(59))
  .map(([date, hour, minute]) => `${date} ${pad(hour)}:${pad(minute)}:00`);
const row = fc.oneof(
  moment.map((stamp) => `${stamp} /a`),
  time.map((of) => `${of} /b`),
);
const odd = fc.oneof(
  moment.map((stamp) => `#Date: ${stamp}`),
  fc.constantFrom(
    "#Fields: date time cs-uri-stem",
    "#Fields: time cs-uri-stem",
    "#Fields: date cs-uri-stem",
    "#Fields: time",
    "#Date: none",
    "#Remark: #Fields: a b",
    " #Fields: a b",
    "",
    "\ufeff#Fields: a b",
    "\0\0#Fields: time cs-uri-stem",
    "x\0#Date: 2021-05-05 10:00:00",
    "#Fields: time cs-uri-stem\0",
    `#Fields: ${"a ".repeat(LINE_BYTES_MAX / 2)}`,
  ),
);
const log = fc
  .array(fc.oneof({ arbitrary: row, weight: 5 }, { arbitrary: odd, weight: 1 }), { maxLength: 60 })
  .chain((lines) =>
    fc
      .constantFrom("date time", "time")
      .map((names) => [`#Date: 2021-10-30 10:00:00`, `#Fields: ${names} cs-uri-stem`, ...lines]),
  )
  .map((lines) => lines.map((line) => `${line}\r\n`).join(""));

test("in ranges of any size, with and without a date column and a zone", () => {
  fc.assert(
    fc.property(log, fc.integer({ min: 1, max: 600 }), fc.boolean(), (text, rangeBytes, zoned) => {
      const ranges = expectSame(text, rangeBytes, zoned ? GUERNSEY : SETTING);
      expect(ranges.length).toBeGreaterThan(0);
    }),
    { numRuns: 400, seed: 17 },
  );
});

test("a header says what governs, in directives", () => {
  const headers = (text: string, rangeBytes: number) =>
    expectSame(text, rangeBytes, SETTING).map(({ line, header }) => `${line} ${header}`);
  const rows = "23:59:58 /a\r\n00:00:01 /b\r\n00:00:02 /c\r\n";
  expect(headers(`#Date: 2021-08-12 23:00:00\r\n#Fields: time cs-uri-stem\r\n${rows}`, 13)).toEqual(
    [
      "1 ",
      "2 #Date: 2021-08-12 23:00:00",
      "3 #Date: 2021-08-12 23:00:00\n#Fields: time cs-uri-stem",
      "4 #Date: 2021-08-12 23:59:58\n#Fields: time cs-uri-stem",
      "5 #Date: 2021-08-13 00:00:01\n#Fields: time cs-uri-stem",
    ],
  );
  expect(headers("\ufeff#Fields: a b\nc d\n", 1)).toEqual(["1 ", "2 #Fields: a b"]);
});

test("across windows: NULs, lines beyond the limit, and what follows them", () => {
  const fields = "#Fields: time cs-uri-stem\r\n";
  const rows = "10:00:00 /a\r\n".repeat(60_000);
  const nuls = "\0".repeat(1_200_000);
  const text = `${fields}${rows}x${nuls}#Date: 2021-08-12 00:00:00\r\n${rows}${"y".repeat(1_200_000)}\0${fields}${rows}`;
  expect(expectSame(text, 100_000, SETTING).length).toBeGreaterThan(20);
});

test("the hour that autumn repeats, from its middle on and from a medium that reuses its buffer", () => {
  const rows = ["00:59:59", "01:30:00", "01:00:00", "01:10:00", "01:59:00", "02:00:00"];
  const text = `#Fields: date time\r\n${rows.map((of) => `2021-10-31 ${of}\r\n`).join("")}`;
  expectSame(text, 1, GUERNSEY);
  const bytes = utf8(text);
  const buffer = new Uint8Array(bytes.length);
  const reused: Source = {
    byteLength: bytes.length,
    read(start, end) {
      buffer.fill(0xee);
      buffer.set(bytes.subarray(start, end));
      return buffer.subarray(0, end - start);
    },
  };
  const ranges = [...iisReader.ranges(reused, 1, null)];
  const events = ranges.flatMap((range) => read(reused, GUERNSEY, range)[0] ?? []);
  expect(events).toEqual(read(memorySource(bytes), GUERNSEY)[0]);
});
