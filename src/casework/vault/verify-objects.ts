/**
 * Holds every sealed object against the entries that name it: there, of that length, of that hash; with the key
 * also decrypted and held against the keyed hash. Refuses to stop at the first trouble. Flat memory.
 */
import { createHash } from "node:crypto";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Source } from "../../base/source.ts";
import type { JournalEntry, ObjectReference } from "../../model/act.ts";
import {
  HEADER_BYTES,
  inspectSealed,
  isKeyDropped,
  readHeader,
} from "../../engines/sealed/index.ts";
import type { VaultKeys } from "../../engines/sealed/index.ts";
import { formatTicks } from "../../base/time.ts";
import { destroyedObjects } from "./destruction.ts";
import { objectPath } from "./object-path.ts";
import { strayFiles } from "./objects.ts";
import { verifySegments } from "./verify-segments.ts";
import type { DestroyedObject, Progress, Trouble } from "./terms.ts";
import { fileSource } from "../file-source.ts";
import { diskFiles } from "./files.ts";

const BLOCK_BYTES = 2_097_152;

/** What is true of the objects of a vault. */
export interface ObjectsCheck {
  readonly troubles: readonly Trouble[];
  /** Files that no entry names. */
  readonly strays: readonly Trouble[];
  /** What acts destroyed, and is gone. */
  readonly destroyed: readonly DestroyedObject[];
  /** What acts destroyed, and is there all the same: not finished, or brought back. */
  readonly leftovers: readonly Trouble[];
  /** Frames of growing logs that are not whole. */
  readonly unfinished: readonly Trouble[];
  readonly unchecked: readonly string[];
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
  const ended = destroyedObjects(entries);
  const named = entries.flatMap(namedBy).filter(({ reference }) => !ended.has(reference.object));
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
  const { destroyed, leftovers } = verifyDestroyed(folder, ended);
  const segments = verifySegments(folder, entries, keys);
  for (const object of segments.objects) seen.add(object);
  const known = new Set([...seen, ...ended.keys()]);
  const strays = strayFiles(folder, diskFiles, known).map((file): Trouble => {
    const message =
      "no entry names this file: added by hand, or left by a crash (the next command that opens the vault removes what a crash left)";
    return { what: "added", file, offset: null, entries: null, object: null, message };
  });
  return {
    troubles: [...troubles, ...segments.troubles],
    strays,
    destroyed,
    leftovers,
    unfinished: segments.unfinished,
    unchecked: segments.unchecked,
    count: seen.size,
    sizeBytes: sizeBytes + segments.sizeBytes,
  };
}

/** Each destroyed object: gone, or there although an act says otherwise. */
function verifyDestroyed(
  folder: string,
  ended: ReadonlyMap<string, JournalEntry>,
): Pick<ObjectsCheck, "destroyed" | "leftovers"> {
  const destroyed: DestroyedObject[] = [];
  const leftovers: Trouble[] = [];
  for (const [object, { index, time }] of ended) {
    destroyed.push({ object, entry: index, time });
    const path = objectPath(object);
    if (!existsSync(join(folder, path))) continue;
    const source = fileSource(join(folder, path));
    const dropped = isKeyDropped(source.read(0, Math.min(HEADER_BYTES, source.byteLength)));
    source.close();
    const key = dropped ? "without its key" : "with its key";
    const message = `object ${object} was destroyed by act ${index} on ${formatTicks(time, 0)}, and is there ${key}: not finished, or brought back from a copy; the next start of this vault removes it`;
    const entries = [index, index] as const;
    leftovers.push({ what: "added", file: path, offset: null, entries, object, message });
  }
  return { destroyed, leftovers };
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
