import { expect, test } from "vitest";
import { parsePlaceholders } from "./placeholders.ts";

test("names with their values, as rules write them", () => {
  const text = "Administrators: [adm_*, root]\n'%Ports%': [443, 8443]\nOne: alone\nFlag: true\n";
  expect(parsePlaceholders(text)).toEqual(
    new Map([
      ["Administrators", ["adm_*", "root"]],
      ["Ports", ["443", "8443"]],
      ["One", ["alone"]],
      ["Flag", ["true"]],
    ]),
  );
});

test.each([
  [1, "no map of placeholders to their values", ""],
  [1, "no map of placeholders to their values", "- a\n- b"],
  [3, "a second document", "a: b\n---\nc: d"],
  [2, "the placeholder 'b' without a value", "a: x\nb: []"],
  [3, "the placeholder 'a' with a value that is no text", "a:\n  - x\n  - null"],
  [1, "the placeholder 'a' with a value that is no text", "a: {b: c}"],
  [2, "the placeholder 'a' twice", "a: x\n'%a%': y"],
  [1, "the name '50%'", "50%: x"],
])("refused, line %i: %s", (line, reason, text) => {
  expect(parsePlaceholders(text)).toEqual({ line, reason });
});
