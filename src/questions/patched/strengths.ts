/**
 * How much each kind of observation proves, as knowledge/observations.json says it with its source. Refuses a file that leaves
 * a kind out: an observation without a stated strength could be taken for proof.
 */
import { z } from "zod";
import { checkKnowledge, knowledgeFault } from "../../base/knowledge.ts";
import { OBSERVATION_KINDS, type ObservationKind } from "../../model/observation.ts";

const STRENGTH = z.enum(["strong", "weak", "none"]);

const ENTRY = z.strictObject({
  kind: z.enum(OBSERVATION_KINDS),
  strength: STRENGTH,
  revisionStrength: STRENGTH,
  /** What it tells when it is right: `CU and SU`, `CU`, `update`, `nothing`. */
  says: z.string().min(1),
  why: z.string().min(1),
  source: z.string().min(1),
  /** documented: a public source says so; practice: responders say so. */
  confidence: z.enum(["documented", "practice"]),
  asOf: z.iso.date(),
});

const KNOWLEDGE = z.strictObject({ about: z.string(), entries: z.array(ENTRY).min(1) });

/** What one kind of observation proves. */
export type StrengthEntry = Readonly<z.infer<typeof ENTRY>>;

/** What every kind of observation proves. */
export type StrengthKnowledge = ReadonlyMap<ObservationKind, StrengthEntry>;

const FILE = "observations.json";

/** Checks the knowledge file. Fault: knowledge-invalid, naming the field. */
export function parseStrengths(json: unknown): StrengthKnowledge {
  const { entries } = checkKnowledge(FILE, KNOWLEDGE, json);
  const strengths = new Map(entries.map((entry) => [entry.kind, entry]));
  if (strengths.size !== entries.length) throw knowledgeFault(FILE, "a kind stands twice");
  const missing = OBSERVATION_KINDS.find((kind) => !strengths.has(kind));
  if (missing !== undefined) throw knowledgeFault(FILE, `the kind ${missing} is missing`);
  return strengths;
}
