/** Events into the store, and timelines out of it. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { createStore, openStore } from "../src/engines/store/index.ts";
import type { Batch } from "../src/model/event.ts";
import type { Query } from "../src/model/query.ts";
import { placeOf, requests } from "../test/store/rows.ts";
import { FULL, ledger, measure } from "./measure.ts";

const ROWS = FULL ? 1_000_000 : 5_000;
const dir = mkdtempSync(join(tmpdir(), "breakwater-store-"));
afterAll(() => rmSync(dir, { recursive: true }));

/** Made once: the bench measures the store, not the making of lines. */
const ROUNDS = FULL ? 10 : 2;
const batches = [...requests(placeOf(1), ROWS / ROUNDS)];

/** The same requests again, later in time and in the file. */
function later(batch: Batch, round: number): Batch {
  const ticks = BigInt(round * ROWS) * 1_000_000n;
  return {
    ...batch,
    ticks: batch.ticks.map((count) => count + ticks),
    offsets: batch.offsets.map((offset) => offset + round * ROWS * 280),
  };
}

const rounds = Array.from({ length: ROUNDS }, (_, round) =>
  batches.map((one) => later(one, round)),
);

function fill(): number {
  const writer = createStore(dir);
  for (const batch of rounds.flat()) writer.append(batch);
  return writer.finish().rows;
}

/** What the same rows cost when they are only decoded and made JSON: the least that any store pays. */
function decodeOnly(): number {
  let chars = 0;
  for (const batch of rounds.flat())
    for (let row = 0; row < batch.length; row++)
      chars += JSON.stringify(batch.names(row).map((name) => batch.field(row, name))).length;
  return chars;
}

const all: Query = { kind: "all" };
const shell: Query = { kind: "contains", text: "SHELL.aspx" };
const rare: Query = {
  kind: "and",
  parts: [{ kind: "is", column: "host", value: "exch01" }, shell],
};

test("rows into the store", () => {
  const least = measure("store: decode and JSON only", () => {
    return { amount: ROWS, result: `${decodeOnly()}` };
  });
  const filled = measure("store: append", () => ({ amount: ROWS, result: `${fill()}` }));
  expect(openStore(dir).rows).toBe(ROWS);
  ledger(filled, { decode_only_per_second: Math.round(least.perSecond) });
});

test("questions to the store", () => {
  fill();
  const store = openStore(dir);
  /** `rows`: 1 where the answer comes from a few blocks, ROWS where every block has to be read. */
  const ask = (name: string, rows: number, question: () => string) =>
    ledger(
      measure(`store: ${name}`, () => ({ amount: rows, result: question() })),
      { rows: ROWS },
    );
  const middle = store.page(all, null, 1000).at(-1);
  ask("pages of 100", 1, () => keysOf(store.page(all, middle ?? null, 100)));
  ask("rows to a page of 100 by rare text", ROWS, () => keysOf(store.page(rare, null, 100)));
  ask("rows to a count by rare text", ROWS, () => `${store.count(rare)}`);
  ask(
    "rows to a count by common text",
    ROWS,
    () => `${store.count({ kind: "contains", text: "clinic" })}`,
  );
  ask("densities by hour", 1, () => `${store.density(all, 36_000_000_000n).buckets.length}`);
  expect(store.count(all)).toBe(store.rows);
  store.close();
});

function keysOf(events: readonly { readonly key: string }[]): string {
  return events.map(({ key }) => key).join();
}
