import { inspect } from "node:util";
import { expect, test } from "vitest";
import { Withheld } from "./withheld.ts";

const SECRET = "485 777 3456";
const withheld = new Withheld({ number: SECRET });
/** As code that is not type-checked, or that takes anything, would see it. */
const slipped: unknown = withheld;

test("every slip prints the same word", () => {
  expect(String(slipped)).toBe("[withheld]");
  expect([slipped].join()).toBe("[withheld]");
  expect(JSON.stringify({ person: withheld, list: [withheld] })).toBe(
    '{"person":"[withheld]","list":["[withheld]"]}',
  );
});

test("no way of looking at it by accident shows the value", () => {
  const shown = [
    inspect(withheld),
    inspect({ withheld }, { depth: 9, showHidden: true, getters: true }),
    inspect(new Map([[withheld, withheld]])),
    JSON.stringify(Object.entries(withheld)),
    JSON.stringify(Object.assign({}, withheld)),
    inspect(structuredClone(Object.assign({}, withheld)), { showHidden: true }),
    new Error(["failed on", withheld].join(" ")).stack ?? "",
  ];
  for (const text of shown) expect(text).not.toContain(SECRET);
  expect(inspect({ withheld })).toBe("{ withheld: [withheld] }");
});

test("who asks on purpose gets the value", () => {
  expect(withheld.reveal().number).toBe(SECRET);
});
