/** How fast rows are counted into coverage: one log in order, starts a little out of order, and two logs mixed. */
import { expect, test } from "vitest";
import type { Batch } from "../src/model/event.ts";
import type { EvidenceHash } from "../src/model/evidence.ts";
import { createCoverage } from "../src/questions/cause/index.ts";
import { FULL, ledger, measure, type Measured } from "./measure.ts";

const ROWS = FULL ? 20_000_000 : 20_000;
const BATCH = 16_384;
const START = 16_224_192_000_000_000n;
/** One row every 400 ms. */
const STEP = 4_000_000n;

function rows(from: number, jitter: bigint, channels: readonly string[]): Batch {
  const place = { evidence: "0".repeat(64) as EvidenceHash, member: "", file: "u_ex.log" };
  const ticks = BigInt64Array.from({ length: BATCH }, (_, row) => {
    const late = (BigInt(row * 7919) % 60n) * jitter;
    return START + BigInt(from + row) * STEP - late;
  });
  return {
    kind: "batch",
    format: "iis",
    place,
    length: BATCH,
    ticks,
    digits: 0,
    zoneAssumed: null,
    offsets: Float64Array.from({ length: BATCH }, (_, row) => (from + row) * 250),
    record: (row) => String(from + row),
    host: () => "MX1",
    channel: (row) => channels[row % channels.length] ?? "",
    eventId: () => -1,
    provider: () => "",
    field: () => undefined,
    names: () => [],
    putFields: (_, out) => out.put("{}"),
  };
}

function count(name: string, jitter: bigint, channels: readonly string[]): Measured {
  const some = Array.from({ length: 16 }, (_, at) => rows(at * BATCH, jitter, channels));
  const measured = measure(name, () => {
    const collector = createCoverage();
    for (let done = 0, at = 0; done < ROWS; done += BATCH, at++) {
      const batch = some[at % some.length];
      if (batch !== undefined) collector.add(batch);
    }
    const { sources } = collector.finish({ entries: [] }, []);
    const result = sources.map(({ events, first, last }) => `${events} ${first} ${last}`).join();
    return { amount: ROWS, result };
  });
  ledger(measured, {});
  return measured;
}

test("rows of one log in order", () => {
  const { perSecond } = count("coverage: rows of one log in order", 0n, ["W3SVC1"]);
  expect(perSecond).toBeGreaterThan(0);
});

// Requests end in order and start up to a minute earlier: what IIS logs look like.
test("rows of one log, starts out of order", () => {
  const { perSecond } = count("coverage: rows of one log, starts out of order", 10_000_000n, [
    "W3SVC1",
  ]);
  expect(perSecond).toBeGreaterThan(0);
});

test("rows of two logs mixed", () => {
  const { perSecond } = count("coverage: rows of two logs mixed", 0n, ["Security", "System"]);
  expect(perSecond).toBeGreaterThan(0);
});
