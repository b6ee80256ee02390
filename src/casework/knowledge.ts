/**
 * Knowledge as data: read from the program's own folder, checked, frozen, hashed, and handed down.
 * A run journals the hash, so that a finding can be traced to what was known when it was made.
 */
import { createHash } from "node:crypto";
import { basename, join } from "node:path";
import { utf8 } from "../base/bytes.ts";
import { knowledgeFault } from "../base/knowledge.ts";
import { byCodeUnits } from "../base/text.ts";
import { type Formats, makeFormats, parseTables, readCatalogue } from "../engines/formats/index.ts";
import { type LogSources, parseLogSources } from "../engines/sigma/index.ts";
import type { CataloguePart } from "../model/catalogue.ts";
import type { Law } from "../model/duty.ts";
import {
  type AnswerHours,
  type ExclusionTerms,
  type ProtectionTerms,
  type WorkerTerms,
  parseAnswerHours,
  parseExclusions,
  parseProtection,
  parseThreats,
  parseWorker,
  parseTools,
  type ThreatKnowledge,
  type Tools,
} from "../questions/answered/index.ts";
import {
  type AftermathTerms,
  type ExpectedKnowledge,
  type Lifetimes,
  parseAftermath,
  parseExpectedEvidence,
  parseLifetimes,
} from "../questions/cause/index.ts";
import { parseLaws } from "../questions/duties/index.ts";
import {
  type PatchTerms,
  parsePatchTerms,
  parseStrengths,
  type StrengthKnowledge,
} from "../questions/patched/index.ts";
import { type Collection, parseCollection } from "./collect/collection.ts";
import { readText, walk } from "./disk.ts";
import { parseReadingOrder, type ReadingOrder } from "./reading/decisive.ts";

export interface Knowledge {
  readonly formats: Formats;
  readonly logSources: LogSources;
  readonly expected: ExpectedKnowledge;
  readonly lifetimes: Lifetimes;
  readonly aftermath: AftermathTerms;
  readonly collection: Collection;
  readonly laws: readonly Law[];
  readonly strengths: StrengthKnowledge;
  /** Releases and vulnerabilities, a part a file; read when they are asked for, since most work needs none of it. */
  readonly catalogue: () => readonly CataloguePart[];
  readonly patchTerms: PatchTerms;
  readonly answerHours: AnswerHours;
  readonly protection: ProtectionTerms;
  readonly exclusions: ExclusionTerms;
  readonly readingOrder: ReadingOrder;
  readonly threats: ThreatKnowledge;
  readonly worker: WorkerTerms;
  readonly tools: Tools;
  /** SHA-256 over every file's name and bytes, hexadecimal. */
  readonly hash: string;
}

const PROGRAM = join(import.meta.dirname, "..", "..");

/** The folder of our own rules. */
export const OWN_RULES = join(PROGRAM, "rules");

/** The folder of the catalogues that come with the program. */
export const OWN_CATALOGUES = join(PROGRAM, "knowledge", "catalogue");

/** Reads all of it. Faults: knowledge-invalid, naming the file. */
export function loadKnowledge(folder = join(PROGRAM, "knowledge")): Knowledge {
  const hash = createHash("sha256");
  const textOf = (name: string): string => {
    const text = readText(join(folder, name));
    hash.update(`${name}\n${text.length}\n`).update(text);
    return text;
  };
  const read = (name: string) => parsed(name, textOf(name));
  const namesIn = (part: string) =>
    walk([join(folder, part)])
      .files.map(({ path }) => basename(path))
      .filter((name) => name.endsWith(".json"))
      .sort(byCodeUnits)
      .map((name) => join(part, name));
  return Object.freeze({
    ...readingKnowledge(read),
    logSources: parseLogSources(read("sigma-logsources.json")),
    expected: parseExpectedEvidence(read("expected-evidence.json")),
    lifetimes: parseLifetimes(read("lifetimes.json")),
    collection: parseCollection(read("collection.json")),
    laws: parseLaws(namesIn("laws").map(read)),
    strengths: parseStrengths(read("observations.json")),
    catalogue: catalogueOf(namesIn("catalogue").map((name) => [name, textOf(name)] as const)),
    patchTerms: parsePatchTerms(read("patching.json")),
    answerHours: parseAnswerHours(read("escalation.json")),
    exclusions: parseExclusions(read("exclusions.json")),
    readingOrder: parseReadingOrder(read("reading-order.json")),
    tools: parseTools(read("tools.json")),
    hash: hash.digest("hex"),
  });
}

/** What events are read with: all that a worker asks for, without the catalogues and laws that a start would spend its time on. */
export type ReadingKnowledge = Pick<
  Knowledge,
  "formats" | "aftermath" | "protection" | "threats" | "worker"
>;

/** Reads only that. Faults: knowledge-invalid, naming the file. */
export function loadReadingKnowledge(folder = join(PROGRAM, "knowledge")): ReadingKnowledge {
  return readingKnowledge((name) => parsed(name, readText(join(folder, name))));
}

function readingKnowledge(read: (name: string) => unknown): ReadingKnowledge {
  return {
    formats: makeFormats(parseTables(read("tables.json"))),
    aftermath: parseAftermath(read("aftermath.json")),
    protection: parseProtection(read("protection.json")),
    threats: parseThreats(read("threats.json")),
    worker: parseWorker(read("worker.json")),
  };
}

function parsed(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw knowledgeFault(name, "it is not JSON");
  }
}

function catalogueOf(files: readonly (readonly [name: string, text: string])[]) {
  let parts: readonly CataloguePart[] | null = null;
  return () => (parts ??= files.map(([name, text]) => cataloguePart(name, text)));
}

function cataloguePart(name: string, text: string): CataloguePart {
  const read = readCatalogue(utf8(text));
  if (read.form !== null) return read.part;
  throw knowledgeFault(name, read.why);
}

/** Name and version as runs and dossiers carry it. */
export function programVersion(): string {
  const manifest: unknown = JSON.parse(readText(join(PROGRAM, "package.json")));
  const version =
    typeof manifest === "object" && manifest !== null && "version" in manifest
      ? String(manifest.version)
      : "unknown";
  return `breakwater ${version}`;
}
