/**
 * Benchmarks that cannot rot: tiny in the tests, full with `npm run bench`, where each writes a line to ledger.jsonl.
 * Machines are noisy: every figure is told as a ratio to something measured in the same run.
 */
import { createHash } from "node:crypto";
import { appendFileSync } from "node:fs";

/** Full sizes, figures into the ledger; otherwise tiny sizes, only that it runs and gives the same. */
export const FULL = process.env["BENCH"] === "full";

export interface Work {
  /** Bytes or items done, for the rate. */
  readonly amount: number;
  /** What was computed, so that speed never changes the answer. */
  readonly result: string;
}

export interface Measured {
  readonly name: string;
  readonly perSecond: number;
  readonly cpuSeconds: number;
  readonly peakRssMb: number;
  readonly resultHash: string;
}

/** Best of `rounds` runs by CPU time on this thread; the first run warms up and is not counted. */
export function measure(name: string, work: () => Work, rounds = FULL ? 5 : 1): Measured {
  let best = Number.POSITIVE_INFINITY;
  let done = work();
  for (let round = 0; round < rounds; round++) {
    const before = process.cpuUsage();
    const start = performance.now();
    done = work();
    const used = process.cpuUsage(before);
    // CPU time counts helper threads (garbage collection) too; wall time bounds it on an idle machine.
    const cpu = (used.user + used.system) / 1e6;
    best = Math.min(best, Math.min(cpu, (performance.now() - start) / 1000));
  }
  return told(name, done, best);
}

/** Best of `rounds` runs by the clock, for work that waits on other threads; the first run is not counted. */
export async function measureWaiting(
  name: string,
  work: () => Promise<Work>,
  rounds = FULL ? 5 : 1,
): Promise<Measured> {
  let best = Number.POSITIVE_INFINITY;
  let done = await work();
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    done = await work();
    best = Math.min(best, (performance.now() - start) / 1000);
  }
  return told(name, done, best);
}

function told(name: string, done: Work, seconds: number): Measured {
  const measured = {
    name,
    perSecond: done.amount / seconds,
    cpuSeconds: seconds,
    peakRssMb: Math.round(process.resourceUsage().maxRSS / 1024),
    resultHash: createHash("sha256").update(done.result).digest("hex").slice(0, 16),
  };
  process.stdout.write(`${line(measured)}\n`);
  return measured;
}

function line(measured: Measured): string {
  const rate =
    measured.perSecond >= 1e6
      ? `${(measured.perSecond / 1e6).toFixed(0)} M/s`
      : `${measured.perSecond.toFixed(0)} /s`;
  return `bench: ${measured.name}: ${rate}, peak ${measured.peakRssMb} MB, result ${measured.resultHash}`;
}

/** Keeps a full run's figures, with what they are to be compared with. */
export function ledger(measured: Measured, against: Readonly<Record<string, number>>): void {
  if (!FULL) return;
  const row = { name: measured.name, per_second: Math.round(measured.perSecond), ...against };
  const kept = { ...row, peak_rss_mb: measured.peakRssMb, result: measured.resultHash };
  appendFileSync("bench/ledger.jsonl", `${JSON.stringify(kept)}\n`);
}

/** Keeps figures of work in processes of its own: CPU seconds, peaks and ratios under names that say so. */
export function ledgerFigures(name: string, figures: Readonly<Record<string, number>>): void {
  const rounded = Object.entries(figures).map(([key, value]) => [
    key,
    Number(value.toPrecision(4)),
  ]);
  const entry = { name, ...Object.fromEntries(rounded) };
  process.stdout.write(`bench: ${JSON.stringify(entry)}\n`);
  if (FULL) appendFileSync("bench/ledger.jsonl", `${JSON.stringify(entry)}\n`);
}
