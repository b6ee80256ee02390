import { expect, test } from "vitest";
import { HEAD, detection, reasonOf } from "../../../test/sigma/rule-text.ts";
import { parseRules } from "./parse.ts";
import type { Refusal, Rule } from "./rule.ts";

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
    "the placeholder '%x%' without a value in a file of placeholders",
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
  [
    "modifier 'contains' needs a text value",
    detection("  a: {F|cidr|contains: 10.0.0.0/8}\n  condition: a"),
  ],
  [
    "modifier 're' has flags that are repeated",
    detection("  a: {F|re: 'a(?i){0,2}'}\n  condition: a"),
  ],
  ["modifier 're' has `{,n}`, which is `{0,n}`", detection("  a: {F|re: 'a{,3}'}\n  condition: a")],
  ["modifier 'exists' needs true or false", detection("  a: {F|exists: yes}\n  condition: a")],
  ["modifier 'lt' needs a number", detection("  a: {F|lt: 1_000}\n  condition: a")],
  ["modifier 'gte' needs a number", detection("  a: {F|gte: .inf}\n  condition: a")],
  ["modifier 'Contains'", detection("  a: {F|Contains: x}\n  condition: a")],
  ["modifier ''", detection("  a: {'F|': x}\n  condition: a")],
  ["more than 16 modifiers", detection(`  a: {F${"|base64".repeat(17)}: x}\n  condition: a`)],
  [
    "the placeholder '% of 5%' without a value in a file of placeholders",
    detection("  a: {F|expand: '100% of 5%'}\n  condition: a"),
  ],
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
    "the condition has an end where a selection should stand",
    detection("  a: {F: 1}\n  condition: a and"),
  ],
  [
    "the condition has an end where a selection should stand",
    detection("  a: {F: 1}\n  condition:"),
  ],
  ["the condition has '1 of' without a pattern", detection("  a: {F: 1}\n  condition: 1 of")],
  [
    "the condition has 'a of' (only 1, any and all)",
    detection("  a: {F: 1}\n  condition: a of them"),
  ],
  [
    "the condition has a selection that does not exist: 'A'",
    detection("  a: {F: 1}\n  condition: A"),
  ],
  [
    "the condition has 'them', which is no selection",
    detection("  _a: {F: 1}\n  condition: 1 of them"),
  ],
  ["a detection without a condition", detection("  a: {F: 1}\n")],
  ["an empty list of conditions", detection("  a: {F: 1}\n  condition: []")],
  ["a rule without a detection", HEAD],
  ["a rule without a title", detection("  a: {F: 1}\n  condition: a").replace("title: t\n", "")],
  [
    "a document without a log source",
    detection("  a: {F: 1}\n  condition: a").replace(/logsource.*\n/, ""),
  ],
  [
    "a log source that is not a map",
    detection("  a: {F: 1}\n  condition: a").replace(/\{product.*\}/, "windows"),
  ],
  [
    "a log source whose product is not a word",
    detection("  a: {F: 1}\n  condition: a").replace(
      "product: windows",
      "product: [windows, linux], category: webserver",
    ),
  ],
  ["a detection that is not a map", `${HEAD}detection: [a]`],
  [
    "an id of more than 256 characters",
    detection("  a: {F: 1}\n  condition: a").replace("id: 1", `id: ${"x".repeat(257)}`),
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

test("deep nesting and long conditions are refused", () => {
  expect(reasonOf(`a: ${"[".repeat(100)}`)).toMatch(/^not YAML: /);
  const nested = `${"(".repeat(100)}a${")".repeat(100)}`;
  expect(reasonOf(detection(`  a: {F: 1}\n  condition: ${nested}`))).toBe(
    "the condition has more than 32 levels",
  );
  const long = Array(2000).fill("a").join(" or ");
  expect(reasonOf(detection(`  a: {F: 1}\n  condition: ${long}`))).toBe(
    "a condition that is too long",
  );
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

test("a condition that names large selections again and again is refused, in no time", () => {
  const list = Array.from({ length: 10_000 }, (_, at) => at).join(", ");
  const named = (times: number) =>
    reasonOf(detection(`  a: {F: [${list}]}\n  condition: ${Array(times).fill("a").join(" or ")}`));
  expect(named(10)).toBe("accepted");
  const reason =
    "the condition has more than 100000 values, each selection as often as it is named";
  expect(named(11)).toBe(reason);
  const many = Array.from({ length: 400 }, (_, at) => `  s${at}: {F: ${at}}\n`).join("");
  expect(
    reasonOf(detection(`${many}  condition: ${Array(480).fill("1 of s*").join(" or ")}`)),
  ).toBe(reason);
});

test("reasons and titles are as long as a person reads", () => {
  const long = "x".repeat(100_000);
  const [refusal] = parseRules(
    "r.yml",
    detection(`  a: {F|${long}: 1}\n  condition: a`).replace("title: t", `title: ${long}`),
  );
  expect(refusal).toMatchObject({ kind: "refusal" });
  if (refusal?.kind !== "refusal") return;
  expect([refusal.reason.length, refusal.title?.length]).toEqual([300, 256]);
  expect(
    ruleOf(detection("  a: {F: 1}\n  condition: a").replace("title: t", `title: ${long}`)).title,
  ).toHaveLength(256);
});

test("a UUID is the same in capitals", () => {
  const id = "06D71506-7BEB-4F22-8888-E2E5E2CA7FD8";
  expect(ruleOf(detection("  a: {F: 1}\n  condition: a").replace("id: 1", `id: ${id}`)).id).toBe(
    id.toLowerCase(),
  );
  expect(ruleOf(detection("  a: {F: 1}\n  condition: a").replace("id: 1", "id: Mine")).id).toBe(
    "Mine",
  );
});
