/** A filter is what one would have written into the rule: joined as text, as the specification's own library does it. */
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type Plan,
  createMatcher,
  explainRule,
  parseLogSources,
  parseRules,
  planRules,
} from "../../src/engines/sigma/index.ts";
import { type PlainEvent, batchOf } from "./rows.ts";

const SOURCES = parseLogSources({
  about: "",
  sources: { s: { title: "", url: "", date: "", confidence: "" } },
  formats: { windows: ["evtx"] },
  rows: ["one", "two"].map((service) => ({
    product: ["windows"],
    service,
    reads: "windows",
    channels: [service],
    fields: service === "two" ? { F: ["G"], H: [] } : {},
    source: "s",
  })),
  unread: [],
});

const selection = fc.dictionary(
  fc.constantFrom("F", "G|contains", "H|startswith", "F|endswith"),
  fc.constantFrom("a", "b", "ab"),
  { minKeys: 1 },
);
const document = fc.record({
  service: fc.constantFrom("one", "two"),
  a: selection,
  b: selection,
  condition: fc.constantFrom("a", "not a", "a or b", "a and not b", "1 of *", "not (a or b)"),
});
const filter = fc.record({
  service: fc.constantFrom("one", "two", undefined),
  rules: fc.oneof(fc.constant("any"), fc.subarray(["r0", "r1", "n2"], { minLength: 1 })),
  a: selection,
  b: selection,
  condition: fc.constantFrom("a", "not a", "a or b", "not 1 of *"),
});
const event: fc.Arbitrary<PlainEvent> = fc.record({
  channel: fc.constantFrom("one", "two"),
  fields: fc.dictionary(fc.constantFrom("F", "G", "H"), fc.constantFrom("a", "b", "ab", "")),
});

type Filter = typeof filter extends fc.Arbitrary<infer T> ? T : never;

function hits(plan: Plan, rows: readonly PlainEvent[]): string[] {
  const batch = batchOf("evtx", rows);
  const found: string[] = [];
  createMatcher(plan).match(batch, (row, { id }) => found.push(`${row} ${id}`));
  const explained = rows.flatMap((_, row) =>
    plan.rules
      .filter((rule) => explainRule(rule, SOURCES, batch, row).matched)
      .map(({ id }) => `${row} ${id}`),
  );
  expect(explained).toEqual(found);
  return found;
}

function planOf(documents: readonly object[]): Plan {
  return planRules(
    documents.flatMap((one) => parseRules("r", JSON.stringify(one))),
    SOURCES,
  );
}

test("a filtered rule finds what the rule with the filter written into it finds", () => {
  let changed = 0;
  const documents = fc.array(document, { minLength: 1, maxLength: 3 });
  const filters = fc.array(filter, { minLength: 1, maxLength: 2 });
  const events = fc.array(event, { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(documents, filters, events, (rules, tunings, rows) => {
      const heads = rules.map(({ service, a, b, condition }, at) => ({
        title: "t",
        id: `r${at}`,
        name: `n${at}`,
        logsource: { product: "windows", service },
        detection: { a, b, condition: condition.replace("1 of *", "(a or b)") },
      }));
      const filterDocuments = tunings.map(({ service, rules: named, a, b, condition }, at) => ({
        title: "f",
        id: `f${at}`,
        logsource: { product: "windows", ...(service === undefined ? {} : { service }) },
        filter: { rules: named, a, b, condition },
      }));
      const written = heads.map((head) =>
        tunings.reduce(
          (one, tuning, which) =>
            isFor(tuning, head)
              ? {
                  ...one,
                  detection: {
                    ...one.detection,
                    [`x${which}`]: tuning.a,
                    [`y${which}`]: tuning.b,
                    condition: `(${one.detection.condition}) and (${tuning.condition
                      .replace("1 of *", "(a or b)")
                      .replace(/\b[ab]\b/g, (name) => `${name === "a" ? "x" : "y"}${which}`)})`,
                  },
                }
              : one,
          head,
        ),
      );
      const plan = planOf([...filterDocuments, ...heads]);
      expect(hits(plan, rows)).toEqual(hits(planOf(written), rows));
      changed += plan.accounts.filter(({ state }) => state === "filter").length;
    }),
    { numRuns: 600 },
  );
  expect(changed).toBeGreaterThan(300);
});

function isFor(
  { service, rules }: Filter,
  head: { readonly id: string; readonly name: string; readonly logsource: { service: string } },
): boolean {
  if (service !== undefined && service !== head.logsource.service) return false;
  return typeof rules === "string" || rules.includes(head.id) || rules.includes(head.name);
}
