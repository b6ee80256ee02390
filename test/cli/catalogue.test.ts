/** Catalogues on the command line, kept as text: added, added again, refused, listed. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { PROGRAM, runIn, sessionIn } from "./session.ts";
import {
  CSAF_APPLIANCE,
  EPSS_GZIP,
  KEV_JSON,
  MSRC_CSV,
  OWN_YAML,
} from "../../src/engines/formats/catalogue/samples.test-data.ts";

const home = mkdtempSync(join(tmpdir(), "breakwater-catalogue-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));
const session = (...commands: readonly string[]) => sessionIn(home, commands, steady);

/** Without what comes with the program, which grows, and without times. */
function steady(text: string, mark: string): string {
  return text
    .replace(/^\S+\.json {2}\(own, with the program\)\n(?: {4}.*\n)+/gm, "")
    .replace(/\{"file":"[^"]+","form":"own","origin":"program".*?\]\},/g, "")
    .replace(/(sha256 |"sha256":")[0-9a-f]{64}/g, "$1HASH")
    .replace(/("added_at":")[^"]+/g, "$1TIME")
    .replace(/\d+(?= bytes, decrypted)/g, "N")
    .replace(/^(.)/gm, `${mark}$1`);
}

test("catalogues are added, refused with a reason, and listed with their age", async () => {
  writeFileSync(join(home, "known_exploited_vulnerabilities.json"), KEV_JSON);
  writeFileSync(join(home, "epss.csv.gz"), EPSS_GZIP);
  writeFileSync(join(home, "Security Updates.csv"), MSRC_CSV);
  writeFileSync(join(home, "gm-2022-7.json"), CSAF_APPLIANCE);
  writeFileSync(join(home, "gate.yaml"), OWN_YAML);
  const misspelt = new TextDecoder().decode(OWN_YAML).replace("released:", "relased:");
  writeFileSync(join(home, "misspelt.yaml"), misspelt);
  writeFileSync(join(home, "notes.txt"), "ring the supplier\n");
  expect(runIn(home, "breakwater investigate notes.txt --vault case --by Ann").status).toBe(0);
  const text = session(
    "breakwater catalogue --help",
    "breakwater catalogue add --help",
    "breakwater catalogue add known_exploited_vulnerabilities.json --vault case --by 'Ann Le Page'",
    "breakwater catalogue add known_exploited_vulnerabilities.json --vault case",
    "breakwater catalogue add epss.csv.gz --vault case --by Ann",
    "breakwater catalogue add 'Security Updates.csv' --vault case --by Ann",
    "breakwater catalogue add 'Security Updates.csv' --vault case --by Ann --date 1/11/2026",
    "breakwater catalogue add 'Security Updates.csv' --vault case --by Ann --date 2026-11-01",
    "breakwater catalogue add gm-2022-7.json --vault case --by Ann",
    "breakwater catalogue add gate.yaml --vault case --by Ann",
    "breakwater catalogue add misspelt.yaml --vault case",
    "breakwater catalogue add notes.txt --vault case",
    "breakwater catalogue add nowhere.json --vault case",
    "breakwater catalogue add --vault case",
    "breakwater catalogue add gate.yaml",
    "breakwater catalogue list --vault case --as-of 2026-11-22",
    "breakwater catalogue list --vault case --as-of 2026-11-22 --format json",
    "breakwater verify case",
  );
  await expect(text).toMatchFileSnapshot("transcripts/catalogue.txt");
});

test("without a vault, what comes with the program", () => {
  const { stdout, status } = spawnSync(PROGRAM, ["catalogue", "list", "--format", "json"], {
    cwd: home,
    encoding: "utf8",
  });
  expect(status).toBe(0);
  const rows: readonly { origin: string; sha256: string; sources: readonly { old: boolean }[] }[] =
    JSON.parse(stdout);
  expect(rows.length).toBeGreaterThan(0);
  for (const { origin, sha256, sources } of rows) {
    expect(origin).toBe("program");
    expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(sources.length).toBeGreaterThan(0);
  }
});
