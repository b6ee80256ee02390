import { load } from "js-yaml";
import { expect, test } from "vitest";
import { loadKnowledge } from "../knowledge.ts";
import { MANIFEST_COLUMNS, parseManifest } from "./manifest.ts";
import { COLLECT_ROLES, type CollectionPlan, planForMissing, planForRole } from "./plan.ts";
import { comment, quoted } from "./powershell.ts";
import { renderScript } from "./script.ts";
import { tokensOf } from "./powershell-tokens.test-data.ts";
import { renderTargets } from "./target-list.ts";

const KNOWLEDGE = loadKnowledge();

/** A host name that ends quotes, lines and comments wherever it can. */
const HOSTILE =
  "MX1'; Remove-Item C:\\ -Recurse; '\u2019\u201a\u201b\u2018 $(evil) `n \r\n#> \u202e";

function hostilePlan(): CollectionPlan {
  const { items } = planForRole("exchange", KNOWLEDGE);
  return {
    title: HOSTILE,
    items: items.map((item) => ({ ...item, host: HOSTILE, waits: HOSTILE })),
  };
}

test("golden: the script and the target list of an Exchange server, to be judged by a person", async () => {
  const plan = planForRole("exchange", KNOWLEDGE);
  await expect(renderScript(plan, "breakwater")).toMatchFileSnapshot(
    "../../../testkit/collect/exchange.ps1",
  );
  await expect(renderTargets(plan, "breakwater")).toMatchFileSnapshot(
    "../../../testkit/collect/exchange.tkape",
  );
});

test.each(COLLECT_ROLES)(
  "the script for %s closes what it opens, and calls nothing that changes or sends",
  (role) => {
    const tokens = tokensOf(renderScript(planForRole(role, KNOWLEDGE), "breakwater"));
    const bare = tokens.filter(({ kind }) => kind === "word").map(({ text }) => text);
    const verbs = new Set(bare.filter((word) => /^[A-Z][a-z]+-[A-Z]\w+$/.test(word)));
    const changing = [...verbs].filter((word) =>
      /^(Remove|Stop-S|Start-S|Restart|Disable|Enable|Uninstall|Install|Clear|Rename|Move|Register|Unregister|Invoke|Send|Connect|Set-(?!StrictMode))/.test(
        word,
      ),
    );
    expect(changing).toEqual([]);
    const aliases = bare.filter((word) =>
      /^(gci|dir|ls|cp|copy|del|rm|cat|type|iwr|iex|curl|wget|select|where|foreach|sort|echo|\?|%)$/.test(
        word,
      ),
    );
    expect(aliases.filter((word) => word !== "foreach")).toEqual([]);
    expect(tokens.filter(({ kind }) => kind === "literal").length).toBeGreaterThan(20);
  },
);

test("a folder that cannot be listed is told: what is missing in silence looks like an empty folder", () => {
  const script = renderScript(planForRole("exchange", KNOWLEDGE), "breakwater");
  const lines = script.split("\r\n");
  const at = lines.findIndex((line) => line.includes("Get-ChildItem") && line.includes("-Recurse"));
  expect(lines[at]).toContain("-ErrorVariable unlisted");
  expect(lines[at + 1]).toContain("foreach ($problem in $unlisted) { Write-Warning");
});

test("no text from evidence leaves its quotes or its comment", () => {
  const own = tokensOf(renderScript(planForRole("exchange", KNOWLEDGE), "p"));
  const hostile = tokensOf(renderScript(hostilePlan(), "p"));
  const words = (tokens: typeof own) =>
    tokens.filter(({ kind }) => kind === "word").map(({ text }) => text);
  expect(words(hostile)).toEqual(words(own));
  expect(quoted("O'Neil\u2019s")).toBe("'O''Neil\u2019\u2019s'");
  expect(quoted("a\r\nb")).toBe("'a\\u{d}\\u{a}b'");
  expect(comment("a\nb")).toBe("# a\\u{a}b");
});

test("the target list is YAML with one target for each thing to copy, and reaches what the script cannot", () => {
  const list = load(renderTargets(planForRole("exchange", KNOWLEDGE), "p"));
  expect(list).toMatchObject({ RecreateDirectories: true, Version: 1 });
  const text = JSON.stringify(list);
  for (const path of ["$MFT", "$UsnJrnl:$J", "HttpProxy", "Security.evtx", "Amcache.hve"])
    expect(text).toContain(path);
  expect(text).not.toContain("undefined");
  expect(load(renderTargets(hostilePlan(), "p"))).toMatchObject({ Author: "p" });
});

test("a vault's list holds what is missing alone; what dies first comes first, what is gone last", () => {
  const source = (
    evidence: string,
    state: "going" | "open" | "gone" | "held" | "never",
    begins: bigint | null,
  ) => ({
    evidence,
    host: "MX1",
    what: evidence,
    state,
    rank: 1,
    decides: "",
    oldest: 0n,
    oldestAt: null,
    missing: [],
    keeps: null,
    basis: "stated" as const,
    begins,
    gone: begins,
    why: "why",
    source: "",
    confidence: "practice" as const,
  });
  const sources = [
    source("security-log", "gone", 1n),
    source("mft", "open", null),
    source("ews-log", "going", 9n),
    source("http-proxy", "going", 5n),
    source("iis-front-end", "held", null),
    source("mail-items-accessed", "never", null),
  ];
  const plan = planForMissing({ asOf: 10n, window: null, sources }, KNOWLEDGE);
  expect(plan.items.map(({ evidence }) => evidence)).toEqual([
    "http-proxy",
    "ews-log",
    "mft",
    "security-log",
  ]);
});

function csv(rows: readonly (readonly string[])[]): string {
  const lines = [MANIFEST_COLUMNS, ...rows].map((cells) =>
    cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(","),
  );
  return `\ufeff${lines.join("\r\n")}\r\n`;
}

test("a manifest is told by its header; rows that lead elsewhere or say nothing are not usable", () => {
  const hash = "0".repeat(64);
  const rows = [
    [hash, "1", "", "..\\..\\secret", ""],
    [hash, "1", "", "C:\\secret", ""],
    [hash, "1", "", "\\\\server\\share", ""],
    [hash, "1", "", "a:b", ""],
    ["short", "1", "", "a.log", ""],
    [hash.toUpperCase(), "1", "", 'sub\\a "b", c.log', ""],
  ];
  const manifest = parseManifest(`${csv(rows)}not,five\r\n`);
  expect(manifest?.rows.map(({ path }) => path)).toEqual([
    ...Array.from({ length: 5 }, () => null),
    'sub/a "b", c.log',
    null,
  ]);
  for (const text of ["", "sha256,path\n", "a,b,c,d,e\n1,2,3,4,5\n", "\ufeff"])
    expect(parseManifest(text)).toBeNull();
});
