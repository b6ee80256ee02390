import { expect, test } from "vitest";
import { type PlainEvent, batchOf } from "../../../test/sigma/rows.ts";
import type { FieldValue } from "../../model/event.ts";
import { parseLogSources } from "./log-sources.ts";
import { createMatcher } from "./match.ts";
import { parseRules } from "./parse.ts";
import { planRules } from "./plan.ts";

const SOURCES = parseLogSources({
  about: "",
  sources: { s: { title: "", url: "", date: "", confidence: "" } },
  formats: { windows: ["evtx"] },
  rows: [
    { product: ["windows"], reads: "windows", source: "s" },
    {
      product: ["windows"],
      service: "security",
      reads: "windows",
      channels: ["Security"],
      source: "s",
    },
  ],
  unread: [],
});

/** Which of these values of the field F satisfy the detection. */
function matching(detection: string, values: readonly (FieldValue | undefined)[]): unknown[] {
  return matched(
    detection,
    values.map((value) => ({ fields: value === undefined ? {} : { F: value } })),
  ).map((row) => values[row]);
}

function matched(
  detection: string,
  events: readonly PlainEvent[],
  service = "product: windows",
): number[] {
  const text = `title: t\nlogsource: {${service}}\ndetection:\n${detection}\n`;
  const parsed = parseRules("r", text);
  expect(parsed).toMatchObject([{ kind: "rule" }]);
  const rows: number[] = [];
  createMatcher(planRules(parsed, SOURCES)).match(batchOf("evtx", events), (row) => rows.push(row));
  return rows;
}

const one = (test: string) => `  a: {${test}}\n  condition: a`;

test.each([
  ["F: abc", ["abc", "ABC"], ["abcd", "xabc", "", 5]],
  ["F: 'a*c'", ["ac", "abbc", "A\nC"], ["abcd"]],
  ["F: 'a?c'", ["abc", "a?c"], ["ac", "abbc"]],
  ["F: 'a\\*c'", ["a*c"], ["abc"]],
  ["F: 'a\\?c'", ["a?c"], ["abc"]],
  ["F: 'a\\\\*c'", ["a\\c", "a\\xc"], ["a*c", "axc"]],
  ["F: 'a\\\\\\*c'", ["a\\*c"], ["a\\xc"]],
  ["F: 'a\\\\\\\\c'", ["a\\\\c"], ["a\\c"]],
  ["F: 'a\\c'", ["a\\c"], ["a\\\\c"]],
  ["F: 'a\\\\c'", ["a\\c"], ["a\\\\c"]],
  ["F: '*'", ["", "x", 0], [null, undefined]],
  ["F|contains: b", ["abc", "B"], ["ac", null]],
  ["F|contains: 'b*d'", ["abcde"], ["dcb"]],
  ["F|startswith: ab", ["abc", "AB"], ["cab"]],
  ["F|endswith: bc", ["abc", "abc  "], ["bcd"]],
  ["F|contains|all: [a, b]", ["xbxa"], ["a", "b"]],
  ["F: [a, b]", ["a", "B"], ["ab"]],
  ["F: 5", [5, "5"], [55, "0x5"]],
  ["F: 0x10", [16], ["0x10"]],
  ["F: true", [true, "True"], [false, 1]],
  ["F: ''", [""], ["x", null, undefined, "0"]],
  ["F: null", [null, undefined], ["", "null"]],
  ["F|exists: true", ["", null, "x"], [undefined]],
  ["F|exists: false", [undefined], ["", null]],
  ["F|cased: aB", ["aB"], ["ab", "AB"]],
  ["F|contains|cased: aB", ["xaBx"], ["xabx"]],
  ["F|cidr: 10.0.0.0/8", ["10.1.2.3"], ["11.1.2.3", "10.1.2", "::ffff:10.1.2.3", "010.1.2.3"]],
  ["F|cidr: 'fe80::/10'", ["FE80::1", "febf:1:2:3:4:5:6:7"], ["fec0::1", "10.1.2.3", "fe80::1%2"]],
  [
    "F|windash|contains: ' -ma '",
    ["x /ma y", "x -MA y", "x \u2013ma y", "x \u2015ma y"],
    ["x ma y", "x +ma y"],
  ],
  ["F|contains|windash: 'a-b -c'", ["a-b /c"], ["a/b -c"]],
  ["F|base64: foo", ["Zm9v"], ["foo"]],
  ["F|wide|base64offset|contains: ab", ["xYQBiAx"], ["xYWJx"]],
  ["F: ΑΣ*", ["ας", "ΑΣΒ", "ασβ"], ["αβ"]],
])("%s", (detection, yes, no) => {
  const values = [...yes, ...no];
  expect(matching(one(detection), values)).toEqual(yes);
});

test("a base64 text is found at each of its three offsets", () => {
  const inside = ["", "x", "xy"].map((before) => btoa(`${before}a secret text${before}`));
  expect(matching(one("F|base64offset|contains: a secret text"), inside)).toEqual(inside);
});

test("a field that holds a list matches where any of its items does", () => {
  const data = ["New-Thing", "-Path x.aspx", ["deep"]];
  const lists = (detection: string) => matching(one(detection), [data]).length;
  expect(lists("F: new-thing")).toBe(1);
  expect(lists("F: deep")).toBe(1);
  expect(lists("F|contains|all: [New-, .aspx]")).toBe(1);
  expect(lists("F|contains: 'New*aspx'")).toBe(0);
  expect(lists("F|exists: true")).toBe(1);
});

test("maps are AND, lists are OR, bare values are keywords", () => {
  const events: PlainEvent[] = [
    { fields: { F: "a", G: "b" } },
    { fields: { F: "a" } },
    { fields: { H: ["xx", "say KEY here"] } },
    { provider: "the key", fields: {} },
  ];
  expect(matched("  a: {F: a, G: b}\n  condition: a", events)).toEqual([0]);
  expect(matched("  a: [{F: a}, {G: b}]\n  condition: a", events)).toEqual([0, 1]);
  expect(matched("  a: [key, {G: b}]\n  condition: a", events)).toEqual([0, 2, 3]);
  expect(matched("  a: key\n  condition: a", events)).toEqual([2, 3]);
  expect(matched("  a: {'|all': [key, xx]}\n  condition: a", events)).toEqual([2]);
  expect(matched("  a: ['k?y*her']\n  condition: a", events)).toEqual([2]);
});

/** For which of the eight ways to set a, b and c the condition holds. */
function truth(condition: string): number[] {
  const events = Array.from({ length: 8 }, (_, bits) => ({
    fields: { A: bits & 1, B: (bits >> 1) & 1, C: bits >> 2 },
  }));
  return matched(
    `  a: {A: 1}\n  b: {B: 1}\n  c: {C: 1}\n  _d: {A: 0}\n  condition: ${condition}`,
    events,
  );
}

test("conditions", () => {
  expect(truth("a and b or c")).toEqual(truth("(a and b) or c"));
  expect(truth("c or a and b")).toEqual(truth("c or (a and b)"));
  expect(truth("not a and b")).toEqual(truth("(not a) and b"));
  expect(truth("not not a")).toEqual(truth("a"));
  expect(truth("a OR b AND NOT c")).toEqual(truth("a or (b and (not c))"));
  expect(truth("1 of them")).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(truth("all of them")).toEqual([7]);
  expect(truth("any of _*")).toEqual([0, 2, 4, 6]);
  expect(truth("not 1 of *")).toEqual([0]);
  expect(truth("1 of a and not all of c*")).toEqual([1, 3]);
  expect(truth("[a and b, c]")).toEqual([3, 4, 5, 6, 7]);
});

test("event ids dispatch, and say the same as any other field", () => {
  const events = [1, 2, 4688, -1].map((eventId) => ({ channel: "Security", eventId, fields: {} }));
  const ids = (test: string) => matched(one(test), events, "product: windows, service: security");
  expect(ids("EventID: 4688")).toEqual([2]);
  expect(ids("EventID: [1, '2']")).toEqual([0, 1]);
  expect(ids("EventID|startswith: 4")).toEqual([2]);
  expect(ids("EventID|exists: false")).toEqual([3]);
  expect(matched("  a: {EventID: 1}\n  condition: not a", events)).toEqual([1, 2, 3]);
});

test("channels are compared without case, and other channels are left alone", () => {
  const events = ["SECURITY", "System", ""].map((channel) => ({ channel, fields: { F: "abcd" } }));
  expect(matched(one("F: abcd"), events, "product: windows, service: security")).toEqual([0]);
  expect(matched(one("F: abcd"), events)).toEqual([0, 1, 2]);
  expect(matched(one("Channel: system"), events)).toEqual([1]);
});

test("hits come in the order of rows and rules", () => {
  const rule = (id: string, value: string) =>
    `title: t\nid: ${id}\nlogsource: {product: windows}\ndetection:\n  a: {F|contains: ${value}}\n  condition: a\n`;
  const parsed = parseRules(
    "r",
    ["x", "longliteral", "y", "literal"].map((v, at) => rule(`r${at}`, v)).join("---\n"),
  );
  const hits: string[] = [];
  const batch = batchOf("evtx", [
    { fields: { F: "x longliteral y" } },
    { fields: { F: "literal" } },
  ]);
  createMatcher(planRules(parsed, SOURCES)).match(batch, (row, found) =>
    hits.push(`${row} ${found.id}`),
  );
  expect(hits).toEqual(["0 r0", "0 r1", "0 r2", "0 r3", "1 r3"]);
});

test("however many channels and ids an attacker makes up, no bucket is built for them", () => {
  const events = Array.from({ length: 5000 }, (_, at) => ({
    channel: `c${at}`,
    eventId: at,
    fields: { F: "no" },
  }));
  expect(matched(one("F: abcd, EventID: 5000"), events)).toEqual([]);
});
