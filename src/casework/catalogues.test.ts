import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { settingsIn } from "../../test/vault/settings.ts";
import { formatDay, parseDay } from "../base/day.ts";
import {
  addCatalogue,
  catalogueObjects,
  cataloguesIn,
  cataloguesOf,
  readCatalogueFile,
} from "./catalogues.ts";
import { sealInput } from "./inputs.ts";
import { OWN_CATALOGUES } from "./knowledge.ts";
import { type Vault, createVault, openVault } from "./vault/index.ts";

const home = mkdtempSync(join(tmpdir(), "breakwater-catalogues-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const DAY = parseDay("2021-12-01");
const scores = file("scores.csv", "cve,epss,percentile\nCVE-2021-34473,0.9,0.9\n");
const list = file(
  "kev.json",
  '{"catalogVersion":"2021.12.02","dateReleased":"2021-12-02T00:00:00Z","vulnerabilities":[{"cveID":"CVE-2021-34473","dateAdded":"2021-11-03"}]}',
);
let vaults = 0;

function file(name: string, text: string): string {
  const path = join(home, name);
  writeFileSync(path, text);
  return path;
}

/** Work in a new vault, which is opened again for what is looked at afterwards. */
function inVault<T>(work: (vault: Vault) => void, look: (vault: Vault) => T): T {
  const folder = join(home, `vault-${vaults++}`);
  const settings = settingsIn(home, folder);
  const made = createVault(folder, "Ann", settings);
  work(made);
  made.close();
  const vault = openVault(folder, settings);
  try {
    return look(vault);
  } finally {
    vault.close();
  }
}

test("catalogues are sealed in the order of adding, and read again with their days and hashes", () => {
  const read = inVault(
    (vault) => {
      expect(addCatalogue(vault, scores, "Ann", DAY).isNew).toBe(true);
      expect(addCatalogue(vault, list, "Bo", DAY).isNew).toBe(true);
    },
    (vault) => ({ all: cataloguesOf(vault), objects: catalogueObjects(vault) }),
  );
  expect(
    read.all.map(({ file: name, by, part }) => [
      name,
      by,
      ...part.sources.map(({ id, day }) => `${id} ${formatDay(day)}`),
    ]),
  ).toEqual([
    ["scores.csv", "Ann", "epss-2021-12-01 2021-12-01"],
    ["kev.json", "Bo", "kev-2021-12-02 2021-12-02"],
  ]);
  expect(read.objects).toEqual(read.all.map(({ object }) => object));
  for (const { hash, part } of read.all) {
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(part.sources.map((source) => source.hash)).toEqual([hash]);
  }
});

test("a run that names its catalogues gets those, whatever was added since", () => {
  const names = inVault(
    (vault) => {
      addCatalogue(vault, list, "Ann", null);
      addCatalogue(vault, scores, "Ann", DAY);
    },
    (vault) => {
      const [first = ""] = catalogueObjects(vault);
      const named = cataloguesOf(vault, [first]).map((one) => one.file);
      return [named, cataloguesOf(vault, []).length];
    },
  );
  expect(names).toEqual([["kev.json"], 0]);
});

test("the same bytes twice change nothing, though they were an input of another kind before", () => {
  const entries = inVault(
    (vault) => {
      const bytes = new TextEncoder().encode("cve,epss,percentile\nCVE-2021-34473,0.9,0.9\n");
      sealInput(vault, "case-file", bytes, "Ann");
      expect(addCatalogue(vault, scores, "Ann", DAY).isNew).toBe(true);
      const before = vault.entries().length;
      expect(addCatalogue(vault, scores, "Bo", parseDay("2022-01-01")).isNew).toBe(false);
      expect(vault.entries().length).toBe(before);
    },
    (vault) => cataloguesOf(vault).map(({ by }) => by),
  );
  expect(entries).toEqual(["Ann"]);
});

test.each([
  ["not there", "nowhere.json", "", "nowhere.json does not exist"],
  ["of no day", "dayless.csv", "cve,epss,percentile\nCVE-2021-34473,0.9,0.9\n", "of which day"],
  ["something else", "notes.txt", "ring the supplier\n", "in no form that is known"],
  ["cut", "cut.json", '{"catalogVersion":', "cut or damaged"],
])("a file that is %s is a Fault that says so", (_, name, text, words) => {
  const path = text === "" ? join(home, name) : file(name, text);
  expect(() => readCatalogueFile(path)).toThrow(words);
});

test("what comes with the program is read with its hash", () => {
  const own = cataloguesIn(OWN_CATALOGUES);
  expect(own.map(({ file: name }) => name)).toContain("exchange.json");
  for (const { part, hash } of own)
    for (const source of part.sources) expect(source.hash).toBe(hash);
});
