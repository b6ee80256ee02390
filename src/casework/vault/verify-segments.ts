/**
 * Checks the segments of growing logs that no act has closed yet: with the key every frame, without it the header alone.
 * Refuses to call a frame that is not whole an alteration: it is what a commit in progress, or a crash, looks like.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Source } from "../../base/source.ts";
import type { JournalEntry } from "../../model/act.ts";
import { HEADER_BYTES, inspectSegment, readHeader } from "../../engines/sealed/index.ts";
import type { VaultKeys } from "../../engines/sealed/index.ts";
import { fileSource } from "../file-source.ts";
import { openSegmentsIn } from "./left-segments.ts";
import { objectPath } from "./object-path.ts";
import type { Trouble } from "./terms.ts";

/** What is true of the open segments of a vault. */
export interface SegmentsCheck {
  readonly troubles: readonly Trouble[];
  /** Frames that are not whole: fine while an owner writes, cut by the next start otherwise. */
  readonly unfinished: readonly Trouble[];
  /** What could not be checked, in whole sentences. */
  readonly unchecked: readonly string[];
  /** Object ids. */
  readonly objects: readonly string[];
  readonly sizeBytes: number;
}

/** Checks all segments that `entries` open and do not close; `keys` null: only that they are there. */
export function verifySegments(
  folder: string,
  entries: readonly JournalEntry[],
  keys: VaultKeys | null,
): SegmentsCheck {
  const troubles: Trouble[] = [];
  const unfinished: Trouble[] = [];
  const open = openSegmentsIn(entries);
  let sizeBytes = 0;
  for (const [object, { index }] of open) {
    const file = objectPath(object);
    const say = (what: Trouble["what"], offset: number | null, words: string): Trouble => {
      const message = `the open segment of entry ${index} ${words}`;
      return { what, file, offset, entries: [index, index], object, message };
    };
    if (!existsSync(join(folder, file))) {
      troubles.push(say("removed", null, "is missing"));
      continue;
    }
    const source = fileSource(join(folder, file));
    try {
      sizeBytes += source.byteLength;
      const found = keys === null ? headOf(source, object) : framesOf(source, keys, object);
      if (found === null) continue;
      if (found.torn) unfinished.push(say("truncated", found.offset, found.what));
      else troubles.push(say("altered", found.offset, found.what));
    } finally {
      source.close();
    }
  }
  const unchecked = open.size === 0 ? [] : [uncheckedOf(open.size, keys !== null)];
  return { troubles, unfinished, unchecked, objects: [...open.keys()], sizeBytes };
}

function uncheckedOf(count: number, withKey: boolean): string {
  return withKey
    ? `the ends of ${count} open segments of growing logs: until they are closed, a cut there cannot be told`
    : `content of ${count} open segments of growing logs: until they are closed, only the key can check them`;
}

interface Found {
  readonly offset: number;
  readonly what: string;
  readonly torn: boolean;
}

function headOf(source: Source, object: string): Found | null {
  const header = readHeader(source.read(0, Math.min(HEADER_BYTES, source.byteLength)));
  if (typeof header === "string")
    return { offset: 0, what: `has no header: ${header}`, torn: false };
  if (header.object === object) return null;
  return { offset: 0, what: `was replaced by object ${header.object}`, torn: false };
}

function framesOf(source: Source, keys: VaultKeys, object: string): Found | null {
  const found = inspectSegment(source, keys, object);
  if ("what" in found)
    return { ...found, what: `is not as it was begun: ${found.what}`, torn: false };
  const { damage, torn, soundBytes } = found;
  if (damage === null) return null;
  const rest = source.byteLength - soundBytes;
  const what = torn
    ? `ends in ${rest} bytes of a commit that was never acknowledged`
    : `is not as it was written: ${damage.what}`;
  return { offset: damage.offset, what, torn };
}
