/**
 * The second reading of a plan: a query for kept events, and the matcher over what comes back. On every sample of every format it finds
 * what the matcher finds in the evidence.
 */
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { expect, test } from "vitest";
import { loadKnowledge } from "../../src/casework/index.ts";
import { NO_PLACEHOLDERS, parseRules, planRules } from "../../src/engines/sigma/index.ts";
import type { Store } from "../../src/engines/store/index.ts";
import type { Batch, FieldValue } from "../../src/model/event.ts";
import { FORMAT_IDS, type FormatId } from "../../src/model/evidence.ts";
import { shared } from "../shared.ts";
import {
  type Evidence,
  findInEvidence,
  findInKept,
  folderEvidence,
  keyOf,
  sampleEvidence,
  scanned,
  testkitEvidence,
  someOf,
  withKept,
} from "./kept.ts";

const SIGMA = shared("sigma");
const EVTX = shared("evtx");
const SOURCES = loadKnowledge().logSources;
const LONG = { timeout: 300_000 };

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".yml"))
    .sort()
    .map((name) => join(folder, name));
}

/** Our own rules and SigmaHQ's. */
function everyRule() {
  const folders = ["rules", ...(SIGMA === null ? [] : [join(SIGMA, "rules")])];
  return folders
    .flatMap(filesBelow)
    .filter((file) => !file.startsWith(join("rules", "tests")))
    .flatMap((file) => parseRules(file, readFileSync(file, "utf8"), NO_PLACEHOLDERS));
}

const PARSED = everyRule();
const PLAN = planRules(PARSED, SOURCES);

/** Days of one log differ little. */
const FILES_MAX = 25;

const SAMPLES: readonly Evidence[] = [
  ...(await testkitEvidence()),
  ...someOf(FILES_MAX, await sampleEvidence()),
];

function* batchesOf(evidence: readonly Evidence[]): Generator<Batch> {
  for (const { batches } of evidence) yield* batches();
}

/** Every name that anybody could ask a row of the format for, and some that nobody would. */
function namesAsked(evidence: readonly Evidence[]): ReadonlyMap<FormatId, ReadonlySet<string>> {
  const asked = new Map<FormatId, Set<string>>();
  for (const format of FORMAT_IDS) {
    const ofRules = PLAN.bound
      .filter(({ target }) => target.formats.includes(format))
      .flatMap(({ rule }) => rule.reads);
    const odd = [
      "",
      "a b",
      "__proto__",
      "toString",
      "cs-uri",
      "status",
      "eventName",
      "eventSource",
    ];
    asked.set(format, new Set([...ofRules, ...odd]));
  }
  for (const batch of batchesOf(evidence)) {
    const names = asked.get(batch.format);
    for (const name of batch.declared ?? []) names?.add(name);
    for (let row = 0; row < batch.length; row++)
      for (const name of batch.names(row)) {
        names?.add(name).add(name.replace("e", "e "));
        for (let at = name.indexOf("."); at > 0; at = name.indexOf(".", at + 1))
          names?.add(name.slice(0, at));
      }
  }
  return asked;
}

/** Everything that a row answers, as text: of a number its words, which JSON may lack. */
function answers(batch: Batch, row: number, names: Iterable<string>): Record<string, unknown> {
  const { format, place, digits, zoneAssumed } = batch;
  const fields: Record<string, string> = Object.create(null);
  for (const name of names) {
    const value = batch.field(row, name);
    if (value !== undefined) fields[name] = wordsOf(value);
  }
  return {
    format,
    place,
    digits,
    zoneAssumed,
    ticks: batch.ticks[row],
    record: batch.record(row),
    host: batch.host(row),
    channel: batch.channel(row),
    eventId: batch.eventId(row),
    provider: batch.provider(row),
    names: [...batch.names(row)].sort(),
    fields,
  };
}

function wordsOf(value: FieldValue): string {
  return typeof value === "object" && value !== null
    ? `[${value.map(wordsOf).join(",")}]`
    : `${typeof value === "string" ? "" : typeof value} ${String(value)}`.replace(
        /^number NaN/,
        " NaN",
      );
}

test(
  "rows of every format, kept and taken back, answer every name as the evidence does",
  LONG,
  async () => {
    const asked = namesAsked(SAMPLES);
    const lacking = new Set<FormatId>();
    const altered: unknown[] = [];
    const byFormat = Map.groupBy(SAMPLES, ({ format }) => format);
    expect(new Set(byFormat.keys())).toEqual(new Set(FORMAT_IDS));
    for (const [format, evidence] of byFormat) {
      const names = asked.get(format) ?? [];
      const said = new Map<string, Record<string, unknown>>();
      for (const batch of batchesOf(evidence))
        for (let row = 0; row < batch.length; row++)
          said.set(keyOf(batch, row), answers(batch, row, names));
      expect(said.size).toBeGreaterThan(0);
      await withKept(batchesOf(evidence), async (store) => {
        expect(store.rows).toBe(said.size);
        for await (const batch of scanned(store, { kind: "all" }))
          for (let row = 0; row < batch.length; row++) {
            const kept = answers(batch, row, names);
            if (batch.isLacking(row)) lacking.add(format);
            else if (!isDeepStrictEqual(kept, said.get(keyOf(batch, row))))
              altered.push([kept, said.get(keyOf(batch, row))]);
          }
      });
    }
    expect(altered).toEqual([]);
    // What is lost of a record is lost of records of Microsoft 365 alone, and known row by row.
    expect([...lacking]).toEqual(["m365"]);
  },
);

test("every rule over every sample: the same detections, whether read or kept", LONG, async () => {
  const expected = findInEvidence(PLAN, batchesOf(SAMPLES));
  await withKept(batchesOf(SAMPLES), async (store) => {
    const { found, candidates, lacking } = await findInKept(store, PLAN);
    const isSure = (match: string): boolean =>
      !lacking.has(match.slice(0, match.indexOf(" ")) as never);
    expect([...found].filter(isSure).sort()).toEqual([...expected].filter(isSure).sort());
    // What the evidence has to decide is a candidate too.
    for (const match of expected) expect(candidates).toContain(match.slice(0, match.indexOf(" ")));
    expect(expected.size).toBeGreaterThan(50);
    expect(lacking.size).toBeLessThan(store.rows / 20);
    told("samples", store, candidates.size, expected.size);
  });
});

test.skipIf(SIGMA === null || EVTX === null)(
  "every rule over real event logs: the same detections, and few candidates",
  LONG,
  async () => {
    const evidence = await folderEvidence(EVTX ?? "", ".evtx");
    const expected = findInEvidence(PLAN, batchesOf(evidence));
    await withKept(batchesOf(evidence), async (store) => {
      const { found, candidates } = await findInKept(store, PLAN);
      expect([...found].sort()).toEqual([...expected].sort());
      expect(candidates.size).toBeLessThan(store.rows / 2);
      told("real event logs", store, candidates.size, expected.size);
      // One rule at a time, as a new one comes: some hundred, spread over all of them.
      const ids = [...new Set(PLAN.bound.map(({ rule }) => rule.id))].filter(
        (_, at) => at % 25 === 0,
      );
      let [seen, matched] = [0, 0];
      for (const id of ids) {
        const one = { ...PLAN, bound: PLAN.bound.filter(({ rule }) => rule.id === id) };
        const alone = await findInKept(store, one);
        const ofRule = [...expected].filter((match) => match.endsWith(` ${id}`));
        expect([...alone.found].sort()).toEqual(ofRule.sort());
        seen += alone.candidates.size;
        matched += new Set(ofRule).size;
      }
      process.stdout.write(
        `query: ${ids.length} rules one by one: ${(seen / ids.length).toFixed(1)} candidates a rule of ${store.rows} events, ${matched} matches\n`,
      );
    });
  },
);

function told(what: string, { rows }: Store, candidates: number, matches: number): void {
  const share = ((100 * candidates) / rows).toFixed(1);
  process.stdout.write(
    `query: ${what}: ${candidates} candidates of ${rows} events (${share} %), ${matches} matches\n`,
  );
}
