/**
 * One investigation in a process of its own, so that CPU and peak memory are of this alone:
 * `investigation FOLDER VAULT WORKERS copy|reference [RULES]`. Prints JSON.
 */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { known } from "../src/base/assert.ts";
import { ticksFromMillis } from "../src/base/time.ts";
import { Pace, investigate, readRuleFiles, withVault } from "../src/casework/index.ts";
import { lastRun } from "../src/casework/inputs.ts";

/** What it took. */
export interface Investigated {
  readonly seconds: number;
  /** Of them, reading what is sealed: the part that threads share. */
  readonly readSeconds: number;
  readonly cpuSeconds: number;
  readonly peakRssMb: number;
  readonly events: number;
  /** The journalled hash of the findings. */
  readonly findings: string;
}

if (import.meta.main) process.stdout.write(JSON.stringify(await run(process.argv.slice(2))));

async function run([
  folder = "",
  vault = "",
  workers = "",
  how = "",
  rules = "",
]: string[]): Promise<Investigated> {
  const now = known(ticksFromMillis(Date.UTC(2022, 0, 1)), "a real time");
  const settings = {
    key: { kind: "default" } as const,
    configFolder: join(vault, "..", "config"),
    clock: () => now,
    random: (sizeBytes: number) => randomBytes(sizeBytes),
  };
  const request = {
    paths: [folder],
    by: "a bench",
    rules: rules === "" ? null : await readRuleFiles([rules], new Pace()),
    caseFile: null,
    asOf: now,
    from: null,
    to: null,
    byReference: how === "reference",
    passwords: null,
    claims: null,
    workers: Number(workers),
  };
  const began = performance.now();
  return withVault(vault, settings, { createBy: "a bench" }, async (open) => {
    let reading = 0;
    const pace = new Pace(({ phase }) => {
      if (phase === "reading" && reading === 0) reading = performance.now();
    });
    const dossier = await investigate(open, request, pace);
    const { user, system } = process.cpuUsage();
    return {
      seconds: (performance.now() - began) / 1000,
      readSeconds: (performance.now() - reading) / 1000,
      cpuSeconds: (user + system) / 1e6,
      peakRssMb: Math.round(process.resourceUsage().maxRSS / 1024),
      events: dossier.evidence.reduce((sum, { events }) => sum + events, 0),
      findings: lastRun(open)?.findings ?? "",
    };
  });
}
