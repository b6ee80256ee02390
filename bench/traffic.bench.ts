/** How much counting traffic adds to reading IIS logs: by the row, and beside reading alone and reading all fields. */
import { expect, test } from "vitest";
import { iisReader } from "../src/engines/formats/iis/read.ts";
import { createTraffic } from "../src/questions/answered/index.ts";
import { madeLog } from "../test/readers/iis-log.ts";
import { NO_SETTING } from "../test/readers/trials.ts";
import { FULL, ledger, measure } from "./measure.ts";

const LINES = FULL ? 80_000 : 800;
const SITTINGS = FULL ? 12 : 2;

function read(
  bytes: Uint8Array,
  look: (batch: Parameters<ReturnType<typeof createTraffic>["add"]>[0]) => void,
): number {
  const source = {
    byteLength: bytes.length,
    read: (from: number, to: number) => bytes.subarray(from, to),
  };
  let rows = 0;
  for (let sitting = 0; sitting < SITTINGS; sitting++)
    for (const piece of iisReader.read(source, NO_SETTING))
      if (piece.kind === "batch") {
        rows += piece.length;
        look(piece);
      }
  return rows;
}

test("traffic: rows of IIS", () => {
  const bytes = madeLog(LINES, 1, Date.UTC(2021, 7, 12));
  const alone = measure("iis rows read", () => {
    const amount = read(bytes, () => undefined);
    return { amount, result: String(amount) };
  });
  const counted = measure("iis rows read, and traffic counted", () => {
    const traffic = createTraffic();
    const amount = read(bytes, (batch) => traffic.add(batch));
    const { seen } = traffic.state();
    return { amount, result: `${amount} ${seen.answered} ${seen.refused}` };
  });
  const addedNanos = 1e9 / counted.perSecond - 1e9 / alone.perSecond;
  process.stdout.write(`bench: traffic adds ${addedNanos.toFixed(0)} ns a row\n`);
  expect(counted.perSecond).toBeGreaterThan(0);
  ledger(counted, {
    of_reading_alone: Number((counted.perSecond / alone.perSecond).toFixed(3)),
    added_nanos_a_row: Math.round(addedNanos),
  });
});
