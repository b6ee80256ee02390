/**
 * Holds every sealed object against the entries that name it: there, of that length, of that hash; with the key
 * also decrypted and held against the keyed hash. Refuses to stop at the first trouble. Flat memory.
 */
import { createHash } from "node:crypto";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Source } from "../../base/source.ts";
import type { JournalEntry, ObjectReference } from "../../model/act.ts";
import { HEADER_BYTES, inspectSealed, readHeader } from "../../engines/sealed/index.ts";
import type { VaultKeys } from "../../engines/sealed/index.ts";
import { objectPath, strayFiles } from "./objects.ts";
import type { Progress, Trouble } from "./terms.ts";
import { fileSource } from "../file-source.ts";
import { diskFiles } from "./files.ts";

const BLOCK_BYTES = 2_097_152;

/** What is true of the objects of a vault. */
export interface ObjectsCheck {
  readonly troubles: readonly Trouble[];
  /** Files that no entry names. */
  readonly strays: readonly Trouble[];
  readonly count: number;
  readonly sizeBytes: number;
}

interface Named {
  readonly entry: number;
  readonly part: "body" | "sealed";
  readonly reference: ObjectReference;
}

/** Checks all objects that `entries` name; `keys` null: by their sealed bytes only. */
export function verifyObjects(
  folder: string,
  entries: readonly JournalEntry[],
  keys: VaultKeys | null,
  progress?: Progress,
): ObjectsCheck {
  const named = entries.flatMap(namedBy);
  const totalBytes = named.reduce((sum, { reference }) => sum + reference.sizeBytes, 0);
  const troubles: Trouble[] = [];
  const seen = new Set<string>();
  let sizeBytes = 0;
  for (const one of named) {
    // An object may be named again, by an act about it; two entries that differ on it are both held against it.
    const { reference } = one;
    const path = objectPath(reference.object);
    const full = join(folder, path);
    if (!existsSync(full)) {
      troubles.push(trouble(one, path, "removed", null, "is missing"));
    } else {
      const actualBytes = statSync(full).size;
      const source = fileSource(full);
      try {
        troubles.push(...verifyObject(one, path, source, keys));
      } finally {
        source.close();
      }
      sizeBytes += actualBytes;
    }
    seen.add(reference.object);
    progress?.(Math.min(sizeBytes, totalBytes), totalBytes);
  }
  const strays = strayFiles(folder, diskFiles, seen).map((file): Trouble => {
    const message = "no entry names this file: added by hand, or left by a crash";
    return { what: "added", file, offset: null, entries: null, object: null, message };
  });
  return { troubles, strays, count: seen.size, sizeBytes };
}

function namedBy({ index, body, sealed }: JournalEntry): Named[] {
  return [
    ...(body === null ? [] : [{ entry: index, part: "body" as const, reference: body }]),
    ...(sealed === null ? [] : [{ entry: index, part: "sealed" as const, reference: sealed }]),
  ];
}

function trouble(
  { entry, part, reference }: Named,
  path: string,
  what: Trouble["what"],
  offset: number | null,
  words: string,
): Trouble {
  const message = `the ${part} object of entry ${entry} ${words}`;
  return { what, file: path, offset, entries: [entry, entry], object: reference.object, message };
}

/** Length, header and hash; where the key is there, also the chunk at which it is damaged. */
function verifyObject(one: Named, path: string, source: Source, keys: VaultKeys | null): Trouble[] {
  const { reference } = one;
  const say = (what: Trouble["what"], offset: number | null, words: string) => [
    trouble(one, path, what, offset, words),
  ];
  const header = readHeader(source.read(0, Math.min(HEADER_BYTES, source.byteLength)));
  if (typeof header !== "string" && header.object !== reference.object)
    return say("altered", 0, `was replaced by object ${header.object}`);
  const sound = hashOf(source) === reference.sha256;
  const inspection = keys === null ? null : inspectSealed(source, keys);
  const damage = inspection?.damages[0];
  const where = damage === undefined ? "" : ` (${damage.what})`;
  const lengths = `: ${source.byteLength} bytes instead of ${reference.sizeBytes}`;
  if (source.byteLength < reference.sizeBytes)
    return say("truncated", source.byteLength, `is cut short${lengths}${where}`);
  if (source.byteLength > reference.sizeBytes)
    return say("altered", reference.sizeBytes, `is longer than it was${lengths}${where}`);
  if (!sound) return say("altered", damage?.offset ?? null, `is not as it was sealed${where}`);
  if (damage !== undefined)
    return say("altered", damage.offset, `fits its entry, but does not decrypt${where}`);
  if (inspection !== null && inspection.hmac !== reference.hmac)
    return say("altered", null, "decrypts to other content than its entry names");
  return [];
}

function hashOf(source: Source): string {
  const hash = createHash("sha256");
  for (let start = 0; start < source.byteLength; start += BLOCK_BYTES)
    hash.update(source.read(start, Math.min(start + BLOCK_BYTES, source.byteLength)));
  return hash.digest("hex");
}
