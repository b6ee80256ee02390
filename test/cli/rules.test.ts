/** Rules on the command line: what runs and why not, over which evidence, and why one matches an event or does not. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { runIn, sessionIn } from "./session.ts";

const home = mkdtempSync(join(tmpdir(), "breakwater-rules-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const FIELDS =
  "date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) sc-status time-taken";
const LINES = [
  "2021-08-13 04:11:58 10.0.0.5 GET /owa/auth/logon.aspx - 443 - 192.0.2.10 Mozilla/5.0 200 15",
  "2021-08-13 04:12:07 10.0.0.5 POST /owa/auth/x.aspx cmd=whoami%1b[2J\u202e 443 - 198.51.100.7 python-requests/2.25.1 200 312",
];

const RULES = `title: Page in the folder of the sign-in page
id: 11111111-0000-4000-8000-000000000001
name: page_at_sign_in
logsource: { category: webserver }
detection:
  page:
    cs-uri-query|contains: /owa/auth/
    cs-method: POST
  known:
    cs-uri-stem|endswith: [/logon.aspx, /logoff.aspx, /errorfe.aspx]
  condition: page and not known
level: high
---
title: Shell in a cookie
id: 11111111-0000-4000-8000-000000000002
logsource: { category: webserver }
detection:
  cookie: { cs-cookie|contains: whoami }
  condition: cookie
---
title: Somebody who is no administrator
id: 11111111-0000-4000-8000-000000000003
logsource: { product: windows, service: security }
detection:
  own: { SubjectUserName|expand: '%Administrators%' }
  condition: not own
---
title: Word of no specification
id: 11111111-0000-4000-8000-000000000004
logsource: { product: windows }
detection:
  a: { Image|resembles: x }
  condition: a
---
title: Far away
id: 11111111-0000-4000-8000-000000000005
logsource: { product: aws, service: cloudtrail }
detection:
  a: { eventName: x }
  condition: a
`;

const FILTERS = `title: Our own scanner
id: 11111111-0000-4000-8000-00000000000f
logsource: { category: webserver }
filter:
  rules: [page_at_sign_in, nobody]
  scanner: { c-ip|cidr: 198.51.100.0/24 }
  condition: not scanner
---
title: For a rule that is not here
logsource: { category: webserver }
filter:
  rules: [elsewhere]
  a: { c-ip: x }
  condition: not a
---
title: Without rules
logsource: { category: webserver }
filter:
  a: { c-ip: x }
  condition: not a
`;

const steady = (text: string, mark: string) =>
  text.replaceAll(home, "HOME").replace(/^(.)/gm, `${mark}$1`);
const session = (...commands: readonly string[]) => sessionIn(home, commands, steady);
const run = (typed: string) => runIn(home, typed);

test("rules: checked, over evidence, with filters and placeholders, and explained", async () => {
  mkdirSync(join(home, "rules"));
  writeFileSync(join(home, "rules", "house.yml"), RULES);
  writeFileSync(join(home, "u_ex210813.log"), [`#Fields: ${FIELDS}`, ...LINES, ""].join("\n"));
  writeFileSync(join(home, "filters.yml"), FILTERS);
  writeFileSync(join(home, "names.yml"), "Administrators: [adm_*, administrator]\n");
  writeFileSync(join(home, "wrong.yml"), "Administrators:\n  - adm_*\n  - [a]\n");
  const id = "11111111-0000-4000-8000-00000000000";
  const text = session(
    "breakwater rules check --help",
    "breakwater rules explain --help",
    "breakwater rules check rules --list",
    "breakwater rules check rules --placeholders names.yml",
    "breakwater rules check rules --placeholders wrong.yml",
    "breakwater rules check rules filters.yml --placeholders names.yml --evidence u_ex210813.log --list",
    `breakwater rules explain ${id}1 --event u_ex210813.log#3 --rules rules`,
    `breakwater rules explain page_at_sign_in --event u_ex210813.log#3 --rules rules --rules filters.yml`,
    `breakwater rules explain ${id}1 --event u_ex210813.log@${FIELDS.length + 10} --rules rules`,
    `breakwater rules explain ${id}2 --event u_ex210813.log#2 --rules rules`,
    `breakwater rules explain ${id}3 --event u_ex210813.log#2 --rules rules --placeholders names.yml`,
    `breakwater rules explain ${id}4 --event u_ex210813.log#2 --rules rules`,
    `breakwater rules explain ${id}f --event u_ex210813.log#2 --rules rules --rules filters.yml`,
    `breakwater rules explain ${id}2 --event u_ex210813.log#2 --rules rules --format json`,
    `breakwater rules explain ${id}9 --event u_ex210813.log#2 --rules rules`,
    "breakwater rules explain 11111111 --event u_ex210813.log#2 --rules rules",
    `breakwater rules explain ${id}1 --event u_ex210813.log#9 --rules rules`,
    `breakwater rules explain ${id}1 --event u_ex210813.log --rules rules`,
    "breakwater rules explain",
  );
  await expect(text).toMatchFileSnapshot("transcripts/rules.txt");
});

test("placeholders are sealed with the rules: later runs and replays need no file", () => {
  const vault = "--vault case --by Ann --as-of 2021-12-31T00:00:00Z";
  const rules = "--rules rules --placeholders names.yml";
  const runs = (said: string) => /^rules: .*$/m.exec(said)?.[0];
  const first = run(`breakwater investigate u_ex210813.log ${vault} ${rules}`);
  expect(first.status).toBe(0);
  rmSync(join(home, "names.yml"));
  const again = run(`breakwater investigate ${vault} --rules rules`);
  expect(runs(again.stderr)).toBe(runs(first.stderr));
  expect(run("breakwater lock --vault case").status).toBe(0);
  const unlocked = run("breakwater unlock --vault case --format json");
  expect(JSON.parse(unlocked.stdout)).toMatchObject({ identical: true });
  const dossier = run("breakwater dossier --vault case --out board");
  expect(dossier.status).toBe(0);
  const { dossier: told } = JSON.parse(readFileSync(join(home, "board", "dossier.json"), "utf8"));
  const reasons = JSON.stringify(told.rules);
  expect(reasons).not.toContain("placeholder");
  expect(reasons).toContain("no log of -/webserver/- here carries cs(Cookie)");
});
