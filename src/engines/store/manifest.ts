/**
 * Which segments count. `manifest.json` is one JSON object {crc32, manifest}; crc32 is over the manifest's own JSON text.
 * Refuses a manifest of another version or with another checksum: a store is rebuilt, never guessed at.
 */
import {
  chmodSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { crc32 } from "node:zlib";
import { z } from "zod";
import { UNDATED } from "../../base/time.ts";
import { damaged, keepFile, onDisk, removeFile } from "./files.ts";
import type { Segment } from "./segment.ts";

/** The file whose presence makes a folder a store. */
const MANIFEST_FILE = "manifest.json";
/** Written first, then renamed. */
const PARTIAL_FILE = `${MANIFEST_FILE}.partial`;
/** Raised with every change of the layout; a store of another version is rebuilt. */
const VERSION = 2;
const SEGMENT_FILE = /^[a-z0-9-]+\.parquet$/;

const whole = z.number().int().nonnegative();
const tick = z.string().transform((digits, context) => {
  if (/^-?\d{1,19}$/.test(digits)) return BigInt(digits);
  context.addIssue("not a count of ticks");
  return UNDATED;
});

const extent = { rows: whole, undated: whole, ticksMin: tick, ticksMax: tick };
const group = z.object({ ...extent, offsetMin: z.number(), offsetMax: z.number() });
const segment = z.object({
  ...extent,
  file: z.string().regex(SEGMENT_FILE),
  sizeBytes: whole,
  sum: whole,
  tailAt: whole,
  bare: whole,
  sources: z.array(z.string()).nullable(),
  groups: z.array(group),
});
const manifest = z.object({ version: z.literal(VERSION), segments: z.array(segment) });

/**
 * Makes these segments, and no others, what counts in `dir` from now on; a reader that is open keeps what it opened.
 * Faults: disk-full, not-writable.
 */
export function publishSegments(dir: string, segments: readonly Segment[]): void {
  for (const { file } of segments) keepFile(resolve(dir, file));
  onDisk("write", () => {
    mkdirSync(dir, { recursive: true });
    chmodSync(dir, 0o700);
    writeFileSync(join(dir, PARTIAL_FILE), formatManifest(segments), { mode: 0o600 });
    renameSync(join(dir, PARTIAL_FILE), join(dir, MANIFEST_FILE));
  });
}

/**
 * Removes our files in `dir` that are not among `keep`, by name: what a crash left and what was replaced. A file that
 * a reader of this process has open goes when the last of them closes. Does nothing where there is no folder.
 */
export function cleanSegments(dir: string, keep: ReadonlySet<string>): void {
  for (const file of onDisk("read", () => filesOf(dir)))
    if (file === PARTIAL_FILE || (SEGMENT_FILE.test(file) && !keep.has(file)))
      removeFile(resolve(dir, file));
}

function filesOf(dir: string): readonly string[] {
  try {
    return readdirSync(dir);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}

/** The segments that count in `dir`. Faults: vault-damaged, not-readable. */
export function readManifest(dir: string): readonly Segment[] {
  const text = onDisk("read", () => readFileSync(join(dir, MANIFEST_FILE), "utf8"));
  const segments = parseManifest(text);
  if (segments === null) throw damaged("its manifest is cut, altered or of another version");
  return segments;
}

function formatManifest(segments: readonly Segment[]): string {
  const text = toJson({ version: VERSION, segments });
  return `{"crc32":${crc32(text)},"manifest":${text}}\n`;
}

function parseManifest(text: string): readonly Segment[] | null {
  const frame = z.object({ crc32: z.number(), manifest: z.unknown() });
  try {
    const read = frame.parse(JSON.parse(text));
    if (crc32(toJson(read.manifest)) !== read.crc32) return null;
    return manifest.parse(read.manifest).segments;
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
