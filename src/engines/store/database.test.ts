import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";

/** Sorts more text than fits, in two databases at once; prints both answers, which a sort of its own would give too. */
const PROGRAM = `
import { Database } from ${JSON.stringify(new URL("./database.ts", import.meta.url).href)};
const [dir = ""] = process.argv.slice(-1);
const open = () => Database.open(dir, { memoryMegabytes: 200, threads: 1 });
const text = "SELECT sum(hash(k) % 1000003 * (rn % 1009))::VARCHAR FROM (SELECT k, row_number() OVER (ORDER BY k) AS rn " +
  "FROM (SELECT hash(i)::VARCHAR || repeat('x', 60) AS k FROM range(2000000) t(i)))";
const both = [await open(), await open()];
const answers = await Promise.all(both.map((one) => one.all({ text, values: [] })));
for (const one of both) one.close();
console.log(answers.map(([row]) => String(row?.[0])).join(" "));
`;

test("two databases over one folder that both need the disk do not meet there", () => {
  const dir = mkdtempSync(join(tmpdir(), "breakwater-spill-"));
  try {
    // In a process of its own: where they meet, the process dies.
    const flags = ["--no-warnings", "--input-type=module", "--eval", PROGRAM, "--", dir];
    const { status, signal, stdout } = spawnSync(process.execPath, flags, { encoding: "utf8" });
    expect([status, signal]).toEqual([0, null]);
    const [left, right] = stdout.trim().split(" ");
    expect(left).toBe(right);
    expect(readdirSync(dir)).toEqual([]);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}, 60_000);
