/** The defences of sample cases, from their logs and hives: a benign clinic has nothing to answer, and the attacked one what its truth says. */
import { expect, test } from "vitest";
import { memorySource } from "../base/source.ts";
import { toTicks } from "../base/time.ts";
import { known } from "../base/assert.ts";
import { HEAD_BYTES } from "../engines/formats/index.ts";
import { NO_EVIDENCE } from "../model/evidence.ts";
import { createSigns } from "../questions/answered/index.ts";
import { createCoverage } from "../questions/cause/index.ts";
import { makeSample } from "../sample/index.ts";
import { NO_CASE_FILE } from "./case-file.ts";
import { defenceFindings, toldOfDefences } from "./defences.ts";
import { loadKnowledge } from "./knowledge.ts";

const KNOWLEDGE = loadKnowledge();
const LOGS = /Defender|Security|System|Management|MPLog|SOFTWARE|audit/i;
const AS_OF = known(toTicks(BigInt(Date.UTC(2022, 2, 1)) * 10_000n), "a time");

async function defencesOf(seed: number, variant: "benign" | "exchange") {
  const signs = createSigns(KNOWLEDGE.protection);
  const coverage = createCoverage();
  for (const { path, bytes } of makeSample({ seed, size: "small", variant }).files) {
    if (!path.startsWith("evidence/") || !LOGS.test(path)) continue;
    const content = Buffer.concat([...bytes]);
    const format = KNOWLEDGE.formats.recognise(content.subarray(0, HEAD_BYTES));
    if (format === null) continue;
    const place = { evidence: NO_EVIDENCE, member: path, file: path };
    const setting = { place, host: null, zone: null, skewMillis: 0 };
    for (const piece of (await KNOWLEDGE.formats.load(format)).read(
      memorySource(content),
      setting,
    )) {
      if (piece.kind !== "batch") continue;
      signs.add(piece);
      coverage.add(piece);
    }
  }
  const analysis = { signs: signs.state(), coverage: coverage.finish(KNOWLEDGE.expected, []) };
  const run = { asOf: AS_OF, from: null, to: null, logs: [] };
  return { run, caseFile: NO_CASE_FILE, knowledge: KNOWLEDGE, analysis };
}

test.each([1, 2, 3])("benign clinic %i: nothing above low befell its defences", async (seed) => {
  const matter = await defencesOf(seed, "benign");
  expect(matter.analysis.coverage.sources.length).toBeGreaterThan(3);
  const grave = defenceFindings(matter).filter(
    ({ level }) => level !== "low" && level !== "informational",
  );
  expect(grave).toEqual([]);
});

test("the attacked clinic: signatures aged; what was excluded in 2019 was the vendor's advice then", async () => {
  const matter = await defencesOf(1, "exchange");
  const findings = defenceFindings(matter).filter(({ kind }) => kind !== "silence");
  expect(findings).toMatchObject([
    { kind: "protection", level: "medium", title: "Defender's signatures were older than a week" },
  ]);
  expect(findings[0]?.why).toContain("could not be renewed on 12 days");
  const { statements, unknown } = toldOfDefences(matter);
  expect(statements).toHaveLength(1);
  expect(statements[0]?.text).toContain("as the vendor of Exchange advised");
  expect(unknown).toEqual([]);
});

test("a finding outside the window that was asked for is left out", async () => {
  const matter = await defencesOf(1, "exchange");
  const kindsFrom = (from: string) => {
    const run = { ...matter.run, from: BigInt(Date.parse(from)) * 10_000n };
    return defenceFindings({ ...matter, run }).map(({ kind }) => kind);
  };
  expect(kindsFrom("2021-10-04T00:00:00Z")).toContain("protection");
  expect(kindsFrom("2021-10-06T00:00:00Z")).not.toContain("protection");
});
