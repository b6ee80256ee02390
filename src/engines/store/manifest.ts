/**
 * What lies where in a store, and what each block can hold: enough to pass over most blocks unread.
 * `manifest.json` is one JSON object {crc32, manifest}; crc32 is over the manifest's own JSON text.
 * Refuses a manifest of another version or with another checksum: a store is rebuilt, never guessed at.
 */
import { crc32 } from "node:zlib";
import { z } from "zod";
import { UNDATED } from "../../base/time.ts";

/** The file whose presence makes a folder a finished store. */
export const MANIFEST_FILE = "manifest.json";
/** Raised with every change of the layout; a store of another version is rebuilt. */
const VERSION = 1;

const whole = z.number().int().nonnegative();
const tick = z.string().transform((digits, context) => {
  if (/^-?\d{1,19}$/.test(digits)) return BigInt(digits);
  context.addIssue("not a count of ticks");
  return UNDATED;
});

/** Where a section lies in its segment (compressed), how long it becomes, and its checksum as it lies. */
const section = z.object({ at: whole, sizeBytes: whole, rawBytes: whole, crc32: whole });

const place = z.object({ evidence: z.string(), member: z.string(), file: z.string() });

const block = z.object({
  segment: whole,
  place: whole,
  format: z.enum(["evtx", "iis", "windows-json"]),
  digits: whole,
  zoneAssumed: z.string().nullable(),
  rows: whole,
  /** Rows without a time; the ticks below are of the others. */
  undated: whole,
  ticksMin: tick,
  ticksMax: tick,
  offsetMin: z.number(),
  offsetMax: z.number(),
  /** All values of the column in this block, or null where they are too many to list. */
  hosts: z.array(z.string()).nullable(),
  channels: z.array(z.string()).nullable(),
  eventIds: z.array(z.number()).nullable(),
  head: section,
  body: section,
});

const manifest = z.object({
  version: z.literal(VERSION),
  /** File names, and the bytes that each must have. */
  segments: z.array(
    z.object({ file: z.string().regex(/^[a-z0-9-]+\.segment$/), sizeBytes: whole }),
  ),
  places: z.array(place),
  rows: whole,
  blocks: z.array(block),
});

/** The index of a store. */
export type Manifest = z.infer<typeof manifest>;
/** Up to ROWS_MAX rows of one place, one after the other. */
export type BlockEntry = z.infer<typeof block>;
export type Section = z.infer<typeof section>;

/** An empty manifest of this version. */
export function emptyManifest(): Manifest {
  return { version: VERSION, segments: [], places: [], rows: 0, blocks: [] };
}

/** The text of `manifest.json`. */
export function formatManifest(value: Manifest): string {
  const text = toJson(value);
  return `{"crc32":${crc32(text)},"manifest":${text}}\n`;
}

/** The manifest in this text; null where it is cut, altered or of another version. */
export function parseManifest(text: string): Manifest | null {
  const frame = z.object({ crc32: z.number(), manifest: z.unknown() });
  try {
    const read = frame.parse(JSON.parse(text));
    if (crc32(toJson(read.manifest)) !== read.crc32) return null;
    return manifest.parse(read.manifest);
  } catch {
    return null;
  }
}

/** JSON with ticks as texts. Reading and writing it again gives the same text: the checksum rests on it. */
function toJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === "bigint" ? inner.toString() : inner,
  );
}
