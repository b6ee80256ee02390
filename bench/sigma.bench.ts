/**
 * SigmaHQ's rules over real event logs: reading alone, then reading and matching, so that the price of the rules
 * is their difference; the time until the first event can be matched; and all of it ten times over in a process of its own,
 * held against the gates and, on a sample, against the naive interpreter.
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { memorySource } from "../src/base/source.ts";
import { byCodeUnits } from "../src/base/text.ts";
import { evtxReader } from "../src/engines/formats/evtx/read.ts";
import { createMatcher, parseRules, planRules } from "../src/engines/sigma/index.ts";
import type { Rule } from "../src/engines/sigma/index.ts";
import { type Batch, eventOf } from "../src/model/event.ts";
import type { EvidenceHash } from "../src/model/evidence.ts";
import { shared } from "../test/shared.ts";
import { LOG_SOURCES } from "../test/sigma/log-sources.ts";
import { oracleOf } from "../test/sigma/oracle.ts";
import { FULL, type Work, ledger, ledgerFigures, measure } from "./measure.ts";
import { type Matched, filesBelow } from "./sigma-match.ts";

const SIGMA = shared("sigma");
const EVTX = shared("evtx");
/** Tiny: enough files that every step runs. */
const FILES_MAX = FULL ? Number.POSITIVE_INFINITY : 12;
const EVENTS_PER_SECOND_LEAST = 30_000;
const EVALUATIONS_PER_EVENT_MOST = 4;
const PEAK_MEBIBYTES_MOST = 400;
/** As casework's threads are limited (casework/crew/crew.ts). */
const HEAP = ["--max-old-space-size=384", "--max-semi-space-size=8"];
/** What the naive interpreter gets through in a few seconds. */
const ORACLE_FILES_MAX = FULL ? 40 : 4;

test.skipIf(SIGMA === null || EVTX === null)("sigma over evtx", { timeout: 600_000 }, () => {
  const texts = filesBelow(join(SIGMA ?? "", "rules"), ".yml")
    .slice(0, FULL ? undefined : 200)
    .map((file) => ({ file, text: readFileSync(file, "utf8") }));
  const logs = filesBelow(EVTX ?? "", ".evtx")
    .slice(0, FILES_MAX)
    .map((file) => readFileSync(file));

  const parsed = texts.flatMap(({ file, text }) => parseRules(file, text));
  const plan = planRules(parsed, LOG_SOURCES);
  const rules = plan.accounts.filter(({ state }) => state === "run").length;
  const parsing = measure("sigma: parse and plan, rules", () => {
    const made = planRules(
      texts.flatMap(({ file, text }) => parseRules(file, text)),
      LOG_SOURCES,
    );
    return { amount: texts.length, result: String(made.accounts.length) };
  });
  const reading = measure("sigma: reading only, events", () => overAll(logs, () => {}));
  const cold = measure("sigma: first pass with buckets to build, events", () =>
    matchAll(logs, createMatcher(plan)),
  );
  const matcher = createMatcher(plan);
  const warm = measure("sigma: events", () => matchAll(logs, matcher));

  expect(warm.resultHash).toBe(cold.resultHash);

  const { rows, evaluations } = matcher.work;
  process.stdout.write(
    `bench: sigma: ${rules} rules, ${(evaluations / rows).toFixed(2)} evaluations an event\n`,
  );
  expect(evaluations / rows).toBeLessThan(EVALUATIONS_PER_EVENT_MOST);
  ledger(parsing, { rules });
  ledger(cold, { rules, reading_per_second: Math.round(reading.perSecond) });
  ledger(warm, {
    rules,
    evaluations_per_event: evaluations / rows,
    reading_per_second: Math.round(reading.perSecond),
  });
});

test.skipIf(SIGMA === null || EVTX === null)(
  "sigma over evtx ten times, alone",
  { timeout: 600_000 },
  () => {
    const rules = join(SIGMA ?? "", FULL ? "rules" : "rules/rules-emerging-threats/2021");
    const logs = EVTX ?? "";
    const files = String(FILES_MAX);
    const alone = (times: number): Matched =>
      JSON.parse(
        execFileSync(
          process.execPath,
          [...HEAP, "bench/sigma-match.ts", rules, logs, String(times), files],
          { encoding: "utf8" },
        ),
      );
    const once = alone(1);
    const tenfold = alone(FULL ? 10 : 2);
    expect(tenfold.hits).toBe(once.hits);
    expect(tenfold.evaluationsPerEvent).toBeLessThan(EVALUATIONS_PER_EVENT_MOST);
    const perSecond = tenfold.events / tenfold.cpuSeconds;
    const oracle = againstOracle(rules, logs);
    ledgerFigures("sigma: tenfold, alone", {
      events: tenfold.events,
      per_second: perSecond,
      evaluations_per_event: tenfold.evaluationsPerEvent,
      peak_rss_mb: tenfold.peakRssMb,
      times_the_oracle: oracle,
    });
    if (!FULL) return;
    expect(perSecond).toBeGreaterThan(EVENTS_PER_SECOND_LEAST);
    expect(tenfold.peakRssMb).toBeLessThan(PEAK_MEBIBYTES_MOST);
  },
);

/** How many times as long the naive interpreter takes over a sample; the hits must be the same. */
function againstOracle(folder: string, logFolder: string): number {
  const parsed = filesBelow(folder, ".yml").flatMap((file) =>
    parseRules(file, readFileSync(file, "utf8")),
  );
  const matcher = createMatcher(planRules(parsed, LOG_SOURCES));
  const oracle = oracleOf(
    parsed.filter((one): one is Rule => one.kind === "rule"),
    LOG_SOURCES,
  );
  const every = Math.max(1, Math.floor(filesBelow(logFolder, ".evtx").length / ORACLE_FILES_MAX));
  const logs = filesBelow(logFolder, ".evtx")
    .filter((_, at) => at % every === 0)
    .map((file) => readFileSync(file));
  const secondsOf = (match: (batch: Batch, found: string[]) => void) => {
    const found: string[] = [];
    const before = process.cpuUsage();
    overAll(logs, (batch) => match(batch, found));
    const { user, system } = process.cpuUsage(before);
    return { seconds: (user + system) / 1e6, found: found.sort() };
  };
  const ours = (batch: Batch, found: string[]) =>
    matcher.match(batch, (row, { id }) => found.push(`${batch.offsets[row]} ${id}`));
  secondsOf(ours);
  const quick = secondsOf(ours);
  const naive = secondsOf((batch, found) => {
    for (let row = 0; row < batch.length; row++)
      for (const { id } of oracle(eventOf(batch, row))) found.push(`${batch.offsets[row]} ${id}`);
  });
  expect(quick.found).toEqual(naive.found);
  return naive.seconds / quick.seconds;
}

function matchAll(logs: readonly Uint8Array[], matcher: ReturnType<typeof createMatcher>): Work {
  const hits = new Map<string, number>();
  const done = overAll(logs, (batch) =>
    matcher.match(batch, (_, { id }) => hits.set(id, (hits.get(id) ?? 0) + 1)),
  );
  return {
    amount: done.amount,
    result: JSON.stringify([...hits].sort(([a], [b]) => byCodeUnits(a, b))),
  };
}

function overAll(logs: readonly Uint8Array[], visit: (batch: Batch) => void): Work {
  let events = 0;
  for (const bytes of logs) {
    const place = { evidence: "0".repeat(64) as EvidenceHash, member: "", file: "log" };
    const setting = { place, host: null, zone: null, skewMillis: 0 };
    for (const piece of evtxReader.read(memorySource(bytes), setting)) {
      if (piece.kind !== "batch") continue;
      events += piece.length;
      visit(piece);
    }
  }
  return { amount: events, result: String(events) };
}
