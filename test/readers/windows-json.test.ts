/** Windows events as JSON lines before the trials, and before one real export. */
import { readFileSync } from "node:fs";
import { inflateRawSync } from "node:zlib";
import { expect, test } from "vitest";
import { memorySource } from "../../src/base/source.ts";
import { parseTime } from "../../src/base/time.ts";
import { shared } from "../shared.ts";
import { NO_SETTING, readWhole, runTrials } from "./trials.ts";
import { windowsJsonCard } from "../../src/engines/formats/windows-json/card.ts";
import { windowsJsonReader } from "../../src/engines/formats/windows-json/read.ts";
import { madeExport } from "./windows-json-log.ts";

const LINE_FEED = 10;
const BRACE = 123;

runTrials({
  name: "windows-json",
  reader: windowsJsonReader,
  card: windowsJsonCard,
  sample: () => madeExport(24),
  startsRecord: (bytes, offset) =>
    bytes[offset] === BRACE && (offset === 0 || bytes[offset - 1] === LINE_FEED),
  isWhole: (bytes, cut) => cut === 0 || bytes[cut - 1] === LINE_FEED,
});

const EXPORT = shared("proxylogon", "proxylogon_ssrf_rce_poc.zip");

test.skipIf(EXPORT === null)("a real export of 10,487 events is read without a flaw", () => {
  const bytes = onlyMember(readFileSync(EXPORT ?? ""));
  expect(windowsJsonCard.recognises(bytes.subarray(0, 65_536))).toBe(true);
  const { events, flaws } = readWhole(windowsJsonReader, memorySource(bytes));
  expect([events.length, flaws.length]).toEqual([10_487, 0]);
  const cmdlets = events.filter(({ channel }) => channel === "MSExchange Management");
  expect(cmdlets.map(({ eventId, host }) => `${eventId} ${host}`)).toEqual(
    Array.from({ length: 3 }, () => "1 MXS01.azsentinel.local"),
  );
  const [zone] = windowsJsonReader.assumptions(bytes.subarray(0, 65_536), NO_SETTING);
  expect(zone?.why).toContain("+5:00");
});

test.skipIf(EXPORT === null)("its times agree with the events' own once the zone is named", () => {
  const bytes = onlyMember(readFileSync(EXPORT ?? ""));
  const setting = { ...NO_SETTING, zone: "America/New_York" };
  const { events } = readWhole(windowsJsonReader, memorySource(bytes), setting);
  const apart = events.flatMap(({ ticks, fields }) => {
    const utc = parseTime(String(fields["UtcTime"] ?? ""));
    return utc === null ? [] : [Number(ticks - utc.ticks) / 1e7];
  });
  expect(apart.length).toBe(4_679);
  // Sysmon's own time is when it happened, TimeCreated when it was written: seconds apart, never hours.
  expect(Math.max(...apart.map(Math.abs))).toBeLessThan(60);
});

/** The bytes of a zip's first member, which is all this archive has (APPNOTE 4.3.7; deflated, size in the header). */
function onlyMember(zip: Buffer): Uint8Array {
  const start = 30 + zip.readUInt16LE(26) + zip.readUInt16LE(28);
  return inflateRawSync(zip.subarray(start));
}
