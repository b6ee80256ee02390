import { expect, test } from "vitest";
import { detection, reasonOf } from "../../../test/sigma/rule-text.ts";
import { parseRules } from "./parse.ts";
import type { Rule } from "./rule.ts";

function ruleOf(text: string): Rule {
  const [parsed] = parseRules("r.yml", text);
  if (parsed?.kind !== "rule") throw new Error(JSON.stringify(parsed));
  return parsed;
}

test.each([
  ["the key 'title' twice", "title: a\ntitle: b"],
  ["YAML merge keys", "a: &x {b: c}\nd: {<<: *x}"],
  ["YAML tags", "a: !!binary aGk="],
  ["an alias inside its own anchor", "a: &x [*x]"],
])("YAML refused: %s", (reason, text) => {
  expect(reasonOf(text)).toBe(reason);
});

test("broken YAML is one refusal with its line", () => {
  const [parsed] = parseRules("r.yml", 'title: t\nid: "1\n');
  expect(parsed).toMatchObject({ kind: "refusal", line: expect.any(Number), id: null });
  expect(reasonOf("a: [")).toMatch(/^not YAML: /);
});

test("a bomb of aliases is refused, in no time", () => {
  const lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"];
  for (let level = 1; level < 12; level++) {
    const before = `*a${level - 1}`;
    lines.push(`a${level}: &a${level} [${Array(10).fill(before).join(", ")}]`);
  }
  expect(reasonOf(lines.join("\n"))).toBe("more than 50000 YAML nodes");
});

test("aliases that stay small are followed", () => {
  const text = detection("  a: {F: &v [x, y]}\n  b: {G: *v}\n  condition: a and b");
  const { condition } = ruleOf(text);
  expect(condition).toMatchObject({ kind: "and", parts: [{ fields: ["F"] }, { fields: ["G"] }] });
});

test("nothing between two lines of dashes is no document", () => {
  const good = detection("  a: {F: 1}\n  condition: a\n");
  const kinds = (text: string) => parseRules("r.yml", text).map(({ kind }) => kind);
  expect(kinds(`---\n---\n${good}---\n# an end\n---\n`)).toEqual(["rule"]);
  expect(kinds("")).toEqual([]);
  expect(parseRules("r.yml", "a\n---\n".repeat(20_000))).toMatchObject([
    { reason: "more than 10000 documents" },
  ]);
});

test.each([
  ["\n", "LF"],
  ["\r\n", "CR LF"],
  ["\r", "CR"],
])(
  "lines are counted, and a byte order mark passed over, with each kind of line end (%#)",
  (end) => {
    const text = `\ufeff${detection("  a: {F: 1}\n  condition: b")}\n---\ntitle: x`.replaceAll(
      "\n",
      end,
    );
    expect(parseRules("r.yml", text)).toMatchObject([
      { line: 6, reason: "the condition has a selection that does not exist: 'b'" },
      { line: 8, reason: "a rule without a detection" },
    ]);
  },
);

test("a long line costs no more than many short ones", () => {
  const start = performance.now();
  expect(reasonOf(`[${"a,".repeat(400_000)}]`)).toBe("more than 50000 YAML nodes");
  expect(performance.now() - start).toBeLessThan(5_000);
});

test.each([
  ["F: 010", "10"],
  ["F: 0o17", "15"],
  ["F: 0b11", "0b11"],
  ["F: +5", "5"],
  ["F: yes", "yes"],
  ["F: 2021-08-13", "2021-08-13"],
  ["F: 12:30:45", "12:30:45"],
  ["F: 1_000", "1_000"],
  ["F: .inf", ".inf"],
  ["F: 9007199254740993", "9007199254740993"],
  ["F: FALSE", "false"],
  ["F: !!str 010", "010"],
  ["F: 'a\\'", "a\\"],
])("%s is compared as %s (YAML 1.2, core schema)", (item, literal) => {
  expect(ruleOf(detection(`  a: {${item}}\n  condition: a`)).condition).toMatchObject({
    tests: [{ kind: "text", parts: [{ kind: "literal", text: literal }] }],
  });
});
