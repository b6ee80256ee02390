/**
 * What a first notice says: what is known from the case, and what will be supplied later.
 * Never holds a notice back: whatever is missing, late reasons too, has a line that says so.
 */
import type { LawDuty, NoticeLine } from "../../model/duty.ts";

/** What a notice can be asked for; ids of notice items in knowledge/laws. */
export const NOTICE_FACTS = [
  "nature",
  "categories",
  "contact",
  "likelyConsequences",
  "measures",
  "reasonForDelay",
] as const;

/** What the case can already say, one text a fact, without names of people. */
export type KnownFacts = { readonly [fact in (typeof NOTICE_FACTS)[number]]?: string };

/** The lines of a notice under one duty; items for late notices only where it is late. */
export function noticeLines(duty: LawDuty, facts: KnownFacts, late: boolean): NoticeLine[] {
  const known = new Map(Object.entries(facts));
  return duty.content
    .filter((item) => late || !item.lateOnly)
    .map(({ id, text, ifUnknown }) => {
      const answer = known.get(id)?.trim() ?? "";
      return { id, text, answer: answer === "" ? ifUnknown : answer, known: answer !== "" };
    });
}
