/**
 * One IIS log into Parquet, in a process of its own so that CPU and peak memory are of this alone: `ours LOG DIR` reads and
 * stores as casework does without rules, `duckdb LOG DIR` lets DuckDB do it from its CSV reader. Prints JSON.
 */
import { closeSync, fstatSync, openSync, readSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Source } from "../src/base/source.ts";
import { iisReader } from "../src/engines/formats/iis/read.ts";
import { createSegments, publishSegments } from "../src/engines/store/index.ts";
import { DEFAULT_FIELDS } from "../test/readers/iis-log.ts";
import { NO_SETTING } from "../test/readers/trials.ts";

/** What one side took. */
export interface Ingested {
  readonly rows: number;
  readonly cpuSeconds: number;
  readonly peakRssMb: number;
  readonly sizeBytes: number;
}

function ours(log: string, dir: string): Pick<Ingested, "rows" | "sizeBytes"> {
  const file = openSync(log, "r");
  const source: Source = {
    byteLength: fstatSync(file).size,
    read(start, end) {
      const bytes = Buffer.allocUnsafe(end - start);
      readSync(file, bytes, 0, bytes.length, start);
      return bytes;
    },
  };
  const writer = createSegments(dir, "ours");
  for (const piece of iisReader.read(source, NO_SETTING))
    if (piece.kind === "batch") writer.append(piece);
  const segments = writer.finish();
  publishSegments(dir, segments);
  closeSync(file);
  const sum = (of: (segment: (typeof segments)[number]) => number) =>
    segments.reduce((all, one) => all + of(one), 0);
  return { rows: sum(({ rows }) => rows), sizeBytes: sum(({ sizeBytes }) => sizeBytes) };
}

async function duckdb(log: string, dir: string): Promise<Pick<Ingested, "rows" | "sizeBytes">> {
  const { DuckDBInstance } = await import("@duckdb/node-api");
  const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
  const connection = await instance.connect();
  const target = join(dir, "duckdb.parquet");
  const names = DEFAULT_FIELDS.map((name) => `'${name}'`).join(", ");
  await connection.run(
    `COPY (SELECT * FROM read_csv('${log}', delim = ' ', header = false, comment = '#', names = [${names}]))
     TO '${target}' (FORMAT parquet, COMPRESSION zstd)`,
  );
  const rows = await connection.runAndReadAll(`SELECT count(*) FROM '${target}'`);
  connection.closeSync();
  instance.closeSync();
  return { rows: Number(rows.getRows()[0]?.[0]), sizeBytes: statSync(target).size };
}

const [side, log, dir] = process.argv.slice(2);
if (side !== undefined && log !== undefined && dir !== undefined) {
  const before = process.cpuUsage();
  const done = side === "ours" ? ours(log, dir) : await duckdb(log, dir);
  const { user, system } = process.cpuUsage(before);
  const peakRssMb = Math.round(process.resourceUsage().maxRSS / 1024);
  const ingested: Ingested = { ...done, cpuSeconds: (user + system) / 1e6, peakRssMb };
  process.stdout.write(JSON.stringify(ingested));
}
