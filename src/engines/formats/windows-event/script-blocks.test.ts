import { expect, test } from "vitest";
import { LOOK_BACK_BYTES, ScriptBlocks } from "./script-blocks.ts";

const part = (number: number, text: string, offset = number * 1000, block = "b") => ({
  block,
  number,
  total: 3,
  text,
  offset,
});

test("the last part that lacked gives the whole script, whatever the order", () => {
  const scripts = new ScriptBlocks();
  expect(scripts.take(part(2, "two "))).toBeNull();
  expect(scripts.take(part(1, "one ", 3000))).toBeNull();
  expect(scripts.take(part(1, "other", 3500, "c"))).toBeNull();
  expect(scripts.take(part(3, "three", 4000))).toBe("one two three");
});

test("a script of one part, a number beyond the total, and a total beyond reason are left alone", () => {
  const scripts = new ScriptBlocks();
  expect(scripts.take({ ...part(1, "x"), total: 1 })).toBeNull();
  expect(scripts.take(part(4, "x"))).toBeNull();
  expect(scripts.take(part(0, "x"))).toBeNull();
  expect(scripts.take({ ...part(1, "x"), total: 1e9 })).toBeNull();
});

test("parts that lie too far apart are not joined, exactly at the limit they are", () => {
  const joined = (last: number) => {
    const scripts = new ScriptBlocks();
    scripts.take(part(1, "1", 0));
    scripts.take(part(2, "2", 10));
    return scripts.take(part(3, "3", last));
  };
  expect(joined(LOOK_BACK_BYTES)).toBe("123");
  expect(joined(LOOK_BACK_BYTES + 1)).toBeNull();
});

test("a part that came again does not make a script whole again", () => {
  const scripts = new ScriptBlocks();
  for (const number of [1, 2]) scripts.take(part(number, `${number}`));
  expect(scripts.take(part(2, "2"))).toBeNull();
  expect(scripts.take(part(3, "3"))).toBe("123");
  expect(scripts.take(part(3, "3"))).toBeNull();
});
