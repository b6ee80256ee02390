/** Events into the store beside DuckDB's own way, and timelines out of it. */
import { execFileSync } from "node:child_process";
import { appendFileSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { createSegments, openStore, publishSegments } from "../src/engines/store/index.ts";
import { type Batch, eventKey } from "../src/model/event.ts";
import type { Query } from "../src/model/query.ts";
import { madeLog } from "../test/readers/iis-log.ts";
import { placeOf, requests } from "../test/store/rows.ts";
import { FULL, ledger, ledgerFigures, measure, measureWaiting } from "./measure.ts";
import type { Ingested } from "./store-ingest.ts";

const SETTINGS = { memoryMegabytes: 300, threads: 1 };
const dir = mkdtempSync(join(tmpdir(), "breakwater-store-"));
afterAll(() => rmSync(dir, { recursive: true }));

test("an IIS log into Parquet, against DuckDB's own CSV reader", () => {
  const log = join(dir, "u_ex.log");
  const days = FULL ? 12 : 1;
  for (let day = 1; day <= days; day++)
    appendFileSync(log, madeLog(FULL ? 80_000 : 2_000, day, Date.UTC(2021, 7, day)));
  const megabytes = statSync(log).size / 1e6;
  const best = (side: "ours" | "duckdb") =>
    Array.from({ length: FULL ? 3 : 1 }, () => ingest(side, log)).reduce((a, b) =>
      a.cpuSeconds < b.cpuSeconds ? a : b,
    );
  const [ours, duckdb] = [best("ours"), best("duckdb")];
  expect(ours.rows).toBe(duckdb.rows);
  const ratio = ours.cpuSeconds / duckdb.cpuSeconds;
  ledgerFigures(`store: ${megabytes.toFixed(0)} MB of IIS into Parquet`, {
    cpu_seconds: ours.cpuSeconds,
    duckdb_read_csv_cpu_seconds: duckdb.cpuSeconds,
    of_duckdb: ratio,
    peak_rss_mb: ours.peakRssMb,
    duckdb_peak_rss_mb: duckdb.peakRssMb,
    parquet_mb: ours.sizeBytes / 1e6,
    duckdb_parquet_mb: duckdb.sizeBytes / 1e6,
  });
  // Tiny files measure the start of a process, not its work.
  expect(ratio).toBeLessThan(FULL ? 2.5 : 10);
});

function ingest(side: "ours" | "duckdb", log: string): Ingested {
  return JSON.parse(
    execFileSync(process.execPath, ["bench/store-ingest.ts", side, log, dir], { encoding: "utf8" }),
  );
}

/** Servers whose logs are of the same time, and how many events each has. */
const SERVERS = FULL ? 10 : 3;
const ROUNDS = FULL ? 10 : 2;
const ROUND_ROWS = FULL ? 100_000 : 1_000;
const ROWS = SERVERS * ROUNDS * ROUND_ROWS;

/** Made once, with their fields as bytes: the bench measures the store, not the making of lines. */
const sittings = [...requests(placeOf(0), ROUND_ROWS)].map((batch) => ({
  batch,
  fields: Array.from({ length: batch.length }, (_, row) =>
    Buffer.from(
      JSON.stringify(
        Object.fromEntries(batch.names(row).map((name) => [name, batch.field(row, name)])),
      ),
    ),
  ),
}));

/** The same requests again, later in time and in the file, on another server. */
function* eventsOf(server: number): Generator<Batch> {
  for (let round = 0; round < ROUNDS; round++)
    for (const { batch, fields } of sittings)
      yield {
        ...batch,
        place: placeOf(server),
        host: () => `EXCH${server}`,
        ticks: batch.ticks.map((count) => count + BigInt(round * ROUND_ROWS) * 1_000_000n),
        offsets: batch.offsets.map((offset) => offset + round * ROUND_ROWS * 280),
        putFields(row, out) {
          const bytes = fields[row] ?? Buffer.alloc(0);
          out.reserve(bytes.length);
          out.bytes.set(bytes, out.length);
          out.length += bytes.length;
        },
      };
}

function fill(): number {
  const segments = Array.from({ length: SERVERS }, (_, server) => {
    const writer = createSegments(dir, `server-${server}`);
    for (const batch of eventsOf(server)) writer.append(batch);
    return writer.finish();
  }).flat();
  publishSegments(dir, segments);
  return segments.reduce((sum, { rows }) => sum + rows, 0);
}

const all: Query = { kind: "all" };
const shell: Query = { kind: "contains", text: "SHELL.aspx" };
const oneServer: Query = { kind: "is", column: "host", value: "exch1" };

test("events into the store", () => {
  const filled = measure("store: append", () => ({ amount: ROWS, result: `${fill()}` }), 1);
  expect(filled.perSecond).toBeGreaterThan(0);
  ledger(filled, {});
});

test("questions to a store whose segments overlap in time", async () => {
  const opened = await measureWaiting("store: open", async () => {
    const store = await openStore(dir, SETTINGS);
    store.close();
    return { amount: 1, result: `${store.rows}` };
  });
  ledger(opened, { rows: ROWS });
  const store = await openStore(dir, SETTINGS);
  expect(store.rows).toBe(ROWS);
  /** `rows`: 1 where the answer comes from a few groups, ROWS where every one has to be read. */
  const ask = async (name: string, rows: number, question: () => Promise<string>) =>
    ledger(
      await measureWaiting(`store: ${name}`, async () => ({
        amount: rows,
        result: await question(),
      })),
      { rows: ROWS },
    );
  const halfway = 16_276_896_000_000_000n + BigInt(ROUNDS * ROUND_ROWS) * 500_000n;
  const middle = { ticks: halfway, key: eventKey(placeOf(1), 0) };
  await ask("pages of 200, first", 1, async () => keysOf(await store.page(all, null, 200)));
  await ask("pages of 200, middle", 1, async () => keysOf(await store.page(all, middle, 200)));
  await ask("pages of 200, one server", 1, async () =>
    keysOf(await store.page(oneServer, middle, 200)),
  );
  await ask("pages of 200, common text", 1, async () =>
    keysOf(await store.page({ kind: "contains", text: "user17" }, middle, 200)),
  );
  await ask("200 keys found", 1, async () => {
    const page = await store.page(oneServer, middle, 200);
    return keysOf(await store.find(page.map(({ key }) => key)));
  });
  await ask("rows to a page by rare text", ROWS, async () =>
    keysOf(await store.page(shell, null, 200)),
  );
  await ask("rows to a count by rare text", ROWS, async () => `${await store.count(shell)}`);
  await ask(
    "densities by hour",
    1,
    async () => `${(await store.density(all, 36_000_000_000n)).buckets.length}`,
  );
  await ask("hosts", 1, async () => JSON.stringify(await store.facet(all, "host", 20)));
  store.close();
});

function keysOf(events: readonly { readonly key: string }[]): string {
  return events.map(({ key }) => key).join();
}
