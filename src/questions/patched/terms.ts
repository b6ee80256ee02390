/**
 * By when updates are due, when evidence of them is old, and how claims go wrong honestly: knowledge/patching.json, and what the
 * case file states instead. Refuses an entry without a source.
 */
import { z } from "zod";
import { type Day, toDay } from "../../base/day.ts";
import { checkKnowledge } from "../../base/knowledge.ts";
import type { Deadline } from "../../model/patch.ts";

const days = z.number().int().min(0).max(3_650);
const confidence = z.enum(["documented", "practice", "stated"]);
const source = z.string().min(1);

const SCHEMA = z.strictObject({
  about: z.string(),
  staleAfterDays: days,
  unverifiedAfterDays: days,
  catalogueOldAfterDays: days,
  deadlines: z
    .array(
      z.strictObject({
        id: z.string().min(1),
        text: z.string().min(1),
        days,
        /** urgent: rated critical, or publicly known to be exploited. */
        when: z.enum(["always", "urgent"]),
        source,
        confidence,
      }),
    )
    .min(1),
  excuses: z.array(
    z.strictObject({
      id: z.string().min(1),
      /** Products, or names that theirs may have; none: all. */
      products: z.array(z.string()),
      /** no-package: the update was not made for the installed CU. */
      when: z.enum(["always", "no-package"]),
      text: z.string().min(1),
      source,
      confidence,
    }),
  ),
});

/** What judging needs besides evidence and catalogue. */
export type PatchTerms = Omit<z.infer<typeof SCHEMA>, "about">;

/** Reads the knowledge file. Faults: knowledge-invalid. */
export function parsePatchTerms(json: unknown): PatchTerms {
  return Object.freeze(checkKnowledge("patching.json", SCHEMA, json));
}

/** When an update was due by the earliest of the deadlines that apply. `urgentFrom`: since when it was urgent; null: never. */
export function dueOf(
  terms: PatchTerms,
  released: Day,
  urgentFrom: Day | null,
): Omit<Deadline, "daysLate"> | null {
  const due = terms.deadlines.flatMap(({ text, days: allowed, when }) => {
    const start = when === "always" ? released : urgentFrom;
    const day = start === null ? null : toDay(Math.max(start, released) + allowed);
    return day === null ? [] : [{ rule: text, due: day }];
  });
  const [first] = due.sort((a, b) => a.due - b.due);
  return first ?? null;
}
