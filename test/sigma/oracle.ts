/**
 * The Sigma language by the book, and slowly: walks each rule as parsed over each event as decoded.
 * Knows no binding, no gates, no buckets, no closures; what the engine finds must be what this finds.
 */
import { type LogSources, type Target, findTargets } from "../../src/engines/sigma/log-sources.ts";
import type { Expression, FieldTest, Rule, ValueTest } from "../../src/engines/sigma/rule.ts";
import type { Event, FieldValue } from "../../src/model/event.ts";
import { isTrueOf, strings } from "./oracle-values.ts";

/** Which of the rules match an event, in their order. */
export type Oracle = (event: Event) => readonly Rule[];

/** An oracle over these rules. The targets of a rule are looked up once; that is all the haste it knows. */
export function oracleOf(rules: readonly Rule[], sources: LogSources): Oracle {
  const placed = rules.map((rule) => {
    const targets = findTargets(sources, rule.logSource);
    return { rule, targets: typeof targets === "string" ? [] : targets };
  });
  return (event) => {
    const channel = event.channel.toLowerCase();
    return placed.flatMap(({ rule, targets }) =>
      targets.some((target) => isIn(event, channel, target) && holds(rule.condition, event, target))
        ? [rule]
        : [],
    );
  };
}

function isIn(event: Event, channel: string, target: Target): boolean {
  if (!target.formats.includes(event.format)) return false;
  if (target.eventIds !== null && !target.eventIds.includes(event.eventId)) return false;
  if (target.channels !== null && !target.channels.includes(channel)) return false;
  return [...target.where].every(([field, values]) =>
    strings(lookUp(event, field)).some((text) => values.some((value) => same(value, text))),
  );
}

function same(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}

function holds(expression: Expression, event: Event, target: Target): boolean {
  switch (expression.kind) {
    case "and":
      return expression.parts.every((part) => holds(part, event, target));
    case "or":
      return expression.parts.some((part) => holds(part, event, target));
    case "not":
      return !holds(expression.part, event, target);
    case "field":
      return test(expression, event, target);
  }
}

/** What a rule's field says in an event: a list where it has several names there. */
function valueOf(fields: readonly string[], event: Event, target: Target): FieldValue | undefined {
  const [field] = fields;
  if (field === undefined) {
    return [event.provider, event.channel, event.host, ...Object.values(event.fields)];
  }
  const constant = target.constants.get(field);
  if (constant !== undefined) return constant;
  const names = target.fields.get(field) ?? [field];
  const values = names.map((name) => lookUp(event, name)).filter((value) => value !== undefined);
  return values.length > 1 ? values : values[0];
}

function lookUp(event: Event, name: string): FieldValue | undefined {
  const [left = "", mark, right = ""] = name.split(" ");
  if (mark !== undefined) {
    const [first, second] = [left, right].map((part) => String(lookUp(event, part) ?? ""));
    if (first === "" || second === "" || second === undefined) return first || second || undefined;
    return second.startsWith(mark) ? `${first}${second}` : `${first}${mark}${second}`;
  }
  if (name === "EventID" && event.eventId >= 0) return event.eventId;
  if (name === "Channel" && event.channel !== "") return event.channel;
  if (name === "Computer" && event.host !== "") return event.host;
  if (name === "@timestamp" && event.ticks > -(10n ** 18n)) {
    return new Date(Number(event.ticks / 10_000n)).toISOString();
  }
  if (name === "Provider_Name" && event.provider !== "") return event.provider;
  return event.fields[name];
}

function test({ fields, tests, all }: FieldTest, event: Event, target: Target): boolean {
  const value = valueOf(fields, event, target);
  const isTrue = (one: ValueTest): boolean => {
    if (one.kind !== "reference") return isTrueOf(one, value);
    // What the log source says of every event stands in no field that another could equal.
    if ([...fields, ...one.fields].some((name) => target.constants.has(name))) return false;
    return isTrueOf({ ...one, others: strings(valueOf(one.fields, event, target)) }, value);
  };
  return all ? tests.every(isTrue) : tests.some(isTrue);
}
