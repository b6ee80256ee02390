/** Rules over the events that a vault keeps: the same lines as over the evidence, by time, and what keeps a search from being whole. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { runIn, sessionIn } from "./session.ts";

const home = mkdtempSync(join(tmpdir(), "breakwater-kept-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const FIELDS =
  "date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) sc-status time-taken";
const log = (day: string, ...lines: readonly string[]): string =>
  [`#Fields: ${FIELDS}`, ...lines.map((line) => `${day} ${line}`), ""].join("\n");
const TODAY = log(
  "2021-08-13",
  "04:11:58 10.0.0.5 GET /owa/auth/logon.aspx - 443 - 192.0.2.10 Mozilla/5.0 200 15",
  "04:12:07 10.0.0.5 POST /owa/auth/x.aspx cmd=whoami 443 - 198.51.100.7 python-requests/2.25.1 200 312",
  "04:12:09 10.0.0.5 POST /owa/auth/x.aspx cmd=dir 443 - 198.51.100.7 python-requests/2.25.1 200 99",
);
const YESTERDAY = log(
  "2021-08-12",
  "23:59:59 10.0.0.5 POST /owa/auth/y.aspx cmd=whoami 443 - 198.51.100.7 python-requests/2.25.1 200 312",
);
const record = (id: number, name: string, value: string, outcome: string): string =>
  `{"CreationTime":"2021-08-12T09:14:0${id}","Id":"5e2a1b3c-0000-4000-8000-00000000000${id}","Operation":"New-InboxRule","OrganizationId":"00000000-0000-0000-0000-000000000001","RecordType":2,"ResultStatus":"${outcome}","UserId":"anna@clinic.example","Workload":"Exchange","Parameters":[{"Name":"${name}","Value":"${value}"},{"Name":"DeleteMessage","Value":"True"}]}`;
const AUDIT = [
  record(1, "ForwardTo", "eve@elsewhere.example", "Succeeded"),
  record(2, "MoveToFolder", "RSS", "True"),
  record(3, "ForwardTo", "bob@clinic.example", "Failed"),
  "",
].join("\n");

const RULES = `title: Command in an address
id: 22222222-0000-4000-8000-000000000001
name: command_in_address
logsource: { category: webserver }
detection:
  page: { cs-uri-query|contains: '/x.aspx?cmd=' }
  agent: { cs-user-agent|startswith: PYTHON- }
  condition: page and agent
level: high
---
title: Any page with a command
id: 22222222-0000-4000-8000-000000000002
logsource: { category: webserver }
detection:
  a: { cs-uri|contains: 'aspx?cmd=whoami' }
  condition: a
---
title: Rule of a mailbox that forwards
id: 22222222-0000-4000-8000-000000000003
logsource: { product: m365, service: audit }
detection:
  a: { eventName: New-InboxRule, status: success, Parameters|contains: '"ForwardTo"' }
  condition: a
---
title: Rule of a mailbox that does not forward
id: 22222222-0000-4000-8000-000000000004
logsource: { product: m365, service: audit }
detection:
  a: { Operation: New-InboxRule }
  b: { Parameters|contains: '"Name":"ForwardTo"' }
  condition: a and not b
---
title: Two commands
id: 22222222-0000-4000-8000-000000000005
correlation:
  type: event_count
  rules: [command_in_address]
  group-by: [c-ip]
  timespan: 5m
  condition: { gte: 2 }
  generate: true
`;

const steady = (text: string, mark: string) =>
  text
    .replaceAll(home, "HOME")
    .replace(/[\d.]+ s$/gm, "N s")
    .replace(/^(.)/gm, `${mark}$1`);
const session = (...commands: readonly string[]) => sessionIn(home, commands, steady);
const run = (typed: string) => runIn(home, typed);

/** Every file of a folder with its size and time: what a command that changes nothing leaves as it was. */
function stateOf(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => statSync(join(folder, name)).isFile() && !name.startsWith("run"))
    .map(
      (name) =>
        `${name} ${statSync(join(folder, name)).size} ${statSync(join(folder, name)).mtimeMs}`,
    )
    .sort();
}

const linesOf = (text: string): readonly string[] => text.split("\n").filter((line) => line !== "");

test("the same detections as over the evidence, in the order of time, and nothing changes", async () => {
  mkdirSync(join(home, "evidence"));
  writeFileSync(join(home, "evidence", "u_ex210813.log"), TODAY);
  writeFileSync(join(home, "evidence", "u_ex210812.log"), YESTERDAY);
  writeFileSync(join(home, "evidence", "audit.json"), AUDIT);
  writeFileSync(join(home, "new.yml"), RULES);
  const vault = "--vault case --by Ann --as-of 2021-12-31T00:00:00Z";
  expect(run(`breakwater investigate evidence ${vault}`).status).toBe(0);
  const before = stateOf(join(home, "case"));
  const text = session(
    "breakwater detect --help",
    "breakwater detect --vault case --rules new.yml",
    "breakwater detect --vault case --rules new.yml --from 2021-08-12T09:14:02Z --to 2021-08-13T04:12:09Z",
    "breakwater detect evidence --rules new.yml --from 2021-08-12T09:14:02Z --to 2021-08-13T04:12:09Z",
  );
  await expect(text).toMatchFileSnapshot("transcripts/detect-vault.txt");
  expect(stateOf(join(home, "case"))).toEqual(before);
  const read = run("breakwater detect evidence --rules new.yml");
  const kept = run("breakwater detect --vault case --rules new.yml");
  expect(linesOf(kept.stdout).toSorted()).toEqual(linesOf(read.stdout).toSorted());
  expect(linesOf(kept.stdout)).toHaveLength(7);
});

test("where a search is not whole, or there is nothing to search, it says so", async () => {
  // By reference, so that the evidence can go: what needs it is then not decided, and said.
  const referenced = "--vault referenced --by-reference --by Ann --as-of 2021-12-31T00:00:00Z";
  expect(run(`breakwater investigate evidence ${referenced}`).status).toBe(0);
  rmSync(join(home, "evidence", "audit.json"));
  const search = "breakwater detect --vault referenced --rules new.yml";
  const gone = run(`${search} --strict`);
  expect(gone.stderr).toContain("not decided: 3 events need their evidence, which is gone");
  expect(gone.status).toBe(3);
  expect(run(search).status).toBe(0);
  const text = session(
    "breakwater detect evidence --vault case --rules new.yml",
    "breakwater detect --vault case --case x.yml",
    "breakwater detect --vault case --from 2021-08-13 --to 2021-08-12",
    "breakwater detect --vault nowhere --rules new.yml",
    "breakwater detect --rules new.yml",
    "breakwater lock --vault case",
    "breakwater detect --vault case --rules new.yml",
  );
  await expect(text.replace(/\d+ files, [\d.]+ MB/g, "N files, N MB")).toMatchFileSnapshot(
    "transcripts/detect-vault-mistakes.txt",
  );
});
