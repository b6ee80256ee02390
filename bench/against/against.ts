/**
 * Ours and every other Sigma tool that is installed, over the same logs with the same rules, each on one thread: hits side by
 * side before time, since speed without the same hits says nothing. `npm run bench:against -- --logs DIR --rules DIR [--times 10]`.
 * Programs are found on the PATH, or where CHAINSAW, HAYABUSA and ZIRCOLITE point. Needs GNU time.
 */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { parseRules } from "../../src/engines/sigma/index.ts";
import { type Hits, type Job, PEERS, byId, compare, ownHits } from "./peers.ts";

/** Rows of differences that are printed for each tool. */
const ROWS_MAX = 40;
const TIME = "/usr/bin/time";

interface Ran {
  readonly hits: Hits;
  /** Of all its threads and children. */
  readonly cpuSeconds: number;
  readonly seconds: number;
  readonly peakMb: number;
}

if (import.meta.main) main();

function main(): void {
  const { values } = parseArgs({
    options: {
      logs: { type: "string" },
      rules: { type: "string" },
      times: { type: "string", default: "1" },
    },
  });
  if (values.logs === undefined || values.rules === undefined)
    throw new Error("name the event logs and the rules: --logs DIR --rules DIR [--times 10]");
  if (!existsSync(TIME)) throw new Error(`${TIME} is missing: install GNU time`);
  const work = mkdtempSync(join(tmpdir(), "against-"));
  try {
    const logs = repeated(resolve(values.logs), Number(values.times), join(work, "logs"));
    compareAll({ logs, rules: resolve(values.rules), answer: join(work, "answer") });
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function compareAll(job: Job): void {
  const titles = titlesOf(job.rules);
  const bin = resolve(import.meta.dirname, "..", "..", "bin", "breakwater");
  const detect = ["detect", job.logs, "--rules", job.rules];
  // Once to fill the plan cache, as on any day but the first.
  timed("breakwater", bin, detect, null, ownHits);
  const ours = timed("breakwater", bin, detect, null, ownHits);
  for (const peer of PEERS) {
    const program = programOf(peer.program, process.env[peer.variable]);
    if (program === null) {
      say(`${peer.name}: not installed (no ${peer.program} on the PATH, ${peer.variable} not set)`);
      continue;
    }
    const ran = timed(peer.name, program, peer.command(job, program), job.answer, peer.read);
    tell(peer.name, ours, { ...ran, hits: byId(ran.hits, titles.idOf) }, titles.of);
  }
}

/** Hits first, then time. */
function tell(name: string, ours: Ran, theirs: Ran, titleOf: ReadonlyMap<string, string>): void {
  const { same, different } = compare(ours.hits, theirs.hits);
  say(`\n${name}: ${same} rules found as often by both, ${different.length} not`);
  say("      ours    theirs  rule");
  for (const { rule, ours: own, theirs: other } of different.slice(0, ROWS_MAX))
    say(`${pad(own)}${pad(other)}  ${titleOf.get(rule) ?? rule}`);
  if (different.length > ROWS_MAX) say(`          ... and ${different.length - ROWS_MAX} more`);
  const ratio = theirs.cpuSeconds / ours.cpuSeconds;
  say(
    `${name}: ${ratio.toFixed(1)} times our CPU time, ${theirs.peakMb} MB against ${ours.peakMb}`,
  );
}

function timed(
  name: string,
  program: string,
  args: readonly string[],
  answer: string | null,
  read: (answer: string) => Hits,
): Ran {
  const began = performance.now();
  const { stdout, stderr, status } = spawnSync(TIME, ["-f", "%U %S %M", program, ...args], {
    encoding: "utf8",
    maxBuffer: 1 << 30,
  });
  const seconds = (performance.now() - began) / 1000;
  const [user = Number.NaN, system = Number.NaN, peakKb = Number.NaN] = (
    stderr.trimEnd().split("\n").at(-1) ?? ""
  )
    .split(" ")
    .map(Number);
  if (status !== 0) throw new Error(`${name} ended with ${status}: ${stderr.slice(-2000)}`);
  const hits = read(answer === null ? stdout : readFileSync(answer, "utf8"));
  const ran = { hits, cpuSeconds: user + system, seconds, peakMb: Math.round(peakKb / 1024) };
  const matches = [...hits.values()].reduce((sum, count) => sum + count, 0);
  say(
    `${name}: ${hits.size} rules found something, ${matches} times; ${ran.cpuSeconds.toFixed(1)} CPU-s, ${seconds.toFixed(1)} s, ${ran.peakMb} MB`,
  );
  return ran;
}

/** The folder itself, or one that holds it so many times. */
function repeated(logs: string, times: number, into: string): string {
  if (times <= 1) return logs;
  for (let copy = 0; copy < times; copy++)
    cpSync(logs, join(into, String(copy)), {
      recursive: true,
      filter: (path) => !/\.[a-z]+$/i.test(path) || /\.evtx$/i.test(path),
    });
  return into;
}

function titlesOf(rules: string) {
  const idOf = new Map<string, string>();
  const of = new Map<string, string>();
  const files = readdirSync(rules, { recursive: true, encoding: "utf8" });
  for (const file of files.filter((name) => /\.ya?ml$/i.test(name)))
    for (const rule of parseRules(file, readFileSync(join(rules, file), "utf8"))) {
      if (rule.id === null || rule.title === null) continue;
      idOf.set(rule.title, rule.id);
      of.set(rule.id, rule.title);
    }
  return { idOf, of };
}

function programOf(name: string, named: string | undefined): string | null {
  if (named !== undefined) return resolve(named);
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path)) ?? null;
}

function pad(count: number): string {
  return String(count).padStart(10);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
