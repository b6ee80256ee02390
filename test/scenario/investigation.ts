/** A whole investigation in a folder of its own, as the command line would do it; for scenarios. */
import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { known } from "../../src/base/assert.ts";
import { type Ticks, parseTime, ticksFromMillis } from "../../src/base/time.ts";
import {
  Pace,
  type VaultSettings,
  investigate,
  readClaimsFiles,
  withVault,
  writeSample,
} from "../../src/casework/index.ts";
import type { Dossier } from "../../src/model/dossier.ts";
import type { SampleRequest } from "../../src/sample/index.ts";

/** The time that a text names; throws on anything else. */
export function at(text: string): Ticks {
  return known(parseTime(text), `${text} is a time`).ticks;
}

/** Settings whose keys lie in the scenario's own folder. */
export function settingsIn(folder: string): VaultSettings {
  return {
    key: { kind: "default" },
    configFolder: join(folder, "config"),
    clock: () => known(ticksFromMillis(Date.now()), "now"),
    random: (sizeBytes) => randomBytes(sizeBytes),
  };
}

/** A folder that is removed when the work ends. */
export async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "breakwater-scenario-"));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Takes paths in with our own rules and gives the dossier. */
export async function investigatePaths(
  folder: string,
  paths: readonly string[],
  caseFile: string | null,
  window: { readonly from: Ticks | null; readonly to: Ticks | null } = { from: null, to: null },
  claims: readonly string[] = [],
): Promise<Dossier> {
  const pace = new Pace();
  const request = {
    paths,
    by: "a scenario",
    rules: null,
    caseFile,
    asOf: at("2021-12-31T00:00:00Z"),
    byReference: false,
    passwords: null,
    claims: claims.length === 0 ? null : readClaimsFiles(claims),
    ...window,
  };
  return withVault(join(folder, "vault"), settingsIn(folder), { createBy: "a scenario" }, (vault) =>
    investigate(vault, request, pace),
  );
}

/** Writes a sample, investigates it, and gives the dossier with the truth that the program never read. */
export async function investigateSample(
  request: SampleRequest,
): Promise<{ readonly dossier: Dossier; readonly truth: Truth }> {
  return inFolder(async (folder) => {
    const sample = join(folder, "sample");
    await writeSample(sample, request, new Pace());
    const caseFile = readFileSync(join(sample, "case.yaml"), "utf8");
    const dossier = await investigatePaths(folder, [join(sample, "evidence")], caseFile);
    const truth: Truth = JSON.parse(readFileSync(join(sample, "truth.json"), "utf8"));
    return { dossier, truth };
  });
}

/** The part of truth.json that scenarios hold a dossier against. */
export interface Truth {
  readonly first_exploitation: string | null;
  /** Which missing logs hide it; null where what is left shows it. */
  readonly first_exploitation_hidden_by: string | null;
  readonly gaps: readonly {
    host: string;
    source: string;
    from: string;
    to: string;
    kind: string;
  }[];
  readonly steps: readonly { time: string; rung: string; kept: boolean; request_id: string }[];
}
