/**
 * What each test of a rule means for one value, by the book and slowly: the other half of the oracle.
 * Knows nothing of the engine but the shape of its tests; regular expressions are JavaScript's own.
 */
import { BlockList, isIP } from "node:net";
import type {
  NumberTest,
  Part,
  ReferenceTest,
  RegexTest,
  TimePart,
  ValueTest,
} from "../../src/engines/sigma/rule.ts";
import type { FieldValue } from "../../src/model/event.ts";

/** A test for the oracle: a reference comes with the texts that it refers to. */
type OracleTest =
  | Exclude<ValueTest, ReferenceTest>
  | (ReferenceTest & { readonly others: readonly string[] });

/** Whether a test holds for a value. */
export function isTrueOf(test: OracleTest, value: FieldValue | undefined): boolean {
  switch (test.kind) {
    case "null":
      return value === undefined || value === null;
    case "exists":
      return test.expected === (value !== undefined);
    case "text":
      return strings(value).some((text) => expressionOf(test.parts, test.cased).test(text));
    case "cidr":
      return strings(value).some((text) => isInside(text, test));
    case "regex":
      return strings(value).some((text) => translated(test).test(text));
    case "number":
      return strings(value).some((text) => isNumberTrue(text, test));
    case "reference":
      return strings(value).some((text) =>
        test.others.some((other) => refersTo(text, other, test)),
      );
  }
}

/** The texts of a value, without trailing blanks. */
export function strings(value: FieldValue | undefined): string[] {
  if (value === undefined || value === null) return [];
  if (typeof value === "object") return value.flatMap(strings);
  return [String(value).replace(/\s+$/, "")];
}

function refersTo(text: string, other: string, test: ReferenceTest): boolean {
  const parts: readonly Part[] = [
    ...(test.openStart ? [{ kind: "many" } as const] : []),
    { kind: "literal", text: other },
    ...(test.openEnd ? [{ kind: "many" } as const] : []),
  ];
  return new RegExp(`^${parts.map(pattern).join("")}$`, test.cased ? "s" : "si").test(text);
}

function isNumberTrue(text: string, { part, relation, bound }: NumberTest): boolean {
  const number = fractionOf(part === null ? text : String(partOf(text, part)));
  if (number === null) return false;
  const [value, scale] = number;
  const limit = BigInt(bound.sign) * BigInt(bound.digits === "" ? 0 : bound.digits);
  const limitScale = bound.digits.length - bound.point;
  const most = Math.max(scale, limitScale);
  const difference = value * 10n ** BigInt(most - scale) - limit * 10n ** BigInt(most - limitScale);
  switch (relation) {
    case "eq":
      return difference === 0n;
    case "lt":
      return difference < 0n;
    case "lte":
      return difference <= 0n;
    case "gt":
      return difference > 0n;
    case "gte":
      return difference >= 0n;
  }
}

/** A number as an integer and by how many decimals it is too large. */
function fractionOf(text: string): readonly [bigint, number] | null {
  if (/^[-+]?0[xo][0-9a-f]+$/i.test(text)) {
    const value = BigInt(text.replace(/^[-+]/, "").toLowerCase());
    return [text.startsWith("-") ? -value : value, 0];
  }
  const [, sign, whole = "", fraction = "", exponent = "0"] =
    /^([-+]?)(\d*)\.?(\d*)(?:e([-+]?\d+))?$/i.exec(text) ?? [];
  if (whole + fraction === "") return null;
  const value = BigInt(whole + fraction);
  return [sign === "-" ? -value : value, fraction.length - Number(exponent)];
}

function partOf(text: string, part: TimePart): number | null {
  if (!/^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?|$)/.test(text)) return null;
  const iso = text.replace(" ", "T");
  const time = new Date(/(?:Z|[-+]\d\d:\d\d)$/.test(iso) || !iso.includes("T") ? iso : `${iso}Z`);
  if (Number.isNaN(time.getTime())) return null;
  const [year, month, day, hour, minute] = time.toISOString().split(/[-T:]/).map(Number);
  if (part === "week") return weekOf(time);
  return { year, month, day, hour, minute }[part] ?? null;
}

/** Counts the Mondays from the one before 4 January, which is always in the first week. */
function weekOf(time: Date): number {
  const day = 86_400_000;
  const monday = (at: number): number => at - ((new Date(at).getUTCDay() + 6) % 7) * day;
  const year = time.getUTCFullYear();
  const starts = [year + 1, year, year - 1].map((one) => monday(Date.UTC(one, 0, 4)));
  const start = starts.find((one) => one <= time.getTime()) ?? 0;
  return 1 + Math.floor((time.getTime() - start) / (7 * day));
}

const translations = new WeakMap<RegexTest, RegExp>();

/** RE2's syntax as JavaScript's: what a dot, a blank and an anchor stand for differs. */
function translated(test: RegexTest): RegExp {
  const known = translations.get(test);
  if (known !== undefined) return known;
  const start = test.pattern.startsWith("(?i)") ? 4 : 0;
  const outside: Readonly<Record<string, string>> = {
    ".": test.dotAll ? "[^]" : "[^\n]",
    "^": test.multiLine ? "(?<=\n|(?<![^]))" : "(?<![^])",
    $: test.multiLine ? "(?=\n|(?![^]))" : "(?![^])",
    "\\A": "(?<![^])",
    "\\z": "(?![^])",
    "\\s": "[\t\n\f\r ]",
    "\\S": "[^\t\n\f\r ]",
  };
  const source = test.pattern
    .slice(start)
    .replace(/\[(?:\\[^]|[^\]\\])+\]|\\[^]|[.^$]/g, (piece) =>
      piece.startsWith("[") ? piece.replaceAll("\\s", "\t\n\f\r ") : (outside[piece] ?? piece),
    );
  const made = new RegExp(source, test.ignoreCase || start > 0 ? "i" : "");
  translations.set(test, made);
  return made;
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
