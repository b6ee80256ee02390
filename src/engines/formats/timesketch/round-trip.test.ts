import fc from "fast-check";
import { expect, test } from "vitest";
import { utf8 } from "../../../base/bytes.ts";
import { memorySource } from "../../../base/source.ts";
import { UNDATED } from "../../../base/time.ts";
import { type Event, eventKey, eventOf } from "../../../model/event.ts";
import type { EvidenceHash, Setting } from "../../../model/evidence.ts";
import { TIMESKETCH_CSV_HEADER, printTimesketch, printTimesketchCsv } from "../../print/index.ts";
import { makeFormats } from "../registry.ts";
import { timesketchReader } from "./read.ts";

const SETTING: Setting = {
  place: { evidence: "0".repeat(64) as EvidenceHash, member: "", file: "timeline" },
  host: null,
  zone: null,
  skewMillis: 0,
};
const FROM = { evidence: "a1".repeat(32) as EvidenceHash, member: "", file: "logs/Security.evtx" };

function readText(text: string): readonly Event[] {
  const events: Event[] = [];
  for (const piece of timesketchReader.read(memorySource(utf8(text)), SETTING)) {
    if (piece.kind === "flaw") throw new Error(`${piece.offset} ${piece.what}: ${piece.have}`);
    for (let row = 0; row < piece.length; row++) events.push(eventOf(piece, row));
  }
  return events;
}

/** Texts that CSV, JSON, spreadsheets and terminals each would like to make something of. */
const hostileText = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.constantFrom(
    "=1+1",
    "'=1",
    "''@x",
    "-1",
    "+",
    "@a",
    "\tb",
    'a"b,c\r\nd',
    "\u001b[2J",
    "",
    " a ",
    "null",
  ),
);
const fieldName = fc
  .string({ unit: "grapheme-ascii", minLength: 1, maxLength: 12 })
  .filter((name) => !/[\s.]|^_/.test(name));
const time = fc.bigInt({ min: -62_000_000_000_000_000n, max: 2_500_000_000_000_000_000n / 10n });

/** An event as far as both forms carry one: no blanks in names, nothing hidden in host or channel. */
const anyEvent = fc
  .record({
    ticks: fc.oneof(time, fc.constant(UNDATED)),
    digits: fc.constantFrom(0, 3, 7),
    offset: fc.nat(),
    record: fc.nat().map(String),
    host: fc.constantFrom("", "MAIL1", "=cmd"),
    channel: fc.constantFrom("", "Security", "W3SVC1"),
    eventId: fc.constantFrom(-1, 0, 4624, 65535),
    provider: fc.constantFrom("", "Microsoft-Windows-Security-Auditing", "-p"),
    zoneAssumed: fc.constantFrom(null, "UTC", "Europe/Guernsey"),
    fields: fc.dictionary(
      fieldName,
      fc.oneof(hostileText, fc.integer(), fc.boolean(), fc.constant(null), fc.array(hostileText)),
    ),
  })
  .map((drawn): Event => {
    const scale = 10n ** BigInt(7 - drawn.digits);
    const isDated = drawn.ticks !== UNDATED;
    return {
      ...drawn,
      ticks: isDated ? (drawn.ticks / scale) * scale : UNDATED,
      digits: isDated ? drawn.digits : 0,
      key: eventKey(FROM, drawn.offset),
      format: "evtx",
      place: FROM,
    };
  });

/** What must be the same in both, and the reference to where the event was first read. */
function kept({ ticks, digits, host, channel, eventId, provider }: Event) {
  return { ticks, digits, host, channel, eventId, provider };
}

function reference({ place, record, offset, format }: Event) {
  return { evidence: place.evidence, file: place.file, record, offset, source: format };
}

const TAKEN = new Set(
  "message datetime timestamp timestamp_desc timeline_id label tag source evidence file record offset host channel event_id provider zone_assumed fields data_type".split(
    " ",
  ),
);

test("property: what is printed as JSON lines comes back; fields as texts", () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { minLength: 1, maxLength: 4 }), (events) => {
      const plain = events.map((event) => ({
        ...event,
        fields: Object.fromEntries(
          Object.entries(event.fields).filter(
            ([name]) => !TAKEN.has(name) && !name.startsWith("field_"),
          ),
        ),
      }));
      const text = plain.map((event) => `${printTimesketch(event)}\n`).join("");
      expect(makeFormats([]).recognise(utf8(text))).toBe("timesketch");
      const read = readText(text);
      expect(read.map(kept)).toEqual(plain.map(kept));
      for (const [at, event] of plain.entries()) {
        expect(read[at]?.fields).toMatchObject(reference(event));
        expect(read[at]?.zoneAssumed).toBe(event.ticks === UNDATED ? null : event.zoneAssumed);
        for (const [name, value] of Object.entries(event.fields))
          expect(read[at]?.fields[name]).toBe(
            value === null ? "" : typeof value === "string" ? value : JSON.stringify(value),
          );
      }
    }),
  );
});

test("property: what is printed as CSV comes back; fields with their types", () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { minLength: 1, maxLength: 4 }), (events) => {
      const text = `${TIMESKETCH_CSV_HEADER}\n${events.map((event) => `${printTimesketchCsv(event)}\n`).join("")}`;
      expect(makeFormats([]).recognise(utf8(text))).toBe("timesketch");
      const read = readText(text);
      expect(read.map(kept)).toEqual(events.map(kept));
      for (const [at, event] of events.entries())
        expect(read[at]?.fields).toMatchObject(event.fields);
    }),
  );
});

test("no cell of the CSV is a formula, and none hides what it says", () => {
  const event: Event = {
    key: eventKey(FROM, 0),
    ticks: 0n,
    digits: 0,
    zoneAssumed: null,
    format: "evtx",
    place: { ...FROM, file: "=HYPERLINK(1)" },
    record: "-1",
    offset: 0,
    host: "@host",
    channel: "\u202echannel",
    eventId: 1,
    provider: "+p",
    fields: { "=a": "=1" },
  };
  const line = printTimesketchCsv(event);
  expect(line).toContain(",'=HYPERLINK(1),'-1,0,'@host,\\u{202e}channel,1,'+p,,");
  expect(line).toContain('"{""=a"":""=1""}"');
});
