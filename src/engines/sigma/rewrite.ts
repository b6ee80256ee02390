/**
 * Expressions with some of their tests already decided: binds a rule to a log source, and a bound rule to an
 * event id. Refuses nothing: a test that cannot be decided beforehand stays as it is.
 */
import { evaluate, isCased } from "./compile.ts";
import { partsOfName, readingOf } from "./fields.ts";
import type { Expression, FieldTest, Rule, ValueTest } from "./rule.ts";
import type { Target } from "./log-sources.ts";

/** What is left of an expression: a smaller one, or its value. */
export type Rest = Expression | boolean;

/** Replaces every test by what `decide` makes of it, and folds the constants away. */
export function rewrite(expression: Expression, decide: (test: FieldTest) => Rest): Rest {
  switch (expression.kind) {
    case "field":
      return decide(expression);
    case "not": {
      const part = rewrite(expression.part, decide);
      return typeof part === "boolean" ? !part : { kind: "not", part };
    }
    case "and":
    case "or": {
      // One such part decides the whole: false for and, true for or.
      const deciding = expression.kind === "or";
      const parts: Expression[] = [];
      for (const part of expression.parts) {
        const rest = rewrite(part, decide);
        if (rest === deciding) return deciding;
        if (typeof rest !== "boolean") parts.push(rest);
      }
      const [only] = parts;
      if (only === undefined) return !deciding;
      return parts.length === 1 ? only : { kind: expression.kind, parts };
    }
  }
}

/** The rule as it reads this log source, or the fields that it needs and that are never there. */
export function bindRule(rule: Rule, target: Target): Rule | readonly string[] {
  const absent = new Set<string>();
  const condition = rewrite(rule.condition, (test) => {
    for (const field of namesOfTest(test)) if (isNeverThere(field, target)) absent.add(field);
    return bindTest(test, target);
  });
  if (condition === false) return [...absent];
  const belongs = [...target.where].map(([field, values]) => isOneOf(field, values));
  const own = condition === true ? [] : [condition];
  return {
    ...rule,
    condition: { kind: "and", parts: [...belongs, ...own] },
    reads: [...new Set(rule.reads.flatMap((name) => readsOf(name, target)))],
  };
}

/** Whether events of a log source never say anything under this name. */
export function isNeverThere(field: string, { fields, constants }: Target): boolean {
  return fields.get(field)?.length === 0 && !constants.has(field);
}

/** A test in the names of a log source, or its value where that is the same for every event there. */
export function bindTest(test: FieldTest, target: Target): FieldTest | boolean {
  const [field] = test.fields;
  const constant = target.constants.get(field ?? "");
  if (constant !== undefined) return evaluate(test, readingOf(constant, isCased(test)));
  if (field !== undefined && isNeverThere(field, target)) return evaluate(test, undefined);
  const named = (name: string): readonly string[] => target.fields.get(name) ?? [name];
  const tests = test.tests.flatMap((value): readonly ValueTest[] => {
    if (value.kind !== "reference") return [value];
    if (value.fields.some((name) => target.constants.has(name))) return [];
    const others = value.fields.flatMap(named);
    return others.length === 0 ? [] : [{ ...value, fields: others }];
  });
  // A field equals nothing of a field that is never there.
  if (tests.length === 0 || (test.all && tests.length < test.tests.length)) return false;
  return { ...test, fields: test.fields.flatMap(named), tests };
}

/** The fields that a test looks at, by the rule's own names. */
export function namesOfTest({ fields, tests }: FieldTest): readonly string[] {
  return [...fields, ...tests.flatMap((one) => (one.kind === "reference" ? one.fields : []))];
}

/** The fields of the source that a rule's field is read from. */
function readsOf(name: string, { fields, constants }: Target): readonly string[] {
  return constants.has(name) ? [] : (fields.get(name) ?? [name]).flatMap(partsOfName);
}

function isOneOf(field: string, values: readonly string[]): FieldTest {
  return {
    kind: "field",
    fields: [field],
    all: false,
    tests: values.map((text) => ({
      kind: "text",
      parts: [{ kind: "literal", text }],
      cased: false,
    })),
  };
}

/** Stands for every event id that no rule of a channel names. */
export const OTHER_EVENT_ID = -2;

/** What is left of a condition for events of one id. */
export function forEventId(condition: Expression, eventId: number): Rest {
  return rewrite(condition, (test) => {
    if (!isOnEventId(test)) return test;
    if (eventId >= 0) return evaluate(test, String(eventId));
    return exactValues(test) === null ? test : false;
  });
}

/** Event ids that a condition names outright, added to `into`. */
export function gatherEventIds(condition: Expression, into: Set<number>): void {
  rewrite(condition, (test) => {
    if (isOnEventId(test)) for (const value of exactValues(test) ?? []) into.add(Number(value));
    return test;
  });
}

/** Whether the event id alone decides a test. */
function isOnEventId({ fields, tests }: FieldTest): boolean {
  const alone = tests.every(({ kind }) => kind !== "reference");
  return alone && fields.length === 1 && fields[0] === "EventID";
}

/** The values of a test that asks for nothing but whole texts; null where it asks for more. */
function exactValues(test: FieldTest): string[] | null {
  const values: string[] = [];
  for (const value of test.tests) {
    const [part, ...others] = value.kind === "text" ? value.parts : [];
    if (part?.kind !== "literal" || others.length > 0) return null;
    values.push(part.text);
  }
  return values;
}
