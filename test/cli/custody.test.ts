/** Evidence in other hands on the command line, kept as text: listed, held, exported, destroyed, certified. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { Pace } from "../../src/casework/index.ts";
import { takeIn } from "../../src/casework/take-in.ts";
import { createVault } from "../../src/casework/vault/index.ts";
import { settingsIn } from "../vault/settings.ts";
import { sha256 } from "../../src/casework/write-dossier.ts";
import { PROGRAM, runIn, sessionIn } from "./session.ts";

const home = mkdtempSync(join(tmpdir(), "breakwater-custody-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));
const session = (...commands: readonly string[]) => sessionIn(home, commands, steady);

/** Times and random ids become their names. */
function steady(text: string, mark: string): string {
  return text
    .replace(/\b[0-9a-f]{32}\b/g, "ID")
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, "TIME")
    .replace(/\d+(?= bytes, decrypted)/g, "N")
    .replace(/^(.)/gm, `${mark}$1`);
}

test("evidence is held, handed out, destroyed, and each step can be checked", async () => {
  const notes = "patient 4711: ring back\n";
  const hash = sha256(Buffer.from(notes));
  mkdirSync(join(home, "evidence"));
  writeFileSync(join(home, "evidence", "notes.txt"), notes);
  writeFileSync(join(home, "evidence", "more.txt"), "nothing of note\n");
  expect(runIn(home, "breakwater investigate evidence --vault case --by Bo").status).toBe(0);
  const short = hash.slice(0, 16);
  const text = session(
    `breakwater evidence hold ${short} --vault case --by Ann`,
    `breakwater evidence hold ${short} --vault case --by Ann --reason 'claim of May'`,
    `breakwater evidence hold evidence/notes.txt --vault case --by 'Bo Mahy' --reason 'police'`,
    "breakwater evidence list --vault case",
    "breakwater evidence list --vault case --format json",
    "breakwater evidence export --vault case --out handed-out --by Ann --reason 'police, ref. 12'",
    "breakwater evidence export --vault case --out handed-out --by Ann",
    "breakwater evidence export nothing --vault case --out elsewhere --by Ann",
    "breakwater verify handed-out",
    `breakwater evidence destroy ${short} --vault case --by Cy --reason 'asked for'`,
    `breakwater evidence release ${short} --vault case --by Cy --reason 'settled'`,
    `breakwater evidence release ${short} --vault case --by Ann --reason 'settled'`,
    `breakwater evidence release ${short} --vault case --by Cy --reason 'closed' --hold 6`,
    `breakwater evidence destroy ${short} --vault case --by Cy --reason 'asked for'`,
    `breakwater evidence destroy ${short} --vault case --by Cy --reason 'asked for' --confirm ${hash}`,
    `breakwater evidence destroy ${short} --vault case --by Cy --reason 'asked for' --confirm ${hash}`,
    "breakwater verify case",
    "breakwater verify certificate-10",
    `breakwater evidence certificate ${short} --vault case --out again`,
  );
  await expect(text).toMatchFileSnapshot("transcripts/custody.txt");
});

test("what a stopped run took in is listed, and read by the next, which needs no path for it", async () => {
  const folder = join(home, "stopped");
  mkdirSync(folder);
  const log =
    "#Software: Microsoft Internet Information Services 10.0\r\n" +
    "#Fields: date time cs-method cs-uri-stem c-ip sc-status\r\n2021-08-13 04:12:07 GET /owa/ 192.0.2.1 200\r\n";
  writeFileSync(join(folder, "u_ex.log"), log);
  const settings = { ...settingsIn(home), configFolder: join(home, "xdg", "breakwater") };
  const vault = createVault(join(home, "half"), "Bo", settings);
  await takeIn(vault, { paths: [folder], by: "Bo", byReference: false }, new Pace());
  vault.close();
  const env = { PATH: process.env["PATH"], HOME: home, XDG_CONFIG_HOME: join(home, "xdg") };
  const run = (...words: readonly string[]) =>
    spawnSync(PROGRAM, [...words, "--vault", join(home, "half")], { encoding: "utf8", env });
  expect(run("evidence", "list").stdout).toMatch(/ B  not yet read .*u_ex\.log\n$/);
  expect(run("investigate").stderr).toContain("evidence: 1 read");
  expect(run("evidence", "list").stdout).toMatch(/ B  iis .* 1 events .*u_ex\.log\n$/);
});
