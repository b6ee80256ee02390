/** What a field is compared with, as text for people: close to how a rule writes it. Refuses nothing. */
import { networkText } from "./cidr.ts";
import type { Decimal } from "./decimal.ts";
import type { Part, Relation, ValueTest } from "./rule.ts";

/** One value of a rule: wildcards as `*` and `?`, any dash as `-`. */
export function showTest(test: ValueTest): string {
  switch (test.kind) {
    case "text":
      return `${test.parts.map(showPart).join("")}${test.cased ? " (with its case)" : ""}`;
    case "null":
      return "null";
    case "exists":
      return test.expected ? "a field that is there" : "a field that is not there";
    case "cidr":
      return `an address within ${networkText(test)}`;
    case "number":
      return `${test.part === null ? "a number" : `a time whose ${test.part} is`} ${RELATIONS[test.relation]} ${decimalText(test.bound)}`;
    case "regex":
      return `/${test.pattern}/${test.ignoreCase ? "i" : ""}${test.multiLine ? "m" : ""}${test.dotAll ? "s" : ""}`;
    case "reference":
      return `${test.openStart ? "*" : ""}[the value of ${test.fields.join(" or ")}]${test.openEnd ? "*" : ""}`;
  }
}

const RELATIONS: Readonly<Record<Relation, string>> = {
  eq: "=",
  lt: "<",
  lte: "<=",
  gt: ">",
  gte: ">=",
};

function showPart(part: Part): string {
  switch (part.kind) {
    case "literal":
      return part.text.replace(/[*?]/g, "\\$&");
    case "many":
      return "*";
    case "one":
      return "?";
    case "dash":
      return "-";
  }
}

/** A number in plain digits; one that is out of all proportion with its power of ten. */
function decimalText({ sign, digits, point }: Decimal): string {
  const minus = sign < 0 ? "-" : "";
  if (digits === "") return "0";
  if (Math.abs(point) > PLAIN_DIGITS_MAX) return `${minus}0.${digits}e${point}`;
  if (point <= 0) return `${minus}0.${"0".repeat(-point)}${digits}`;
  const whole = digits.slice(0, point).padEnd(point, "0");
  const fraction = digits.slice(point);
  return fraction === "" ? minus + whole : `${minus}${whole}.${fraction}`;
}

const PLAIN_DIGITS_MAX = 30;
