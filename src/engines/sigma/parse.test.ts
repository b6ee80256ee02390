import { expect, test } from "vitest";
import { parseRules } from "./parse.ts";
import type { Refusal, Rule } from "./rule.ts";

const HEAD = "title: t\nid: 1\nlogsource: {product: windows}\n";

function reasonOf(text: string): string {
  const [parsed] = parseRules("r.yml", text);
  return parsed?.kind === "refusal" ? parsed.reason : "accepted";
}

function detection(text: string): string {
  return `${HEAD}detection:\n${text}`;
}

function ruleOf(text: string): Rule {
  const [parsed] = parseRules("r.yml", text);
  if (parsed?.kind !== "rule") throw new Error(JSON.stringify(parsed));
  return parsed;
}

test("a rule knows its file, line, header and the fields that it reads", () => {
  const text = `${HEAD.replace("product: windows", "Product: Windows, product: 'Win dows', Service: ''")}description: d
level: HIGH
date: 2021-08-23
tags: [attack.t1190]
references: https://a.example
fields: [Threat Name, User]
detection:
  a: {Source Name|contains: x, User: y}
  condition: a
`;
  expect(ruleOf(`# a comment\n---\n${text}`)).toMatchObject({
    file: "r.yml",
    line: 3,
    id: "1",
    title: "t",
    level: "high",
    tags: ["attack.t1190"],
    references: ["https://a.example"],
    logSource: { product: "win_dows", category: null, service: null },
    reads: ["SourceName", "User", "ThreatName"],
  });
});

test("each document of a file stands for itself", () => {
  const good = detection("  a: {F: 1}\n  condition: a\n");
  const bad = detection("  a: {F|re: 1}\n  condition: a\n");
  const parsed = parseRules("r.yml", `${good}---\n${bad}---\n${good}`);
  expect(parsed.map(({ kind }) => kind)).toEqual(["rule", "refusal", "rule"]);
  expect(parsed[1]).toEqual({
    kind: "refusal",
    file: "r.yml",
    line: 12,
    id: "1",
    title: "t",
    reason: "modifier 're'",
  } satisfies Refusal);
});

test("a rule without an id has one that only its meaning changes", () => {
  const text = detection("  a: {F: 1}\n  condition: a\n").replace("id: 1\n", "");
  const id = ruleOf(text).id;
  expect(id).toMatch(/^[0-9a-f]{32}$/);
  expect(ruleOf(`\n\n${text}`).id).toBe(id);
  expect(ruleOf(text.replace("F: 1", "F: 2")).id).not.toBe(id);
});

test.each([
  ["modifier 're'", detection("  a: {F|re: x}\n  condition: a")],
  ["modifier 'expand'", detection("  a: {F|expand: '%x%'}\n  condition: a")],
  ["modifier 'fieldref'", detection("  a: {F|fieldref: G}\n  condition: a")],
  ["modifier 'gte'", detection("  a: {F|gte: 3}\n  condition: a")],
  ["modifier 'neq'", detection("  a: {F|neq: 3}\n  condition: a")],
  [
    "modifier 'cidr' is not a network in CIDR notation",
    detection("  a: {F|cidr: 1.2.3.4/8}\n  condition: a"),
  ],
  ["modifier 'exists' needs true or false", detection("  a: {F|exists: maybe}\n  condition: a")],
  ["modifier 'base64' cannot encode wildcards", detection("  a: {F|base64: 'a*'}\n  condition: a")],
  ["modifier 'wide' needs ASCII", detection("  a: {F|wide: ä}\n  condition: a")],
  [
    "modifier 'all' with 'base64offset|all'",
    detection("  a: {F|base64offset|all: [a, b]}\n  condition: a"),
  ],
  ["null in a list", detection("  a: {F: [x, null]}\n  condition: a")],
  ["null with a modifier", detection("  a: {F|contains: null}\n  condition: a")],
  ["an empty list in the detection", detection("  a: {F: []}\n  condition: a")],
  ["an empty map in the detection", detection("  a: {}\n  condition: a")],
  ["a map where values should stand", detection("  a: {F: {G: 1}}\n  condition: a")],
  ["a list within a list of values", detection("  a: {F: [[1]]}\n  condition: a")],
  ["a keyword of the kind 'null'", detection("  a: null\n  condition: a")],
  ["`timeframe` in the detection", detection("  a: {F: 1}\n  timeframe: 5m\n  condition: a")],
  [
    "the condition has a selection that does not exist: 'b'",
    detection("  a: {F: 1}\n  condition: a or b"),
  ],
  ["the condition has 'b*', which is no selection", detection("  a: {F: 1}\n  condition: 1 of b*")],
  [
    "the condition has '2 of' (only 1, any and all)",
    detection("  a: {F: 1}\n  condition: 2 of a*"),
  ],
  ["aggregation in the condition (`|`)", detection("  a: {F: 1}\n  condition: a | count() > 5")],
  ["the condition has a parenthesis that is not closed", detection("  a: {F: 1}\n  condition: (a")],
  [
    "the condition has 'a' where the condition should end",
    detection("  a: {F: 1}\n  condition: a a"),
  ],
  [
    "the condition has a condition that ends too early",
    detection("  a: {F: 1}\n  condition: a and"),
  ],
  ["a detection without a condition", detection("  a: {F: 1}\n")],
  ["an empty list of conditions", detection("  a: {F: 1}\n  condition: []")],
  ["a rule without a detection", HEAD],
  ["a rule without a title", detection("  a: {F: 1}\n  condition: a").replace("title: t\n", "")],
  [
    "a rule without a log source",
    detection("  a: {F: 1}\n  condition: a").replace(/logsource.*\n/, ""),
  ],
  [
    "a log source that names nothing",
    detection("  a: {F: 1}\n  condition: a").replace("product: windows", "definition: x"),
  ],
  ["the level 'severe'", `${detection("  a: {F: 1}\n  condition: a")}\nlevel: severe`],
  ["correlation rules", "title: t\ncorrelation: {type: event_count}"],
  ["filter documents", "title: t\nfilter: {rules: any}"],
  ["rule collections (`action`)", "action: global\ntitle: t"],
  ["a document that is not a rule", "- a\n- b"],
])("refused: %s", (reason, text) => {
  expect(reasonOf(text)).toBe(reason);
});

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

test("deep nesting and long conditions are refused", () => {
  expect(reasonOf(`a: ${"[".repeat(100)}`)).toMatch(/^not YAML: /);
  const nested = `${"(".repeat(100)}a${")".repeat(100)}`;
  expect(reasonOf(detection(`  a: {F: 1}\n  condition: ${nested}`))).toBe(
    "the condition has a condition that is nested too deeply",
  );
  const long = Array(2000).fill("a").join(" or ");
  expect(reasonOf(detection(`  a: {F: 1}\n  condition: ${long}`))).toBe(
    "a condition that is too long",
  );
});

test("aliases that stay small are followed", () => {
  const text = detection("  a: {F: &v [x, y]}\n  b: {G: *v}\n  condition: a and b");
  const { condition } = ruleOf(text);
  expect(condition).toMatchObject({ kind: "and", parts: [{ fields: ["F"] }, { fields: ["G"] }] });
});
