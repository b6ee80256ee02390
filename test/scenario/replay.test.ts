/**
 * Two things are kept, all else can be rebuilt: without its derived files a vault gives the same dossier, and
 * one byte changed anywhere in evidence or journal is named.
 */
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Pace, dossierJson, dossierOf, verifyVault, withVault } from "../../src/casework/index.ts";
import { takeIn } from "../../src/casework/take-in.ts";
import type { Dossier } from "../../src/model/dossier.ts";
import { at, inFolder, investigatePaths, settingsIn } from "./investigation.ts";

const IIS = [
  "#Software: Microsoft Internet Information Services 10.0",
  "#Fields: date time cs-method cs-uri-stem cs-uri-query s-port c-ip sc-status time-taken",
  "2021-08-13 04:11:58 GET /owa/ - 443 192.0.2.10 200 15",
  "2021-08-13 04:12:07 GET /autodiscover/autodiscover.json @evil.example/mapi/nspi/?&Email=autodiscover/autodiscover.json%3F@evil.example 443 198.51.100.7 200 312",
  "",
].join("\r\n");

function writeEvidence(folder: string): string {
  const path = join(folder, "u_ex210813.log");
  writeFileSync(path, IIS);
  return path;
}

/** The dossier as data, without the journal's state: writing and replaying are acts and entries of their own. */
function conclusions(dossier: Dossier): string {
  return dossierJson({ ...dossier, vault: { ...dossier.vault, entries: 0, checkpoint: "" } });
}

async function reopened(folder: string): Promise<Dossier> {
  return withVault(join(folder, "vault"), settingsIn(folder), "open", (vault) =>
    dossierOf(vault, at("2021-12-31T00:00:00Z"), new Pace()),
  );
}

function verified(folder: string) {
  const settings = { key: null, configFolder: join(folder, "config"), checkpoint: null };
  return verifyVault(join(folder, "vault"), settings, new Pace());
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());
}

test("derived files deleted, damaged or of another version: the same evidence gives the same answers", async () => {
  await inFolder(async (folder) => {
    const first = await investigatePaths(folder, [writeEvidence(folder)], null);
    expect(first.findings).toHaveLength(1);
    expect(conclusions(await reopened(folder))).toBe(conclusions(first));
    const derived = join(folder, "vault", "derived");
    rmSync(derived, { recursive: true });
    expect(conclusions(await reopened(folder))).toBe(conclusions(first));
    rmSync(join(derived, "events"), { recursive: true });
    expect(conclusions(await reopened(folder))).toBe(conclusions(first));
    const kept = join(derived, "analysis.bin");
    const bytes = readFileSync(kept);
    bytes[40] = (bytes[40] ?? 0) ^ 1;
    writeFileSync(kept, bytes);
    expect(conclusions(await reopened(folder))).toBe(conclusions(first));
  });
});

test("evidence that is gone from where it lay is still in the vault", async () => {
  await inFolder(async (folder) => {
    const path = writeEvidence(folder);
    const first = await investigatePaths(folder, [path], null);
    rmSync(path);
    rmSync(join(folder, "vault", "derived"), { recursive: true });
    expect(conclusions(await reopened(folder))).toBe(conclusions(first));
  });
});

test("the same file again is nothing new; its bytes under another name are a duplicate", async () => {
  await inFolder(async (folder) => {
    const path = writeEvidence(folder);
    const first = await investigatePaths(folder, [path], null);
    const again = await investigatePaths(folder, [path], null);
    expect(again.findings).toEqual(first.findings);
    expect(again.evidence).toHaveLength(1);
    const copy = join(folder, "copy.log");
    writeFileSync(copy, IIS);
    const third = await investigatePaths(folder, [path, copy], null);
    expect(third.findings).toEqual(first.findings);
    expect(third.evidence.map(({ intake, events }) => [intake, events])).toEqual([
      ["read", 2],
      ["duplicate", 0],
    ]);
  });
});

test("a second run without a case file keeps what the first one stated", async () => {
  await inFolder(async (folder) => {
    const stated = "name: a clinic\nsources:\n  - files: '*.log'\n    host: MX1\n";
    await investigatePaths(folder, [writeEvidence(folder)], stated);
    const note = join(folder, "note.txt");
    writeFileSync(note, "later\n");
    const again = await investigatePaths(folder, [note], null);
    expect(again.caseName).toBe("a clinic");
    expect(again.findings[0]?.host).toBe("MX1");
  });
});

test("evidence that was taken in after a run is no part of that run's dossier", async () => {
  await inFolder(async (folder) => {
    const first = await investigatePaths(folder, [writeEvidence(folder)], null);
    const later = join(folder, "later.log");
    writeFileSync(later, IIS.replaceAll("04:1", "05:1"));
    await withVault(join(folder, "vault"), settingsIn(folder), "open", (vault) =>
      takeIn(vault, { paths: [later], by: "a scenario", byReference: false }, new Pace()),
    );
    rmSync(join(folder, "vault", "derived"), { recursive: true });
    expect(conclusions(await reopened(folder))).toBe(conclusions(first));
  });
});

test("a vault that lies among the evidence is passed over and said, never opened", async () => {
  await inFolder(async (folder) => {
    writeEvidence(folder);
    const dossier = await investigatePaths(folder, [folder], null);
    expect(dossier.evidence.filter(({ intake }) => intake === "read")).toHaveLength(1);
    const names = dossier.evidence.map(({ evidence }) => evidence.file);
    expect(names.filter((name) => name.includes("lock"))).toEqual([]);
    expect(dossier.flaws.map(({ place, have }) => `${place.file}: ${have}`)).toEqual([
      expect.stringMatching(/vault: a vault: /),
    ]);
    expect(verified(folder).intact).toBe(true);
  });
});

test("a window is said before its answers, and what has no time is never outside", async () => {
  await inFolder(async (folder) => {
    const path = writeEvidence(folder);
    const window = { from: at("2022-01-01T00:00:00Z"), to: null };
    const dossier = await investigatePaths(folder, [path], null, window);
    expect(dossier.detectionsTotal).toBe(0);
    expect(dossier.window).toEqual(window);
    for (const question of ["answered", "cause"]) {
      const answer = dossier.answers.find((one) => one.question === question);
      expect(answer?.headline).toMatch(/^Looked at only from 2022-01-01T00:00:00Z\. /);
      expect(answer?.unknown[0]).toMatch(/outside the window/);
    }
  });
});

test("one byte changed in any object or journal file is named, without the key", async () => {
  await inFolder(async (folder) => {
    await investigatePaths(folder, [writeEvidence(folder)], null);
    expect(verified(folder)).toMatchObject({ intact: true, troubles: [] });
    const vault = join(folder, "vault");
    const kept = [...filesBelow(join(vault, "objects")), ...filesBelow(join(vault, "journal"))];
    expect(kept.length).toBeGreaterThan(4);
    for (const path of kept) {
      const sound = readFileSync(path);
      for (const part of [0, 0.5, 1]) {
        const where = Math.floor((sound.length - 1) * part);
        const bytes = Buffer.from(sound);
        bytes[where] = (bytes[where] ?? 0) ^ 1;
        writeFileSync(path, bytes);
        const { intact, troubles } = verified(folder);
        expect([path, where, intact]).toEqual([path, where, false]);
        expect(troubles.join("\n")).toContain(path.slice(vault.length + 1));
      }
      writeFileSync(path, sound);
    }
    expect(verified(folder).intact).toBe(true);
  });
});
