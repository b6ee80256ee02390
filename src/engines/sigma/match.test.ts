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
    {
      product: ["windows"],
      category: "bound",
      reads: "windows",
      fields: { G: ["H", "I"], X: [] },
      constants: { C: "x" },
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
  ["F|windash: 'x -öl ö-x'", ["x -öl ö-x", "x /öl ö-x", "x \u2014öl ö-x"], ["x -öl ö/x"]],
  ["F|windash|contains|all: [' -a', ' /b']", ["x /a -b"], ["x -a"]],
  ["F|contains|all|windash: [' -a', ' /b']", ["x /a -b"], ["x -a"]],
  [
    "F|all|base64offset|contains: [secret, hidden]",
    [btoa("a secret, and hidden")],
    [btoa("a secret")],
  ],
  ["F|contains|neq: b", ["ac", undefined], ["abc"]],
  ["F|cidr|all: [10.0.0.0/8, 10.1.0.0/16]", ["10.1.2.3"], ["10.2.2.3"]],
  ["F|cidr: [10.0.0.0/8, '::1']", ["10.1.2.3", "::1"], ["::2"]],
  ["F|exists|neq: true", [undefined], ["", null]],
  ["F|exists: 'false'", [undefined], [""]],
  ["F: '?*'", ["x", "xy"], [""]],
  ["F: '**'", ["", "x"], [null]],
  ["F: 'a*b*c'", ["abc", "axbxc"], ["acb", "ab"]],
  ["F|startswith: '*a'", ["a", "xax"], ["b"]],
  ["F|contains: ''", ["", "x"], [null, undefined]],
  ["F|cased: 'a*B'", ["aB", "axB"], ["Ab", "axb"]],
  ["F|cased|neq: aB", ["ab", undefined], ["aB"]],
  ["F: [1, true, x, 1.50]", [1, "1", true, "TRUE", "x", "1.5"], ["1.50"]],
  ["F|contains|windash: 'a-b -c'", ["a-b /c"], ["a/b -c"]],
  ["F|base64: foo", ["Zm9v"], ["foo"]],
  ["F|wide|base64offset|contains: ab", ["xYQBiAx"], ["xYWJx"]],
  ["F: ΑΣ*", ["ας", "ΑΣΒ", "ασβ"], ["αβ"]],
  ["F: 1e3", [1000, "1000"], ["1e3"]],
  ["F: 9007199254740993.0", ["9007199254740993.0"], ["9007199254740992"]],
  ["F|neq: a", ["b", "", null, undefined], ["a", "A"]],
  ["F|neq: [a, b]", ["c", undefined], ["a", "B", ["c", "b"]]],
  ["F|contains|all|neq: [a, b]", ["a", "b"], ["ab"]],
  ["F|neq: null", ["", "x"], [null, undefined]],
  ["F|neq|cidr: 10.0.0.0/8", ["11.0.0.1", "x"], ["10.0.0.1"]],
  ["F|gt: 5", [6, "5.0000000000000000001", "0x6", "1e1"], [5, "5.0", "-6", "", "x", true, null]],
  ["F|lte: 9007199254740993", ["9007199254740993", 9007199254740992], ["9007199254740994"]],
  ["F|gte: '0x10'", [16, "0x10", ["x", 17]], [15, "0xf", ["x"]]],
  ["F|lt: -1.5", [-2, "-0x2"], [-1, "-1.5", undefined]],
  [
    "F|hour: 4",
    ["2021-08-13T04:59:59.9Z", "2021-08-13T06:00:00+02:00"],
    ["2021-08-13T05:00:00Z", 4],
  ],
  ["F|hour|gte: 22", ["2021-08-13 22:00:00"], ["2021-08-13 21:59:59", 23]],
  ["F|lt|hour: 6", ["2021-08-13 05:59:59"], ["2021-08-13 06:00:00"]],
  ["F|week: 53", ["2021-01-03"], ["2021-01-04"]],
  ["F|month|neq: 8", ["2021-07-31", "x"], ["2021-08-01"]],
  ["F|day: [13, '14']", ["2021-08-13", "2021-08-14"], ["2021-08-15"]],
  ["F|year: 2021", ["2021-12-31T23:59:59Z"], ["2021-12-31T23:59:59-01:00"]],
  ["F|minute: 07", ["2021-08-13 04:07:00"], ["2021-08-13 07:08:00"]],
  ["F|re: 'a.c'", ["xabcx", "a\rc"], ["ABC", "a\nc", "ac"]],
  ["F|re|i: 'a.c'", ["xABCx"], ["AC"]],
  ["F|i|re: 'a.c'", ["xABCx"], ["AC"]],
  ["F|re|dotall: 'a.c'", ["a\nc"], ["ac"]],
  ["F|re: '^b$'", ["b", "b  "], ["a\nb"]],
  ["F|re|m: '^b$'", ["b", "a\nb\nc"], ["ab"]],
  ["F|re|ignorecase|s|multiline: '^A.B$'", ["x\na\nb\ny"], ["xa\nb"]],
  ["F|re: '(?i)service'", ["SERVICE", "\u017fervice"], ["servic"]],
  ["F|re|contains: 'a.c'", ["xabcx"], ["ac"]],
  ["F|re|startswith: 'a|b'", ["ax", "bx"], ["xa", "xb"]],
  ["F|endswith|re|i: 'a|B'", ["xA", "xb"], ["ax", "bx"]],
  ["F|re|startswith|endswith: 'a|b'", ["a", "B".toLowerCase()], ["ab", "ba"]],
  ["F|re: '^$'", ["", "  "], ["x", null, undefined]],
  ["F|re: ['\\d{4}', 'long(er|est) text']", ["2021", "the longest text"], ["202", "long text"]],
  ["F|re|all: ['abcd', '[0-9]$']", ["abcd1"], ["abcd", "1"]],
  ["F|re|neq: 'a'", ["b", undefined], ["a"]],
  ["F|windash|base64: '-a'", ["LWE=", "L2E=", "4oCTYQ=="], ["-a"]],
  ["F|utf16le: ab", ["a\0b\0"], ["ab"]],
  ["F|utf16be: ab", ["\0a\0b"], ["a\0b\0"]],
  ["F|utf16: ab", ["\u00ff\u00fea\0b\0"], ["a\0b\0"]],
  ["F|utf16|base64: ab", ["//5hAGIA"], ["YQBiAA=="]],
  ["F|utf16be|base64: ab", ["AGEAYg=="], ["YQBiAA=="]],
  ["F|wide|base64: ä", ["5AA="], ["w6Q="]],
  ["F|wide|windash|base64: '-e'", ["LQBlAA==", "LwBlAA==", "EyBlAA=="], ["-e"]],
  [
    "F|base64offset|contains|all: [secret, hidden]",
    [btoa("a secret, and hidden")],
    [btoa("a secret")],
  ],
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

test("a field is compared with another field of the same event", () => {
  const events: PlainEvent[] = [
    { fields: { F: "C:\\a.exe", G: "c:\\A.EXE " } },
    { fields: { F: "C:\\a.exe /x", G: "C:\\a.exe" } },
    { fields: { F: "run C:\\a.exe", G: "C:\\a.exe" } },
    { fields: { F: 5, G: ["x", "5"] } },
    { fields: { F: "", G: "" } },
    { fields: { F: null, G: null } },
    { fields: { G: "x" } },
    { fields: { F: "x" } },
  ];
  expect(matched(one("F|fieldref: G"), events)).toEqual([0, 3, 4]);
  expect(matched(one("F|fieldref|cased: G"), events)).toEqual([3, 4]);
  expect(matched(one("F|fieldref|startswith: G"), events)).toEqual([0, 1, 3, 4]);
  expect(matched(one("F|fieldref|endswith: G"), events)).toEqual([0, 2, 3, 4]);
  expect(matched(one("F|contains|fieldref: G"), events)).toEqual([0, 1, 2, 3, 4]);
  expect(matched(one("F|fieldref|neq: G"), events)).toEqual([1, 2, 5, 6, 7]);
  expect(matched(one("F|fieldref: [G, F]"), events)).toEqual([0, 1, 2, 3, 4, 7]);
  expect(matched(one("F|fieldref|all: [G, F]"), events)).toEqual([0, 3, 4]);
});

test("a reference reads the names of its log source, and what is never there equals nothing", () => {
  const events: PlainEvent[] = [
    { fields: { F: "x", I: "x", X: "x", C: "x" } },
    { fields: { F: "x", G: "x" } },
  ];
  const bound = (test: string) =>
    matched(`  a: {${test}}\n  b: {F: y}\n  condition: a or b`, events, "category: bound");
  expect(bound("F|fieldref: G")).toEqual([0]);
  expect(bound("G|fieldref: F")).toEqual([0]);
  expect(bound("F|fieldref: X")).toEqual([]);
  expect(bound("F|fieldref: [X, G]")).toEqual([0]);
  expect(bound("F|fieldref|all: [X, G]")).toEqual([]);
  expect(bound("F|fieldref|neq: X")).toEqual([0, 1]);
  expect(bound("F|fieldref: C")).toEqual([]);
  expect(bound("C|fieldref: F")).toEqual([]);
});

test("event ids are compared with other fields, and as numbers", () => {
  const events = [1, 2, 3].map((eventId) => ({ channel: "Security", eventId, fields: { F: 2 } }));
  expect(
    matched("  a: {EventID|fieldref: F}\n  b: {EventID: [1, 2]}\n  condition: a and b", events),
  ).toEqual([1]);
  expect(matched("  a: {EventID|gte: 2}\n  b: {EventID: 9}\n  condition: a or b", events)).toEqual([
    1, 2,
  ]);
});

test("the time of an event is its own, wherever its log writes it", () => {
  const events: PlainEvent[] = [
    { time: "2021-08-13T23:30:00Z", fields: { time: "01:30:00", F: "x" } },
    { time: "2021-08-14T01:30:00Z", fields: { time: "23:30:00" } },
    { fields: { TimeCreated: "2021-08-13T23:30:00Z", F: "2021-08-13T23:30:00Z" } },
  ];
  expect(matched(one("time|hour: 23"), events)).toEqual([0]);
  expect(matched(one("TimeCreated|day: 14"), events)).toEqual([1]);
  expect(matched(one("'@timestamp|month': 8"), events)).toEqual([0, 1]);
  expect(matched(one("F|hour: 23"), events)).toEqual([2]);
  expect(matched(one("time: '01:30:00'"), events)).toEqual([0]);
});

test("keywords may be expressions, and one may stand alone", () => {
  const events: PlainEvent[] = [
    { provider: "Alpha-1", fields: {} },
    { fields: { F: "beta-22", G: "alpha-x" } },
  ];
  expect(matched("  a: {'|re': '[a-z]+-\\d'}\n  condition: a", events)).toEqual([0, 1]);
  expect(matched("  a: {'|re': '^beta'}\n  condition: a", events)).toEqual([1]);
  expect(matched("  a: {'|re|i': '^ALPHA-'}\n  condition: a", events)).toEqual([0, 1]);
  expect(matched("  a: {'|re|all': ['^beta', '^alpha']}\n  condition: a", events)).toEqual([1]);
  expect(matched("  a: {'|cased': Alpha}\n  condition: a", events)).toEqual([0]);
  expect(matched("  a: {'|neq': alpha}\n  condition: a", events)).toEqual([]);
  expect(matched("  a: {'|all|windash': [beta, ' -x']}\n  condition: a", events)).toEqual([]);
  expect(matched("  a: 22\n  condition: a", events)).toEqual([1]);
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
  expect(truth("1 OF THEM and Not ALL of them")).toEqual([1, 2, 3, 4, 5, 6]);
  expect(truth("not (a or (b and not c))")).toEqual([0, 4, 6]);
  expect(truth("any of *")).toEqual(truth("1 of them"));
  expect(truth("all of *b* and 1 of c*")).toEqual(truth("b and c"));
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

test("a row without an event id may have a column of that name", () => {
  const events = [
    { channel: "Security", eventId: -1, fields: { EventID: "4688" } },
    { channel: "Security", eventId: -1, fields: { EventID: "x" } },
    { channel: "Security", eventId: 7, fields: { EventID: "4688" } },
  ];
  expect(matched(one("EventID: 4688"), events)).toEqual([0]);
  expect(matched("  a: {EventID: 4688}\n  condition: not a", events)).toEqual([1, 2]);
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
