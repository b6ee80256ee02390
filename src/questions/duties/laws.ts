/**
 * Laws as data: knowledge/laws/*.json read into the model's shape, or refused whole with the place that is wrong.
 * Refuses unknown keys: a misspelt one would silently be a duty without a clock.
 */
import * as z from "zod";
import { isZone } from "../../base/time.ts";
import { Fault } from "../../base/fault.ts";
import { INCIDENT_EVENTS, type Law } from "../../model/duty.ts";
import { NOTICE_FACTS } from "./notice.ts";

const line = z.string().min(1).max(500);
const id = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/);
/** A month or a day: the precision with which it is known that the entry held. */
const date = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?$/);
const eventKind = z.enum(INCIDENT_EVENTS).nullable();

const noticeItem = z.strictObject({
  id: z.enum(NOTICE_FACTS),
  text: line,
  lateOnly: z.boolean(),
  ifUnknown: line,
});

const duty = z
  .strictObject({
    id,
    title: line,
    cite: line,
    from: eventKind,
    hours: z.int().positive().max(100_000).nullable(),
    standard: line,
    metBy: eventKind,
    exception: line.nullable(),
    content: z.array(noticeItem).max(50),
    phased: line.nullable(),
    decidedBy: eventKind,
    confidence: z.enum(["A", "B", "C"]),
    source: line,
    asOf: date,
  })
  .refine(({ from, hours }) => hours === null || from !== null, "hours need an event to run from")
  .refine(({ from, metBy }) => metBy === null || from !== null, "what is met must have begun");

const law = z.strictObject({
  id,
  jurisdiction: line,
  law: line,
  regulator: line,
  channel: line,
  zone: z.string().refine(isZone, "not a time zone"),
  duties: z.array(duty).min(1).max(100).refine(distinctIds, "two duties share an id"),
  source: line,
  asOf: date,
});

const laws = z.array(law).refine(distinctIds, "two laws share an id");

function distinctIds(entries: readonly { readonly id: string }[]): boolean {
  return new Set(entries.map((entry) => entry.id)).size === entries.length;
}

/**
 * Laws from the parsed JSON of knowledge/laws, in the order given (the first is the home jurisdiction).
 * Faults: knowledge-invalid, with the path of the first entry that is wrong.
 */
export function parseLaws(json: readonly unknown[]): readonly Law[] {
  const read = laws.safeParse(json);
  if (read.success) return read.data;
  const issue = read.error.issues[0];
  const path = issue?.path.join(".") ?? "";
  throw new Fault(
    "knowledge-invalid",
    `a law cannot be used: ${path}: ${issue?.message ?? "unreadable"}`,
    "correct the file under knowledge/laws; the path starts with the position of the law",
  );
}
