import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { expect, test } from "vitest";
import { Fault } from "../../base/fault.ts";
import { failureOf } from "./crew.ts";

test("a worker that runs out of memory is a Fault with a hint, and what is a mistake stays one", async () => {
  const hungry = new Worker("const held = []; for (;;) held.push({ at: held.length });", {
    eval: true,
    resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 4 },
  });
  const [error]: unknown[] = await once(hungry, "error");
  expect(failureOf(error)).toBeInstanceOf(Fault);
  const mistake = new TypeError("of ours");
  expect(failureOf(mistake)).toBe(mistake);
});
