/**
 * What shows that a sensor was turned off, failed, aged or fell silent, and how grave that is: knowledge/protection.json. Refuses an
 * entry without a source, and a sign that stands twice.
 */
import { z } from "zod";
import { checkKnowledge, knowledgeFault } from "../../base/knowledge.ts";
import { LEVELS } from "../../model/detection.ts";
import { FORMAT_IDS } from "../../model/evidence.ts";

const LEVEL = z.enum(LEVELS);
const NAME = z.string().min(1);
const DAYS = z.number().int().min(1).max(3_650);
const LOG = { log: NAME, eventIds: z.array(z.number().int().min(0)) };
/** How a field's text is held against words, whatever their case. */
const WORDS = {
  is: z.array(NAME).optional(),
  contains: z.array(NAME).optional(),
  ends: z.array(NAME).optional(),
};

const WHERE = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("event"), ...LOG, field: NAME.optional(), ...WORDS }),
  z.strictObject({
    kind: z.literal("cmdlet"),
    cmdlet: NAME,
    parameter: NAME,
    is: z.array(NAME).min(1),
  }),
  /** A number of days in a field. */
  z.strictObject({ kind: z.literal("age"), ...LOG, fields: z.array(NAME).min(1), daysMax: DAYS }),
  /** A version that should change. */
  z.strictObject({
    kind: z.literal("version"),
    ...LOG,
    fields: z.array(NAME).min(1),
    daysMax: DAYS,
  }),
]);

/** on: it works again; same: a version that did not change; the others are what befell the sensor. */
const EFFECTS = ["off", "on", "failed", "changed", "aged", "same", "deleted"] as const;

const SIGN = z.strictObject({
  id: NAME,
  /** What it is about, as a sentence names it; signs of one sensor are one finding. */
  sensor: NAME,
  says: NAME,
  effect: z.enum(EFFECTS),
  level: LEVEL,
  where: z.array(WHERE).min(1),
  /** Fields that tell what exactly: the first that a record has. */
  of: z.array(NAME).optional(),
  /** Told by the day, however often it is logged. */
  daily: z.boolean().optional(),
  /** On fewer days it is daily life. */
  daysMin: DAYS.optional(),
  source: NAME,
  /** documented: a public source says so; practice: responders say so. */
  confidence: z.enum(["documented", "practice"]),
  asOf: z.iso.date(),
});

const SCHEMA = z.strictObject({
  about: z.string(),
  signs: z.array(SIGN).min(1),
  sources: z.array(
    z.strictObject({
      channels: z.array(NAME),
      formats: z.array(z.enum(FORMAT_IDS)),
      called: NAME,
      level: LEVEL,
    }),
  ),
  /** Level of a silence of any other source. */
  others: LEVEL,
  cleared: z.strictObject({ Security: LEVEL, others: LEVEL }),
});

/** One way in which a record shows a sign. */
export type SignWhere = Readonly<z.infer<typeof WHERE>>;
/** One sign, with its source. */
export type SignKind = Readonly<z.infer<typeof SIGN>>;
/** What the questions of protection and silence need besides evidence. */
export type ProtectionTerms = Readonly<Omit<z.infer<typeof SCHEMA>, "about">>;

const FILE = "protection.json";

/** Reads the knowledge file. Faults: knowledge-invalid. */
export function parseProtection(json: unknown): ProtectionTerms {
  const terms = checkKnowledge(FILE, SCHEMA, json);
  if (new Set(terms.signs.map(({ id }) => id)).size !== terms.signs.length)
    throw knowledgeFault(FILE, "a sign stands twice");
  return Object.freeze(terms);
}
