/**
 * What a store is asked for so that the rules of a plan can be held against kept events: where their events lie, by format, channel and
 * event id, and texts that stand in every row that a rule matches. Returns a superset, always; the matcher decides each row again.
 */
import type { Reach } from "../../model/event.ts";
import type { FormatId } from "../../model/evidence.ts";
import type { Contains, Query } from "../../model/query.ts";
import { COLUMNS, partsOfName } from "./fields.ts";
import type { Target } from "./log-sources.ts";
import type { BoundRule } from "./plan.ts";
import { type Required, requiredLiterals } from "./regex-literals.ts";
import { NO_EVENT_ID, exactValues, isOnEventId } from "./rewrite.ts";
import type { Expression, FieldTest, ValueTest } from "./rule.ts";

/** How far the readers' answers under a name stand among the values that were kept (model/event.ts). */
export type ReachOf = (format: FormatId, name: string) => Reach;

/** Of which texts at least one stands in the row. Never empty. */
type Clause = readonly Contains[];

/** Shorter texts are everywhere. */
const TEXT_CHARS_MIN = 3;
/**
 * Of the rules of one place. With more, RE2 looks at each row as long as the matcher would: then all rows of the place are decided.
 * Measured in docs/design/sigma.md.
 */
const TEXTS_MAX = 500;
/** Of one rule the rarest are enough: each is a search of its own. */
const CLAUSES_MAX = 8;
/** Stands between the two parts of an address, which readers may list apart. */
const QUESTION_MARK = "?";

/** The rows that these rules can match, as one query: rules of one place are asked for together. */
export function queryOf(bound: readonly BoundRule[], reachOf: ReachOf): Query {
  // From the outside in, so that a row is held against few conditions: formats, channels, event ids, texts.
  return eitherOf(groupsBy(bound, "formats"), (formats, ofFormats) =>
    both([
      either(formats.map((value) => ({ kind: "is", column: "format", value }))),
      eitherOf(groupsBy(ofFormats, "channels"), (channels, ofChannels) =>
        both([
          channels === null ? ALL : either(channels.map(channelQuery)),
          either(wantedIn(ofChannels, reachOf).map(rowsQuery)),
        ]),
      ),
    ]),
  );
}

/** The rules by one part of their targets. */
function groupsBy<P extends "formats" | "channels">(
  bound: readonly BoundRule[],
  part: P,
): readonly (readonly [Target[P], readonly BoundRule[]])[] {
  const groups = Map.groupBy(bound, ({ target }) => JSON.stringify(target[part]));
  return [...groups.values()].flatMap((rules) =>
    rules.slice(0, 1).map(({ target }) => [target[part], rules] as const),
  );
}

function eitherOf<T>(
  groups: readonly (readonly [T, readonly BoundRule[]])[],
  queryOfGroup: (part: T, rules: readonly BoundRule[]) => Query,
): Query {
  return either(groups.map(([part, rules]) => queryOfGroup(part, rules)));
}

/** What rows of some event ids (null: of all) must hold for one of the rules that ask for these: each clause, or nothing. */
interface Wanted {
  readonly eventIds: readonly number[] | null;
  readonly clauses: readonly Clause[];
}

/** What the rules of one place want, rules of the same ids together. */
function wantedIn(rules: readonly BoundRule[], reachOf: ReachOf): readonly Wanted[] {
  const finder = new ClauseFinder(rules, reachOf);
  const wanted = rules.map(
    ({ rule: { condition }, target }): Wanted => ({
      eventIds: within(eventIdsOf(condition), target.eventIds),
      clauses: finder.clausesOf(condition),
    }),
  );
  const groups = Map.groupBy(wanted, ({ eventIds }) => JSON.stringify(eventIds));
  return [...groups.values()].flatMap((together) =>
    together.slice(0, 1).map((first) => {
      const clauses = union(together.map((one) => one.clauses));
      return together.length === 1 ? first : { ...first, clauses };
    }),
  );
}

function rowsQuery({ eventIds, clauses }: Wanted): Query {
  const few = clauses
    .filter((clause) => clause.length <= TEXTS_MAX)
    .sort((left, right) => costOf(left) - costOf(right))
    .slice(0, CLAUSES_MAX);
  return both([idQuery(eventIds), ...few.map((clause) => either(withForms(clause)))]);
}

const KELVIN = "\u212a";
const DOTTED_I = "\u0130";
const KELVINS_MAX = 4;

/** The channel in every spelling whose lower case this is: the Kelvin sign is a `k` there, and not for a store. */
function channelQuery(channel: string): Query {
  const [first = "", ...pieces] = channel.split("k");
  // oxlint-disable-next-line no-control-regex -- all of ASCII
  if (pieces.length > KELVINS_MAX || !/^[\u0000-\u007f]*$/.test(channel)) return ALL;
  const spellings = pieces.reduce<readonly string[]>(
    (heads, piece) => heads.flatMap((head) => [`${head}k${piece}`, `${head}${KELVIN}${piece}`]),
    [first],
  );
  return either(spellings.map((value) => ({ kind: "is", column: "channel", value })));
}

function idQuery(eventIds: readonly number[] | null): Query {
  if (eventIds === null) return ALL;
  const value = (id: number): string => (id === NO_EVENT_ID ? "" : String(id));
  return either(eventIds.map((id) => ({ kind: "is", column: "eventId", value: value(id) })));
}

/** The texts, and the two letters beyond ASCII whose lower case has an ASCII letter in it, where a text has that letter. */
function withForms(clause: Clause): readonly Contains[] {
  const forms = clause.flatMap((one) => [
    ...(/k/i.test(one.text) ? [{ ...one, text: KELVIN }] : []),
    ...(/i/i.test(one.text) ? [{ ...one, text: DOTTED_I }] : []),
  ]);
  return [...clause, ...distinctOf(forms)];
}

const ALL: Query = { kind: "all" };

function both(parts: readonly Query[]): Query {
  const needed = parts.filter(({ kind }) => kind !== "all");
  const [only = ALL] = needed;
  return needed.length < 2 ? only : { kind: "and", parts: needed };
}

function either(parts: readonly Query[]): Query {
  if (parts.some(({ kind }) => kind === "all")) return ALL;
  const flat = parts.flatMap((part) => (part.kind === "or" ? part.parts : [part]));
  const distinct = [...new Map(flat.map((part) => [JSON.stringify(part), part])).values()];
  const [only] = distinct;
  return distinct.length === 1 && only !== undefined ? only : { kind: "or", parts: distinct };
}

/**
 * The event ids for which a condition can hold, as far as it names them; null stands for all. A row without an id may have a field of that name,
 * so it is always among them.
 */
function eventIdsOf(expression: Expression): readonly number[] | null {
  switch (expression.kind) {
    case "not":
      return null;
    case "and":
      return expression.parts.map(eventIdsOf).reduce(within, null);
    case "or": {
      const parts = expression.parts.map(eventIdsOf);
      return parts.includes(null) ? null : [...new Set(parts.flatMap((ids) => ids ?? []))];
    }
    case "field": {
      const values = isOnEventId(expression) ? exactValues(expression) : null;
      if (values === null) return null;
      const ids = values.filter((value) => /^(?:0|[1-9]\d*)$/.test(value)).map(Number);
      return [...ids, NO_EVENT_ID];
    }
  }
}

/** The ids that are in both; null stands for all. */
function within(
  left: readonly number[] | null,
  right: readonly number[] | null,
): readonly number[] | null {
  if (left === null || right === null) return left ?? right;
  return left.filter((id) => right.includes(id));
}

/** Finds what rows of one place must hold. */
class ClauseFinder {
  readonly #formats: readonly FormatId[];
  readonly #reachOf: ReachOf;

  constructor(rules: readonly BoundRule[], reachOf: ReachOf) {
    this.#formats = [...new Set(rules.flatMap(({ target }) => target.formats))];
    this.#reachOf = reachOf;
  }

  /** Clauses of which each stands in every row for which the condition holds. */
  clausesOf(expression: Expression): readonly Clause[] {
    switch (expression.kind) {
      case "not":
        return [];
      case "and":
        return expression.parts.flatMap((part) => this.clausesOf(part));
      case "or":
        return union(expression.parts.map((part) => this.clausesOf(part)));
      case "field": {
        const each = expression.tests.map((test) => this.#ofTest(test, expression));
        return expression.all ? each.flat() : union(each);
      }
    }
  }

  #ofTest(value: ValueTest, { fields }: FieldTest): readonly Clause[] {
    const reach = this.#reach(fields);
    if (reach === "nowhere") return [];
    const place = isOnColumn(fields) ? {} : ({ in: "fields" } as const);
    const clause = (text: string): readonly Clause[] =>
      longestPieces(text, fields).map((piece) => [{ kind: "contains", text: piece, ...place }]);
    if (value.kind === "regex")
      return reach === "start" ? [] : this.#required(requiredLiterals(value), clause);
    if (value.kind !== "text") return [];
    return value.parts.flatMap((part, at) => {
      if (part.kind !== "literal") return [];
      if (reach === "start" && (at > 0 || /^[[{]/.test(part.text))) return [];
      return clause(part.text);
    });
  }

  #required(required: Required, clause: (text: string) => readonly Clause[]): readonly Clause[] {
    if (typeof required === "string") return clause(required);
    const parts = required.parts.map((part) => this.#required(part, clause));
    return required.kind === "all" ? parts.flat() : union(parts);
  }

  /** The least that is known of any of the names in any of the formats; a keyword looks at listed values alone. */
  #reach(fields: readonly string[]): Reach {
    const names = fields.flatMap(partsOfName);
    // What a batch has in columns is kept in columns, but for the time.
    if (names.includes("@timestamp")) return "nowhere";
    const reaches = names.flatMap((name) =>
      this.#formats.map((format) => this.#reachOf(format, name)),
    );
    if (reaches.includes("nowhere")) return "nowhere";
    return reaches.includes("start") ? "start" : "whole";
  }
}

/** What stands in a row for which one of these holds: of each its rarest clause, as one. */
function union(choices: readonly (readonly Clause[])[]): readonly Clause[] {
  const texts: Contains[] = [];
  for (const clauses of choices) {
    const [first, ...others] = clauses;
    if (first === undefined) return [];
    texts.push(...others.reduce((best, one) => (costOf(one) < costOf(best) ? one : best), first));
  }
  return texts.length === 0 ? [] : [distinctOf(texts)];
}

/** Whether values may stand beside the fields: those of columns, and those of keywords. */
function isOnColumn(fields: readonly string[]): boolean {
  return fields.length === 0 || fields.some((name) => COLUMNS.has(name));
}

/**
 * The longest stretch of a literal that a store can look for: of ASCII, since other letters have more than one form, and not across a
 * mark that joins two fields, which are kept apart. None where all are too short.
 */
function longestPieces(text: string, fields: readonly string[]): readonly string[] {
  const marks = new Set([QUESTION_MARK, ...fields.flatMap(markOf)]);
  let [longest, piece] = ["", ""];
  for (const char of text) {
    piece = char > "\u007f" || marks.has(char) ? "" : piece + char;
    if (piece.length > longest.length) longest = piece;
  }
  return longest.length < TEXT_CHARS_MIN ? [] : [longest];
}

/** The mark of a joined name: `UrlStem ? UrlQuery`. */
function markOf(name: string): readonly string[] {
  const [, mark, right] = name.split(" ");
  return mark === undefined || right === undefined ? [] : [mark];
}

/** How common a clause may be: each text is taken for an eighth as common as one that is a character shorter. */
function costOf(clause: Clause): number {
  let cost = 0;
  for (const { text } of clause) cost += 8 ** -Math.min(text.length, 16);
  return cost;
}

function distinctOf(texts: readonly Contains[]): Clause {
  return [
    ...new Map(texts.map((one) => [`${one.in ?? ""} ${one.text.toLowerCase()}`, one])).values(),
  ];
}
