/** Why a rule matches an event or does not, as lines for people. Refuses nothing: what is long is shortened, what is hostile made visible. */
import { shorten } from "../../base/text.ts";
import type { Explained, Explanation } from "../../casework/index.ts";
import { plain } from "./terminal.ts";

type Field = Extract<Explained, { kind: "field" }>;

/** A value of an event, and of a rule, as far as it is shown. */
const VALUE_CHARS_MAX = 400;
/** Values that did not match: a list of thousands says nothing more than its first. */
const UNMATCHED_MAX = 5;
const SEEN_MAX = 8;

/** The verdict, then the condition as a tree at every place where the event belongs. */
export function explanationLines({
  matched,
  notApplicable,
  places,
}: Explanation): readonly string[] {
  if (notApplicable !== null) return [`not applicable: ${plain(notApplicable)}`];
  const mine = places.filter(({ foreign }) => foreign === null);
  const verdict =
    mine.length === 0
      ? "not applicable to this event: the rule looks elsewhere"
      : matched
        ? "the rule matches this event"
        : "the rule does not match this event";
  return [
    verdict,
    ...places.flatMap(({ title, foreign, condition }) => [
      "",
      `${plain(title)}: ${foreign === null ? "the event belongs here" : `not here, ${plain(foreign)}`}`,
      ...(condition === null ? [] : treeLines(condition, 1)),
    ]),
  ];
}

/** `yes` or `no` first, so that the eye finds the part that decides. */
function treeLines(part: Explained, depth: number): readonly string[] {
  const name = part.name === null ? "" : `${plain(part.name)}: `;
  const line = (text: string) => `${part.matched ? "yes" : "no "}${"  ".repeat(depth)}${text}`;
  if (part.kind === "field")
    return [line(`${name}${headOf(part)}`), ...fieldLines(part, depth + 1)];
  return [
    line(`${name}${WORDS[part.kind]}`),
    ...part.parts.flatMap((one) => treeLines(one, depth + 1)),
  ];
}

const WORDS = { and: "all of", or: "one of", not: "not" } as const;

function headOf({ field, tests, all }: Field): string {
  const what = field === "" ? "any value" : plain(field);
  if (tests.length < 2) return what;
  return `${what}, ${all ? "all" : "one"} of ${tests.length} values`;
}

function fieldLines(part: Field, depth: number): readonly string[] {
  const margin = `   ${"  ".repeat(depth)}`;
  const { tests } = part;
  const failed = tests.filter(({ matched }) => !matched);
  const shown = [...tests.filter(({ matched }) => matched), ...failed.slice(0, UNMATCHED_MAX)];
  const left = failed.length - UNMATCHED_MAX;
  return [
    ...seenLines(part).map((text) => `${margin}seen: ${text}`),
    ...shown.map(
      ({ text, matched }) => `${margin}${matched ? "matches:" : "is not: "} ${told(text)}`,
    ),
    ...(left > 0 ? [`${margin}and ${left} more that it is not`] : []),
  ];
}

function seenLines({ field, seen, lacking }: Field): readonly string[] {
  const names = seen.map(({ name }) => plain(name)).join(" or ");
  if (lacking === "never") return ["nothing; such a log never has this field"];
  if (lacking === "undeclared") return [`nothing; this log has no column ${names}`];
  const there = seen.filter(({ value }) => value !== undefined);
  if (there.length === 0) return [field === "" ? "in no value" : "the event has no such field"];
  const lines = there
    .slice(0, SEEN_MAX)
    .map(
      ({ name, value }) => `${name === field ? "" : `${plain(name)} = `}${told(wordsOf(value))}`,
    );
  return there.length > SEEN_MAX ? [...lines, `and ${there.length - SEEN_MAX} more`] : lines;
}

function wordsOf(value: Field["seen"][number]["value"]): string {
  return typeof value === "string" && value !== "" ? value : JSON.stringify(value ?? null);
}

/** The same for programs. */
export function explanationJson({ matched, notApplicable, places }: Explanation): unknown {
  return {
    matched,
    not_applicable: notApplicable,
    places: places.map(({ title, foreign, condition }) => ({
      title,
      foreign,
      condition: condition === null ? null : partJson(condition),
    })),
  };
}

function partJson(part: Explained): unknown {
  const { kind, matched, name } = part;
  if (part.kind !== "field") return { kind, matched, name, parts: part.parts.map(partJson) };
  const { field, lacking, all, seen, tests } = part;
  const values = seen.map((one) => ({
    name: one.name,
    value: one.value ?? null,
    missing: one.value === undefined,
  }));
  return { kind, matched, name, field, lacking, all, seen: values, tests };
}

function told(text: string): string {
  return plain(shorten(text, VALUE_CHARS_MAX));
}
