/**
 * Whole sessions on the command line, kept as text: what a person types, sees, and gets as exit code.
 * Written by the machine, judged by a person with git diff.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { PROGRAM, runIn, sessionIn } from "./session.ts";

const home = mkdtempSync(join(tmpdir(), "breakwater-cli-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));
const session = (...commands: readonly string[]) => sessionIn(home, commands, steady);

const IIS = [
  "#Software: Microsoft Internet Information Services 10.0",
  "#Version: 1.0",
  "#Date: 2021-08-13 00:00:00",
  "#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer) sc-status sc-substatus sc-win32-status time-taken",
  "2021-08-13 04:11:58 10.0.0.5 GET /owa/auth/logon.aspx - 443 - 192.0.2.10 Mozilla/5.0 - 200 0 0 15",
  "2021-08-13 04:12:07 10.0.0.5 GET /autodiscover/autodiscover.json @evil.example/mapi/nspi/?&Email=autodiscover/autodiscover.json%3F@evil.example&CorrelationID=<empty>;&cafeReqId=6d1f2c3b-0000-4000-8000-000000000001; 443 - 198.51.100.7 python-requests/2.25.1 - 200 0 0 312",
  "2021-08-13 04:12:09 10.0.0.5 GET /cut",
  "",
].join("\r\n");

/** Times and random ids become their names. */
function steady(text: string, mark: string): string {
  return text
    .replaceAll(home, "HOME")
    .replace(/\b[0-9a-f]{32}\b/g, "ID")
    .replace(/(taken_at":")[^"]+/g, "$1TIME")
    .replace(/^(rules: ).*(?= run)/gm, "$1N of N")
    .replace(/\d+(?= bytes, decrypted)|(?<=bytes, not )\d+/g, "N")
    .replace(/(?<=derived, )[1-9]\d* files, [\d.]+ MB/g, "N files, N MB")
    .replace(/[\d.]+ [GM]B(?= free)/g, "N GB")
    .replace(/"files":[1-9]\d*,"size_bytes":\d+/g, '"files":N,"size_bytes":N')
    .replace(/(sha256 |"(findings|knowledge)":")[0-9a-f]{64}/g, "$1HASH")
    .replace(/(breakwater )\d+\.\d+\.\d+/g, "$1VERSION")
    .replace(
      /(?<=(?:open|reopened|taken by \w+), due |: \w+, by \w+ at )[\d-]{10}T[\d:]+Z/g,
      "TIME",
    )
    .replace(/\b[0-9a-f]{8}(?= {2}(?:critical|high|medium|low|informational))/g, "ID")
    .replace(/^as of .*$/gm, "as of NOW")
    .replace(/^(.)/gm, `${mark}$1`);
}

test("help", async () => {
  const text = session(
    "breakwater --help",
    "breakwater investigate --help",
    "breakwater rules",
    "breakwater duties --help",
  );
  await expect(text).toMatchFileSnapshot("transcripts/help.txt");
});

test("mistakes: each says what is wrong and what to do", async () => {
  const text = session(
    "breakwater investgate",
    "breakwater investigate",
    "breakwater investigate nowhere --vault v",
    "breakwater investigate nowhere",
    "breakwater serve --vault nowhere",
    "breakwater events . --format xml",
    "breakwater events . --colour",
    "breakwater duties event aware --vault v --at yesterday --by A",
    "breakwater sample s --seed one",
    "breakwater verify nowhere",
  );
  await expect(text).toMatchFileSnapshot("transcripts/mistakes.txt");
});

test("events and detections of a log with a cut line, an empty file, a link and a wrong extension", async () => {
  const folder = join(home, "evidence");
  mkdirSync(folder);
  writeFileSync(join(folder, "u_ex210813.log"), IIS);
  writeFileSync(join(folder, "empty.log"), "");
  writeFileSync(join(folder, "really-iis.evtx"), IIS.replace("04:12:07", "05:12:07"));
  writeFileSync(join(folder, "notes.txt"), "call the supplier\n");
  symlinkSync("/etc/hostname", join(folder, "link.log"));
  const text = session(
    "breakwater events evidence",
    "breakwater events evidence --format timesketch",
    "breakwater events evidence --strict",
    "breakwater detect evidence",
  );
  await expect(text).toMatchFileSnapshot("transcripts/events.txt");
});

test("a case from nothing to a dossier that verifies, and does not once a byte is changed", async () => {
  const text = session(
    "breakwater investigate evidence --vault case --by Ann --as-of 2021-12-31T00:00:00Z",
    "breakwater investigate evidence --vault case --by Ann --as-of 2021-12-31T00:00:00Z",
    "breakwater evidence list --vault case",
    "breakwater evidence coverage --vault case --as-of 2021-12-31T00:00:00Z",
    "breakwater duties event aware --vault case --at 2021-12-06T09:30:00Z --by Ann",
    "breakwater duties show --vault case --as-of 2021-12-08T09:30:00Z",
    "breakwater dossier --vault case --out board",
    "breakwater dossier --vault case --out board",
    "breakwater verify board",
    "breakwater verify case",
  );
  writeFileSync(join(home, "board", "dossier.html"), "<p>nothing happened</p>");
  const altered = session("breakwater verify board");
  await expect(`${text}\n${altered}`).toMatchFileSnapshot("transcripts/case.txt");
});

test("what is missing and the script that saves it; what is claimed about updates", async () => {
  const claim = "MX1,Exchange Server,KB5001779,installed,Northgate IT,2021-05-02,ticket 4711";
  writeFileSync(join(home, "claims.csv"), `host,product,kb,claim,by,at,reference\n${claim}\n`);
  const text = session(
    "breakwater collect --role exchange --out collect.ps1",
    "breakwater collect --role exchange --out collect.ps1",
    "breakwater collect --role mailserver --out other.ps1",
    "breakwater collect --vault case --out missing.ps1 --as-of 2021-12-31T00:00:00Z",
    "breakwater investigate --vault case --claims evidence/notes.txt --by Ann",
    "breakwater investigate --vault case --claims claims.csv --by Ann --as-of 2021-12-31T00:00:00Z",
  );
  await expect(text).toMatchFileSnapshot("transcripts/collect.txt");
});

test("findings: taken, answered with a reason, and what is no answer", async () => {
  const raw = runIn(home, "breakwater findings list --vault case --format json");
  const word = /"id":"([0-9a-f]{32})"/.exec(raw.stdout)?.[1] ?? "none";
  const text = session(
    "breakwater findings list --vault case",
    `breakwater findings take ${word} --vault case --by Ann`,
    `breakwater findings answer ${word} --vault case --by Ann`,
    `breakwater findings answer ${word} --vault case --by Ann --determination malicious`,
    `breakwater findings answer ${word} --vault case --by Ann --determination unknown --reason ?`,
    `breakwater findings answer ${word} --vault case --by Ann --determination malicious --reason probe --scope clean`,
    `breakwater findings show ${word} --vault case`,
    `breakwater findings reopen ${word} --vault case --by Bea --reason again`,
    "breakwater findings take ffffffff --vault case --by Ann",
    "breakwater findings list --vault case --state closed",
  );
  await expect(text).toMatchFileSnapshot("transcripts/findings.txt");
});

test("escalation: who would be told, who is, and what became of a message that nobody took", async () => {
  const nobody = 'webhook: "http://127.0.0.1:2/s3cret"';
  writeFileSync(
    join(home, "told.yaml"),
    `name: Island Clinic\nescalation:\n  steps:\n    - { level: medium, after_hours: 0, to: [{ ${nobody} }] }\n`,
  );
  writeFileSync(
    join(home, "open.yaml"),
    "name: x\nescalation:\n  steps:\n    - { level: low, after_hours: 0, to: [{ webhook: http://a.example }] }\n",
  );
  const log = "evidence/u_ex210813.log";
  const made = session(
    `breakwater investigate ${log} --vault loud --by Ann --as-of 2021-12-31T00:00:00Z`,
  );
  expect(made).toContain("[exit 0]");
  const refused = session(
    "breakwater escalate --help",
    "breakwater escalate --vault loud --by Ann",
    "breakwater investigate --vault loud --by Ann --case open.yaml",
  );
  expect(
    session(
      "breakwater investigate --vault loud --by Ann --case told.yaml --as-of 2021-12-31T00:00:00Z",
    ),
  ).toContain("[exit 0]");
  const told = session(
    "breakwater escalate --vault loud --by Ann --dry-run",
    "breakwater escalate --vault loud --by Ann --strict",
    "breakwater escalate --vault loud --by Ann --format json",
    "breakwater findings list --vault loud --level high",
    "breakwater unlock --vault loud",
  );
  const text = `${refused}\n${told}`
    .replace(/(?<!seen )\b20\d\d-[\d-]{5}T[\d:]+Z|(?<=open, due TIME; seen )20\d\d-\S+Z/g, "TIME")
    .replace(/(?<=open for )\d+ minutes?/g, "N minutes");
  await expect(text).toMatchFileSnapshot("transcripts/escalation.txt");
});

test("patches: what is claimed against what is there, and what to do next", async () => {
  const at = "2021-08-20T10:00:00Z";
  const rows = [
    "host,product,observation,build,observed_at",
    `MX1,Exchange Server,file-version,15.1.2044.13,${at}`,
    `MX2,Exchange Server,file-version,15.1.2308.14,${at}`,
    `MX3,Exchange Server,file-version,fifteen,${at}`,
  ];
  writeFileSync(join(home, "inventory.csv"), `${rows.join("\n")}\n`);
  writeFileSync(
    join(home, "patch-claims.csv"),
    `host,product,kb,claim,by,at,reference
MX1,Exchange Server,KB5001779,installed,Northgate IT,2021-05-02,ticket 4711
MX2,Exchange Server,KB5004779,installed,Northgate IT,2021-07-20,ticket 4802
MX4,Exchange Server,KB5004779,installed,Northgate IT,2021-07-20,ticket 4803
`,
  );
  const text = session(
    "breakwater patches --help",
    "breakwater patches inventory.csv --claims patch-claims.csv --as-of 2021-08-20",
    "breakwater patches inventory.csv --as-of 20.8.2021",
    "breakwater patches inventory.csv --catalogue inventory.csv",
    "breakwater patches nowhere",
  );
  await expect(text).toMatchFileSnapshot("transcripts/patches.txt");
});

test("lock and unlock: what is removed, what is rebuilt, and that it is the same", async () => {
  const log = "evidence/u_ex210813.log";
  const text = session(
    `breakwater investigate ${log} --vault locked --by Ann --as-of 2021-12-31T00:00:00Z --format json`,
  );
  expect(text).toContain("[exit 0]");
  const locked = session(
    "breakwater lock --vault locked",
    "breakwater lock --vault locked",
    "breakwater evidence list --vault locked",
    "breakwater lock --vault locked --format json",
    "breakwater unlock --vault locked",
    "breakwater unlock --vault locked --format json",
    "breakwater verify locked",
    "breakwater lock",
    "breakwater lock --vault nowhere",
  );
  await expect(locked).toMatchFileSnapshot("transcripts/lock.txt");
});

test("the README shows what its first command really prints", () => {
  const { stdout, status } = runIn(home, "breakwater demo --dir demo --no-serve");
  expect(status).toBe(0);
  expect(readFileSync(join(PROGRAM, "..", "..", "README.md"), "utf8")).toContain(stdout);
});
