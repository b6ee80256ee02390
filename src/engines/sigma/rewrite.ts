/**
 * Expressions with some of their tests already decided: binds a rule to a log source, and a bound rule to an
 * event id. Refuses nothing: a test that cannot be decided beforehand stays as it is.
 */
import { evaluate } from "./compile.ts";
import type { Expression, FieldTest, Rule } from "./rule.ts";
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
    const [field] = test.fields;
    const names = field === undefined ? undefined : target.fields.get(field);
    if (names === undefined) return test;
    if (names.length > 0) return { ...test, fields: names };
    if (field !== undefined) absent.add(field);
    return evaluate(test, undefined);
  });
  if (condition === false) return [...absent];
  const belongs = [...target.where].map(([field, values]) => isOneOf(field, values));
  const own = condition === true ? [] : [condition];
  return {
    ...rule,
    condition: { kind: "and", parts: [...belongs, ...own] },
    reads: [...new Set(rule.reads.flatMap((name) => target.fields.get(name) ?? [name]))],
  };
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

function isOnEventId({ fields }: FieldTest): boolean {
  return fields.length === 1 && fields[0] === "EventID";
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
