/** What a web server's worker starts by itself, and what it has no reason to: knowledge/worker.json. Refuses an entry without a source. */
import { z } from "zod";
import { checkKnowledge } from "../../../base/knowledge.ts";

const NAMES = z.array(z.string().min(1)).min(1);
const SOURCED = {
  source: z.string().min(1),
  /** documented: a public source says so; practice: responders say so. */
  confidence: z.enum(["documented", "practice"]),
  asOf: z.iso.date(),
};

const SCHEMA = z.strictObject({
  about: z.string(),
  /** Ends of paths. */
  workers: NAMES,
  /** Ends of paths, and how they begin behind the drive. */
  usual: z.array(
    z.strictObject({ ends: NAMES, starts: NAMES, why: z.string().min(1), ...SOURCED }),
  ),
  /** Names of programs. */
  commanding: z.strictObject({ names: NAMES, ...SOURCED }),
  /** Whole paths behind the drive. */
  standing: z.strictObject({ paths: NAMES, ...SOURCED }),
  routine: z.strictObject({
    sights: z.number().int().min(2).max(1_000),
    days: z.number().int().min(2).max(365),
    ...SOURCED,
  }),
});

/** What programs are, by their paths in lower case. */
export interface WorkerTerms {
  isWorker(image: string): boolean;
  /** Why the worker starts it by itself; null where it does not. */
  usual(image: string): string | null;
  isCommanding(image: string): boolean;
  isStanding(image: string): boolean;
  readonly routine: { readonly sights: number; readonly days: number };
}

/** Reads the knowledge file. Faults: knowledge-invalid. */
export function parseWorker(json: unknown): WorkerTerms {
  const { workers, usual, commanding, standing, routine } = checkKnowledge(
    "worker.json",
    SCHEMA,
    json,
  );
  const ends = lowered(workers);
  const own = usual.map((entry) => ({
    ends: lowered(entry.ends),
    starts: lowered(entry.starts),
    why: entry.why,
  }));
  const names = new Set(lowered(commanding.names));
  const paths = new Set(lowered(standing.paths));
  return Object.freeze({
    isWorker: (image: string) => ends.some((end) => image.endsWith(end)),
    usual: (image: string) =>
      own.find(
        (entry) =>
          entry.ends.some((end) => image.endsWith(end)) &&
          entry.starts.some((start) => behindDrive(image).startsWith(start)),
      )?.why ?? null,
    isCommanding: (image: string) => names.has(nameOf(image)),
    isStanding: (image: string) => paths.has(behindDrive(image)),
    routine: { sights: routine.sights, days: routine.days },
  });
}

function lowered(texts: readonly string[]): readonly string[] {
  return texts.map((text) => text.toLowerCase());
}

function behindDrive(image: string): string {
  return image.replace(/^(?:\\\\\?\\)?[a-z]:/, "");
}

/** The name of a program without its path. */
export function nameOf(image: string): string {
  return image.slice(image.lastIndexOf("\\") + 1);
}
