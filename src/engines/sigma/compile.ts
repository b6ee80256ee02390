/**
 * Expressions to closures over the current row. Every field is decoded at most once a row, and only when a
 * closure asks for it. What a test means is specified in the Sigma rules specification; see rule.ts.
 */
import type { Batch } from "../../model/event.ts";
import { isWithin } from "./cidr.ts";
import {
  type FieldReader,
  type Reading,
  fieldReader,
  foldCase,
  readWhole,
  readingOf,
} from "./fields.ts";
import { type TextMatch, compileGlob } from "./glob.ts";
import { compareDecimals, readDecimal } from "./decimal.ts";
import { compileRegex } from "./regex.ts";
import type {
  Expression,
  FieldTest,
  NumberTest,
  ReferenceTest,
  Relation,
  ValueTest,
} from "./rule.ts";
import { readTimePart } from "./time-parts.ts";
import { plainText } from "./values.ts";

/** A condition, compiled. */
export type Check = (row: Row) => boolean;

/** Which values of a row are wanted; each has a number, so that a row keeps them in an array. */
export class Slots {
  readonly readers: FieldReader[] = [];
  readonly cased: boolean[] = [];
  /** The names behind each number; none: the whole event. */
  readonly fields: (readonly string[])[] = [];
  readonly #numbers = new Map<string, number>();

  /** The number of a value: the fields' names (none: the whole event), with or without its case. */
  number(fields: readonly string[], cased: boolean): number {
    const key = `${cased}\n${fields.join("\n")}`;
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.readers.push(readerOf(fields));
    this.cased.push(cased);
    this.fields.push(fields);
    this.#numbers.set(key, this.readers.length - 1);
    return this.readers.length - 1;
  }
}

function readerOf(fields: readonly string[]): FieldReader {
  const readers = fields.map(fieldReader);
  const [first] = readers;
  if (first === undefined) return readWhole;
  if (readers.length === 1) return first;
  return (batch, row) => {
    const values = readers.map((read) => read(batch, row)).filter((value) => value !== undefined);
    // Of one field that is there its value counts as it is: null is no list that holds null.
    return values.length > 1 ? values : values[0];
  };
}

/** One row under test: a cursor that is moved, so that no row allocates. */
export class Row {
  readonly #slots: Slots;
  readonly #readings: Reading[] = [];
  /** The visit at which a reading was made; another visit's is stale. */
  readonly #madeAt: number[] = [];
  #visit = 0;
  /** Where the cursor stands; null before its first move. */
  batch: Batch | null = null;
  at = 0;

  constructor(slots: Slots) {
    this.#slots = slots;
    for (const _ of slots.readers) {
      this.#readings.push(undefined);
      this.#madeAt.push(0);
    }
  }

  moveTo(batch: Batch, row: number): void {
    this.batch = batch;
    this.at = row;
    this.#visit++;
  }

  reading(slot: number): Reading {
    if (this.#madeAt[slot] === this.#visit) return this.#readings[slot];
    const read = this.#slots.readers[slot];
    const made =
      read === undefined || this.batch === null
        ? undefined
        : readingOf(read(this.batch, this.at), this.#slots.cased[slot] === true);
    this.#readings[slot] = made;
    this.#madeAt[slot] = this.#visit;
    return made;
  }
}

/** Compiles an expression against the slots of its bucket. */
export function compile(expression: Expression, slots: Slots): Check {
  switch (expression.kind) {
    case "and":
      return every(cheapFirst(expression.parts).map((part) => compile(part, slots)));
    case "or":
      return some(cheapFirst(expression.parts).map((part) => compile(part, slots)));
    case "not": {
      const part = compile(expression.part, slots);
      return (row) => !part(row);
    }
    case "field": {
      const slot = slots.number(expression.fields, isCased(expression));
      const references = expression.tests.filter((test) => test.kind === "reference");
      if (references.length > 0) return compileReferences(references, expression, slots);
      const test = compileTest(expression);
      return (row) => test(row.reading(slot));
    }
  }
}

/** Parts with regular expressions last: each costs as much as a hundred other tests. */
function cheapFirst(parts: readonly Expression[]): readonly Expression[] {
  return parts.some(hasRegex)
    ? [...parts.filter((part) => !hasRegex(part)), ...parts.filter(hasRegex)]
    : parts;
}

function hasRegex(expression: Expression): boolean {
  switch (expression.kind) {
    case "and":
    case "or":
      return expression.parts.some(hasRegex);
    case "not":
      return hasRegex(expression.part);
    case "field":
      return expression.tests.some(({ kind }) => kind === "regex");
  }
}

function every(checks: readonly Check[]): Check {
  const [first, second] = checks;
  if (checks.length === 2 && first !== undefined && second !== undefined)
    return (row) => first(row) && second(row);
  return (row) => {
    for (const check of checks) if (!check(row)) return false;
    return true;
  };
}

function some(checks: readonly Check[]): Check {
  return (row) => {
    for (const check of checks) if (check(row)) return true;
    return false;
  };
}

/** Tests against other fields: the only ones that look at more than one value of a row. */
function compileReferences(
  references: readonly ReferenceTest[],
  { fields, all }: FieldTest,
  slots: Slots,
): Check {
  const checks = references.map((reference): Check => {
    const slot = slots.number(fields, reference.cased);
    const other = slots.number(reference.fields, reference.cased);
    return (row) => refers(reference, row.reading(slot), row.reading(other));
  });
  return all ? every(checks) : some(checks);
}

function refers({ openStart, openEnd }: ReferenceTest, reading: Reading, other: Reading): boolean {
  if (typeof reading !== "string") return itemsOf(reading).some((item) => refersTo(item, other));
  return refersTo(reading, other);

  function refersTo(text: string, value: Reading): boolean {
    if (typeof value !== "string") return itemsOf(value).some((item) => refersTo(text, item));
    if (openStart) return openEnd ? text.includes(value) : text.endsWith(value);
    return openEnd ? text.startsWith(value) : text === value;
  }
}

function itemsOf(reading: Exclude<Reading, string>): readonly string[] {
  return reading?.filter((item) => item !== null) ?? [];
}

/** Whether a test looks at values with their case; the modifiers cover all of its values. */
export function isCased(test: FieldTest): boolean {
  return test.tests.some(seesCase);
}

function seesCase(test: ValueTest): boolean {
  switch (test.kind) {
    case "text":
    case "reference":
      return test.cased;
    case "regex":
    case "number":
      // Times have a T and a Z, whose lower case is no ISO 8601.
      return true;
    case "null":
    case "exists":
    case "cidr":
      return false;
  }
}

/** The value of a test for a reading that is known beforehand; a test against another field holds for none. */
export function evaluate(test: FieldTest, reading: Reading): boolean {
  return compileTest(test)(reading);
}

type ReadingCheck = (reading: Reading) => boolean;

/** One closure for a test, however many conditions share it: a filter for every rule is in each of them. */
const compiled = new WeakMap<FieldTest, ReadingCheck>();

function compileTest(test: FieldTest): ReadingCheck {
  const known = compiled.get(test);
  if (known !== undefined) return known;
  const made = compileValues(test);
  compiled.set(test, made);
  return made;
}

function compileValues(test: FieldTest): ReadingCheck {
  if (!test.all || test.tests.length === 1) return oneOf(test.tests);
  const checks = test.tests.map((value) => oneOf([value]));
  return (reading) => {
    for (const check of checks) if (!check(reading)) return false;
    return true;
  };
}

/** Texts together, so that a long list costs one closure, and those that a value must be from end to end one look; the rest one by one. */
function oneOf(tests: readonly ValueTest[]): ReadingCheck {
  const wholes = new Set<string>();
  const texts: TextMatch[] = [];
  const others: ReadingCheck[] = [];
  for (const test of tests) {
    switch (test.kind) {
      case "text": {
        const whole = plainText(test.parts);
        if (whole === null) texts.push(compileGlob(test.parts, test.cased));
        else wholes.add(test.cased ? whole : foldCase(whole));
        break;
      }
      case "cidr":
        texts.push((text) => isWithin(test, text));
        break;
      case "regex":
        texts.push(compileRegex(test));
        break;
      case "number":
        texts.push(compileNumber(test));
        break;
      case "reference":
        break;
      case "null":
        others.push((reading) => reading === undefined || reading === null);
        break;
      case "exists":
        others.push((reading) => (reading !== undefined) === test.expected);
        break;
    }
  }
  if (wholes.size > 0) texts.unshift((text) => wholes.has(text));
  const text = ofText(anyOf(texts));
  if (others.length === 0) return text;
  return (reading) => text(reading) || others.some((check) => check(reading));
}

function anyOf(matches: readonly TextMatch[]): TextMatch {
  const [only] = matches;
  if (matches.length === 1 && only !== undefined) return only;
  return (text) => {
    for (const match of matches) if (match(text)) return true;
    return false;
  };
}

function compileNumber({ part, relation, bound }: NumberTest): TextMatch {
  const holds = RELATIONS[relation];
  return (text) => {
    const of = part === null ? text : readTimePart(text, part);
    const number = of === null ? null : readDecimal(String(of));
    return number !== null && holds(compareDecimals(number, bound));
  };
}

/** What each relation asks of the order of a value and its bound. */
const RELATIONS: Readonly<Record<Relation, (order: number) => boolean>> = {
  eq: (order) => order === 0,
  lt: (order) => order < 0,
  lte: (order) => order <= 0,
  gt: (order) => order > 0,
  gte: (order) => order >= 0,
};

/** A field that holds a list matches where any of its items does. */
function ofText(match: TextMatch): ReadingCheck {
  return (reading) => {
    if (typeof reading === "string") return match(reading);
    if (reading === undefined || reading === null) return false;
    for (const item of reading) if (item !== null && match(item)) return true;
    return false;
  };
}
