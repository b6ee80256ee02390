/**
 * A case with hostile evidence beside a sound log. Whatever the hostile part is, what held() states is true afterwards:
 * the log was read whole, the evidence is untouched, and nothing was written but the vault, under names of our own.
 */
import { createHash } from "node:crypto";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect } from "vitest";
import { type Vault, renderDossier, withVault } from "../../src/casework/index.ts";
import type { Dossier, EvidenceAccount } from "../../src/model/dossier.ts";
import type { EvidenceHash, Setting } from "../../src/model/evidence.ts";
import { inFolder, investigatePaths, settingsIn } from "../scenario/investigation.ts";

/** What a hostile name tries to write; looked for wherever such a name could lead. */
export const CANARY = "breakwater-abuse-canary.txt";
export const SOUND = "sound.log";
export const SOUND_LOG = [
  "#Software: Microsoft Internet Information Services 10.0",
  "#Fields: date time cs-method cs-uri-stem cs-uri-query s-port c-ip sc-status time-taken",
  "2021-08-13 04:11:58 GET /owa/auth/logon.aspx - 443 192.0.2.10 200 15",
  "2021-08-13 04:12:07 GET /autodiscover/autodiscover.json @evil.example/mapi/nspi/?&Email=autodiscover/autodiscover.json%3F@evil.example 443 198.51.100.7 200 312",
  "",
].join("\r\n");

export const text = (words: string): Buffer => Buffer.from(words);

/** For readers that are asked directly. */
export const SETTING: Setting = {
  place: { evidence: "a".repeat(64) as EvidenceHash, member: "", file: "hostile" },
  host: null,
  zone: null,
  skewMillis: 0,
};

/** Hostile evidence by file name: bytes to write, or a function that makes the file at a path. */
export type Hostile = Readonly<Record<string, Uint8Array | ((path: string) => void)>>;

export interface HostileCase {
  readonly folder: string;
  readonly evidence: string;
  readonly vault: string;
  readonly dossier: Dossier;
  /** `file | intake | format | events`, labels of members included, the sound log left out. */
  readonly accounts: readonly string[];
  /** `place | what | have` of every flaw. */
  readonly flaws: readonly string[];
  /** Investigates the same evidence again, in the same vault. */
  readonly again: () => Promise<Dossier>;
  readonly open: <T>(work: (vault: Vault) => Promise<T>) => Promise<T>;
}

/** Investigates hostile evidence beside a sound log, holds what must always hold, and shows what came of it. */
export async function investigateBeside(
  hostile: Hostile,
  work: (found: HostileCase) => Promise<void> | void = () => {},
  caseFile: string | null = null,
): Promise<void> {
  await inFolder(async (folder) => {
    const evidence = join(folder, "evidence");
    mkdirSync(evidence);
    writeFileSync(join(evidence, SOUND), SOUND_LOG);
    for (const [name, content] of Object.entries(hostile)) {
      const path = join(evidence, name);
      mkdirSync(dirname(path), { recursive: true });
      if (typeof content === "function") content(path);
      else writeFileSync(path, content);
    }
    const before = stateOf(evidence);
    const dossier = await investigatePaths(folder, [evidence], caseFile);
    held(folder, dossier);
    expect(stateOf(evidence)).toEqual(before);
    const vault = join(folder, "vault");
    await work({
      folder,
      evidence,
      vault,
      dossier,
      accounts: dossier.evidence.map((one) => lineOf(one, evidence)).filter((one) => !isSound(one)),
      flaws: flawsOf(dossier, evidence),
      again: () => investigatePaths(folder, [evidence], null),
      open: (use) => withVault(vault, settingsIn(folder), "open", use),
    });
  });
}

const isSound = (line: string) => line.startsWith(SOUND);

/** `place | what | have` of every flaw, sorted: readers may stand in any order. */
export function flawsOf(dossier: Dossier, evidence: string): readonly string[] {
  return dossier.flaws.map(
    ({ place, what, have }) => `${relative(evidence, place.file)} | ${what} | ${have}`,
  );
}

function lineOf({ evidence, intake, format, events }: EvidenceAccount, folder: string): string {
  return `${relative(folder, evidence.file)} | ${intake} | ${format ?? "-"} | ${events}`;
}

/** What holds after every hostile case. */
function held(folder: string, dossier: Dossier): void {
  const sound = dossier.evidence.find(({ evidence }) => evidence.file.endsWith(`/${SOUND}`));
  expect(sound).toMatchObject({ intake: "read", format: "iis", events: 2, flaws: 0 });
  expect(dossier.findings.length).toBeGreaterThan(0);
  expect(readdirSync(folder).sort()).toEqual(["config", "evidence", "vault"]);
  const above = Array.from({ length: 6 }, (_, up) => join(folder, ...Array<string>(up).fill("..")));
  expect([...above, "/tmp"].filter((place) => existsSync(join(place, CANARY)))).toEqual([]);
  const own = /^vault\/[a-z0-9/._-]+$/;
  const foreign = filesBelow(join(folder, "vault")).filter((path) => {
    const stat = lstatSync(path);
    return stat.isSymbolicLink() || stat.nlink !== 1 || !own.test(relative(folder, path));
  });
  expect(foreign).toEqual([]);
}

/** Every file below a folder; links and devices too. */
export function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((path) => !lstatSync(path).isDirectory());
}

/** Files below a folder that hold this text as it is. */
export function filesWith(folder: string, part: string): readonly string[] {
  return filesBelow(folder)
    .filter((path) => statSync(path).isFile() && readFileSync(path).includes(part))
    .map((path) => relative(folder, path));
}

/** What the evidence is, as a person could tell it: names and hashes; of large files the length. */
function stateOf(folder: string): readonly string[] {
  return filesBelow(folder).map((path) => {
    const stat = lstatSync(path);
    if (!stat.isFile()) return `${path} ${stat.mode}`;
    if (stat.size > 16 << 20) return `${path} ${stat.size}`;
    return `${path} ${createHash("sha256").update(readFileSync(path)).digest("hex")}`;
  });
}

/** By how much resident memory grew at its highest while the work ran; it calls `look` as often as it likes. */
export function growthOf(work: (look: () => void) => void): number {
  const before = process.memoryUsage.rss();
  let highest = before;
  const look = () => {
    highest = Math.max(highest, process.memoryUsage.rss());
  };
  work(look);
  look();
  return highest - before;
}

/** Bytes of all files below a folder. */
export function sizeBelow(folder: string): number {
  return filesBelow(folder).reduce((sum, path) => sum + lstatSync(path).size, 0);
}

/** The page that people read. */
export function htmlOf(dossier: Dossier): string {
  return Buffer.from(renderDossier(dossier).html).toString("utf8");
}
