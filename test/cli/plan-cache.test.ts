/** Rules from the cache and rules parsed anew give the same detections, with and without a vault. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, expect, test } from "vitest";

const PROGRAM = resolve("bin/breakwater");
const home = mkdtempSync(join(tmpdir(), "breakwater-plan-cli-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const CACHE = join(home, "cache", "breakwater", "plans");
const RULES = `title: Page in the folder of the sign-in page
id: 11111111-0000-4000-8000-000000000001
name: page
logsource: { category: webserver }
detection:
  page: { cs-uri-query|contains: /owa/auth/ }
  known: { cs-uri-stem|endswith: [/logon.aspx, /logoff.aspx] }
  condition: page and not known
level: high
---
title: Again and again
id: 11111111-0000-4000-8000-000000000002
correlation:
  type: event_count
  rules: [page]
  group-by: [c-ip]
  timespan: 5m
  condition: { gte: 3 }
  generate: true
`;
const FIELDS = "date time s-ip cs-method cs-uri-stem cs-uri-query c-ip sc-status";
const LOG = [
  `#Fields: ${FIELDS}`,
  ...Array.from({ length: 8 }, (_, at) => {
    const page = at % 4 === 0 ? "logon" : "x";
    return `2021-08-13 04:12:0${at} 10.0.0.5 POST /owa/auth/${page}.aspx - 198.51.100.7 200`;
  }),
  "",
];

mkdirSync(join(home, "rules"));
writeFileSync(join(home, "rules", "house.yml"), RULES);
writeFileSync(join(home, "u_ex210813.log"), LOG.join("\n"));

function run(words: string, cache = join(home, "cache")) {
  const env = { PATH: process.env["PATH"], HOME: home, XDG_CACHE_HOME: cache, NO_COLOR: "1" };
  const { stdout, stderr, status } = spawnSync(PROGRAM, words.split(" "), {
    cwd: home,
    encoding: "utf8",
    env,
  });
  return { stdout, stderr, status };
}

test("detect and rules check say the same cold, warm, over damage, and where nothing can be kept", () => {
  const detect = "detect u_ex210813.log --rules rules";
  const cold = run(detect);
  expect(cold.status).toBe(0);
  expect(cold.stdout.trim().split("\n").length).toBeGreaterThan(6);
  const [plan = ""] = readdirSync(CACHE);
  expect(readdirSync(CACHE)).toHaveLength(1);
  expect(run(detect)).toEqual(cold);
  const checked = run("rules check rules --list");
  expect(checked.stdout).toContain("2 rules, 2 run");
  expect(readdirSync(CACHE)).toEqual([plan]);
  const sound = readFileSync(join(CACHE, plan));
  writeFileSync(join(CACHE, plan), sound.subarray(0, sound.length - 1));
  expect(run(detect)).toEqual(cold);
  expect(readFileSync(join(CACHE, plan)).equals(sound)).toBe(true);
  expect(run(detect, "/dev/null")).toEqual(cold);
  const doctor = run("doctor").stdout;
  expect(doctor).toContain(`plans of rules: ${CACHE}: 1 of them`);
});

test("an investigation gives the same findings with rules parsed and from the vault's own cache", () => {
  const words = "--vault case --rules rules --as-of 2021-08-14T00:00:00Z --by A --format json";
  const cold = run(`investigate u_ex210813.log ${words}`);
  expect(cold.status).toBe(0);
  const derived = join(home, "case", "derived");
  const plans = readdirSync(join(derived, "plans"));
  expect(plans).toHaveLength(1);
  // All but the plan is made again.
  for (const name of readdirSync(derived))
    if (name !== "plans") rmSync(join(derived, name), { recursive: true });
  const warm = run(`investigate u_ex210813.log ${words}`);
  expect(readdirSync(join(derived, "plans"))).toEqual(plans);
  const [before, after] = [cold, warm].map(({ stdout }) => JSON.parse(stdout).dossier);
  expect(before.findings.length).toBeGreaterThan(0);
  expect(after.findings).toEqual(before.findings);
  expect(after.rules).toEqual(before.rules);
  expect(run("lock --vault case").status).toBe(0);
  expect(readdirSync(derived)).toEqual([]);
});
