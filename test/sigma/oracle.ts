/**
 * The Sigma language by the book, and slowly: walks each rule as parsed over each event as decoded.
 * Knows no binding, no gates, no buckets, no closures; what the engine finds must be what this finds.
 */
import { BlockList, isIP } from "node:net";
import { type LogSources, type Target, findTargets } from "../../src/engines/sigma/log-sources.ts";
import type { Expression, FieldTest, Part, Rule, ValueTest } from "../../src/engines/sigma/rule.ts";
import type { Event, FieldValue } from "../../src/model/event.ts";

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
      return test(expression, valueOf(expression, event, target));
  }
}

function valueOf(test: FieldTest, event: Event, target: Target): FieldValue | undefined {
  const [field] = test.fields;
  if (field === undefined) {
    return [event.provider, event.channel, event.host, ...Object.values(event.fields)];
  }
  const names = target.fields.get(field) ?? [field];
  const values = names.map((name) => lookUp(event, name)).filter((value) => value !== undefined);
  return values.length > 1 ? values : values[0];
}

function lookUp(event: Event, name: string): FieldValue | undefined {
  if (name === "EventID" && event.eventId >= 0) return event.eventId;
  if (name === "Channel" && event.channel !== "") return event.channel;
  if (name === "Computer" && event.host !== "") return event.host;
  if (name === "Provider_Name" && event.provider !== "") return event.provider;
  return event.fields[name];
}

function test({ tests, all }: FieldTest, value: FieldValue | undefined): boolean {
  return all ? tests.every((one) => isTrue(one, value)) : tests.some((one) => isTrue(one, value));
}

function isTrue(test: ValueTest, value: FieldValue | undefined): boolean {
  switch (test.kind) {
    case "null":
      return value === undefined || value === null;
    case "exists":
      return test.expected === (value !== undefined);
    case "text":
      return strings(value).some((text) => expressionOf(test.parts, test.cased).test(text));
    case "cidr":
      return strings(value).some((text) => isInside(text, test));
  }
}

function strings(value: FieldValue | undefined): string[] {
  if (value === undefined || value === null) return [];
  if (typeof value === "object") return value.flatMap(strings);
  return [String(value).replace(/\s+$/, "")];
}

const expressions = new WeakMap<readonly Part[], RegExp>();

function expressionOf(parts: readonly Part[], cased: boolean): RegExp {
  const known = expressions.get(parts);
  if (known !== undefined) return known;
  const made = new RegExp(`^${parts.map(pattern).join("")}$`, cased ? "s" : "si");
  expressions.set(parts, made);
  return made;
}

function pattern(part: Part): string {
  switch (part.kind) {
    case "literal":
      return part.text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
    case "many":
      return ".*";
    case "one":
      return ".";
    case "dash":
      return "[-/\u2013\u2014\u2015]";
  }
}

type Cidr = Extract<ValueTest, { kind: "cidr" }>;
const blocks = new WeakMap<Cidr, BlockList>();

/** The runtime's own idea of addresses and subnets. */
function isInside(text: string, test: Cidr): boolean {
  const family = test.bits === 32 ? "ipv4" : "ipv6";
  if (isIP(text) !== (test.bits === 32 ? 4 : 6)) return false;
  const list = blocks.get(test) ?? new BlockList();
  if (!blocks.has(test)) {
    const bits = test.network.toString(2).padStart(test.prefix, "0").padEnd(test.bits, "0");
    const size = test.bits === 32 ? 8 : 16;
    const groups = Array.from({ length: test.bits / size }, (_, at) =>
      parseInt(bits.slice(at * size, (at + 1) * size), 2).toString(test.bits === 32 ? 10 : 16),
    );
    list.addSubnet(groups.join(test.bits === 32 ? "." : ":"), test.prefix, family);
    blocks.set(test, list);
  }
  return list.check(text, family);
}
