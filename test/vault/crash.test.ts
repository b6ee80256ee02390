/** A vault whose process dies or whose disk fails at any step: what was acknowledged is there, and the vault goes on. */
import { spawn } from "node:child_process";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { inspect } from "node:util";
import { expect, test } from "vitest";
import { Fault } from "../../src/base/fault.ts";
import { memorySource } from "../../src/base/source.ts";
import { createVault, openVault, verifyVault } from "../../src/casework/vault/index.ts";
import type { VaultFiles, VaultSettings } from "../../src/casework/vault/index.ts";
import { diskFiles } from "../../src/casework/vault/files.ts";
import { failing } from "./failing-disk.ts";
import { temporaryFolder } from "./make-vault.ts";
import { Crash, caught, diskError } from "./memory-disk.ts";
import { settingsIn, verifySettings } from "./settings.ts";

const KILLS = 30;

/** Starts the acting child, kills it with SIGKILL after `millis` of acting, and gives what it printed. */
function actUntilKilled(folder: string, seed: string, millis: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const script = join(import.meta.dirname, "acting-child.ts");
    const child = spawn(process.execPath, [script, folder, seed], {
      stdio: ["ignore", "pipe", "inherit"],
      // Thirty starts: the second and later ones need not compile again.
      env: { ...process.env, NODE_COMPILE_CACHE: join(folder, "compiled") },
    });
    let printed = "";
    child.stdout.on("data", (data: Buffer) => {
      if (printed === "") setTimeout(() => child.kill("SIGKILL"), millis);
      printed += data.toString();
    });
    child.on("error", reject);
    child.on("close", (_, signal) => {
      if (signal === "SIGKILL") resolve(printed);
      else reject(new Error(`the child ended by itself: ${signal}`));
    });
  });
}

test("kill -9 at any moment: every acknowledged act is there, the lock is free, the vault intact", async () => {
  const folder = temporaryFolder();
  const settings = settingsIn(folder);
  createVault(join(folder, "vault"), "Ann", settings).close();
  let entries = 1;
  let cleaned = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    // Uneven steps through the first 60 ms, the same in every run.
    const printed = await actUntilKilled(folder, `kill ${kill}`, (kill * 37) % 60);
    const acknowledged = Number(printed.trim().split("\n").at(-1));
    expect(acknowledged).toBeGreaterThan(entries - 1);
    const vault = openVault(join(folder, "vault"), settingsIn(folder, `look ${kill}`));
    expect(vault.entries().length).toBeGreaterThan(acknowledged);
    entries = vault.entries().length;
    cleaned += vault.cleaned.length;
    vault.close();
  }
  const report = verifyVault(join(folder, "vault"), verifySettings(settings));
  expect(report).toMatchObject({ intact: true, entries, decrypted: true, unfinished: [] });
  // Some kills must have hit work in progress, or the test shows nothing.
  expect(cleaned).toBeGreaterThan(0);
}, 60_000);

function faultOf(code: unknown): unknown {
  return expect.objectContaining({ name: "Fault", code, hint: expect.stringMatching(/./) });
}

/** Seals, acts, and acts in a group; says after each how many entries are acknowledged. */
function work(
  path: string,
  settings: VaultSettings,
  acknowledged: (entries: number) => void,
): void {
  const vault = openVault(path, settings);
  try {
    const { reference } = vault.seal(memorySource(new Uint8Array(300_000)));
    const act = { kind: "evidence-sealed" as const, by: "Ann" };
    vault.act({ ...act, body: { file: "a" }, sealed: reference });
    acknowledged(vault.entries().length);
    vault.acts([1, 2].map((part) => ({ kind: "run", by: "Ann", body: { part }, sealed: null })));
    acknowledged(vault.entries().length);
  } finally {
    vault.close();
  }
}

function fresh(seed: string): { path: string; settings: VaultSettings } {
  const folder = temporaryFolder();
  const settings = settingsIn(folder, seed);
  createVault(join(folder, "vault"), "Ann", settings).close();
  return { path: join(folder, "vault"), settings };
}

for (const [name, error, expected] of [
  ["a crash", () => new Crash(), expect.any(Crash)],
  ["a full disk", () => diskError("ENOSPC"), faultOf("disk-full")],
  ["a failing disk", () => diskError("EIO"), faultOf(expect.any(String))],
] as const)
  test(`${name} at each step of opening, sealing and acting`, () => {
    const { path, settings } = fresh(name);
    let entries = 1;
    let step = 0;
    for (let reached = true; reached; step++) {
      const files = failing(step, error);
      let acknowledged = entries;
      const thrown = caught(() =>
        work(path, { ...settings, files }, (count) => (acknowledged = count)),
      );
      // Keeping a copy of the checkpoint may fail without harm; everything else is told.
      expect(thrown ?? expected).toEqual(expected);
      const again = openVault(path, settings);
      expect(again.entries().length).toBeGreaterThanOrEqual(acknowledged);
      again.act({ kind: "run", by: "Ann", body: { again: true }, sealed: null });
      entries = again.entries().length;
      again.close();
      const report = verifyVault(path, verifySettings(settings));
      expect([step, report.troubles]).toEqual([step, []]);
      expect(report.entries).toBe(entries);
      reached = files.operations() > step;
    }
    expect(step).toBeGreaterThan(30);
  }, 60_000);

test("what an entry names is safe, content and name, before the entry is written", () => {
  const { path, settings } = fresh("order");
  const paths = new Map<number, string>();
  const unsafe = new Set<string>();
  const atEntries: string[][] = [];
  const files: VaultFiles = {
    ...diskFiles,
    open: (name) => {
      const file = diskFiles.open(name);
      paths.set(file, name);
      return file;
    },
    write: (file, bytes, offset) => {
      const name = paths.get(file) ?? "";
      if (name.endsWith("/journal/entries")) atEntries.push([...unsafe]);
      if (name.includes("/objects/")) unsafe.add(`content of ${name}`);
      diskFiles.write(file, bytes, offset);
    },
    sync: (file) => {
      unsafe.delete(`content of ${paths.get(file)}`);
      diskFiles.sync(file);
    },
    rename: (from, to) => {
      if (to.includes("/objects/")) unsafe.add(`names in ${dirname(to)}`);
      diskFiles.rename(from, to);
    },
    syncFolder: (folder) => {
      unsafe.delete(`names in ${folder}`);
      diskFiles.syncFolder(folder);
    },
  };
  work(path, { ...settings, files }, () => undefined);
  expect(atEntries).toEqual([[], []]);
});

test("a crash while a vault is made leaves a vault or none, and says which", () => {
  const outcomes: string[] = [];
  for (let step = 0; outcomes.at(-1) !== "made"; step++) {
    const folder = temporaryFolder();
    const path = join(folder, "vault");
    const files = failing(step, () => new Crash());
    const settings = settingsIn(folder);
    const crash = caught(() => createVault(path, "Ann", { ...settings, files }).close());
    expect(crash ?? new Crash()).toBeInstanceOf(Crash);
    // What is there opens; what is not can be made; what is half there is left to a person.
    const opened = codeOf(() => openVault(path, settings).close());
    const made = codeOf(() => createVault(path, "Ann", settings).close());
    outcomes.push(crash === null ? "made" : `${opened}, ${made}`);
  }
  expect(new Set(outcomes)).toEqual(
    new Set(["not-found, fine", "not-found, already-exists", "fine, already-exists", "made"]),
  );
  expect(outcomes.length).toBeGreaterThan(20);
});

/** The code of the Fault that `work` throws, or `fine`. */
function codeOf(work: () => unknown): string {
  const error = caught(work);
  if (error === null) return "fine";
  return error instanceof Fault ? error.code : `no Fault: ${inspect(error)}`;
}

test("after a full disk the same process goes on once there is room", () => {
  const { path, settings } = fresh("room");
  let full = false;
  const files: VaultFiles = {
    ...diskFiles,
    write: (file, bytes, offset) => {
      if (full) throw diskError("ENOSPC");
      diskFiles.write(file, bytes, offset);
    },
  };
  const vault = openVault(path, { ...settings, files });
  const act = { kind: "run" as const, by: "Ann", body: { big: "x".repeat(1000) }, sealed: null };
  full = true;
  const diskFull = expect.objectContaining({ code: "disk-full" });
  expect(() => vault.act(act)).toThrowError(diskFull);
  expect(() => vault.seal(memorySource(new Uint8Array(1_000_000)))).toThrowError(diskFull);
  expect(vault.entries().length).toBe(1);
  full = false;
  vault.act(act);
  expect(vault.entries().length).toBe(2);
  vault.close();
  expect(verifyVault(path, verifySettings(settings)).troubles).toEqual([]);
});

test.skipIf(!existsSync("/dev/full"))("the kernel's own full disk is told as one", () => {
  const { path, settings } = fresh("dev full");
  const files: VaultFiles = {
    ...diskFiles,
    open: (name) => diskFiles.open(name.includes("/objects/tmp/") ? "/dev/full" : name),
  };
  const vault = openVault(path, { ...settings, files });
  expect(() => vault.seal(memorySource(new Uint8Array(10)))).toThrowError(
    expect.objectContaining({ code: "disk-full" }),
  );
  vault.close();
});

test("a disk that cannot be written: a Fault for the owner, no trouble for verify", () => {
  const { path, settings } = fresh("read only");
  const refuse = () => {
    throw diskError("EROFS");
  };
  const files: VaultFiles = { ...diskFiles, open: refuse, write: refuse, rename: refuse };
  expect(() => openVault(path, { ...settings, files })).toThrowError(
    expect.objectContaining({ code: "not-writable", hint: expect.stringContaining("verify") }),
  );
  const before = readdirSync(path, { recursive: true });
  expect(verifyVault(path, verifySettings(settings)).intact).toBe(true);
  expect(readdirSync(path, { recursive: true })).toEqual(before);
  writeFileSync(join(path, "run", "owner"), "not a number");
});
