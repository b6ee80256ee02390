/**
 * How much the collectors of answered and cause add to reading: traffic to IIS logs, what looks for event ids to Windows event logs. By the
 * row, and as a ratio to reading alone in the same run. A made IIS log has no probes: a server's own has, and costs less.
 */
import { expect, test } from "vitest";
import { loadKnowledge } from "../src/casework/knowledge.ts";
import { evtxReader } from "../src/engines/formats/evtx/read.ts";
import { evtxFile } from "../src/engines/formats/evtx/write.ts";
import { iisReader } from "../src/engines/formats/iis/read.ts";
import type { Batch } from "../src/model/event.ts";
import { createSigns, createStarts, createTraffic } from "../src/questions/answered/index.ts";
import { createChanges } from "../src/questions/cause/index.ts";
import { madeEvents } from "../test/readers/evtx-log.ts";
import { madeLog } from "../test/readers/iis-log.ts";
import { NO_SETTING } from "../test/readers/trials.ts";
import { FULL, ledger, measure } from "./measure.ts";

const LINES = FULL ? 80_000 : 800;
const SITTINGS = FULL ? 12 : 2;

function read(reader: typeof iisReader, bytes: Uint8Array, look: (batch: Batch) => void): number {
  const source = {
    byteLength: bytes.length,
    read: (from: number, to: number) => bytes.subarray(from, to),
  };
  let rows = 0;
  for (let sitting = 0; sitting < SITTINGS; sitting++)
    for (const piece of reader.read(source, NO_SETTING))
      if (piece.kind === "batch") {
        rows += piece.length;
        look(piece);
      }
  return rows;
}

test("traffic: rows of IIS", () => {
  const bytes = madeLog(LINES, 1, Date.UTC(2021, 7, 12));
  const alone = measure("iis rows read", () => {
    const amount = read(iisReader, bytes, () => undefined);
    return { amount, result: String(amount) };
  });
  const counted = measure("iis rows read, and traffic counted", () => {
    const traffic = createTraffic();
    const amount = read(iisReader, bytes, (batch) => traffic.add(batch));
    const { seen } = traffic.state();
    return { amount, result: `${amount} ${seen.answered} ${seen.refused}` };
  });
  const addedNanos = 1e9 / counted.perSecond - 1e9 / alone.perSecond;
  process.stdout.write(`bench: traffic adds ${addedNanos.toFixed(0)} ns a row\n`);
  expect(counted.perSecond).toBeGreaterThan(0);
  ledger(counted, {
    adds_of_reading: Number((alone.perSecond / counted.perSecond - 1).toFixed(2)),
    of_reading_alone: Number((counted.perSecond / alone.perSecond).toFixed(3)),
    added_nanos_a_row: Math.round(addedNanos),
  });
});

/** As the store asks first in a run: opening a row is paid for there, whoever looks afterwards. */
function askIds(batch: Batch): number {
  let ids = 0;
  for (let row = 0; row < batch.length; row++) ids += batch.eventId(row);
  return ids;
}

test("changes, starts and signs: rows of Windows event logs", () => {
  const { aftermath, worker, protection } = loadKnowledge("knowledge");
  const bytes = evtxFile(madeEvents(LINES / 4, 1));
  const alone = measure("evtx rows read, event ids asked", () => {
    let ids = 0;
    const amount = read(evtxReader, bytes, (batch) => (ids += askIds(batch)));
    return { amount, result: `${amount} ${ids}` };
  });
  const looked = measure("evtx rows read, event ids asked, three lookouts", () => {
    const [changes, starts] = [createChanges(aftermath), createStarts(worker)];
    const lookouts = [changes, starts, createSigns(protection)];
    const amount = read(evtxReader, bytes, (batch) => {
      askIds(batch);
      for (const lookout of lookouts) lookout.add(batch);
    });
    const found = [changes.state().signs.length, starts.state().starts.length];
    return { amount, result: `${amount} ${found.join(" ")}` };
  });
  const addedNanos = 1e9 / looked.perSecond - 1e9 / alone.perSecond;
  process.stdout.write(`bench: three lookouts add ${addedNanos.toFixed(0)} ns a row\n`);
  expect(looked.perSecond).toBeGreaterThan(0);
  ledger(looked, {
    adds_of_reading: Number((alone.perSecond / looked.perSecond - 1).toFixed(2)),
    added_nanos_a_row: Math.round(addedNanos),
  });
});
