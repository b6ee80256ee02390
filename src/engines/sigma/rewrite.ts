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
      if (typeof part === "boolean") return !part;
      return part === expression.part ? expression : { kind: "not", part };
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
      if (parts.length === 1) return only;
      // What stays as it is stays one object: a rule is bound to many places, and a place has many event ids.
      const isSame =
        parts.length === expression.parts.length &&
        parts.every((part, at) => part === expression.parts[at]);
      return isSame ? expression : { kind: expression.kind, parts };
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
  const tests = test.tests.some(({ kind }) => kind === "reference")
    ? test.tests.flatMap((value) => bindReference(value, target))
    : test.tests;
  // A field equals nothing of a field that is never there.
  if (tests.length === 0 || (test.all && tests.length < test.tests.length)) return false;
  const isSame = tests === test.tests && test.fields.every((name) => !target.fields.has(name));
  // A filter for every rule stays one object, however many rules it is joined to.
  return isSame
    ? test
    : { ...test, fields: test.fields.flatMap((name) => namesOf(name, target)), tests };
}

function namesOf(name: string, { fields }: Target): readonly string[] {
  return fields.get(name) ?? [name];
}

/** A test against another field under its names there; none where that field is never there. */
function bindReference(test: ValueTest, target: Target): readonly ValueTest[] {
  if (test.kind !== "reference") return [test];
  if (test.fields.some((name) => target.constants.has(name))) return [];
  const fields = test.fields.flatMap((name) => namesOf(name, target));
  return fields.length === 0 ? [] : [{ ...test, fields }];
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
/** The row has no event id of its own; its log may still have a column of that name (tables). */
export const NO_EVENT_ID = -1;

/** What is left of a condition for events of one id. */
export function forEventId(condition: Expression, eventId: number): Rest {
  return rewrite(condition, (test) => {
    if (!isOnEventId(test) || eventId === NO_EVENT_ID) return test;
    if (eventId >= 0) return evaluate(test, String(eventId));
    return exactValues(test) === null ? test : false;
  });
}

/** Event ids that a condition names outright, added to `into`; with them that of rows that have none. */
export function gatherEventIds(condition: Expression, into: Set<number>): void {
  rewrite(condition, (test) => {
    if (!isOnEventId(test)) return test;
    into.add(NO_EVENT_ID);
    for (const value of exactValues(test) ?? []) into.add(Number(value));
    return test;
  });
}

/** Whether the event id alone decides a test. */
export function isOnEventId({ fields, tests }: FieldTest): boolean {
  const alone = tests.every(({ kind }) => kind !== "reference");
  return alone && fields.length === 1 && fields[0] === "EventID";
}

/** The values of a test that asks for nothing but whole texts; null where it asks for more. */
export function exactValues(test: FieldTest): string[] | null {
  const values: string[] = [];
  for (const value of test.tests) {
    const [part, ...others] = value.kind === "text" ? value.parts : [];
    if (part?.kind !== "literal" || others.length > 0) return null;
    values.push(part.text);
  }
  return values;
}
