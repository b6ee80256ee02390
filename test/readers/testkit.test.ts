/** Every case of the testkit, held to its own header; and the files, held to their generator. */
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { memorySource } from "../../src/base/source.ts";
import { formatTicks, toTicks } from "../../src/base/time.ts";
import { loadKnowledge } from "../../src/casework/index.ts";
import { HEAD_BYTES } from "../../src/engines/formats/index.ts";
import type { Event } from "../../src/model/event.ts";
import type { Setting } from "../../src/model/evidence.ts";
import { parseCase, printCase, type ReadCase } from "../../testkit/case.ts";
import { CASES } from "../../testkit/generate.ts";
import { NO_SETTING, readWhole } from "./trials.ts";

const ROOT = "testkit";
const files = readdirSync(ROOT, { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".case"))
  .sort();

test("the files are what the generator writes", () => {
  const made = new Map(CASES.map((testCase) => [`${testCase.name}.case`, printCase(testCase)]));
  expect(files).toEqual([...made.keys()].sort());
  for (const file of files)
    expect(readFileSync(join(ROOT, file)).equals(made.get(file) ?? new Uint8Array())).toBe(true);
});

const cases = files.map((file) => {
  const testCase = parseCase(readFileSync(join(ROOT, file)));
  return { file, why: testCase.header.get("why")?.[0] ?? "", testCase };
});

const FORMATS = loadKnowledge().formats;

describe("testkit", () => {
  test.each(cases)("$file: $why", async ({ testCase }) => {
    const { header, body } = testCase;
    const { format, events, flaws, assumptions } = await readCase(testCase);
    expect([format]).toEqual(header.get("format"));
    expect([`${events.length} events, ${flaws.length} flaws`]).toEqual(header.get("expect"));
    expect(flaws.map(({ offset, what }) => `${offset} ${what}`)).toEqual(header.get("flaw") ?? []);
    const expected = (header.get("event") ?? []).map((text) => JSON.parse(text) as object);
    expect(expected.map((event, row) => seen(events[row], event))).toEqual(expected);
    const said = assumptions.map(({ what, value }) => `${what} ${value}`);
    expect(said).toEqual(expect.arrayContaining([...(header.get("assumption") ?? [])]));
    expect(events.every(({ offset }) => offset < body.length)).toBe(true);
  });
});

/** Others know these records as a table, which is asked last. */
const TABLES_TOO: ReadonlySet<string> = new Set(["m365/message-trace.case"]);

test("a case is claimed by its own card, and by no other", () => {
  const claimed = cases.map(({ file, testCase: { body } }) => {
    const head = body.subarray(0, HEAD_BYTES);
    return [file, FORMATS.cards.filter((card) => card.recognises(head)).map(({ id }) => id)];
  });
  const expected = cases.map(({ file, testCase: { header } }) => {
    const own = (header.get("format") ?? []).filter((id) => id !== "none");
    return [file, TABLES_TOO.has(file) ? [...own, "table"] : own];
  });
  expect(claimed).toEqual(expected);
});

/** What the house makes of a case: its kind by content, and a reading if a reader knows it. */
async function readCase(testCase: ReadCase) {
  const head = testCase.body.subarray(0, HEAD_BYTES);
  const format = FORMATS.recognise(head);
  if (format === null) return { format: "none", events: [], flaws: [], assumptions: [] };
  const reader = await FORMATS.load(format);
  const setting = settingOf(testCase);
  const { events, flaws } = readWhole(reader, memorySource(testCase.body), setting);
  return { format, events, flaws, assumptions: reader.assumptions(head, setting) };
}

function settingOf({ header }: ReadCase): Setting {
  const one = (name: string) => header.get(name)?.[0] ?? null;
  const place = { ...NO_SETTING.place, file: one("file") ?? "evidence" };
  return { place, host: null, zone: one("zone"), skewMillis: Number(one("skew") ?? 0) };
}

/** Of an event what the case speaks of: a field that the event lacks is null. */
function seen(
  event: Event | undefined,
  expected: { readonly fields?: Readonly<Record<string, unknown>> },
): object {
  if (event === undefined) return {};
  const ticks = toTicks(event.ticks);
  const fields = Object.fromEntries(
    Object.keys(expected.fields ?? {}).map((name) => [name, event.fields[name] ?? null]),
  );
  const all = { ...event, time: ticks === null ? null : formatTicks(ticks, event.digits), fields };
  return Object.fromEntries(Object.entries(all).filter(([name]) => Object.hasOwn(expected, name)));
}
