/** Evidence in other hands on the command line, kept as text: listed, held, exported, destroyed, certified. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, expect, test } from "vitest";
import { sha256 } from "../../src/casework/write-dossier.ts";

const PROGRAM = resolve("bin/breakwater");
const home = mkdtempSync(join(tmpdir(), "breakwater-custody-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** Runs the words as typed (a quoted word may hold blanks); times and random ids become their names. */
function session(...commands: readonly string[]): string {
  return commands
    .map((typed) => {
      const words = [...typed.matchAll(/'([^']*)'|\S+/g)].map(([word, quoted]) => quoted ?? word);
      const { stdout, stderr, status } = spawnSync(PROGRAM, words.slice(1), {
        cwd: home,
        encoding: "utf8",
        env: { PATH: process.env["PATH"], HOME: home, NO_COLOR: "1", LOGNAME: "tester" },
      });
      return `$ ${typed}\n${steady(stdout)}${steady(stderr, "! ")}[exit ${status}]\n`;
    })
    .join("\n");
}

function steady(text: string, mark = ""): string {
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
  const investigate = ["investigate", "evidence", "--vault", "case", "--by", "Bo"];
  const env = { PATH: process.env["PATH"], HOME: home, NO_COLOR: "1" };
  expect(spawnSync(PROGRAM, investigate, { cwd: home, env }).status).toBe(0);
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
