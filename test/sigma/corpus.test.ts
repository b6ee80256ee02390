/**
 * SigmaHQ's rules and real event logs: what runs and what does not is pinned, the official tests pass, and the
 * engine finds exactly what the naive oracle finds.
 */
import { readFileSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { memorySource } from "../../src/base/source.ts";
import { evtxReader } from "../../src/engines/formats/evtx/read.ts";
import {
  NO_PLACEHOLDERS,
  type ParsedRule,
  type Placeholders,
  type Plan,
  type Rule,
  createMatcher,
  parseRules,
  planRules,
} from "../../src/engines/sigma/index.ts";
import { type Batch, eventOf } from "../../src/model/event.ts";
import type { EvidenceHash } from "../../src/model/evidence.ts";
import { shared } from "../shared.ts";
import { LOG_SOURCES } from "./log-sources.ts";
import { oracleOf } from "./oracle.ts";
import { REFUSED } from "./refused-rules.ts";

const SIGMA = shared("sigma");
const EVTX = shared("evtx");

const ROOT = SIGMA ?? "";

const parsed = parseAll(NO_PLACEHOLDERS);
const plan = planRules(parsed, LOG_SOURCES);
const matcher = createMatcher(plan);

test.skipIf(SIGMA === null)("every document has its account", () => {
  expect(countsOf(plan)).toEqual({ run: 3166, refused: 25, "not-applicable": 589 });
});

test.skipIf(SIGMA === null)(
  "what is refused waits for words of the house, and for nothing else",
  () => {
    const refused = plan.accounts.flatMap((account) =>
      account.state === "refused" ? [[basename(account.file, ".yml"), account.reason]] : [],
    );
    expect(refused).toEqual(
      [...REFUSED].map(([file, name]) => [
        file,
        `the placeholder '%${name}%' without a value in a file of placeholders`,
      ]),
    );
    const given = new Map(PLACEHOLDERS.map((name) => [name, ["a", "b*"]]));
    expect(countsOf(planRules(parseAll(given), LOG_SOURCES))).not.toHaveProperty("refused");
  },
);

test.skipIf(SIGMA === null)("nothing on Windows is not applicable but what no log keeps", () => {
  const reasons = plan.accounts.flatMap((account) =>
    account.state === "not-applicable" && account.reason.includes("windows/")
      ? [account.reason]
      : [],
  );
  expect([...new Set(reasons)].sort()).toEqual([
    "log source windows/file_access/-: comes from event tracing (Kernel-File), which no log keeps",
    "log source windows/file_rename/-: comes from event tracing (Kernel-File), which no log keeps",
  ]);
});

test.skipIf(SIGMA === null)("the official tests pass", () => {
  const index: unknown = JSON.parse(readFileSync(join(ROOT, "regression/INDEX.json"), "utf8"));
  const states = new Map(plan.accounts.map(({ id, state }) => [id, state]));
  let passed = 0;
  const failed: string[] = [];
  for (const { rule, file, count } of officialTests(index)) {
    if (states.get(rule) !== "run") continue;
    let found = 0;
    for (const batch of batchesOf(join(ROOT, file))) {
      matcher.match(batch, (_, { id }) => (found += id === rule ? 1 : 0));
    }
    if (count === null ? found > 0 : found === count) passed++;
    else failed.push(`${file}: ${found} for ${count}`);
  }
  expect(failed).toEqual([]);
  expect(passed).toBe(106);
});

test.skipIf(SIGMA === null || EVTX === null)(
  "the engine finds what the oracle finds, on every event",
  { timeout: 300_000 },
  () => {
    const oracle = oracleOf(
      parsed.filter((one): one is Rule => one.kind === "rule"),
      LOG_SOURCES,
    );
    let events = 0;
    let hits = 0;
    for (const file of [...filesBelow(EVTX ?? "", ".evtx"), ...filesBelow(ROOT, ".evtx")]) {
      for (const batch of batchesOf(file)) {
        const found = new Set<string>();
        matcher.match(batch, (row, { id }) => found.add(`${row} ${id}`));
        const expected = new Set<string>();
        for (let row = 0; row < batch.length; row++) {
          for (const { id } of oracle(eventOf(batch, row))) expected.add(`${row} ${id}`);
        }
        expect({ file, found }).toEqual({ file, found: expected });
        events += batch.length;
        hits += found.size;
      }
    }
    expect(events).toBeGreaterThan(15_000);
    process.stdout.write(`oracle: ${events} events, ${hits} hits, all alike\n`);
  },
);

/** Every placeholder that a rule of SigmaHQ names. */
const PLACEHOLDERS =
  `Administrators Admins_Workstations ApprovedUserUpn Approved_Inviters DC-MACHINE-NAME
  DomainControllers HomeTenantID Important_AppIds KNOWN_LOCATION Known_Location Legitimate_Countries Legitimate_IP_Ranges
  ServerSystems UnApprovedDevice UnApprovedIp UnLegitCountries Workstations dc_ip_addresses dc_machine_accounts
  domain_controller_hostnames internal_domains known_cdcs legit_ips legtimate_identifiers userdomain`.split(
    /\s+/,
  );

function parseAll(placeholders: Placeholders): readonly ParsedRule[] {
  if (SIGMA === null) return [];
  return filesBelow(join(SIGMA, "rules"), ".yml").flatMap((file) =>
    parseRules(file, readFileSync(file, "utf8"), placeholders),
  );
}

function countsOf({ accounts }: Plan): Record<string, number> {
  const states = Map.groupBy(accounts, ({ state }) => state);
  return Object.fromEntries([...states].map(([state, ones]) => [state, ones.length]));
}

function filesBelow(folder: string, extension: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(extension))
    .sort()
    .map((name) => join(folder, name));
}

function* batchesOf(file: string): Generator<Batch> {
  const place = { evidence: "0".repeat(64) as EvidenceHash, member: "", file };
  const setting = { place, host: null, zone: null, skewMillis: 0 };
  for (const piece of evtxReader.read(memorySource(readFileSync(file)), setting)) {
    if (piece.kind === "batch") yield piece;
  }
}

/** The tests that INDEX.json lists: a rule, a log, and how often it must match (null: at least once). */
function officialTests(index: unknown): { rule: string; file: string; count: number | null }[] {
  const tests = typeof index === "object" && index !== null && "tests" in index ? index.tests : [];
  if (!Array.isArray(tests)) return [];
  return tests.map((one: { rule_id: string; evtx_path: string; match_count: number | null }) => ({
    rule: one.rule_id,
    file: one.evtx_path,
    count: one.match_count,
  }));
}
