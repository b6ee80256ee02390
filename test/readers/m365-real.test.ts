/**
 * Real exports of Microsoft 365 beside the project, counted record by record with every flaw explained: the Golden SAML set
 * of Security-Datasets (zips, opened as casework opens them) and a report of ScubaGear.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { concatBytes, copyOf } from "../../src/base/bytes.ts";
import { memorySource } from "../../src/base/source.ts";
import { HEAD_BYTES, isBytes, makeFormats, readArchive } from "../../src/engines/formats/index.ts";
import type { Event } from "../../src/model/event.ts";
import { shared } from "../shared.ts";
import { readWhole } from "./trials.ts";

const SAML = shared("m365", "golden-saml");
const SCUBA = shared("m365", "scubagear", "ScubaResults_sample.json");
const FORMATS = makeFormats([]);

async function readFormat(bytes: Uint8Array) {
  const format = FORMATS.recognise(bytes.subarray(0, HEAD_BYTES));
  if (format === null) throw new Error("no format knows it");
  return { format, ...readWhole(await FORMATS.load(format), memorySource(bytes)) };
}

/** The one member of a zip, read by whoever knows it. */
async function readZip(name: string) {
  const bytes = readFileSync(join(SAML ?? "", name));
  const opening = {
    passwords: [],
    entriesMax: 10,
    plainBytesMax: 1e6,
    breathe: async () => {},
    loneName: "",
  };
  const parts: Uint8Array[] = [];
  for await (const found of readArchive("zip", memorySource(new Uint8Array(bytes)), opening)) {
    if (found.kind !== "member") throw new Error(found.what);
    for await (const piece of found.content()) if (isBytes(piece)) parts.push(copyOf(piece));
  }
  return readFormat(concatBytes(parts));
}

const counted = (events: readonly Event[]) => {
  const counts = new Map<string, number>();
  for (const { channel } of events) counts.set(channel, (counts.get(channel) ?? 0) + 1);
  return Object.fromEntries(counts);
};

test.skipIf(SAML === null)("the directory audit of Log Analytics: 4 records", async () => {
  const { format, events, flaws } = await readZip("AADAuditEvents.zip");
  expect([format, counted(events)]).toEqual(["m365", { DirectoryAudit: 4 }]);
  // The query that made this export told one record once for each of its changed properties.
  expect(flaws.map(({ offset, what }) => [offset, what])).toEqual([[2611, "same id"]]);
  expect(new Set(events.map(({ record }) => record)).size).toBe(3);
  expect(events.map(({ fields }) => fields["OperationName"])).toContain(
    "Add delegated permission grant",
  );
  expect(events[3]?.fields["InitiatedBy.user.userPrincipalName"]).toBe("pgustavo@simulandlabs.com");
});

test.skipIf(SAML === null)("the audit log of Sentinel: 1 access to 7 messages", async () => {
  const { events, flaws } = await readZip("OfficeActivityEvents.zip");
  expect([counted(events), flaws]).toEqual([{ UnifiedAudit: 1 }, []]);
  const { MailAccessType, IsThrottled, FolderCount, ItemCount, InternetMessageIds } =
    events[0]?.fields ?? {};
  expect([MailAccessType, IsThrottled, FolderCount, ItemCount]).toEqual(["Bind", false, 1, 7]);
  expect(Array.isArray(InternetMessageIds) && new Set(InternetMessageIds).size).toBe(6);
});

test.skipIf(SAML === null)("tables of advanced hunting: 9 rows", async () => {
  const { events, flaws } = await readZip("Microsoft365DefenderEvents.zip");
  expect([counted(events), flaws]).toEqual([{ AdvancedHunting: 9 }, []]);
  expect(events.map(({ fields }) => fields["ActionType"])).toEqual([
    ...Array.from({ length: 5 }, () => "LdapSearch"),
    "Directory Services replication",
    "Directory Services replication",
    "MailItemsAccessed",
    "Add delegated permission grant.",
  ]);
  expect(events.every(({ ticks }) => ticks > 16_278_000_000_000_000n)).toBe(true);
});

test.skipIf(SAML === null)("Windows events of Log Analytics belong to windows-json", async () => {
  const { format, events, flaws } = await readZip("WindowsEvents.zip");
  // Three rows are of other tables, and name no channel.
  expect([format, events.length, flaws.length]).toEqual(["windows-json", 35, 3]);
});

test.skipIf(SCUBA === null)("a report of ScubaGear: 92 controls", async () => {
  const { format, events, flaws } = await readFormat(new Uint8Array(readFileSync(SCUBA ?? "")));
  expect([format, counted(events), flaws]).toEqual(["m365", { ScubaGear: 92 }, []]);
  const results = new Map<unknown, number>();
  for (const { fields } of events)
    results.set(fields["Result"], (results.get(fields["Result"]) ?? 0) + 1);
  // As the report's own summary counts them; the rest is to be done by hand.
  expect(Object.fromEntries(results)).toEqual({ Pass: 57, Fail: 14, Warning: 12, "N/A": 9 });
});
