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
  const bad = detection("  a: {F|like: 1}\n  condition: a\n");
  const parsed = parseRules("r.yml", `${good}---\n${bad}---\n${good}`);
  expect(parsed.map(({ kind }) => kind)).toEqual(["rule", "refusal", "rule"]);
  expect(parsed[1]).toEqual({
    kind: "refusal",
    file: "r.yml",
    line: 12,
    id: "1",
    title: "t",
    reason: "modifier 'like'",
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
  ["modifier 'like'", detection("  a: {F|like: x}\n  condition: a")],
  [
    "the placeholder '%x%' without a value",
    detection("  a: {F|contains|expand: 'a%x%'}\n  condition: a"),
  ],
  ["modifier 'gte' needs a number", detection("  a: {F|gte: x}\n  condition: a")],
  ["modifier 'lt' follows another comparison", detection("  a: {F|gt|lt: 3}\n  condition: a")],
  ["modifier 'gt' needs a number", detection("  a: {F|cidr|gt: 10.0.0.0/8}\n  condition: a")],
  ["modifier 'hour' needs a number from 0 to 23", detection("  a: {F|hour: 24}\n  condition: a")],
  ["modifier 'week' needs a number from 1 to 53", detection("  a: {F|week: 1.5}\n  condition: a")],
  [
    "modifier 'day' needs a number, and has a part of a time",
    detection("  a: {F|hour|day: 3}\n  condition: a"),
  ],
  [
    "modifier 'fieldref' needs a text without wildcards",
    detection("  a: {F|fieldref: 'G*'}\n  condition: a"),
  ],
  [
    "modifier 'fieldref' needs the name of a field",
    detection("  a: {F|fieldref: ''}\n  condition: a"),
  ],
  ["modifier 're' needs a text value", detection("  a: {F|re: 1.10}\n  condition: a")],
  ["modifier 're' has look-ahead", detection("  a: {F|re: 'a(?=b)'}\n  condition: a")],
  ["modifier 're' has look-ahead", detection("  a: {F|re: '[(]a(?!b)'}\n  condition: a")],
  ["modifier 're' has look-behind", detection("  a: {F|re: '(?<!a)b'}\n  condition: a")],
  ["modifier 're' has a back-reference", detection("  a: {F|re: '(a)\\1'}\n  condition: a")],
  [
    "modifier 're' has a back-reference",
    detection("  a: {F|re: '(?P<n>a)(?P=n)'}\n  condition: a"),
  ],
  ["modifier 're' has an atomic group", detection("  a: {F|re: '(?>a)'}\n  condition: a")],
  ["modifier 're' has a possessive quantifier", detection("  a: {F|re: 'a++'}\n  condition: a")],
  ["modifier 're' has a conditional group", detection("  a: {F|re: '(?(1)a)'}\n  condition: a")],
  ["modifier 're' has `\\v`", detection("  a: {F|re: 'a\\v'}\n  condition: a")],
  ["modifier 're' has missing closing ): (a", detection("  a: {F|re: '(a'}\n  condition: a")],
  [
    "modifier 're' has a pattern of more than 1000 characters",
    detection(`  a: {F|re: '${"a".repeat(1001)}'}\n  condition: a`),
  ],
  [
    "modifier 're' has a pattern of 4802 steps, more than 2000",
    detection("  a: {F|re: '(..){600}(..){600}'}\n  condition: a"),
  ],
  ["modifier 'contains' needs a text value", detection("  a: {F|re|contains: x}\n  condition: a")],
  ["modifier 'i' needs a regular expression", detection("  a: {F|i: x}\n  condition: a")],
  [
    "modifier 'wide' follows another encoding of characters",
    detection("  a: {F|utf16be|wide: x}\n  condition: a"),
  ],
  [
    "modifier 'base64offset' needs a longer text",
    detection("  a: {F|base64offset: x}\n  condition: a"),
  ],
  [
    "modifier 'base64' cannot spell out more than 3 dashes",
    detection("  a: {F|windash|base64: '-a -b -c -d'}\n  condition: a"),
  ],
  ["null with a modifier", detection("  a: {F|neq|contains: null}\n  condition: a")],
  ["a keyword of the kind 'number'", detection("  a: {'|gt': 3}\n  condition: a")],
  ["a keyword of the kind 'reference'", detection("  a: {'|fieldref': F}\n  condition: a")],
  ["the taxonomy 'ecs'", `taxonomy: ecs\n${detection("  a: {F: 1}\n  condition: a")}`],
  ["an `action` that is not global, reset or repeat", "action: merge\ntitle: t"],
  ["`action: repeat` without a rule before it", "action: repeat\ntitle: t"],
  [
    "modifier 'cidr' is not a network in CIDR notation",
    detection("  a: {F|cidr: 1.2.3.4/8}\n  condition: a"),
  ],
  ["modifier 'exists' needs true or false", detection("  a: {F|exists: maybe}\n  condition: a")],
  ["modifier 'base64' cannot encode wildcards", detection("  a: {F|base64: 'a*'}\n  condition: a")],
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

const BODY = "title: t\nlogsource: {product: windows}\n";
const DETECTS = "detection: {a: {F: 1}, condition: a}\n";

test("a collection puts what is global into each rule until it is reset, and repeats rules with changes", () => {
  const parsed = parseRules(
    "r.yml",
    [
      `action: global\nid: g\nlevel: high\n${BODY}detection: {condition: a}\n`,
      "level: low\ndetection: {a: {F: 1}}\n",
      "logsource: {service: security}\ndetection: {a: {F: 2}}\n",
      "action: repeat\nlogsource: {service: system}\n",
      "action: global\nstatus: test\n",
      "detection: {a: {F: 3}}\n",
      "action: reset\n",
      `id: own\n${BODY}${DETECTS}`,
      "title: alone\n",
    ].join("---\n"),
  );
  expect(parsed).toMatchObject([
    { kind: "rule", line: 8, id: "g", level: "high", logSource: { service: null } },
    { kind: "rule", line: 11, id: "g-2", logSource: { product: "windows", service: "security" } },
    { kind: "rule", line: 14, id: "g-3", logSource: { product: "windows", service: "system" } },
    { kind: "rule", line: 20, id: "g-4", status: "test", logSource: { service: null } },
    { kind: "rule", id: "own", status: "", level: "informational" },
    { kind: "refusal", title: "alone", reason: "a rule without a detection" },
  ]);
  const conditions = parsed.flatMap((one) => (one.kind === "rule" ? [one.condition] : []));
  expect(conditions[1]).toEqual(conditions[2]);
  expect(conditions[0]).not.toEqual(conditions[1]);
});

test("a collection that multiplies is refused, in no time", () => {
  const wide = Array.from({ length: 5000 }, (_, at) => `s${at}: {F: ${at}}`).join(", ");
  const global = `action: global\n${BODY}detection: {condition: s0, ${wide}}\n`;
  const parsed = parseRules("r.yml", global + "---\ndetection: {x: {F: 1}}\n".repeat(2000));
  expect(parsed.at(-1)).toMatchObject({ reason: "a rule collection of more than 100000 entries" });
  expect(parsed.filter(({ kind }) => kind === "rule").length).toBeLessThan(25);
});

test("a placeholder takes each of its values, as rules write them", () => {
  const text = detection("  a: {F|expand: 'x\\%p%-%q%', G|re|expand: '^%p%$'}\n  condition: a");
  const given = new Map([
    ["p", ["1", "*"]],
    ["q", ["a?", "b"]],
  ]);
  const [parsed] = parseRules("r.yml", text, given);
  const literal = (value: string) => ({ kind: "literal", text: value });
  expect(parsed).toMatchObject({
    condition: {
      parts: [
        {
          fields: ["F"],
          tests: [
            { parts: [literal("x\\"), literal("1"), literal("-"), literal("a"), { kind: "one" }] },
            { parts: [literal("x\\"), literal("1"), literal("-"), literal("b")] },
            {
              parts: [
                literal("x\\"),
                { kind: "many" },
                literal("-"),
                literal("a"),
                { kind: "one" },
              ],
            },
            { parts: [literal("x\\"), { kind: "many" }, literal("-"), literal("b")] },
          ],
        },
        { fields: ["G"], tests: [{ pattern: "^1$" }, { pattern: "^*$" }] },
      ],
    },
  });
});

test("placeholders that multiply are refused, in no time", () => {
  const given = new Map([["p", Array.from({ length: 1000 }, (_, at) => `${at}`)]]);
  const reason = (value: string): string => {
    const [parsed] = parseRules(
      "r.yml",
      detection(`  a: {F|expand: ${value}}\n  condition: a`),
      given,
    );
    return parsed?.kind === "refusal" ? parsed.reason : "accepted";
  };
  expect(reason("'%p%'")).toBe("accepted");
  expect(reason("'%p%%p%%p%'")).toBe("placeholders with more than 100000 combinations");
  const list = Array.from({ length: 101 }, (_, at) => `'${at}%p%'`).join(", ");
  expect(reason(`[${list}]`)).toMatch(/^placeholders with more than|more than 100000 values/);
});
