/**
 * Locked, a vault holds nothing that is readable without its key; unlocked, it gives the same findings, byte for byte.
 * A lock that was cut short is as good as a whole one, and what another version finds is named in the journal.
 */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  Pace,
  type Vault,
  dossierOf,
  isLocked,
  rebuildDerived,
  removeDerived,
  withVault,
} from "../../src/casework/index.ts";
import { marksOf } from "../../src/casework/finding-marks.ts";
import { type Run, lastRun, runBody } from "../../src/casework/inputs.ts";
import { known } from "../../src/base/assert.ts";
import { inFolder, investigatePaths, settingsIn } from "./investigation.ts";

const HEAD =
  "#Fields: date time cs-method cs-uri-stem cs-uri-query s-port c-ip sc-status time-taken";
const PROBE =
  "2021-08-13 04:12:07 GET /autodiscover/autodiscover.json @evil.example/mapi/nspi/?&Email=autodiscover/autodiscover.json%3F@evil.example 443 198.51.100.7 200 312";

/** A vault with one finding, and work in it. */
async function inCase(work: (folder: string, open: Opened) => Promise<void>): Promise<void> {
  await inFolder(async (folder) => {
    const log = join(folder, "u_ex210813.log");
    writeFileSync(log, `${HEAD}\r\n${PROBE}\r\n`);
    await investigatePaths(folder, [log], null);
    const notices: string[] = [];
    const settings = { ...settingsIn(folder), notice: (line: string) => void notices.push(line) };
    await work(join(folder, "vault"), {
      notices,
      vault: (use) => withVault(join(folder, "vault"), settings, "open", use),
    });
  });
}

interface Opened {
  readonly notices: readonly string[];
  vault<T>(use: (vault: Vault) => Promise<T>): Promise<T>;
}

const pace = new Pace();

test("lock leaves nothing derived, unlock brings back the very same findings", async () => {
  await inCase(async (folder, open) => {
    const before = await open.vault((vault) => dossierOf(vault, null, pace));
    const removed = await open.vault((vault) => removeDerived(vault, pace));
    expect(removed.files).toBeGreaterThan(1);
    expect(removed.sizeBytes).toBeGreaterThan(100);
    expect(readdirSync(join(folder, "derived"))).toEqual([]);
    expect(readdirSync(folder).filter((name) => name.startsWith("derived"))).toEqual(["derived"]);
    expect(await open.vault(async (vault) => isLocked(vault))).toBe(true);
    const replay = await open.vault((vault) => rebuildDerived(vault, "Ann", pace));
    expect(replay).toMatchObject({ identical: true, sameVersion: true });
    const after = await open.vault(async (vault) => {
      expect(isLocked(vault)).toBe(false);
      expect(vault.entries().some(({ kind }) => kind === "run-replayed")).toBe(false);
      return await dossierOf(vault, null, pace);
    });
    expect(after.findings).toEqual(before.findings);
    expect(after.records).toEqual(before.records);
    // Twice is as good as once.
    await open.vault((vault) => removeDerived(vault, pace));
    expect(await open.vault((vault) => removeDerived(vault, pace))).toMatchObject({ files: 0 });
  });
});

test("a lock cut short anywhere: what was begun is finished, and no half is taken for the whole", async () => {
  await inCase(async (folder, open) => {
    const before = await open.vault((vault) => dossierOf(vault, null, pace));
    const derived = join(folder, "derived");
    const removing = join(folder, "derived.removing");
    // After the rename; after the new folder; after some files.
    for (const stage of [0, 1, 2]) {
      renameSync(derived, removing);
      if (stage > 0) mkdirSync(derived, { mode: 0o700 });
      const [first = ""] = readdirSync(removing);
      if (stage > 1) rmSync(join(removing, first), { recursive: true });
      const again = await open.vault((vault) => dossierOf(vault, null, pace));
      expect(open.notices).toHaveLength(stage + 1);
      expect(existsSync(removing)).toBe(false);
      expect(again.findings).toEqual(before.findings);
    }
  });
});

test("what another version finds is journalled once, with the difference", async () => {
  await inCase(async (_, open) => {
    const { findings } = await open.vault((vault) => dossierOf(vault, null, pace));
    const [mark] = marksOf(findings);
    const own = known(mark, "there is one finding");
    const marks = [
      { id: own.id, hash: "0123456789abcdef" },
      { id: "gone", hash: "0123456789abcdef" },
    ];
    const replay = await open.vault((vault) => {
      const run = known(lastRun(vault), "there was a run");
      const older: Run = { ...run, program: "breakwater 0.0.1", findings: "other", marks };
      vault.act({ kind: "run", by: "Ann", body: runBody(older), sealed: null });
      return rebuildDerived(vault, "Ann", pace);
    });
    const difference = { added: [], removed: ["gone"], changed: [own.id] };
    expect(replay).toMatchObject({ sameVersion: false, identical: false, difference });
    await open.vault(async (vault) => {
      await rebuildDerived(vault, "Ann", pace);
      const acts = vault.entries().filter(({ kind }) => kind === "run-replayed");
      expect(acts).toHaveLength(1);
      const body = vault.readBody(known(acts[0], "one act"));
      expect(body).toMatchObject({ difference, run: vault.entries().length - 2 });
    });
  });
});

test("an act whose body has another shape is damage that a person is told, not a bug", async () => {
  await inCase(async (_, open) => {
    await open.vault(async (vault) => {
      vault.act({ kind: "run", by: "Ann", body: { asOf: "soon" }, sealed: null });
    });
    const asked = open.vault((vault) => dossierOf(vault, null, pace));
    await expect(asked).rejects.toMatchObject({ name: "Fault", code: "vault-damaged" });
  });
});
