/**
 * The words of the Sigma language once a rule has been read and checked: what is left is what can run.
 * Specified in the Sigma rules specification 2.1.0 (sigmahq.io) and its modifier appendix.
 */
import type { Level } from "../../model/detection.ts";
import type { Decimal } from "./decimal.ts";
import type { Correlation } from "./correlation/correlation.ts";

/** One document of a rule file: what can be planned, or the reason why it cannot. */
export type ParsedRule = Rule | Filter | Correlation | Refusal;

/** A document that is not run, by name: nothing of it is half-run. */
export interface Refusal {
  readonly kind: "refusal";
  readonly file: string;
  /** The line of the trouble, from 1. */
  readonly line: number;
  /** Null where the document has none, or could not be read that far. */
  readonly id: string | null;
  readonly title: string | null;
  /** What is not supported or not right: `modifier 're'`, `correlation rules`. */
  readonly reason: string;
}

/** A rule that can be planned: header, log source and one condition. */
export interface Rule {
  readonly kind: "rule";
  readonly file: string;
  /** Where the document starts, from 1. */
  readonly line: number;
  readonly id: string;
  /** What filters and correlations may call it instead of its id; null where it has no such name. */
  readonly name: string | null;
  readonly title: string;
  readonly description: string;
  readonly level: Level;
  /** As written; "" where the rule has none. */
  readonly status: string;
  readonly tags: readonly string[];
  readonly references: readonly string[];
  readonly falsePositives: readonly string[];
  readonly logSource: LogSource;
  /** The conditions of the rule (several are joined by OR) with every selection put in its place. */
  readonly condition: Expression;
  /** The parts of the condition that have a name in the rule; the same objects as in it. */
  readonly selections: ReadonlyMap<string, Expression>;
  /** The filters that are joined to the condition, in their order. */
  readonly filters: readonly Filter[];
  /** Names of the fields that the condition looks at, then those of the rule's `fields` list. */
  readonly reads: readonly string[];
}

/** A tuning of rules by whoever runs them: what is joined to their conditions by AND (filters specification 2.0.0). */
export interface Filter {
  readonly kind: "filter";
  readonly file: string;
  /** Where the document starts, from 1. */
  readonly line: number;
  readonly id: string;
  readonly title: string;
  /** Ids or names of the rules that it changes; null: of every rule that its log source takes in. */
  readonly rules: readonly string[] | null;
  /** It changes only rules whose log source is this one, or a narrower one. */
  readonly logSource: LogSource;
  readonly condition: Expression;
  readonly selections: ReadonlyMap<string, Expression>;
}

/** Lower case, blanks as `_`; null where the rule leaves it open. */
export interface LogSource {
  readonly product: string | null;
  readonly category: string | null;
  readonly service: string | null;
}

/** A condition: tests joined by and, or, not. */
export type Expression = Junction | Negation | FieldTest;

/** All of the parts, or one of them. */
export interface Junction {
  readonly kind: "and" | "or";
  readonly parts: readonly Expression[];
}

/** Where the part does not hold. */
export interface Negation {
  readonly kind: "not";
  readonly part: Expression;
}

/** Values that a field is compared with. A field that holds a list matches where any of its items does. */
export interface FieldTest {
  readonly kind: "field";
  /**
   * The field's name in the rule; once bound to a log source, its names there, any of which may match.
   * Empty: a keyword, looked for in every value of the event.
   */
  readonly fields: readonly string[];
  /** Whether each value must match (the modifier `all`), or one of them. */
  readonly all: boolean;
  readonly tests: readonly ValueTest[];
}

/** What a field is compared with. */
export type ValueTest =
  | TextTest
  /** The field is missing, or its value is null. An empty text is neither. */
  | { readonly kind: "null" }
  | { readonly kind: "exists"; readonly expected: boolean }
  | CidrTest
  | NumberTest
  | RegexTest
  | ReferenceTest;

/** The whole text of a value against literals and wildcards. */
export interface TextTest {
  readonly kind: "text";
  readonly parts: readonly Part[];
  /** Whether upper and lower case differ (the modifier `cased`). */
  readonly cased: boolean;
}

/** A piece of a text value. */
export type Part =
  | { readonly kind: "literal"; readonly text: string }
  /** Any run of characters, also none: `*`. */
  | { readonly kind: "many" }
  /** Exactly one character (UTF-16 unit): `?`. */
  | { readonly kind: "one" }
  /** One of the five dashes that introduce a Windows option (the modifier `windash`). */
  | { readonly kind: "dash" };

/** An IP address within a network. */
export interface CidrTest {
  readonly kind: "cidr";
  /** 32 for IPv4, 128 for IPv6. */
  readonly bits: 32 | 128;
  readonly network: bigint;
  readonly prefix: number;
}

/** A number, or a part of a time, compared with a bound. What is no number, or no time, does not match. */
export interface NumberTest {
  readonly kind: "number";
  /** The part of a time that is meant; null: the value itself is the number. */
  readonly part: TimePart | null;
  readonly relation: Relation;
  readonly bound: Decimal;
}

/** How a value stands to its bound: equal, less, less or equal, greater, greater or equal. */
export type Relation = "eq" | "lt" | "lte" | "gt" | "gte";

/** A number that a time has in UTC. */
export type TimePart = "minute" | "hour" | "day" | "week" | "month" | "year";

/** A regular expression in RE2's syntax that is found anywhere in a value. */
export interface RegexTest {
  readonly kind: "regex";
  readonly pattern: string;
  readonly ignoreCase: boolean;
  /** Whether `^` and `$` stand for the ends of lines as well. */
  readonly multiLine: boolean;
  /** Whether `.` stands for a line feed as well. */
  readonly dotAll: boolean;
}

/** The value of another field of the same event. Fields that are missing or null equal nothing, not even each other. */
export interface ReferenceTest {
  readonly kind: "reference";
  /** The other field's name in the rule; once bound to a log source, its names there. Never empty. */
  readonly fields: readonly string[];
  /** Whether anything may stand before the other value, and behind it. */
  readonly openStart: boolean;
  readonly openEnd: boolean;
  readonly cased: boolean;
}
