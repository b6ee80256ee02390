/** Vaults in a temporary folder, and copies of them. */
import { cpSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { memorySource } from "../../src/base/source.ts";
import { createVault } from "../../src/casework/vault/index.ts";
import type { Vault, VaultSettings } from "../../src/casework/vault/index.ts";
import { settingsIn } from "./settings.ts";

/** Memory where the system offers it: these tests sync thousands of times. */
const ROOT = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();

const made: string[] = [];
afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

/** A temporary folder that is removed after the tests of the file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(ROOT, "breakwater-"));
  made.push(folder);
  return folder;
}

/**
 * A vault with seven entries: creation (0), one evidence of three chunks (1), three small ones in one
 * commit (2 to 4), a run (5) and an event (6). Closed.
 */
export function sampleVault(folder: string, settings: VaultSettings): void {
  const vault = createVault(folder, "Ann Le Page", settings);
  try {
    takeIn(vault, [600_000]);
    takeIn(vault, [10, 20, 30]);
    vault.act({ kind: "run", by: "Ann Le Page", body: { as_of: "2021-12-01" }, sealed: null });
    vault.act({ kind: "incident-event", by: "Bo Mahy", body: { aware: true }, sealed: null });
  } finally {
    vault.close();
  }
}

function takeIn(vault: Vault, sizes: readonly number[]): void {
  const acts = sizes.map((sizeBytes) => {
    const bytes = new Uint8Array(sizeBytes).fill(sizeBytes % 251);
    const { reference } = vault.seal(memorySource(bytes));
    const body = { file: `mail-${sizeBytes}.log` };
    return { kind: "evidence-sealed" as const, by: "Ann Le Page", body, sealed: reference };
  });
  vault.acts(acts);
}

/** A fresh copy of a vault and of the folder with its key. */
export function copyOf(folder: string): { vault: string; settings: VaultSettings } {
  const copy = temporaryFolder();
  cpSync(folder, copy, { recursive: true });
  return { vault: join(copy, "vault"), settings: settingsIn(copy, "b") };
}
