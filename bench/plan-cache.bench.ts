/** SigmaHQ's rules from the cache: from their texts in memory to a plan, apart from reading 3,780 files from the disk. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execFileSync } from "node:child_process";
import { afterAll, expect, test } from "vitest";
import { shared } from "../test/shared.ts";
import { FULL, ledgerFigures } from "./measure.ts";
import type { Planned } from "./planned.ts";

const SIGMA = shared("sigma");
const CPU_MILLIS_MAX = 150;
const ROUNDS = FULL ? 5 : 1;

const dir = mkdtempSync(join(tmpdir(), "breakwater-plan-bench-"));
afterAll(() => rmSync(dir, { recursive: true }));

test.skipIf(SIGMA === null)("plans from the cache", { timeout: 300_000 }, () => {
  // Tiny: one folder of them.
  const folder = join(SIGMA ?? "", "rules", FULL ? "" : "rules/web");
  const run = (): Planned =>
    JSON.parse(
      execFileSync(process.execPath, ["bench/planned.ts", folder, dir], { encoding: "utf8" }),
    );
  // Each in a process of its own, since code that ran before is faster than a command ever sees it.
  const cold = run();
  const rounds = Array.from({ length: ROUNDS }, run);
  const warm = rounds.reduce((best, one) => (one.planMillis < best.planMillis ? one : best));
  expect(cold.isCached).toBe(false);
  expect(warm.isCached).toBe(true);
  expect(warm.result).toBe(cold.result);
  ledgerFigures(`plan cache: ${warm.files} files`, {
    cold_cpu_millis: cold.planMillis,
    warm_cpu_millis: warm.planMillis,
    reading_files_cpu_millis: warm.readMillis,
    worker_start_cpu_millis: warm.workerMillis,
    plan_bytes: warm.sizeBytes,
    rules_run: warm.run,
  });
  expect(warm.planMillis).toBeLessThan(FULL ? CPU_MILLIS_MAX : 10_000);
});
