/**
 * Closes the segments that a crash left open: cuts the frame that was never acknowledged, writes the end, journals it.
 * Refuses to cut more than one commit: what a crash cannot have caused stays as it is, for verify to tell.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { JournalEntry } from "../../model/act.ts";
import { inspectSegment } from "../../engines/sealed/index.ts";
import type { SegmentInspection, VaultKeys } from "../../engines/sealed/index.ts";
import { fileSource } from "../file-source.ts";
import type { VaultFiles } from "./files.ts";
import { destroyedObjects } from "./destruction.ts";
import { objectPath } from "./object-path.ts";
import { SEGMENT_OPENED } from "./segment-acts.ts";
import type { SegmentClosed } from "./segment-acts.ts";
import type { Act } from "./terms.ts";

/** Entries that opened a segment which no entry closed or destroyed, by object id. */
export function openSegmentsIn(entries: readonly JournalEntry[]): Map<string, JournalEntry> {
  const open = new Map<string, JournalEntry>();
  for (const entry of entries) {
    if (entry.kind === "log-opened") open.set(entry.subject, entry);
    if (entry.kind === "log-closed") open.delete(entry.subject);
  }
  for (const object of destroyedObjects(entries).keys()) open.delete(object);
  return open;
}

/** What closing needs of the vault that is being opened. */
export interface LeftSettings {
  readonly folder: string;
  readonly keys: VaultKeys;
  readonly files: VaultFiles;
  readonly readBody: (entry: JournalEntry) => unknown;
}

/** Segments that were left open: acts that close them, what of the others can be read, and a line for each. */
export interface LeftSegments {
  readonly acts: readonly Act[];
  readonly damaged: ReadonlyMap<string, SegmentInspection | null>;
  readonly told: readonly string[];
}

/** Ends every segment that a crash left open; done again after a crash in the middle of it, it does the same. */
export function closeLeftSegments(
  entries: readonly JournalEntry[],
  settings: LeftSettings,
): LeftSegments {
  const acts: Act[] = [];
  const damaged = new Map<string, SegmentInspection | null>();
  const told: string[] = [];
  for (const [object, entry] of openSegmentsIn(entries)) {
    const ended = endSegment(join(settings.folder, objectPath(object)), object, settings);
    if (ended.why !== null) {
      damaged.set(object, ended.found);
      told.push(`left ${objectPath(object)} open: ${ended.why}`);
      continue;
    }
    const { reference, sizeBytes } = ended.found.end;
    const { log, by } = SEGMENT_OPENED.parse(settings.readBody(entry));
    const body: SegmentClosed = { log, sizeBytes, why: "crash", by };
    acts.push({ kind: "log-closed", by, subject: object, body, sealed: reference });
    const cut = ended.cutBytes === 0 ? "" : `, cut ${ended.cutBytes} bytes never acknowledged`;
    told.push(`closed ${objectPath(object)}, a log that a crash had left open${cut}`);
  }
  return { acts, damaged, told };
}

type Ended =
  | { readonly why: null; readonly cutBytes: number; readonly found: SegmentInspection }
  | { readonly why: string; readonly found: SegmentInspection | null };

function endSegment(path: string, object: string, { keys, files }: LeftSettings): Ended {
  if (!existsSync(path)) return { why: "it is missing", found: null };
  const source = fileSource(path);
  const found = inspectSegment(source, keys, object);
  source.close();
  if ("what" in found) return { why: found.what, found: null };
  if (found.damage !== null && !found.torn) return { why: found.damage.what, found };
  const file = files.open(path);
  try {
    if (found.damage !== null) files.truncate(file, found.soundBytes);
    if (!found.closed) files.write(file, found.end.tail, found.soundBytes);
    files.sync(file);
  } finally {
    files.close(file);
  }
  return { why: null, cutBytes: source.byteLength - found.soundBytes, found };
}
