/**
 * Evidence that was left where it lay, held against the hash that its act sealed: there, of that length, of that content.
 * Needs the key, since only the act's own words know the path. Refuses to mend anything.
 */
import { createHash } from "node:crypto";
import { z } from "zod";
import { Fault } from "../../base/fault.ts";
import { readAll } from "../../base/source.ts";
import type { JournalEntry } from "../../model/act.ts";
import type { VaultKeys } from "../../engines/sealed/index.ts";
import { fileSource } from "../file-source.ts";
import { openObjectWith } from "./object-access.ts";
import type { Trouble } from "./terms.ts";

/** What the act of such an evidence says of it, as far as it is needed here. */
const BODY = z.object({ hash: z.string(), path: z.string(), sizeBytes: z.number() });
const BLOCK_BYTES = 2_097_152;

/** What was found outside the vault. */
export interface OutsideCheck {
  readonly count: number;
  readonly sizeBytes: number;
  readonly troubles: readonly Trouble[];
}

/** Hashes all evidence that lies outside. A body that does not open is told by the check of the objects. */
export function verifyOutside(
  folder: string,
  entries: readonly JournalEntry[],
  keys: VaultKeys,
): OutsideCheck {
  const troubles: Trouble[] = [];
  let count = 0;
  let sizeBytes = 0;
  for (const [entry, body] of whereTheyLie(folder, entries, keys)) {
    count++;
    sizeBytes += body.sizeBytes;
    const trouble = troubleOf(body);
    if (trouble === null) continue;
    const [what, message] = trouble;
    const entriesOf = [entry.index, entry.index] as const;
    troubles.push({
      what,
      file: body.path,
      offset: null,
      entries: entriesOf,
      object: null,
      message,
    });
  }
  return { count, sizeBytes, troubles };
}

/** One act for each evidence: what was gone and was found again elsewhere lies where it was found last. */
function whereTheyLie(folder: string, entries: readonly JournalEntry[], keys: VaultKeys) {
  const last = new Map<string, readonly [JournalEntry, z.infer<typeof BODY>]>();
  for (const entry of entries) {
    const body = entry.kind === "evidence-referenced" ? bodyOf(folder, entry, keys) : null;
    if (body !== null) last.set(body.hash, [entry, body]);
  }
  return last.values();
}

function bodyOf(folder: string, { body }: JournalEntry, keys: VaultKeys) {
  if (body === null) return null;
  try {
    const source = openObjectWith({ folder, keys }, body.object);
    try {
      const parsed = BODY.safeParse(JSON.parse(new TextDecoder().decode(readAll(source))));
      return parsed.success ? parsed.data : null;
    } finally {
      source.close();
    }
  } catch (error) {
    if (error instanceof Fault || error instanceof SyntaxError) return null;
    throw error;
  }
}

function troubleOf({
  hash,
  path,
  sizeBytes,
}: z.infer<typeof BODY>): readonly [Trouble["what"], string] | null {
  try {
    const source = fileSource(path);
    try {
      if (source.byteLength !== sizeBytes)
        return [
          "altered",
          `evidence left where it lay has ${source.byteLength} bytes, not ${sizeBytes}`,
        ];
      const digest = createHash("sha256");
      for (let at = 0; at < sizeBytes; at += BLOCK_BYTES)
        digest.update(source.read(at, Math.min(sizeBytes, at + BLOCK_BYTES)));
      if (digest.digest("hex") === hash) return null;
      return ["altered", "evidence left where it lay has other bytes than were hashed"];
    } finally {
      source.close();
    }
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return ["removed", `evidence left where it lay cannot be read: ${error.message}`];
  }
}
