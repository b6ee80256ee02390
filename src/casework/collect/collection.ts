/** How each kind of evidence is collected (knowledge/collection.json), read and checked. Refuses steps that could change anything: there is no word for one. */
import { z } from "zod";
import { checkKnowledge } from "../../base/knowledge.ts";

/** Folders that the script finds on the machine; `iis-site` is the log folder of the site with that number. */
export const ROOTS = ["exchange", "iis-site", "program-data", "system-drive", "windows"] as const;
export type Root = (typeof ROOTS)[number];

const text = z.string().min(1);
const STEP = z.discriminatedUnion("do", [
  /** Copies files below a root; they may be open for writing. */
  z.strictObject({
    do: z.literal("copy"),
    root: z.enum(ROOTS),
    path: text,
    mask: text,
    recurse: z.boolean(),
  }),
  /** Exports a channel of the event log (wevtutil epl). */
  z.strictObject({ do: z.literal("export-channel"), channel: text }),
  /** Saves a hive of the registry (reg save). */
  z.strictObject({
    do: z.literal("save-hive"),
    key: text,
    name: z.string().regex(/^[A-Za-z0-9]+$/),
  }),
  /** Only a tool that reads the volume reaches it: in the KAPE list, and told by the script. */
  z.strictObject({ do: z.literal("raw"), path: text, mask: text, why: text }),
  /** A person exports it by hand. */
  z.strictObject({ do: z.literal("say"), text }),
]);

const KNOWLEDGE = z.strictObject({
  about: z.string(),
  entries: z
    .array(
      z.strictObject({
        evidence: text,
        steps: z.array(STEP).min(1),
        /** Where these commands and places are told. */
        source: text,
        /** documented: a public source says so; practice: responders say so. */
        confidence: z.enum(["documented", "practice"]),
        asOf: z.iso.date(),
      }),
    )
    .min(1),
});

/** One step of collecting. */
export type Step = Readonly<z.infer<typeof STEP>>;

/** The steps of each kind of evidence, by its id in knowledge/expected-evidence.json. */
export type Collection = ReadonlyMap<string, readonly Step[]>;

/** Checks the knowledge file. Fault: knowledge-invalid, naming the field. */
export function parseCollection(json: unknown): Collection {
  const { entries } = checkKnowledge("collection.json", KNOWLEDGE, json);
  return new Map(entries.map(({ evidence, steps }) => [evidence, steps]));
}
