/** A whole investigation at size: two hands against one, memory, and what a day costs that is added. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { madeLog } from "../test/readers/iis-log.ts";
import type { Investigated } from "./investigation.ts";
import { FULL, ledgerFigures } from "./measure.ts";

/** BENCH_GIGABYTES=20 adds a corpus of that size, read where it lies; it takes ten minutes and the disk for it. */
const HUGE_GIGABYTES = Number(process.env["BENCH_GIGABYTES"] ?? 0);
const PEAK_MB_MAX = 800;
const DAY_LINES = FULL ? 160_000 : 2_000;
const DAYS = FULL ? 30 : 3;

const dir = mkdtempSync(join(tmpdir(), "breakwater-vault-bench-"));
afterAll(() => rmSync(dir, { recursive: true }));

const text = Buffer.from(madeLog(DAY_LINES, 1, Date.UTC(2021, 0, 1))).toString("latin1");

/** Writes a day of its own: the same requests under another date. */
function writeDay(folder: string, day: number): number {
  const date = new Date(Date.UTC(2000, 0, 1 + day)).toISOString().slice(0, 10);
  const path = join(folder, `u_ex${date.replaceAll("-", "")}.log`);
  writeFileSync(path, text.replaceAll("2021-01-01", date));
  return statSync(path).size;
}

function corpus(name: string, days: number): { folder: string; sizeBytes: number } {
  const folder = join(dir, name);
  mkdirSync(folder);
  let sizeBytes = 0;
  for (let day = 0; day < days; day++) sizeBytes += writeDay(folder, day);
  return { folder, sizeBytes };
}

function investigated(folder: string, vault: string, workers: number, how: "copy" | "reference") {
  const words = ["bench/investigation.ts", folder, join(dir, vault), String(workers), how];
  const done: Investigated = JSON.parse(
    execFileSync(process.execPath, words, { encoding: "utf8" }),
  );
  return done;
}

function fastest(runs: readonly Investigated[]): Investigated {
  return runs.reduce((best, run) => (run.readSeconds < best.readSeconds ? run : best));
}

test("two threads against one, peak memory, and a day added", () => {
  const { folder, sizeBytes } = corpus("logs", DAYS);
  const size = `${(sizeBytes / 1e6).toFixed(0)} MB of IIS, sealed, own rules`;
  // In turns, each in a new vault: what a disk still writes of one run slows the next.
  const rounds = Array.from({ length: FULL ? 3 : 1 }, (_, round) => ({
    one: investigated(folder, `one-${round}`, 1, "copy"),
    two: investigated(folder, `two-${round}`, 2, "copy"),
  }));
  const one = fastest(rounds.map((round) => round.one));
  const two = fastest(rounds.map((round) => round.two));
  expect(two.findings).toBe(one.findings);
  expect(two.events).toBe(DAYS * DAY_LINES);
  const ratio = one.seconds / two.seconds;
  ledgerFigures(`vault: ${size}`, {
    one_thread_seconds: one.seconds,
    two_threads_seconds: two.seconds,
    faster_by: ratio,
    reading_faster_by: one.readSeconds / two.readSeconds,
    cpu_seconds: two.cpuSeconds,
    peak_rss_mb: two.peakRssMb,
  });
  const next = join(dir, "next");
  mkdirSync(next);
  const added = writeDay(next, DAYS);
  const day = investigated(next, "two-0", 2, "copy");
  expect(day.events).toBe((DAYS + 1) * DAY_LINES);
  ledgerFigures(`vault: a day of ${(added / 1e6).toFixed(0)} MB added to it`, {
    seconds: day.seconds,
    cpu_seconds: day.cpuSeconds,
    of_all: day.cpuSeconds / two.cpuSeconds,
    peak_rss_mb: day.peakRssMb,
  });
  // Tiny corpora measure the start of processes and threads, not their work.
  const isMeasured = FULL && availableParallelism() > 1;
  expect(one.readSeconds / two.readSeconds).toBeGreaterThan(isMeasured ? 1.3 : 0);
  expect(Math.max(one.peakRssMb, two.peakRssMb, day.peakRssMb)).toBeLessThan(PEAK_MB_MAX);
  expect(day.cpuSeconds / two.cpuSeconds).toBeLessThan(isMeasured ? 0.25 : 10);
}, 900_000);

test.skipIf(HUGE_GIGABYTES === 0)(
  "a corpus of many gigabytes, read where it lies",
  () => {
    const { folder, sizeBytes } = corpus("huge", Math.ceil((HUGE_GIGABYTES * 1e9) / text.length));
    const done = investigated(folder, "huge-vault", 2, "reference");
    ledgerFigures(`vault: ${(sizeBytes / 1e9).toFixed(1)} GB of IIS by reference`, {
      seconds: done.seconds,
      cpu_seconds: done.cpuSeconds,
      peak_rss_mb: done.peakRssMb,
    });
    expect(done.peakRssMb).toBeLessThan(PEAK_MB_MAX);
  },
  3_600_000,
);
