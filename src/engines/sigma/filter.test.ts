import { expect, test } from "vitest";
import { LOG_SOURCES } from "../../../test/sigma/log-sources.ts";
import { type PlainEvent, batchOf } from "../../../test/sigma/rows.ts";
import { createMatcher } from "./match.ts";
import { parseRules } from "./parse.ts";
import { type Plan, planRules } from "./plan.ts";
import { rewrite } from "./rewrite.ts";

const SYSMON = "Microsoft-Windows-Sysmon/Operational";

const rule = (
  id: string,
  name: string,
  logsource = "{category: process_creation, product: windows}",
) =>
  `title: ${id}\nid: ${id}\nname: ${name}\nlogsource: ${logsource}\ndetection:\n  a: {Image|endswith: x}\n  b: {User: eve}\n  condition: a or b\n`;
const filter = (rules: string, logsource = "{product: windows, category: process_creation}") =>
  `title: f\nid: f\nlogsource: ${logsource}\nfilter:\n  rules: ${rules}\n  own: {User|startswith: adm_}\n  condition: not own\n`;

function planOf(...documents: readonly string[]): Plan {
  return planRules(parseRules("r.yml", documents.join("---\n")), LOG_SOURCES);
}

function found(plan: Plan, events: readonly PlainEvent[]): string[] {
  const hits: string[] = [];
  createMatcher(plan).match(batchOf("evtx", events), (row, { id }) => hits.push(`${row} ${id}`));
  return hits;
}

const started = (fields: PlainEvent["fields"]): PlainEvent => ({
  channel: SYSMON,
  eventId: 1,
  fields,
});
const EVENTS = [started({ Image: "x", User: "bob" }), started({ Image: "x", User: "ADM_bob" })];

test.each([
  ["by id", "[r1]"],
  ["by one id alone", "r1"],
  ["by name", "[first]"],
  ["twice over", "[r1, first, r1]"],
])("a filter changes the rules that it names %s, and no others", (_, rules) => {
  const plan = planOf(rule("r1", "first"), filter(rules), rule("r2", "second"));
  expect(found(plan, EVENTS)).toEqual(["0 r1", "0 r2", "1 r2"]);
  expect(plan.accounts).toMatchObject([
    { id: "r1", state: "run", filters: ["f"] },
    { id: "f", kind: "filter", state: "filter", changed: ["r1"], missed: [] },
    { id: "r2", state: "run", filters: [] },
  ]);
});

test("the filter holds under the names of every log, and over the whole of an `or`", () => {
  const plan = planOf(rule("r1", "first"), filter("any"));
  const audited = (SubjectUserName: string): PlainEvent => ({
    channel: "Security",
    eventId: 4688,
    fields: { NewProcessName: "x", SubjectUserName },
  });
  expect(found(plan, [audited("bob"), audited("adm_bob"), audited("eve")])).toEqual([
    "0 r1",
    "2 r1",
  ]);
  expect(plan.rules[0]?.reads).toEqual(["Image", "User"]);
});

test.each(["any", "ALL", "Any"])(
  "%s: every rule that the filter's log source takes in",
  (rules) => {
    const documents = [
      rule("r1", "first"),
      rule("r2", "second", "{product: windows, service: security}"),
      rule("r3", "third", "{category: process_creation}"),
    ];
    const changed = (logsource: string) =>
      planOf(...documents, filter(rules, logsource)).accounts.flatMap((account) =>
        account.state === "filter" ? account.changed : [],
      );
    expect(changed("{product: windows}")).toEqual(["r1", "r2"]);
    expect(changed("{product: windows, category: process_creation}")).toEqual(["r1"]);
    expect(changed("{category: process_creation}")).toEqual(["r1", "r3"]);
  },
);

test("several filters on one rule all hold", () => {
  const second = filter("any")
    .replaceAll("f\n", "g\n")
    .replace("User|startswith: adm_", "User: bob");
  const plan = planOf(rule("r1", "first"), filter("any"), second);
  expect(found(plan, EVENTS)).toEqual([]);
  expect(plan.accounts[0]).toMatchObject({ filters: ["f", "g"] });
});

test("a filter that fits no rule is said, and so is what it names in vain", () => {
  expect(planOf(rule("r1", "first"), filter("[nobody, r9]")).accounts[1]).toMatchObject({
    state: "not-applicable",
    reason: "a filter that fits no rule that it names, with log source windows/process_creation/-",
  });
  expect(planOf(rule("r1", "first"), filter("any", "{product: linux}")).accounts[1]).toMatchObject({
    reason: "a filter that fits no rule, with log source linux/-/-",
  });
  expect(planOf(rule("r1", "first"), filter("[r1, r9]")).accounts[1]).toMatchObject({
    state: "filter",
    missed: ["r9"],
  });
});

test("a filter shares no id with a rule", () => {
  const plan = planOf(rule("f", "first"), filter("any"));
  expect(plan.accounts[1]).toMatchObject({
    state: "refused",
    reason: "the id f is taken by r.yml:1",
  });
});

test.each([
  ["a filter without a title", 1, filter("any").replace("title: f\n", "")],
  ["a filter without `rules`", 5, filter("any").replace("  rules: any\n", "")],
  ["a filter with an empty list of rules", 5, filter("[]")],
  ["a filter whose `rules` are not ids, names or `any`", 5, filter("[{a: b}]")],
  ["a filter whose `rules` are not ids, names or `any`", 5, filter("{a: b}")],
  ["a document without a log source", 1, filter("any").replace(/logsource.*\n/, "")],
  ["a detection without a condition", 5, filter("any").replace("  condition: not own\n", "")],
  [
    "the condition has a selection that does not exist: 'rules'",
    7,
    filter("any").replace("not own", "rules"),
  ],
  ["a filter that is not a map", 4, `${filter("any").split("filter:")[0]}filter: any`],
])("refused: %s", (reason, line, text) => {
  expect(parseRules("r.yml", text)).toMatchObject([{ kind: "refusal", reason, line }]);
});

test("ids that are UUIDs are the same in capitals", () => {
  const id = "06d71506-7beb-4f22-8888-e2e5e2ca7fd8";
  const named = rule("r1", "first").replace("id: r1", `id: ${id}`);
  expect(planOf(filter(`[${id.toUpperCase()}]`), named).accounts).toMatchObject([
    { state: "filter", changed: [id], missed: [] },
    { filters: ["f"] },
  ]);
});

test("a filter of many values stays one, however many rules it is joined to", () => {
  const names = Array.from({ length: 5_000 }, (_, at) => `adm${at}`).join(", ");
  const rules = Array.from({ length: 50 }, (_, at) => rule(`r${at}`, `n${at}`));
  const { bound } = planOf(filter("any").replace("adm_", `[${names}]`), ...rules);
  const tests = new Set<unknown>();
  for (const { rule: one } of bound)
    rewrite(one.condition, (test) => {
      if (test.tests.length === 5_000) tests.add(test.tests);
      return test;
    });
  expect(bound).toHaveLength(100);
  expect(tests.size).toBe(1);
});

test("a filter of thousands of values for every rule is compiled once, not once a rule", () => {
  const values = Array.from({ length: 3_000 }, (_, at) => `      - 'C:\\Tools${at}\\t.exe'\n`);
  const own = `title: f\nid: f\nlogsource: {product: windows, category: process_creation}\nfilter:\n  rules: any\n  own:\n    Image:\n${values.join("")}  condition: not own\n`;
  const rules = Array.from({ length: 200 }, (_, at) => rule(`r${at}`, `n${at}`));
  const millis = (documents: readonly string[]) => {
    const plan = planOf(...documents);
    const began = performance.now();
    expect(found(plan, [started({ Image: "c:\\tools2999\\T.exe", User: "eve" })])).toEqual([]);
    return performance.now() - began;
  };
  const [only = ""] = rules;
  const once = Math.max(millis([only, own]), millis([only, own]));
  // Two hundred times the work, were it done for each rule.
  const often = Math.min(millis([...rules, own]), millis([...rules, own]));
  expect(often / once).toBeLessThan(25);
});
