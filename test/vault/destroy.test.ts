/** A process that dies, or a disk that fails, at any step of a destruction: the evidence is whole, or ended by an act. */
import { cpSync, existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fromHex } from "../../src/base/bytes.ts";
import { memorySource } from "../../src/base/source.ts";
import { openVault, verifyVault } from "../../src/casework/vault/index.ts";
import type { Vault, VaultFiles, VaultSettings } from "../../src/casework/vault/index.ts";
import { diskFiles } from "../../src/casework/vault/files.ts";
import { destroyedObjects } from "../../src/casework/vault/destruction.ts";
import { objectPath } from "../../src/casework/vault/object-path.ts";
import { deriveKeys, inspectSealed, isKeyDropped } from "../../src/engines/sealed/index.ts";
import { failing } from "./failing-disk.ts";
import { sampleVault, temporaryFolder } from "./make-vault.ts";
import { Crash, caught, diskError } from "./memory-disk.ts";
import { settingsIn, verifySettings } from "./settings.ts";

const SUBJECT = "ab".repeat(32);

/** A vault of four evidences and something derived; two of them are to be destroyed. */
function fresh(seed: string): { path: string; settings: VaultSettings; objects: string[] } {
  const folder = temporaryFolder();
  const settings = settingsIn(folder, seed);
  const path = join(folder, "vault");
  sampleVault(path, settings);
  const vault = openVault(path, settingsIn(folder, `${seed} look`));
  const objects = vault.entries().flatMap(({ sealed }) => (sealed === null ? [] : sealed.object));
  vault.close();
  for (const name of ["one", "two"]) writeFileSync(join(path, "derived", name), "plain content");
  return { path, settings, objects: objects.slice(0, 2) };
}

function destroy(vault: Vault, objects: readonly string[]): void {
  const act = { kind: "evidence-destroyed" as const, by: "Ann", sealed: null };
  vault.destroy([
    { ...act, subject: SUBJECT, body: { why: "asked for" } },
    ...objects.map((subject) => ({ ...act, subject, body: null })),
  ]);
}

function opens(vault: Vault, object: string): boolean {
  return caught(() => vault.openObject(object).close()) === null;
}

for (const [name, error] of [
  ["a crash", () => new Crash()],
  ["a full disk", () => diskError("ENOSPC")],
  ["a failing disk", () => diskError("EIO")],
] as const)
  test(`${name} at each step: whole without an act, or gone with one after the next start`, () => {
    const made = fresh(name);
    const outcomes = new Set<string>();
    let reached = true;
    for (let step = 0; reached; step++) {
      const folder = temporaryFolder();
      cpSync(join(made.path, ".."), folder, { recursive: true });
      const path = join(folder, "vault");
      const files = failing(step, error);
      const settings = settingsIn(folder, `${name} ${step}`);
      const thrown = caught(() => {
        const vault = openVault(path, { ...settings, files });
        try {
          destroy(vault, made.objects);
        } finally {
          vault.close();
        }
      });
      reached = files.operations() > step;
      const between = existsSync(join(path, "derived", "one")) ? "derived" : "no derived";
      const vault = openVault(path, settingsIn(folder, `${name} ${step} again`));
      const acts = destroyedObjects(vault.entries()).size;
      const left = made.objects.filter((object) => opens(vault, object)).length;
      // All of it or none: both objects and all that was derived, or nothing and no act.
      expect([step, acts + left]).toEqual([step, 2]);
      expect([0, 2]).toContain(acts);
      const derived = readdirSync(join(path, "derived")).length;
      expect([step, derived]).toEqual([step, acts === 2 ? 0 : 2]);
      // What was not refused was done.
      expect(acts).toBeGreaterThanOrEqual(thrown === null ? 2 : 0);
      vault.close();
      const report = verifyVault(path, verifySettings(settings));
      expect([step, report.troubles]).toEqual([step, []]);
      expect(report.destroyed).toHaveLength(acts);
      outcomes.add(`${acts}, ${between}`);
    }
    // Failures must have fallen on both sides of the act, and between it and the deed.
    expect(outcomes).toEqual(new Set(["0, derived", "2, derived", "2, no derived"]));
  }, 60_000);

test("until the next start, verify says what was begun and is not finished", () => {
  const { path, settings, objects } = fresh("begun");
  const files: VaultFiles = {
    ...diskFiles,
    remove: (name) => {
      if (objects.some((object) => name.endsWith(object))) throw diskError("EACCES");
      diskFiles.remove(name);
    },
  };
  const vault = openVault(path, { ...settings, files });
  expect(() => destroy(vault, objects)).toThrowError(
    expect.objectContaining({ code: "not-writable", message: expect.stringContaining("act 7") }),
  );
  // A running owner's work in progress is no trouble.
  expect(verifyVault(path, verifySettings(settings))).toMatchObject({ intact: true });
  expect(verifyVault(path, verifySettings(settings)).unfinished).toHaveLength(2);
  vault.close();
  const { intact, troubles } = verifyVault(path, verifySettings(settings));
  expect(intact).toBe(false);
  expect(
    troubles.map(({ object, message }) => [object, message.includes("without its key")]),
  ).toEqual(objects.map((object) => [object, true]));
});

test("the key is overwritten, on the disk, before anything is deleted; then nothing decrypts", () => {
  const { path, settings, objects } = fresh("order");
  const steps: string[] = [];
  const opened = new Map<number, string>();
  const noise: Uint8Array[] = [];
  const files: VaultFiles = {
    ...diskFiles,
    open: (name) => {
      const file = diskFiles.open(name);
      opened.set(file, name);
      return file;
    },
    sync: (file) => {
      diskFiles.sync(file);
      const name = opened.get(file) ?? "";
      if (name.endsWith("/journal/checkpoints")) steps.push("act");
      if (objects.some((object) => name.endsWith(`/${object}`))) {
        steps.push("key");
        noise.push(readFileSync(name));
      }
    },
    removeFolder: (name) => {
      steps.push("derived");
      diskFiles.removeFolder(name);
    },
    remove: (name) => {
      if (objects.some((object) => name.endsWith(`/${object}`))) steps.push("object");
      diskFiles.remove(name);
    },
  };
  const vault = openVault(path, { ...settings, files });
  steps.length = 0;
  destroy(vault, objects);
  vault.close();
  expect(steps).toEqual(["act", "key", "key", "derived", "object", "object"]);
  const [id = ""] = readdirSync(join(path, "..", "config", "keys")).filter((one) =>
    one.endsWith(".key"),
  );
  const keyText = readFileSync(join(path, "..", "config", "keys", id), "utf8").trim();
  const key = fromHex(keyText.split(" ").at(-1) ?? "") ?? new Uint8Array();
  expect(noise).toHaveLength(2);
  for (const bytes of noise) {
    expect(isKeyDropped(bytes)).toBe(true);
    const { damages, hmac } = inspectSealed(memorySource(bytes), deriveKeys(key));
    expect([damages[0]?.what, hmac]).toEqual(["its key does not unwrap", null]);
  }
  for (const object of objects) expect(existsSync(join(path, objectPath(object)))).toBe(false);
});
