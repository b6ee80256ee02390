/** What is written is read again: every type of value, many chunks, and the same bytes each time. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { madeEvents } from "../../../../test/readers/evtx-log.ts";
import { NO_SETTING, readWhole } from "../../../../test/readers/trials.ts";
import { known } from "../../../base/assert.ts";
import { memorySource } from "../../../base/source.ts";
import { formatTicks, toTicks } from "../../../base/time.ts";
import type { FieldValue } from "../../../model/event.ts";
import { JsonBytes } from "../../../base/json-bytes.ts";
import { evtxReader, readChunks } from "./read.ts";
import { evtxFile, writeEvtx, type WrittenEvent } from "./write.ts";
import * as typed from "./write-value.ts";
import type { WrittenValue } from "./write-value.ts";

/** A value to write, and what a field must give for it. */
type Pair = readonly [written: WrittenValue, read: FieldValue];

const BEYOND = 2n ** 53n;

function integer(value: bigint): FieldValue {
  return value < BEYOND && value > -BEYOND ? Number(value) : value.toString();
}

function pairs<T>(
  values: fc.Arbitrary<T>,
  write: (value: T) => WrittenValue,
  read: (value: T) => FieldValue,
): fc.Arbitrary<Pair> {
  return values.map((value) => [write(value), read(value)]);
}

const text = fc.oneof(
  fc.string({ maxLength: 60 }),
  fc.string({ unit: "binary", maxLength: 60 }),
  // Halves of pairs alone, as a cut text has them.
  fc
    .array(fc.integer({ min: 0xd700, max: 0xe000 }), { maxLength: 5 })
    .map((units) => String.fromCharCode(...units)),
);
/** Without what a field never ends with: blanks, and the control characters below them. */
const trimmed = (value: string): string => {
  let length = value.length;
  while (length > 0 && value.charCodeAt(length - 1) <= 0x20) length--;
  return value.slice(0, length);
};
const withoutZeros = text.map((value) => value.replaceAll("\0", ""));
const bytes = fc.uint8Array({ maxLength: 40 });
const hex = (value: Uint8Array): string => Buffer.from(value).toString("hex").toUpperCase();
const ticks = fc
  .bigInt({ min: -116_444_736_000_000_000n, max: 2_534_023_007_999_999_999n })
  .map((value) => known(toTicks(value), "in range"));
const groups = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((value) => {
  const digits = hex(value);
  return `{${[digits.slice(0, 8), digits.slice(8, 12), digits.slice(12, 16), digits.slice(16, 20), digits.slice(20)].join("-")}}`;
});
const u32 = fc.nat({ max: 0xffff_ffff });
const u64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const sids = fc
  .tuple(u32, fc.array(u32, { maxLength: 6 }))
  .map(([authority, parts]) => ["S-1", authority, ...parts].join("-"));

const value: fc.Arbitrary<Pair> = fc.oneof(
  fc.constant<Pair>([null, null]),
  pairs(text, (one) => one, trimmed),
  pairs(
    fc.array(withoutZeros, { minLength: 1, maxLength: 5 }),
    (all) => all,
    (all) => all.map(trimmed),
  ),
  pairs(fc.integer({ min: -128, max: 127 }), typed.int8, (one) => one),
  pairs(fc.nat({ max: 255 }), typed.uint8, (one) => one),
  pairs(fc.integer({ min: -32_768, max: 32_767 }), typed.int16, (one) => one),
  pairs(fc.nat({ max: 65_535 }), typed.uint16, (one) => one),
  pairs(fc.integer(), typed.int32, (one) => one),
  pairs(u32, typed.uint32, (one) => one),
  pairs(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), typed.int64, integer),
  pairs(u64, typed.uint64, integer),
  pairs(fc.float(), typed.real32, (one) =>
    Number.isFinite(one) ? Number(one.toPrecision(9)) || 0 : String(one),
  ),
  pairs(fc.double(), typed.real64, (one) => (Number.isFinite(one) ? one : String(one))),
  pairs(fc.boolean(), typed.bool, (one) => one),
  pairs(bytes, typed.binary, hex),
  pairs(groups, typed.guid, (one) => one),
  pairs(u64, typed.size, (one) => `0x${one.toString(16)}`),
  pairs(u32, typed.hex32, (one) => `0x${one.toString(16)}`),
  pairs(u64, typed.hex64, (one) => `0x${one.toString(16)}`),
  pairs(ticks, typed.filetime, (one) => formatTicks(one)),
  pairs(sids, typed.sid, (one) => one),
  pairs(
    fc.array(u32, { minLength: 1, maxLength: 6 }),
    (all) => typed.arrayOf(all.map(typed.uint32)),
    (all) => all,
  ),
  pairs(
    fc.array(groups, { minLength: 1, maxLength: 3 }),
    (all) => typed.arrayOf(all.map(typed.guid)),
    (all) => all,
  ),
  pairs(
    fc.array(sids, { minLength: 1, maxLength: 3 }),
    (all) => typed.arrayOf(all.map(typed.sid)),
    (all) => all,
  ),
  pairs(
    fc.array(fc.boolean(), { minLength: 1, maxLength: 3 }),
    (all) => typed.arrayOf(all.map(typed.bool)),
    (all) => all,
  ),
);

const event = fc
  .record({
    ticks,
    eventId: fc.nat({ max: 65_535 }),
    level: fc.nat({ max: 5 }),
    values: fc.array(value, { maxLength: 8 }),
  })
  .map(({ values, ...rest }) => ({
    ...rest,
    provider: "Made",
    channel: "Made/Operational",
    computer: "MX1",
    data: values.map(([written], at) => [`Value ${at}`, written] as const),
    expected: values.map(([, read]) => read),
  }));

/** Single precision prints as its shortest decimal: compared as what it is. */
function rounded(read: FieldValue | undefined, expected: FieldValue): FieldValue | undefined {
  return typeof read === "number" &&
    typeof expected === "number" &&
    Math.fround(read) === Math.fround(expected)
    ? expected
    : read;
}

test("reader after writer gives the values again", () => {
  fc.assert(
    fc.property(fc.array(event, { minLength: 1, maxLength: 12 }), (events) => {
      const { events: read, flaws } = readWhole(evtxReader, memorySource(evtxFile(events)));
      expect(flaws).toEqual([]);
      expect(read.length).toBe(events.length);
      for (const [at, { expected, ticks: time, eventId }] of events.entries()) {
        expect(read[at]?.ticks).toBe(time);
        expect(read[at]?.eventId).toBe(eventId);
        expect(read[at]?.record).toBe(String(at + 1));
        const fields = expected.map((one, index) =>
          rounded(read[at]?.fields[`Value${index}`], one),
        );
        expect(fields).toEqual(expected);
      }
    }),
    { numRuns: 300 },
  );
});

test("JSON straight from bytes is the JSON of the fields", () => {
  fc.assert(
    fc.property(fc.array(event, { minLength: 1, maxLength: 6 }), (events) => {
      const out = new JsonBytes();
      for (const piece of readChunks(memorySource(evtxFile(events)), NO_SETTING)) {
        if (piece.kind === "flaw") continue;
        for (let row = 0; row < piece.length; row++) {
          out.length = 0;
          piece.putFields(row, out);
          const fields = piece.names(row).map((name) => [name, piece.field(row, name)]);
          expect(Buffer.from(out.written()).toString()).toBe(
            JSON.stringify(Object.fromEntries(fields)),
          );
        }
      }
    }),
    { numRuns: 300 },
  );
});

test("many chunks: every event once, in order, the same bytes twice", () => {
  const file = evtxFile(madeEvents(1_500, 5));
  expect(file.length).toBeGreaterThan(10 * 65_536);
  expect(Buffer.compare(evtxFile(madeEvents(1_500, 5)), file)).toBe(0);
  const { events, flaws } = readWhole(evtxReader, memorySource(file));
  expect(flaws).toEqual([]);
  expect(events.map(({ record }) => record)).toEqual(
    Array.from({ length: 1_500 }, (_, at) => String(at + 1)),
  );
});

test("a log that is still open is read like a closed one", () => {
  const streamed = Buffer.concat([...writeEvtx(madeEvents(300, 6))]);
  const open = readWhole(evtxReader, memorySource(streamed));
  expect(open.flaws).toEqual([]);
  expect(open.events).toEqual(
    readWhole(evtxReader, memorySource(evtxFile(madeEvents(300, 6)))).events,
  );
});

test("a log without events is a header", () => {
  expect(readWhole(evtxReader, memorySource(evtxFile([])))).toEqual({ events: [], flaws: [] });
});

test("an event that fits into no chunk is refused", () => {
  const [first] = madeEvents(1, 1);
  const wide: WrittenEvent = { ...known(first, "one"), data: [["A", "x".repeat(32_700)]] };
  expect(() => evtxFile([wide])).toThrow("an event fits into one chunk");
});
