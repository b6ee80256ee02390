/**
 * Builds as products, scripts and headers write them, into numbers that can be compared. Refuses to guess: what has
 * fewer than three numbers, or more than four, is shown as it is and compared with nothing.
 */
import type { Build } from "../../model/observation.ts";

/** `15.01.2375.007`, `15.1.2044`: zero padding means nothing. */
const DOTTED = /^\s*v?(\d{1,5})\.(\d{1,5})\.(\d{1,6})(?:\.(\d{1,6}))?\s*$/i;
/** `Version 15.1 (Build 2375.7)`, as Exchange's AdminDisplayVersion. */
const DISPLAYED = /^\s*Version\s+(\d{1,5})\.(\d{1,5})\s+\(Build\s+(\d{1,6})\.(\d{1,6})\)\s*$/i;
/** The directory keeps Exchange's build with this much added: `15.1 (Build 32375.7)` is build 2375. From practice. */
const DIRECTORY_OFFSET = 30_000;

/** The build that a text states. */
export function parseBuild(text: string): Build {
  const displayed = DISPLAYED.exec(text);
  const numbers = (displayed ?? DOTTED.exec(text))
    ?.slice(1)
    .filter((part) => part !== undefined)
    .map(Number);
  if (numbers === undefined) return { text, numbers: null };
  const third = numbers[2] ?? 0;
  if (displayed !== null && third >= DIRECTORY_OFFSET) numbers[2] = third - DIRECTORY_OFFSET;
  return { text, numbers };
}

/** Negative where left is older. Numbers that one of them lacks say nothing: 15.1.2044 equals 15.1.2044.4. */
export function compareBuilds(left: readonly number[], right: readonly number[]): number {
  const length = Math.min(left.length, right.length);
  for (let at = 0; at < length; at++) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
