/**
 * What an intruder does after the way in, and which records show it: knowledge/aftermath.json. Refuses an entry without a source or
 * without advice, and a check that stands twice.
 */
import { z } from "zod";
import { checkKnowledge, knowledgeFault } from "../../../base/knowledge.ts";
import { FORMAT_IDS } from "../../../model/evidence.ts";

const NAME = z.string().min(1);
const NAMES = z.array(NAME).min(1);

/** A field held against words, whatever their case: one of them is enough. The first of the fields that says anything counts. */
const CONDITION = z.strictObject({
  field: NAMES,
  is: NAMES.optional(),
  contains: NAMES.optional(),
  starts: NAMES.optional(),
  ends: NAMES.optional(),
});

/** Whose records count: the host's own, those of others, or anybody's (a directory, an organisation, a tenant). */
const ON = z.enum(["host", "others", "anywhere"]);

const SIGN = z.strictObject({
  where: z.discriminatedUnion("kind", [
    z.strictObject({
      kind: z.literal("event"),
      log: NAME,
      eventIds: z.array(z.number().int().min(0)).min(1),
    }),
    z.strictObject({ kind: z.literal("cmdlet"), cmdlets: NAMES }),
    z.strictObject({ kind: z.literal("rows"), format: z.enum(FORMAT_IDS) }),
    /** What rules and antivirus said of a row: by the beginning of the rule's id, or a tag. */
    z.strictObject({ kind: z.literal("detection"), rule: NAME.optional(), tag: NAME.optional() }),
  ]),
  on: ON,
  /** All of them must hold; asked in this order, the cheapest first. */
  when: z.array(CONDITION).optional(),
  /** None of them may hold. */
  unless: z.array(CONDITION).optional(),
  /** What it shows: `account {TargetUserName} created`; `{A|B}`: the first field that says anything. */
  says: NAME,
  /** Fields that say who did it, where the usual ones do not. */
  by: NAMES.optional(),
  /** The field with the address it came from: a sign only where that is the host's own. */
  from: NAME.optional(),
  /** each: every time; day: once a day; all: those that say the same are one, dated by the first. */
  pace: z.enum(["each", "day", "all"]).optional(),
});

/**
 * A source in which such a change shows. all: every one, while it is written; if-audited: every one where that is turned on, which
 * a record of it proves; some: a part of them, so that their absence proves nothing.
 */
const WITNESS = z.strictObject({
  formats: z.array(z.enum(FORMAT_IDS)).min(1),
  channels: NAMES,
  on: ON,
  shows: z.enum(["all", "if-audited", "some"]),
  /** Each host of this role writes only what was done through it: together they show all, one alone does not. */
  each: NAME.optional(),
});

const CHECK = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]+$/),
  about: z.enum(["spread", "persistence"]),
  what: NAME,
  signs: z.array(SIGN).min(1),
  witnesses: z.array(WITNESS),
  /** Which evidence would tell, and how to look. */
  advice: NAME,
  source: NAME,
  /** documented: a public source says so; practice: responders say so. */
  confidence: z.enum(["documented", "practice"]),
  asOf: z.iso.date(),
});

const SCHEMA = z.strictObject({ about: z.string(), checks: z.array(CHECK).min(1) });

/** One way to see a change. */
export type ChangeSign = Readonly<z.infer<typeof SIGN>>;
/** Whose records a sign or a witness counts. */
export type On = z.infer<typeof ON>;
/** A field held against words. */
export type Condition = Readonly<z.infer<typeof CONDITION>>;
/** A source in which a change would show. */
export type Witness = Readonly<z.infer<typeof WITNESS>>;
/** One thing to look for, with its source. */
export type Check = Readonly<z.infer<typeof CHECK>>;
/** All that is looked for, spread first. */
export interface AftermathTerms {
  readonly checks: readonly Check[];
}

const FILE = "aftermath.json";

/** Reads the knowledge file. Faults: knowledge-invalid. */
export function parseAftermath(json: unknown): AftermathTerms {
  const { checks } = checkKnowledge(FILE, SCHEMA, json);
  const ids = checks.map(({ id }) => id);
  const twice = ids.find((id, at) => ids.indexOf(id) !== at);
  if (twice !== undefined) throw knowledgeFault(FILE, `the check ${twice} stands twice`);
  const order = checks.map(({ about }) => about);
  if (order.lastIndexOf("spread") > order.indexOf("persistence") && order.includes("persistence"))
    throw knowledgeFault(FILE, "spread comes before persistence");
  return Object.freeze({ checks });
}
