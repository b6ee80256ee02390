/**
 * Rules over kept events against reading the evidence again: all rules over real event logs, one rule and all rules over a web server's
 * log. Both sides find the same; what is kept of them is the ratio of their CPU times.
 */
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadKnowledge } from "../src/casework/index.ts";
import {
  NO_PLACEHOLDERS,
  type Plan,
  createMatcher,
  parseRules,
  planRules,
} from "../src/engines/sigma/index.ts";
import { madeLog } from "../test/readers/iis-log.ts";
import { shared } from "../test/shared.ts";
import {
  type Evidence,
  evidenceOf,
  findInEvidence,
  folderEvidence,
  keyOf,
  queryOfPlan,
  scanned,
  withKept,
} from "../test/sigma/kept.ts";
import { FULL, ledgerFigures } from "./measure.ts";

const SIGMA = shared("sigma");
const EVTX = shared("evtx");

const ONE = `title: A page that no one made
logsource: { category: webserver }
detection:
  a: { cs-uri-query|contains: /owa/auth/x.aspx, cs-method: POST }
  condition: a
`;

function everyRule(): Plan {
  const folder = join(SIGMA ?? "", "rules");
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".yml"))
    .sort();
  return planned(
    files.slice(0, FULL ? undefined : 200).map((name) => readFileSync(join(folder, name), "utf8")),
  );
}

function planned(texts: readonly string[]): Plan {
  const parsed = texts.flatMap((text, at) => parseRules(`${at}.yml`, text, NO_PLACEHOLDERS));
  return planRules(parsed, loadKnowledge().logSources);
}

test.skipIf(SIGMA === null || EVTX === null)(
  "all rules over real event logs",
  { timeout: 600_000 },
  async () => {
    const evidence = await folderEvidence(EVTX ?? "", ".evtx");
    const some = FULL ? evidence : evidence.slice(0, 12);
    expect(await compare("all rules, event logs", everyRule(), some)).toBeLessThan(ALL_RULES);
  },
);

test.skipIf(SIGMA === null)("a web server's log", { timeout: 1_200_000 }, async () => {
  const days = FULL ? 12 : 1;
  const logs = Array.from({ length: days }, (_, day) =>
    madeLog(FULL ? 83_334 : 1_000, day + 1, Date.UTC(2021, 7, day + 1)),
  );
  const evidence: Evidence[] = [];
  for (const [day, log] of logs.entries()) {
    const one = await evidenceOf(`u_ex21080${day}.log`, Buffer.from(log));
    if (one !== null) evidence.push(one);
  }
  expect(await compare("one rule, IIS", planned([ONE]), evidence)).toBeLessThan(ONE_RULE);
  expect(await compare("all rules, IIS", everyRule(), evidence)).toBeLessThan(ALL_RULES);
});

/** What kept events may cost of reading again; of tiny ones, which cost the start of DuckDB, anything. */
const ONE_RULE = FULL ? 0.6 : Number.POSITIVE_INFINITY;
const ALL_RULES = FULL ? 2.5 : Number.POSITIVE_INFINITY;

async function compare(name: string, plan: Plan, evidence: readonly Evidence[]): Promise<number> {
  function* batches() {
    for (const one of evidence) yield* one.batches();
  }
  return await withKept(batches(), async (store) => {
    const [read, kept] = [[], []] as [number[], number[]];
    let candidates = 0;
    for (let round = 0; round < (FULL ? 2 : 1); round++) {
      const start = process.cpuUsage();
      const expected = findInEvidence(plan, batches());
      read.push(secondsSince(start));
      const again = process.cpuUsage();
      const matcher = createMatcher(plan);
      const found = new Set<string>();
      candidates = 0;
      for await (const batch of scanned(store, queryOfPlan(plan))) {
        candidates += batch.length;
        matcher.match(batch, (row, { id }) => found.add(`${keyOf(batch, row)} ${id}`));
      }
      kept.push(secondsSince(again));
      expect([...found].sort()).toEqual([...expected].sort());
    }
    const ratio = Math.min(...kept) / Math.min(...read);
    ledgerFigures(`kept: ${name}`, {
      events: store.rows,
      candidates,
      read_again_cpu_seconds: Math.min(...read),
      kept_cpu_seconds: Math.min(...kept),
      of_reading: ratio,
    });
    return ratio;
  });
}

function secondsSince(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}
