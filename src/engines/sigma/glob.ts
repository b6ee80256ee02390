/**
 * Literals and wildcards against a whole text: compiled to the cheapest of equality, prefix, suffix, search,
 * or a walk over the literals between the `*`s. Linear in the text for each literal, never exponential.
 */
import { foldCase } from "./fields.ts";
import type { Part } from "./rule.ts";
import { OPTION_DASHES } from "./values.ts";

/** Whether a whole text fits. */
export type TextMatch = (text: string) => boolean;

/** A run of parts between two `*`: fixed length; `at` is where its longest literal starts. */
interface Piece {
  readonly length: number;
  readonly literal: string;
  readonly at: number;
  /** The other parts, each with its place in the piece. */
  readonly rest: readonly { readonly part: Exclude<Part, { kind: "many" }>; readonly at: number }[];
}

/** Compiles parts; without `cased` the texts to come are case-folded already (fields.ts). */
export function compileGlob(parts: readonly Part[], cased: boolean): TextMatch {
  const folded = parts.map((part) =>
    part.kind === "literal" && !cased ? { ...part, text: foldCase(part.text) } : part,
  );
  const pieces = split(folded).map(toPiece);
  const [first, ...others] = pieces;
  if (first === undefined) return (text) => text === "";
  const last = others.pop();
  if (last === undefined) return exactly(first);
  return quickest(first, others, last) ?? walk(first, others, last);
}

/** The parts between the `*`s: one run more than there are `*`s, outer ones may be empty. */
function split(parts: readonly Part[]): Exclude<Part, { kind: "many" }>[][] {
  const runs: Exclude<Part, { kind: "many" }>[][] = [[]];
  for (const part of parts) {
    if (part.kind === "many") runs.push([]);
    else runs.at(-1)?.push(part);
  }
  return runs.filter((run, at) => run.length > 0 || at === 0 || at === runs.length - 1);
}

function toPiece(run: readonly Exclude<Part, { kind: "many" }>[]): Piece {
  let length = 0;
  const placed = run.map((part) => {
    const at = length;
    length += part.kind === "literal" ? part.text.length : 1;
    return { part, at };
  });
  let longest = { literal: "", at: 0 };
  for (const { part, at } of placed) {
    if (part.kind === "literal" && part.text.length > longest.literal.length)
      longest = { literal: part.text, at };
  }
  const rest = placed.filter(({ part, at }) => part.kind !== "literal" || at !== longest.at);
  return { length, ...longest, rest };
}

function exactly(piece: Piece): TextMatch {
  if (piece.rest.length === 0) return (text) => text === piece.literal;
  return (text) => text.length === piece.length && fits(piece, text, 0);
}

/** The forms that nearly every rule uses, without a loop of ours. */
function quickest(first: Piece, middle: readonly Piece[], last: Piece): TextMatch | null {
  const [only] = middle;
  if (middle.length > 1 || [first, ...middle, last].some(({ rest }) => rest.length > 0))
    return null;
  const [start, end] = [first.literal, last.literal];
  if (only === undefined) {
    if (end === "") return (text) => text.startsWith(start);
    if (start === "") return (text) => text.endsWith(end);
    return null;
  }
  return start === "" && end === "" ? (text) => text.includes(only.literal) : null;
}

function walk(first: Piece, middle: readonly Piece[], last: Piece): TextMatch {
  return (text) => {
    const end = text.length - last.length;
    if (end < first.length || !fits(first, text, 0) || !fits(last, text, end)) return false;
    let from = first.length;
    for (const piece of middle) {
      const found = find(piece, text, from);
      if (found < 0) return false;
      from = found + piece.length;
    }
    return from <= end;
  };
}

/** Whether the piece stands at this place; the caller has seen that the text is long enough. */
function fits(piece: Piece, text: string, at: number): boolean {
  if (!text.startsWith(piece.literal, at + piece.at)) return false;
  for (const { part, at: within } of piece.rest) {
    if (part.kind === "literal" && !text.startsWith(part.text, at + within)) return false;
    if (part.kind === "dash" && !OPTION_DASHES.includes(text.charAt(at + within))) return false;
  }
  return at + piece.length <= text.length;
}

/** The first place at or after `from` where the piece stands, or -1. */
function find(piece: Piece, text: string, from: number): number {
  const last = text.length - piece.length;
  for (let at = from; at <= last; at++) {
    const literal = text.indexOf(piece.literal, at + piece.at);
    if (literal < 0) return -1;
    at = literal - piece.at;
    if (at > last) return -1;
    if (fits(piece, text, at)) return at;
  }
  return -1;
}
