/** Whatever happens to a store's files, it answers right or says that it is damaged. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { batchOf, placeOf } from "../../../test/store/rows.ts";
import { Fault } from "../../base/fault.ts";
import { eventKey } from "../../model/event.ts";
import { createSegments, openStore, publishSegments } from "./index.ts";

const root = mkdtempSync(join(tmpdir(), "breakwater-damage-"));
afterAll(() => rmSync(root, { recursive: true }));
const sound = join(root, "sound");
const harmed = join(root, "harmed");
const reading = { place: placeOf(1), format: "evtx", digits: 7, zoneAssumed: null } as const;

const SETTINGS = { memoryMegabytes: 200, threads: 1 };
const writer = createSegments(sound, "a");
for (const part of [0, 1, 2]) {
  const rows = Array.from({ length: 20 }, (_, row) => ({
    ticks: BigInt(part * 20 + row),
    offset: part * 20 + row,
    host: `h${row}`,
    fields: { User: `name ${row}` },
  }));
  writer.append(batchOf({ ...reading, place: placeOf(part) }, rows));
}
publishSegments(sound, writer.finish());
const answer = await answersOf(sound);

/** Every kind of question, as one text; or the code of the fault. */
async function answersOf(dir: string): Promise<string> {
  try {
    const store = await openStore(dir, SETTINGS);
    try {
      const found = await store.find([eventKey(placeOf(1), 25)]);
      const page = await store.page({ kind: "all" }, null, 100);
      const names = await store.count({ kind: "contains", text: "name 1" });
      const { buckets } = await store.density({ kind: "is", column: "host", value: "h3" }, 7n);
      return JSON.stringify([found, page, names, buckets], (_, value: unknown) =>
        typeof value === "bigint" ? `${value}` : value,
      );
    } finally {
      store.close();
    }
  } catch (error) {
    if (error instanceof Fault) return `${error.code}: ${error.hint}`;
    throw error;
  }
}

const DAMAGED = /^vault-damaged: .*run investigate again/;

function harm(file: string, change: (bytes: Buffer) => Uint8Array): Promise<string> {
  rmSync(harmed, { recursive: true, force: true });
  cpSync(sound, harmed, { recursive: true });
  writeFileSync(join(harmed, file), change(readFileSync(join(sound, file))));
  return answersOf(harmed);
}

test("the sound store answers", async () => {
  expect(answer).toContain("name 19");
});

test.each(readdirSync(sound))("%s cut anywhere is damaged", async (file) => {
  const size = readFileSync(join(sound, file)).length;
  // A manifest that lacks only its line end is whole.
  for (let length = 0; length < size - 1; length += 23)
    expect(await harm(file, (bytes) => bytes.subarray(0, length))).toMatch(DAMAGED);
});

test.each(readdirSync(sound))(
  "%s with any byte altered is damaged, or answers the same",
  async (file) => {
    const size = readFileSync(join(sound, file)).length;
    let noticed = 0;
    for (let at = 0; at < size; at += 17)
      for (const mask of [0x01, 0x20]) {
        const altered = await harm(file, (bytes) => {
          bytes[at] = (bytes[at] ?? 0) ^ mask;
          return bytes;
        });
        expect(altered === answer || DAMAGED.test(altered)).toBe(true);
        if (altered !== answer) noticed++;
      }
    expect(noticed).toBeGreaterThan(size / 17);
  },
  60_000,
);

test("a missing file is damage", async () => {
  for (const file of readdirSync(sound)) {
    rmSync(harmed, { recursive: true, force: true });
    cpSync(sound, harmed, { recursive: true });
    rmSync(join(harmed, file));
    expect(await answersOf(harmed)).toMatch(DAMAGED);
  }
});

test("a segment that is cut while the store is open is damage", async () => {
  rmSync(harmed, { recursive: true, force: true });
  cpSync(sound, harmed, { recursive: true });
  const store = await openStore(harmed, SETTINGS);
  const segment = readdirSync(harmed).find((file) => file.endsWith(".parquet")) ?? "";
  truncateSync(join(harmed, segment), 10);
  await expect(store.page({ kind: "all" }, null, 1)).rejects.toThrow(/damaged/);
  store.close();
});

test("a folder that cannot be written is a fault with a hint", async () => {
  const file = join(root, "a-file");
  writeFileSync(file, "");
  expect(() => createSegments(join(file, "store"), "a")).toThrow(Fault);
});
