/** How long evidence lasts where it lies (knowledge/lifetimes.json), read and checked. Refuses a file that is not as specified. */
import { z } from "zod";
import { checkKnowledge, knowledgeFault } from "../../base/knowledge.ts";

const days = z.number().int().positive();

const KEEPS = z.discriminatedUnion("kind", [
  /** Deleted when older than `days`; `earlier`: records made before that day are kept for less, or for more. */
  z.strictObject({
    kind: z.literal("days"),
    days,
    earlier: z.array(z.strictObject({ before: z.iso.date(), days })).default([]),
  }),
  /** Overwritten when the log has this size, unless somebody raised it. */
  z.strictObject({ kind: z.literal("size"), limitBytes: z.number().int().positive() }),
  /** Nothing deletes it by itself. */
  z.strictObject({ kind: z.literal("disk") }),
  /** One file that only grows, and only now and then: where it is here, all of it is. */
  z.strictObject({ kind: z.literal("file") }),
  /** A state and no log: it changes with the next use. */
  z.strictObject({ kind: z.literal("state") }),
  /** Not recorded at all. */
  z.strictObject({ kind: z.literal("never") }),
]);

const ENTRY = z.strictObject({
  /** An id of knowledge/expected-evidence.json. */
  evidence: z.string().min(1),
  rank: z.number().int().min(1),
  decides: z.string().min(1),
  keeps: KEEPS,
  /** The same under another setting or licence. */
  variants: z.array(z.strictObject({ days, when: z.string().min(1) })),
  source: z.string().min(1),
  confidence: z.enum(["documented", "practice"]),
  asOf: z.iso.date(),
});

const KNOWLEDGE = z.strictObject({ about: z.string(), entries: z.array(ENTRY).min(1) });

/** How long one kind of evidence lasts, and how much it would decide. */
export type Lifetime = Readonly<z.infer<typeof ENTRY>>;

/** Every lifetime by the id of its evidence. */
export type Lifetimes = ReadonlyMap<string, Lifetime>;

const FILE = "lifetimes.json";

/** Checks the knowledge file. Fault: knowledge-invalid, naming the field. */
export function parseLifetimes(json: unknown): Lifetimes {
  const { entries } = checkKnowledge(FILE, KNOWLEDGE, json);
  const byId = new Map(entries.map((entry) => [entry.evidence, entry]));
  if (byId.size === entries.length) return byId;
  throw knowledgeFault(FILE, "one evidence stands twice");
}
