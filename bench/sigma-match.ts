/**
 * All rules over all event logs, several times over, in a process of its own so that CPU and peak memory are of this alone:
 * `sigma-match RULES LOGS TIMES FILES`. One thread; decoding is included, parsing the rules is not. Prints JSON.
 */
import { createHash } from "node:crypto";
import { closeSync, fstatSync, openSync, readFileSync, readSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Source } from "../src/base/source.ts";
import { evtxReader } from "../src/engines/formats/evtx/read.ts";
import { type Matcher, createMatcher, parseRules, planRules } from "../src/engines/sigma/index.ts";
import { NO_SETTING } from "../test/readers/trials.ts";
import { LOG_SOURCES } from "../test/sigma/log-sources.ts";

/** What it took. */
export interface Matched {
  readonly events: number;
  readonly cpuSeconds: number;
  readonly evaluationsPerEvent: number;
  readonly peakRssMb: number;
  /** Hash over every (file, batch, row, rule) of the first time. */
  readonly hits: string;
}

/** Files below a folder by their extension, in order. */
export function filesBelow(folder: string, extension: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(extension))
    .sort()
    .map((name) => join(folder, name));
}

function matcherOf(folder: string): Matcher {
  const parsed = filesBelow(folder, ".yml").flatMap((file) =>
    parseRules(file, readFileSync(file, "utf8")),
  );
  return createMatcher(planRules(parsed, LOG_SOURCES));
}

/** A chunk of a log, read over and over. */
const window = Buffer.alloc(65_536);

/** A file as casework reads it: a window at a time, never the whole. */
function matchFile(matcher: Matcher, path: string, found: (hit: string) => void): void {
  const file = openSync(path, "r");
  const source: Source = {
    byteLength: fstatSync(file).size,
    read(start, end) {
      const bytes = window.subarray(0, end - start);
      readSync(file, bytes, 0, bytes.length, start);
      return bytes;
    },
  };
  let batches = 0;
  for (const piece of evtxReader.read(source, NO_SETTING)) {
    if (piece.kind !== "batch") continue;
    const batch = batches++;
    matcher.match(piece, (row, { id }) => found(`${path} ${batch} ${row} ${id}\n`));
  }
  closeSync(file);
}

const [rules, logs, times, most] = process.argv.slice(2);
if (import.meta.main && rules !== undefined && logs !== undefined) {
  const matcher = matcherOf(rules);
  const files = filesBelow(logs, ".evtx").slice(0, Number(most));
  const hash = createHash("sha256");
  const before = process.cpuUsage();
  for (const file of files) matchFile(matcher, file, (hit) => hash.update(hit));
  for (let time = 1; time < Number(times); time++)
    for (const file of files) matchFile(matcher, file, () => {});
  const { user, system } = process.cpuUsage(before);
  const { rows, evaluations } = matcher.work;
  const matched: Matched = {
    events: rows,
    cpuSeconds: (user + system) / 1e6,
    evaluationsPerEvent: evaluations / rows,
    peakRssMb: Math.round(process.resourceUsage().maxRSS / 1024),
    hits: hash.digest("hex").slice(0, 16),
  };
  process.stdout.write(JSON.stringify(matched));
}
