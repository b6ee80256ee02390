/** The torture, a few rounds of it: so that it cannot rot. The whole of it is `npm run torture`. */
import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { expect, test } from "vitest";

test.skipIf(process.platform === "win32")(
  "a few rounds lose nothing, and say so",
  () => {
    const script = resolve("test/torture/torture.ts");
    const words = [script, "--seed", "1", "--rounds", "4", "--lanes", "2"];
    const { status, stdout, stderr } = spawnSync(process.execPath, words, { encoding: "utf8" });
    expect([status, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^4 rounds, [1-9]\d* kills of a program at work/m);
    expect(stdout).toMatch(/^what was lost: nothing$/m);
  },
  240_000,
);
