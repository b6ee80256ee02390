/** Canaries and containment on the command line, kept as text: set, put into a log, heard; what was done, and what is refused. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { runIn, sessionIn } from "./session.ts";

const home = mkdtempSync(join(tmpdir(), "breakwater-canary-cli-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));
const run = (typed: string) => runIn(home, typed);
const session = (...commands: readonly string[]) => sessionIn(home, commands, steady);

/** Times, ids and marks become their names. */
function steady(text: string, mark: string): string {
  return text
    .replace(/breakwater-canary-0{16}/g, "OTHER-MARK")
    .replace(/breakwater-canary-[0-9a-f]{16}/g, "MARK")
    .replace(/"evidence":"[0-9a-f]{64}"/g, '"evidence":"HASH"')
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, "TIME")
    .replace(/, [\d.]+ s (after|before) it was set(: a clock is wrong)?/g, ", N s after it was set")
    .replace(/"seconds":-?[\d.]+/g, '"seconds":N')
    .replace(/^(.)/gm, `${mark}$1`);
}

/** A log of IIS whose lines are of this very second. */
function writeLog(...stems: readonly string[]): void {
  const [day = "", time = ""] = new Date().toISOString().slice(0, 19).split("T");
  const lines = stems.map((stem) => `${day} ${time} GET ${stem} - 192.0.2.10 404`);
  const head = "#Fields: date time cs-method cs-uri-stem cs-uri-query c-ip sc-status";
  writeFileSync(join(home, "u_ex.log"), [head, ...lines, ""].join("\n"));
}

test("a canary is set, put into a log and heard; another mark is nobody's", async () => {
  writeLog("/owa/auth/logon.aspx");
  expect(run("breakwater investigate u_ex.log --vault case --by Ann").status).toBe(0);
  const set = run("breakwater canary set --vault case --by Ann --where 'IIS of MX1' --format json");
  const { mark }: { mark: string } = JSON.parse(set.stdout);
  writeLog(`/owa/auth/${mark}.aspx`, "/breakwater-canary-0000000000000000");
  const text = session(
    "breakwater canary set --help",
    "breakwater canary list --help",
    "breakwater canary list --vault case",
    "breakwater canary set --vault case --by Ann",
    "breakwater canary set --vault case --by Ann --within 0.5 --format json",
    "breakwater canary set --vault case",
    "breakwater canary set --vault case --by Ann --within soon",
    "breakwater canary set --vault case --by Ann --within 0",
    "breakwater canary set --vault nowhere --by Ann",
    "breakwater investigate u_ex.log --vault case --by Ann --format json",
  );
  const list = session(
    "breakwater canary list --vault case",
    "breakwater canary list --vault case --format json",
    "breakwater canary list --vault case --format xml",
  );
  expect(text).toContain("[exit 0]");
  const shown = text.slice(0, text.indexOf("$ breakwater investigate"));
  await expect(`${shown}${list}`).toMatchFileSnapshot("transcripts/canary.txt");
});

test("containment is recorded by name; what is yet to come, or of nothing, is refused", async () => {
  const record = "breakwater containment record --vault case --by Ann";
  const text = session(
    "breakwater containment record --help",
    "breakwater containment list --help",
    `${record} --kind isolated --subject MX1 --at 2021-12-06T10:15:00Z`,
    `${record} --kind reset --subject 'CLINIC\\svc-mail' --done-by Bea --verified 'the old one is refused' --note 'twice, a day apart'`,
    `${record} --kind blocked --subject '\u001b[2J198.51.100.7'`,
    `${record} --kind hoped --subject MX1`,
    `${record} --kind isolated --subject ' '`,
    `${record} --kind isolated`,
    `${record} --kind rebuilt --subject MX1 --at 2099-01-01`,
    `${record} --kind rebuilt --subject MX1 --at tomorrow`,
    "breakwater containment record --vault case --kind rebuilt --subject MX1",
    "breakwater containment list --vault case",
    "breakwater containment list --vault case --format json",
  );
  await expect(text).toMatchFileSnapshot("transcripts/containment.txt");
});
