/**
 * What is known of verdicts, as knowledge/threats.json has it: which records are one, what a threat's name and a file's path tell.
 * Refuses a file that leaves anything open: a verdict that is not understood would be lost in silence.
 */
import { z } from "zod";
import { checkKnowledge, knowledgeFault } from "../../base/knowledge.ts";
import { LEVELS } from "../../model/detection.ts";

/** What was done about what was found, as far as one record says: nothing yet, something, or something that failed. */
export const OUTCOMES = ["found", "acted", "failed"] as const;

/** One of OUTCOMES. */
export type Outcome = (typeof OUTCOMES)[number];

const CONFIDENCE = z.enum(["documented", "practice"]);
const NAMES = z.array(z.string().min(1));
const LOWER = z.string().min(1).lowercase();
const ID = z.string().regex(/^[a-z][a-z-]*$/);
const SOURCE = { source: z.string().min(1), confidence: CONFIDENCE };

/** The family of what an antivirus, or who tries it, puts there to see it found. */
export const TEST_FAMILY = "test";

/** Unwanted programs: what an administrator may have installed. */
export const UNWANTED_FAMILY = "pua";

/** Where a record says it: names of fields, the first that is not empty counts. */
const SAYS = z.strictObject({
  threat: NAMES.min(1),
  host: NAMES.default([]),
  path: NAMES.default([]),
  resource: NAMES.default([]),
  action: NAMES.default([]),
  status: NAMES.default([]),
  determination: NAMES.default([]),
  severity: NAMES.default([]),
  hash: NAMES.default([]),
  user: NAMES.default([]),
  process: NAMES.default([]),
  source: NAMES.default([]),
  detection: NAMES.default([]),
});

const ROW = z.strictObject({
  /** None stands for all. */
  eventIds: z.array(z.int().positive()),
  /** Fields that must have one of the values; case does not matter. */
  where: z.record(z.string(), NAMES.min(1)),
  outcome: z.enum(OUTCOMES),
});

const VERDICT = z.strictObject({
  id: ID,
  product: z.string().min(1),
  /** antivirus: it looks at files; alert: of a service, about anything. */
  kind: z.enum(["antivirus", "alert"]),
  formats: NAMES.min(1),
  /** None stands for all. */
  providers: z.array(z.string()),
  channels: z.array(z.string()),
  rows: z.array(ROW).min(1),
  says: SAYS,
  ...SOURCE,
  asOf: z.iso.date(),
});

const FAMILY = z.strictObject({ id: ID, text: z.string().min(1), level: z.enum(LEVELS) });

const CLASS = z.strictObject({
  id: z.enum(["compiled", "shell", "archive", "tool"]),
  text: z.string().min(1),
  /** Parts of a path with `\` between folders; none stands for all. */
  folders: z.array(LOWER),
  /** None stands for all. */
  extensions: z.array(LOWER),
  /** How the file's name begins; none stands for all. */
  names: z.array(LOWER),
  ...SOURCE,
});

const KNOWLEDGE = z.strictObject({
  about: z.string(),
  verdicts: z.array(VERDICT).min(1),
  families: z.array(FAMILY.extend({ names: z.array(LOWER).min(1), ...SOURCE })).min(1),
  otherFamily: FAMILY,
  /** Of an alert that names no threat of a known kind, or no host: it may be about a sign-in, or a rule of a mailbox. */
  alertFamily: FAMILY,
  classes: z.array(CLASS).min(1),
  servers: z.strictObject({
    workstationRoles: z.array(LOWER),
    formats: NAMES,
    channels: NAMES,
    ...SOURCE,
  }),
});

/** Everything that knowledge/threats.json says. */
export type ThreatKnowledge = Readonly<Omit<z.infer<typeof KNOWLEDGE>, "about">>;

/** Which records of one product are verdicts, and where they say what. */
export type VerdictSource = ThreatKnowledge["verdicts"][number];

/** A kind of threat. */
export type Family = Readonly<z.infer<typeof FAMILY>>;

/** A kind of file, by where it lay and how it was called; `other` where nothing fits. */
export type FileClass = ThreatKnowledge["classes"][number]["id"] | "other";

const FILE = "threats.json";

/** Checks the knowledge file. Fault: knowledge-invalid, naming the field. */
export function parseThreats(json: unknown): ThreatKnowledge {
  const { about: _, ...knowledge } = checkKnowledge(FILE, KNOWLEDGE, json);
  for (const ids of [knowledge.verdicts, knowledge.families, knowledge.classes].map((entries) =>
    entries.map(({ id }) => id),
  ))
    if (new Set(ids).size !== ids.length) throw knowledgeFault(FILE, "an id stands twice");
  return knowledge;
}

/** `Backdoor:ASP/Chopper.F!dha` as ` backdoor asp chopper f dha `: words, each between blanks. */
function wordsOf(threat: string): string {
  return ` ${threat
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "")
    .join(" ")} `;
}

/** The family that a threat's name tells. */
export function familyOf(threat: string, { families, otherFamily }: ThreatKnowledge): Family {
  const words = wordsOf(threat);
  return (
    families.find(({ names }) => names.some((name) => words.includes(` ${name}`))) ?? otherFamily
  );
}

/** The family with this id; any other id is the family of what has no name. */
export function familyNamed(
  id: string,
  { families, otherFamily, alertFamily }: ThreatKnowledge,
): Family {
  return [...families, alertFamily].find((family) => family.id === id) ?? otherFamily;
}

/** The class that a path tells, with `/` or `\` between folders. */
export function classOf(path: string, { classes }: ThreatKnowledge): FileClass {
  const text = path.toLowerCase().replaceAll("/", "\\");
  const name = text.slice(text.lastIndexOf("\\") + 1);
  const extension = name.slice(name.lastIndexOf(".") + 1);
  const fits = (list: readonly string[], test: (part: string) => boolean) =>
    list.length === 0 || list.some(test);
  const found = classes.find(
    ({ folders, extensions, names }) =>
      fits(folders, (folder) => text.includes(folder)) &&
      fits(extensions, (each) => extension === each) &&
      fits(names, (each) => name.startsWith(each)),
  );
  return found?.id ?? "other";
}
