/**
 * Holds the lines of a damaged journal against the entries that should be there: which line is which entry, and
 * which are altered, missing, in excess or out of place. Goes by the index that each line states, nothing else.
 */
import { known } from "../../base/assert.ts";
import type { Hash } from "./tree.ts";

/** One line as it was found. */
export interface FoundLine {
  readonly offset: number;
  /** What it says its index is; null where it is no entry. */
  readonly index: number | null;
  readonly leaf: Hash;
  readonly whole: boolean;
}

/** Entries `first` to `last` and what happened to them. */
export interface Misfit {
  readonly what: "altered" | "removed" | "added" | "reordered" | "truncated";
  readonly first: number;
  readonly last: number;
  readonly offset: number | null;
}

/** Lines matched with entries. */
export interface Alignment {
  readonly misfits: readonly Misfit[];
  /** The line of each entry, where there is one. */
  readonly byIndex: readonly (FoundLine | undefined)[];
}

/** Matches `lines` with entries 0 to `size - 1`. */
export function alignLines(lines: readonly FoundLine[], size: number): Alignment {
  const byIndex = Array.from({ length: size }, (): FoundLine | undefined => undefined);
  const inPlace = longestRise(lines, size);
  for (const at of inPlace) {
    const line = lineAt(lines, at);
    byIndex[line.index ?? size] = line;
  }
  const misfits: Misfit[] = [];
  const inLine = new Set(inPlace);
  const strays = new Set<number>();
  for (const [at, line] of lines.entries()) {
    if (inLine.has(at)) continue;
    const { index, offset } = line;
    if (index !== null && index < size && byIndex[index] === undefined) {
      // Nothing else claims to be this entry, and it does not stand where it belongs.
      byIndex[index] = line;
      misfits.push({ what: "reordered", first: index, last: index, offset });
    } else strays.add(at);
  }
  let [line, entry] = [0, 0];
  for (const at of [...inPlace, lines.length]) {
    const end = at === lines.length ? size : (lineAt(lines, at).index ?? size);
    const bad = range(line, at).filter((stray) => strays.has(stray));
    const missing = range(entry, end).filter((index) => byIndex[index] === undefined);
    misfits.push(...explainGap(lines, bad, missing, at === lines.length, entry));
    [line, entry] = [at + 1, end + 1];
  }
  return { misfits: misfits.sort((left, right) => left.first - right.first), byIndex };
}

/** Between two lines in place: lines that are no entry stand for missing entries, as far as both go. */
function explainGap(
  lines: readonly FoundLine[],
  bad: readonly number[],
  missing: readonly number[],
  atEnd: boolean,
  entry: number,
): Misfit[] {
  const misfits: Misfit[] = [];
  const firstBad = bad[0] === undefined ? null : lineAt(lines, bad[0]);
  const cut = atEnd && bad.length === 1 && firstBad?.whole === false;
  const paired = cut ? 0 : Math.min(bad.length, missing.length);
  for (let pair = 0; pair < paired; pair++) {
    const index = known(missing[pair], "a missing entry");
    const found = lineAt(lines, known(bad[pair], "a bad line"));
    misfits.push({ what: "altered", first: index, last: index, offset: found.offset });
  }
  const [first, last] = [missing[paired], missing.at(-1)];
  if (first !== undefined && last !== undefined)
    misfits.push({
      what: atEnd ? "truncated" : "removed",
      first,
      last,
      offset: firstBad?.offset ?? null,
    });
  // What follows the last entry is not acknowledged, and judged elsewhere.
  if (!atEnd)
    for (const at of bad.slice(paired))
      misfits.push({ what: "added", first: entry, last: entry, offset: lineAt(lines, at).offset });
  return misfits;
}

/** Positions of the longest run of lines whose indexes rise: the fewest lines are then out of place. */
function longestRise(lines: readonly FoundLine[], size: number): number[] {
  // tails[k]: the line that ends the best rise of k + 1 lines so far (patience sorting).
  const tails: number[] = [];
  const before = new Int32Array(lines.length).fill(-1);
  const indexAt = (at: number | undefined) => lineAt(lines, known(at, "a line")).index ?? -1;
  for (const [at, { index }] of lines.entries()) {
    if (index === null || index >= size) continue;
    let [low, high] = [0, tails.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (indexAt(tails[middle]) < index) low = middle + 1;
      else high = middle;
    }
    before[at] = tails[low - 1] ?? -1;
    // Of two lines that claim the same index the first stays.
    if (low === tails.length || indexAt(tails[low]) > index) tails[low] = at;
  }
  const rise: number[] = [];
  for (let at = tails.at(-1) ?? -1; at >= 0; at = before[at] ?? -1) rise.push(at);
  return rise.reverse();
}

function lineAt(lines: readonly FoundLine[], at: number): FoundLine {
  return known(lines[at], "a line of the journal");
}

function range(start: number, end: number): number[] {
  return Array.from({ length: Math.max(0, end - start) }, (_, step) => start + step);
}
