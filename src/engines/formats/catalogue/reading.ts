/**
 * What every reader of a catalogue gives: the part that a file adds and what of it was passed over, or why there is none.
 * Nothing in a file throws. Spec: docs/formats/catalogue.md.
 */
import type { Day } from "../../../base/day.ts";
import { shorten } from "../../../base/text.ts";
import type { CataloguePart, CatalogueSource } from "../../../model/catalogue.ts";

/** Entries that could not be read: how many, and the first of them in words. */
export interface PassedOver {
  readonly count: number;
  readonly examples: readonly string[];
}

/** A file that was read. */
export interface PartRead {
  readonly part: CataloguePart;
  readonly passedOver: PassedOver;
}

/** A file that was not: it is damaged, or says nothing, or somebody must say of which day it is. */
export interface Refusal {
  readonly why: string;
  readonly lacksDay: boolean;
}

/** Whether there is no part. */
export function isRefusal(read: PartRead | Refusal): read is Refusal {
  return "why" in read;
}

/** A refusal in words. */
export function refused(why: string): Refusal {
  return { why, lacksDay: false };
}

/** What is said of a file that states no day, where the caller states none either. */
export const NO_DAY: Refusal = { why: "it does not say of which day it is", lacksDay: true };

const EXAMPLES_MAX = 5;
const EXAMPLE_CHARS_MAX = 160;

/** Counts what is passed over, and keeps the first ones. */
export class Tally {
  #count = 0;
  readonly #examples: string[] = [];

  /** One entry: which, and why. */
  add(which: string, why: string): void {
    this.#count++;
    if (this.#examples.length < EXAMPLES_MAX)
      this.#examples.push(shorten(`${which}: ${why}`, EXAMPLE_CHARS_MAX));
  }

  get passedOver(): PassedOver {
    return { count: this.#count, examples: this.#examples };
  }
}

const NAME_CHARS_MAX = 200;

/** A source with a name that is short enough to show; its hash is the caller's to add. */
export function sourceOf(id: string, name: string, day: Day): CatalogueSource {
  return {
    id: shorten(id, NAME_CHARS_MAX),
    name: shorten(name, NAME_CHARS_MAX),
    day,
    hash: "",
    isKept: true,
  };
}

/** The part, unless not one entry of the file could be read. */
export function partRead(part: CataloguePart, tally: Tally): PartRead | Refusal {
  const { products, releases, updates, vulnerabilities, chains } = part;
  const { passedOver } = tally;
  if ([products, releases, updates, vulnerabilities, chains].some(({ length }) => length > 0))
    return { part, passedOver };
  const [first] = passedOver.examples;
  return refused(
    `it holds not one entry that can be read${first === undefined ? "" : ` (${first})`}`,
  );
}
