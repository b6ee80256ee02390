/** Abuse case 21: times at the ends of what can be counted, without a zone, in the hour that autumn repeats, in 12-hour form. */
import { expect, test } from "vitest";
import { FILETIME_EPOCH, UNDATED } from "../../src/base/time.ts";
import { eventPage, eventLine } from "../../src/casework/index.ts";
import { makeFormats } from "../../src/engines/formats/index.ts";
import { evtxFile } from "../../src/engines/formats/evtx/write.ts";
import { memorySource } from "../../src/base/source.ts";
import { type Event, eventOf } from "../../src/model/event.ts";
import type { FormatId, Setting } from "../../src/model/evidence.ts";
import { known } from "../../src/base/assert.ts";
import { madeEvents } from "../readers/evtx-log.ts";
import { SETTING, htmlOf, investigateBeside, text } from "./hostile-case.ts";

const DEFENDER = "Microsoft-Windows-Windows Defender/Operational";
const windowsLine = (time: string) =>
  `${JSON.stringify({
    Event: {
      System: {
        Provider: "Microsoft-Windows-Windows Defender",
        EventID: 1116,
        Channel: DEFENDER,
        Computer: "MX1",
        TimeCreated: time,
      },
      EventData: { "Threat Name": "Backdoor:ASP/Chopper.F!dha", Path: "file:_C:\\a.aspx" },
    },
  })}\n`;

/** As text, and what must be printed of it; null: undated. */
const TIMES: Readonly<Record<string, string | null>> = {
  "1601-01-01T00:00:00Z": "1601-01-01T00:00:00Z",
  "1600-12-31T23:59:59Z": null,
  "1970-01-01T00:00:00Z": "1970-01-01T00:00:00Z",
  "2262-04-11T23:47:16.8547758Z": "2262-04-11T23:47:16.8547758Z",
  "2262-04-11T23:47:17Z": "2262-04-11T23:47:17Z",
  "9999-12-31T23:59:59.9999999Z": "9999-12-31T23:59:59.9999999Z",
  "10000-01-01T00:00:00Z": null,
  "2021-08-13T04:12:07": "2021-08-13T04:12:07Z",
  "8/13/2021 4:12:07 AM": null,
  "13/08/2021 16:12:07": null,
  "2021-02-30T00:00:00Z": null,
  "": null,
};

async function read(
  format: FormatId,
  content: string | Uint8Array,
  more: Partial<Setting> = {},
): Promise<readonly Event[]> {
  const reader = await makeFormats([]).load(format);
  const events: Event[] = [];
  const source = memorySource(typeof content === "string" ? text(content) : content);
  for (const piece of reader.read(source, { ...SETTING, ...more }))
    if (piece.kind === "batch")
      for (let row = 0; row < piece.length; row++) events.push(eventOf(piece, row));
  return events;
}

const timesOf = (events: readonly Event[]): readonly (string | null)[] =>
  events.map((event) => JSON.parse(eventLine(event)).time);

test("abuse 21: each end of time is printed as it is, and what is no time is undated, never guessed", async () => {
  const events = await read("windows-json", Object.keys(TIMES).map(windowsLine).join(""));
  expect(timesOf(events)).toEqual(Object.values(TIMES));
  const unzoned = events.filter(({ zoneAssumed }) => zoneAssumed !== null);
  expect(unzoned).toHaveLength(1);
  // What the record said stays in its fields, so a person can still read it.
  for (const [at, { fields }] of events.entries())
    expect(JSON.stringify(fields)).toContain(JSON.stringify(Object.keys(TIMES)[at]).slice(1, -1));
});

const CLOCKS: readonly (readonly [string, FormatId, (time: string) => string])[] = [
  ["windows-json", "windows-json", windowsLine],
  [
    "timesketch",
    "timesketch",
    (time) =>
      `${JSON.stringify({ message: "m", datetime: time, timestamp_desc: "Event Logged" })}\n`,
  ],
];

test.each(CLOCKS)(
  "abuse 21: a skew at an end of time leaves no impossible date (%s)",
  async (_, format, line) => {
    const decade = 10 * 365 * 86_400_000;
    const content = ["1601-01-01T00:00:00Z", "9999-12-31T23:59:59Z"].map(line).join("");
    expect(timesOf(await read(format, content, { skewMillis: decade }))).toEqual([
      null,
      "9990-01-02T23:59:59Z",
    ]);
    expect(timesOf(await read(format, content, { skewMillis: -decade }))).toEqual([
      "1610-12-30T00:00:00Z",
      null,
    ]);
    for (const skewMillis of [decade, -decade])
      for (const { ticks } of await read(format, content, { skewMillis }))
        expect(ticks === UNDATED || ticks >= -FILETIME_EPOCH).toBe(true);
  },
);

test("abuse 21: counts of microseconds beyond any year are undated", async () => {
  const line = (timestamp: number | string) =>
    `${JSON.stringify({ message: "m", timestamp, timestamp_desc: "Event Logged" })}\n`.replace(
      /"(-?\d+)"/,
      "$1",
    );
  const counts = [
    "-99999999999999999",
    "99999999999999999",
    "-11644473600000001",
    "-11644473600000000",
    "0",
  ];
  const events = await read("timesketch", counts.map(line).join(""));
  expect(timesOf(events)).toEqual([
    null,
    "5138-11-16T09:46:39.999999Z",
    null,
    "1601-01-01T00:00:00.000000Z",
    "1970-01-01T00:00:00.000000Z",
  ]);
  expect(events.map(({ ticks }) => ticks === UNDATED)).toEqual([true, false, true, false, false]);
});

test("abuse 21: FILETIMEs of zero, of 2262, of 9999 and of all ones in an EVTX", async () => {
  const [first] = madeEvents(1, 3);
  const file = Buffer.from(evtxFile(Array.from({ length: 4 }, () => known(first, "an event"))));
  const stamp = Buffer.alloc(8);
  stamp.writeBigUInt64LE(known(first, "an event").ticks + FILETIME_EPOCH);
  const filetimes = [
    0n,
    2n ** 63n / 100n + FILETIME_EPOCH,
    2_650_467_743_999_999_999n,
    2n ** 64n - 1n,
  ];
  const places: number[] = [];
  for (let at = file.indexOf(stamp); at >= 0; at = file.indexOf(stamp, at + 1)) places.push(at);
  expect(places.length).toBe(8);
  places.forEach((at, index) => file.writeBigUInt64LE(filetimes[index >> 1] ?? 0n, at));
  const events = await read("evtx", file);
  expect(timesOf(events).map((time) => time?.slice(0, 4) ?? null)).toEqual([
    "1601",
    "2262",
    "9999",
    null,
  ]);
});

const HEAD = "#Fields: date time cs-uri-stem sc-status\r\n";
/** Wall clocks of Guernsey around the end of summer time, in the order in which a server wrote them. */
const WALLS = [
  "00:59:59",
  "01:00:00",
  "01:30:00",
  "01:59:59",
  "01:00:00",
  "01:30:00",
  "01:59:59",
  "02:00:00",
];
const UTC = [
  "30T23:59:59",
  "31T00:00:00",
  "31T00:30:00",
  "31T00:59:59",
  "31T01:00:00",
  "31T01:30:00",
  "31T01:59:59",
  "31T02:00:00",
];

test("abuse 21: both passes of the hour that autumn repeats in Guernsey", async () => {
  const zone = { zone: "Europe/Guernsey" };
  const expected = UTC.map((time) => `2021-10-${time}Z`);
  const lines = WALLS.map((wall) => `2021-10-31 ${wall} /owa/ 200\r\n`).join("");
  expect(timesOf(await read("iis", HEAD + lines, zone))).toEqual(expected);
  const json = WALLS.map((wall) => windowsLine(`2021-10-31T${wall}`)).join("");
  expect(timesOf(await read("windows-json", json, zone))).toEqual(expected);
});

test("abuse 21: through a whole case: shown, counted, paged, and never the date of a beginning", async () => {
  const hostile = {
    "ends.json": text(Object.keys(TIMES).map(windowsLine).join("")),
    "autumn.log": text(HEAD + WALLS.map((wall) => `2021-10-31 ${wall} /owa/ 200\r\n`).join("")),
  };
  const caseFile = "name: times\nsources:\n  - files: autumn.log\n    zone: Europe/Guernsey\n";
  const check = async (found: Parameters<Parameters<typeof investigateBeside>[1] & object>[0]) => {
    const { accounts, dossier, open } = found;
    const count = Object.keys(TIMES).length;
    expect(accounts).toContain(`ends.json | read | windows-json | ${count}`);
    expect(accounts).toContain("autumn.log | read | iis | 8");
    const source = dossier.coverage.sources.find(({ format }) => format === "windows-json");
    // Only 2021 can date anything: the others are no times, or those of an empty field or a clock gone wrong.
    expect(source).toMatchObject({ events: count, undated: count - 1 });
    for (const { at } of dossier.cause.first) expect(at.first).toBeGreaterThan(0n);
    const search = { from: null, to: null, host: null, contains: null, after: null };
    const page = await open((vault) => eventPage(vault, search));
    expect(page.events).toHaveLength(2 + 8 + count);
    const late = await open((vault) =>
      eventPage(vault, { ...search, from: "2262-04-11T23:47:17Z" }),
    );
    expect(late.events).toHaveLength(2);
    const html = htmlOf(dossier);
    expect(html).not.toMatch(/Invalid Date|NaN|[+-]0\d{5}-/);
    expect(html).toContain("9999");
  };
  await investigateBeside(hostile, check, caseFile);
});
