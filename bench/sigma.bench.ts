/**
 * SigmaHQ's rules over real event logs: reading alone, then reading and matching, so that the price of the rules
 * is their difference; and the time until the first event can be matched.
 */
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { memorySource } from "../src/base/source.ts";
import { byCodeUnits } from "../src/base/text.ts";
import { evtxReader } from "../src/engines/formats/evtx/read.ts";
import {
  createMatcher,
  parseLogSources,
  parseRules,
  planRules,
} from "../src/engines/sigma/index.ts";
import type { Batch } from "../src/model/event.ts";
import type { EvidenceHash } from "../src/model/evidence.ts";
import { shared } from "../test/shared.ts";
import { FULL, type Work, ledger, measure } from "./measure.ts";

const SIGMA = shared("sigma");
const EVTX = shared("evtx");
/** Tiny: enough files that every step runs. */
const FILES_MAX = FULL ? Number.POSITIVE_INFINITY : 12;

test.skipIf(SIGMA === null || EVTX === null)("sigma over evtx", { timeout: 600_000 }, () => {
  const texts = filesBelow(join(SIGMA ?? "", "rules"), ".yml")
    .slice(0, FULL ? undefined : 200)
    .map((file) => ({ file, text: readFileSync(file, "utf8") }));
  const logs = filesBelow(EVTX ?? "", ".evtx")
    .slice(0, FILES_MAX)
    .map((file) => readFileSync(file));
  const sources = parseLogSources(
    JSON.parse(readFileSync("knowledge/sigma-logsources.json", "utf8")),
  );

  const parsed = texts.flatMap(({ file, text }) => parseRules(file, text));
  const plan = planRules(parsed, sources);
  const rules = plan.accounts.filter(({ state }) => state === "run").length;
  const parsing = measure("sigma: parse and plan, rules", () => {
    const made = planRules(
      texts.flatMap(({ file, text }) => parseRules(file, text)),
      sources,
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
  ledger(parsing, { rules });
  ledger(cold, { rules, reading_per_second: Math.round(reading.perSecond) });
  ledger(warm, {
    rules,
    evaluations_per_event: evaluations / rows,
    reading_per_second: Math.round(reading.perSecond),
  });
});

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

function filesBelow(folder: string, extension: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(extension))
    .sort()
    .map((name) => join(folder, name));
}
