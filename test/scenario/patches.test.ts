/**
 * Were we patched? What a provider claims of the sample's mail server, held against what the server shows of itself; and what two
 * real Exchange servers exported of theirs.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { known } from "../../src/base/assert.ts";
import {
  NO_CASE_FILE,
  Pace,
  loadKnowledge,
  parseCaseFile,
  patchesIn,
  readClaimsFiles,
} from "../../src/casework/index.ts";
import type { CaseFile } from "../../src/model/case-file.ts";
import type { PatchItem, PatchReport } from "../../src/model/patch.ts";
import { type SampleRequest, makeSample } from "../../src/sample/index.ts";
import { shared } from "../shared.ts";
import { at, inFolder } from "./investigation.ts";

interface Lacked {
  readonly kb: string;
  readonly rating: string;
  readonly days_exposed: number;
}

/** The part of truth.json that an answer is held against. */
interface PatchTruth {
  readonly build: string;
  readonly as_of: string;
  readonly missing: readonly Lacked[];
  readonly missing_unclaimed: readonly Lacked[];
  readonly claimed_by_provider: readonly { readonly kb: string; readonly by: string }[];
}

/** Without the months of logs: a few days of each are enough to see a build. */
const FEW_DAYS =
  /inventory\/|exports\/|ExchangeSetup|ECPActivity|(?:HttpProxy_|OwaServer_)2021(?:1120|1210)|W3SVC1\/u_ex21(?:0615|0902|1020|1125)/;

async function patches(
  paths: readonly string[],
  claims: readonly string[],
  asOf: string,
  caseFile: CaseFile = NO_CASE_FILE,
): Promise<PatchReport> {
  const knowledge = loadKnowledge();
  const asked = {
    formats: knowledge.formats,
    paths,
    caseFile,
    passwords: [],
    knowledge,
    claims: readClaimsFiles(claims),
    catalogues: [],
    asOf: at(asOf),
  };
  const { report } = await patchesIn(asked, new Pace());
  return report;
}

async function patchesOfSample(
  variant: SampleRequest["variant"],
): Promise<{ readonly report: PatchReport; readonly truth: PatchTruth }> {
  return inFolder(async (folder) => {
    const claims: string[] = [];
    for (const { path, bytes } of makeSample({ seed: 2, size: "small", variant }).files) {
      if (path.startsWith("evidence/") && !FEW_DAYS.test(path)) continue;
      const file = join(folder, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, Buffer.concat([...bytes]));
      if (path.startsWith("claims.")) claims.push(file);
    }
    const paper = (name: string) => readFileSync(join(folder, name), "utf8");
    const truth: PatchTruth = JSON.parse(paper("truth.json")).patches;
    const report = await patches(
      [join(folder, "evidence")],
      claims,
      `${truth.as_of}T09:30:00Z`,
      parseCaseFile(paper("case.yaml")),
    );
    return { report, truth };
  });
}

/** The item of an update on the mail server. */
function itemOf({ items }: PatchReport, kb: string): PatchItem {
  const found = items.find(({ host, kbs }) => host === "MX1" && kbs.includes(kb));
  return known(found, `the report speaks of ${kb}`);
}

test("each update that the provider claims and the server lacks is contradicted, with the days that it was open", async () => {
  const { report, truth } = await patchesOfSample("exchange");
  const [provider] = truth.claimed_by_provider;
  expect(truth.missing).toHaveLength(4);
  for (const { kb, rating, days_exposed: days } of truth.missing) {
    const { verdict, build, exposure, severity, claims, why } = itemOf(report, kb);
    expect([kb, verdict, build]).toEqual([kb, "contradicted", truth.build]);
    expect([exposure?.daysMin, exposure?.daysMax, exposure?.to]).toEqual([days, days, null]);
    expect(severity).toBe(rating.toLowerCase());
    expect(claims.map(({ by, claim }) => `${by}: ${claim}`)).toContain(
      `${provider?.by}: installed`,
    );
    expect(why).not.toBe("");
    const told = report.contradictions.filter(({ text }) => text.includes(`of ${kb}`));
    expect(told.map(({ kind }) => kind)).toContain("claim-observation");
  }
  // What nobody claims is missing, and no contradiction.
  for (const { kb, days_exposed: days } of truth.missing_unclaimed) {
    const { verdict, exposure } = itemOf(report, kb);
    expect([kb, verdict, exposure?.daysMin]).toEqual([kb, "missing", days]);
  }
  // The update that the provider claims and installed: true on the day of the ticket, true today.
  expect(itemOf(report, "KB5000871").verdict).toBe("fixed");
  const refuted = report.items.filter(({ verdict }) => verdict === "contradicted");
  expect(refuted).toHaveLength(truth.missing.length);

  // The review says in one section what it excludes in the next.
  expect(report.measured.map(({ reads, verdict }) => `${reads}: ${verdict}`)).toEqual([
    "MX1: no update for 13 months: contradicted",
    "MX1: 4 updates missing: agrees",
  ]);
  const between = report.contradictions.filter(
    ({ kind, text }) => kind === "claim-claim" && text.includes("13 months"),
  );
  expect(between).toHaveLength(1);
  expect(between[0]?.text).toContain("four security updates were missing");
  expect(report.unknown).toEqual([]);
});

test("of a clinic that patches nothing is contradicted, and nothing critical is missing", async () => {
  const { report, truth } = await patchesOfSample("benign");
  expect(report.contradictions).toEqual([]);
  expect(report.measured).toEqual([]);
  const verdicts = new Set(report.items.map(({ verdict }) => verdict));
  expect(verdicts.has("contradicted") || verdicts.has("missing")).toBe(false);
  for (const { kb } of truth.claimed_by_provider) expect(itemOf(report, kb).verdict).toBe("fixed");
  const [server] = report.hosts.filter(({ product }) => product.startsWith("Exchange"));
  expect(server).toMatchObject({ host: "MX1", build: truth.build, unfixed: 0, critical: 0 });
  expect(server?.remarks).toEqual([]);
  // Logs that call the server by its long name speak of the same host.
  expect(report.hosts.filter(({ host }) => host.includes("."))).toEqual([]);
});

/** Real exports of two servers, whose known facts are told in INDEX.json beside them. */
const real = (...parts: string[]) => join(shared("inventory", "css-exchange") ?? "", ...parts);
const isAbsent = shared("inventory", "css-exchange") === null;
const REAL_DAY = "2022-12-01";
/** Half of the exports call a server by its short name. */
const REAL_HOSTS = parseCaseFile(`name: two servers
hosts:
  - { name: SOLO-E16A, aliases: [Solo-E16A.Solo.local] }
  - { name: SOLO-E19A, aliases: [Solo-E19A.Solo.com] }
`);

function exchangeOf({ hosts }: PatchReport) {
  const [first, ...more] = hosts.filter(({ product }) => product.startsWith("Exchange"));
  expect(more).toEqual([]);
  return known(first, "an Exchange server is among them");
}

test.skipIf(isAbsent)("real: a padded file version and an exported one agree", async () => {
  for (const [server, build] of [
    ["E16", "15.01.2375.007"],
    ["E19", "15.02.0986.005"],
  ] as const) {
    const files = ["ExSetup.xml", "GetExchangeServer.xml"].map((file) =>
      real(server, "Exchange", file),
    );
    const report = await patches(files, [], REAL_DAY, REAL_HOSTS);
    expect(report.contradictions).toEqual([]);
    const host = exchangeOf(report);
    expect([host.host, host.build, host.strength]).toEqual([`SOLO-${server}A`, build, "strong"]);
    expect(host.spans).toHaveLength(2);
  }
});

test.skipIf(isAbsent)("real: two file versions of one server contradict each other", async () => {
  const report = await patches([real("E19")], [], REAL_DAY, REAL_HOSTS);
  expect(report.contradictions.map(({ kind, host }) => [kind, host])).toEqual([
    ["observation-observation", "SOLO-E19A"],
  ]);
  const [contradiction] = report.contradictions;
  for (const build of ["15.02.1118.025", "15.02.0986.005", "Version 15.2 (Build 986.5)"])
    expect(contradiction?.text).toContain(build);
  expect(contradiction?.at.length).toBeGreaterThan(1);
  // Which of them is so nobody here can tell: what only one of them holds is unknown.
  const november = report.items.find(({ kbs }) => kbs.includes("KB5007409"));
  expect(november?.verdict).toBe("unknown");
});

test.skipIf(isAbsent)(
  "real: what Get-HotFix does not list has no weight for Exchange",
  async () => {
    const exchangeItems = async (...folders: string[]) => {
      const paths = folders.map((folder) => real("E16", folder));
      const { items } = await patches(paths, [], REAL_DAY, REAL_HOSTS);
      return items
        .filter(({ product }) => product.startsWith("Exchange"))
        .map(({ kb, verdict, strength, why }) => [kb, verdict, strength, why]);
    };
    const alone = await exchangeItems("Exchange");
    expect(alone.filter(([, verdict]) => verdict === "fixed").length).toBeGreaterThan(10);
    expect(await exchangeItems("Exchange", "OS")).toEqual(alone);
  },
);

test.skipIf(isAbsent)("real: the log of a setup that failed proves no installation", async () => {
  const report = await patches([real("Setup")], [], REAL_DAY);
  const { build, strength } = exchangeOf(report);
  expect([build, strength]).toEqual(["15.0.1497.2", "weak"]);
  const verdicts = new Set(report.items.map(({ verdict }) => verdict));
  expect([...verdicts].sort()).toEqual(["unknown", "unverified"]);
});
