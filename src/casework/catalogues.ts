/**
 * Catalogues: those that come with the program, and those that people add to a vault, sealed as they were handed in. Refuses a
 * file of which nothing can be read, and one of no stated day: how old a catalogue is must be known.
 */
import { createHash } from "node:crypto";
import { basename, join } from "node:path";
import { z } from "zod";
import { known } from "../base/assert.ts";
import { type Day, formatDay, parseDay } from "../base/day.ts";
import { Fault } from "../base/fault.ts";
import { readAll } from "../base/source.ts";
import { byCodeUnits } from "../base/text.ts";
import type { Ticks } from "../base/time.ts";
import {
  CATALOGUE_BYTES_MAX,
  type CatalogueFile,
  type CatalogueForm,
  readCatalogue,
} from "../engines/formats/index.ts";
import type { JournalEntry } from "../model/act.ts";
import type { CataloguePart } from "../model/catalogue.ts";
import { bodyOf } from "./bodies.ts";
import { walk } from "./disk.ts";
import { fileSource } from "./file-source.ts";
import { inputBytes, sealInput } from "./inputs.ts";
import { type Vault, damagedFault } from "./vault/index.ts";

/** A file of a catalogue that was read, with its SHA-256 in every source of its part. */
export interface ReadCatalogue {
  /** Its name, without folders. */
  readonly file: string;
  readonly hash: string;
  readonly form: CatalogueForm;
  readonly part: CataloguePart;
  /** Entries that could not be read: how many, and the first ones in words. */
  readonly passedOver: { readonly count: number; readonly examples: readonly string[] };
}

/** A catalogue of a vault. */
export interface AddedCatalogue extends ReadCatalogue {
  /** Its sealed object, by which a run names it. */
  readonly object: string;
  readonly by: string;
  readonly at: Ticks;
}

/** What adding a catalogue came to. */
export interface Addition {
  readonly catalogue: ReadCatalogue;
  /** False: the vault held the same bytes already, and nothing was changed. */
  readonly isNew: boolean;
}

/** The body of the act that seals a catalogue. */
const SEALED = z.object({
  input: z.literal("catalogue"),
  hash: z.string(),
  file: z.string(),
  by: z.string(),
  day: z.string(),
});
const OTHER = z.object({ input: z.string() });

/**
 * Seals a file as a catalogue of the vault. `stated`: the day of a file that states none itself.
 * Faults: not-found, not-readable; catalogue-invalid, saying what is wrong and where.
 */
export function addCatalogue(vault: Vault, path: string, by: string, stated: Day | null): Addition {
  const bytes = bytesOf(path);
  const catalogue = understood(bytes, path, stated);
  if (sealedIn(vault).some(({ body }) => body.hash === catalogue.hash))
    return { catalogue, isNew: false };
  const day = formatDay(newestDay(catalogue.part));
  sealInput(vault, "catalogue", bytes, by, { file: catalogue.file, by, day });
  return { catalogue, isNew: true };
}

/** The catalogues of a vault in the order of adding; with `objects` those and no others. Faults: vault-damaged. */
export function cataloguesOf(
  vault: Vault,
  objects: readonly string[] | null = null,
): readonly AddedCatalogue[] {
  return sealedIn(vault)
    .filter(({ object }) => objects?.includes(object) ?? true)
    .map(({ entry, object, body: { hash, file, by, day } }) => {
      const read = resultOf(inputBytes(vault, object), file, hash, parseDay(day));
      if (typeof read === "string")
        throw damagedFault(vault.folder, `the catalogue ${object} cannot be read: ${read}`);
      return { ...read, object, by, at: entry.time };
    });
}

/** The object ids of a vault's catalogues in the order of adding: what a run names. */
export function catalogueObjects(vault: Vault): readonly string[] {
  return sealedIn(vault).map(({ object }) => object);
}

/**
 * Reads a file without a vault. `stated`: the day of a file that states none itself.
 * Faults: not-found, not-readable; catalogue-invalid, saying what is wrong and where.
 */
export function readCatalogueFile(path: string, stated: Day | null = null): ReadCatalogue {
  return understood(bytesOf(path), path, stated);
}

/** The catalogues in a folder that comes with the program, in the order of their names. Faults: catalogue-invalid. */
export function cataloguesIn(folder: string): readonly ReadCatalogue[] {
  const names = walk([folder]).files.map(({ path }) => basename(path));
  return names
    .filter((name) => name.endsWith(".json"))
    .sort(byCodeUnits)
    .map((name) => readCatalogueFile(join(folder, name)));
}

function sealedIn(vault: Vault) {
  return vault.entries().flatMap((entry: JournalEntry) => {
    if (entry.kind !== "input-sealed") return [];
    const body = bodyOf(vault, entry, z.union([SEALED, OTHER]));
    if (!("day" in body)) return [];
    const { object } = known(entry.sealed, "an input act names its object");
    return [{ entry, object, body }];
  });
}

function bytesOf(path: string): Uint8Array {
  const source = fileSource(path);
  try {
    if (source.byteLength <= CATALOGUE_BYTES_MAX) return readAll(source);
    throw invalid(path, `it is larger than ${CATALOGUE_BYTES_MAX} bytes`, HINT);
  } finally {
    source.close();
  }
}

const HINT =
  "a list of the CISA (KEV), EPSS scores, an MSRC export, a CSAF advisory, or one of your own: docs/formats/catalogue.md";

function understood(bytes: Uint8Array, path: string, stated: Day | null): ReadCatalogue {
  const hash = createHash("sha256").update(bytes).digest("hex");
  const read = readCatalogue(bytes, stated);
  if (read.form !== null) return withHash(read, basename(path), hash);
  const hint = read.lacksDay ? "add the day on which it was downloaded: --date 2026-11-01" : HINT;
  throw invalid(path, read.why, hint);
}

function resultOf(bytes: Uint8Array, file: string, hash: string, stated: Day | null) {
  const read = readCatalogue(bytes, stated);
  return read.form === null ? read.why : withHash(read, file, hash);
}

type Understood = Extract<CatalogueFile, { readonly form: CatalogueForm }>;

function withHash(
  { form, part, passedOver }: Understood,
  file: string,
  hash: string,
): ReadCatalogue {
  const sources = part.sources.map((source) => ({ ...source, hash }));
  return { file, hash, form, part: { ...part, sources }, passedOver };
}

/** The day of its newest source. */
export function newestDay({ sources }: CataloguePart): Day {
  const newest = sources.reduce((left, right) => (right.day > left.day ? right : left));
  return newest.day;
}

function invalid(path: string, why: string, hint: string): Fault {
  return new Fault("catalogue-invalid", `${path} cannot be read as a catalogue: ${why}`, hint);
}
