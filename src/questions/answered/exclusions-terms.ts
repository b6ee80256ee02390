/**
 * What the vendor advised to exclude from scanning and when, and what nobody should: knowledge/exclusions.json. Refuses an entry
 * without a source, and a period that ends before it begins.
 */
import { z } from "zod";
import { type Day, parseDay } from "../../base/day.ts";
import { checkKnowledge } from "../../base/knowledge.ts";
import { LEVELS } from "../../model/detection.ts";
import { EXCLUSION_KINDS, type ExclusionKind, plainExclusion } from "./exclusions-spelling.ts";

const KIND = z.enum(EXCLUSION_KINDS);
const LEVEL = z.enum(LEVELS);
const TEXT = z.string().min(1);
const CITED = { source: TEXT, confidence: z.enum(["documented", "practice"]), asOf: z.iso.date() };
const DAY = z.iso
  .date()
  .nullable()
  .transform((text) => (text === null ? null : parseDay(text)));
const PERIOD = z
  .strictObject({ from: DAY, until: DAY })
  .refine(({ from, until }) => from === null || until === null || from < until, "ends too early");

const SCHEMA = z.strictObject({
  about: z.string(),
  /** Periods in order of time; the day of `until` is no longer in it. */
  advised: z.array(
    z.strictObject({
      kind: KIND,
      values: z.array(TEXT).min(1),
      periods: z.array(PERIOD).min(1),
      ...CITED,
    }),
  ),
  never: z.array(
    z.strictObject({
      kind: KIND,
      /** is: this alone; within: this and what lies below it. */
      how: z.enum(["is", "within"]),
      values: z.array(TEXT).min(1),
      level: LEVEL,
      why: TEXT,
      ...CITED,
    }),
  ),
  /** Level of what is in neither list. */
  others: LEVEL,
  /** Level of what was advised once and stayed. */
  withdrawn: LEVEL,
});

/** A stretch in which the advice stood; null: no known beginning or end. */
export interface AdvicePeriod {
  readonly from: Day | null;
  readonly until: Day | null;
}

/** What judging exclusions needs besides evidence; values as plainExclusion spells them. */
export type ExclusionTerms = Readonly<Omit<z.infer<typeof SCHEMA>, "about">>;

/** Reads the knowledge file. Faults: knowledge-invalid. */
export function parseExclusions(json: unknown): ExclusionTerms {
  const { advised, never, ...levels } = checkKnowledge("exclusions.json", SCHEMA, json);
  return Object.freeze({ ...levels, advised: advised.map(spelt), never: never.map(spelt) });
}

function spelt<Entry extends { readonly kind: ExclusionKind; readonly values: readonly string[] }>(
  entry: Entry,
): Entry {
  return { ...entry, values: entry.values.map((value) => plainExclusion(entry.kind, value)) };
}
