/** What people name by its id, or by the beginning of one. Refuses to choose where several fit. */
import { Fault } from "../base/fault.ts";

const WORD_MIN = 4;
const SHOWN_MAX = 5;

/** How a thing that is not there, or not alone, is told. */
export interface Naming {
  /** Its plural: `findings`. */
  readonly called: string;
  /** What is said where none fits, and what helps. */
  readonly missing: string;
  readonly hint: string;
}

/** The one thing of that id, whatever its case; else the one whose id begins with the word. Faults: not-found, usage where several fit. */
export function oneNamed<T extends { readonly id: string }>(
  things: readonly T[],
  word: string,
  { called, missing, hint }: Naming,
): T {
  const lower = word.toLowerCase();
  const exact = things.find(({ id }) => id.toLowerCase() === lower);
  if (exact !== undefined) return exact;
  const fitting =
    word.length < WORD_MIN ? [] : things.filter(({ id }) => id.toLowerCase().startsWith(lower));
  const [first] = fitting;
  if (first === undefined) throw new Fault("not-found", missing, hint);
  if (fitting.length === 1) return first;
  const ids = fitting.slice(0, SHOWN_MAX).map(({ id }) => id);
  throw new Fault(
    "usage",
    `${word} fits ${fitting.length} ${called}: ${ids.join(", ")}`,
    "give more characters",
  );
}
