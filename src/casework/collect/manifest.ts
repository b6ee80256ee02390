/**
 * The manifest that the collection script writes (docs/design/collect.md): CSV, one row a file, its path below the manifest's own
 * folder. Told by its header, whatever it is called. Refuses paths that lead out of that folder.
 */
import { utf8 } from "../../base/bytes.ts";
import { cellsOf } from "../../engines/formats/index.ts";

/** The columns in the script's order. */
export const MANIFEST_COLUMNS = [
  "sha256",
  "size_bytes",
  "last_write_utc",
  "path",
  "source",
] as const;
/** A collection of more files than this is not checked further, and that is said. */
export const ROWS_MAX = 200_000;

const SHA256 = /^[0-9a-f]{64}$/;

/** A file as the script saw it, or why its row tells of none. */
export interface ManifestRow {
  /** Line of the manifest, from 1. */
  readonly line: number;
  /** Byte in the manifest at which it begins. */
  readonly offset: number;
  /** Below the manifest's folder, `/` between parts; null where the row is not usable. */
  readonly path: string | null;
  readonly sha256: string;
  /** What is wrong with the row; empty where nothing is. */
  readonly trouble: string;
}

/** The rows of a manifest. */
export interface Manifest {
  readonly rows: readonly ManifestRow[];
  /** There were more than ROWS_MAX. */
  readonly more: boolean;
}

/** Reads a manifest; null where the header is none of ours. */
export function parseManifest(text: string): Manifest | null {
  const lines = text.split("\n");
  const header = cellsIn(lines[0]?.replace(/^\ufeff/, "") ?? "");
  if (header === null || header.join() !== MANIFEST_COLUMNS.join()) return null;
  const rows: ManifestRow[] = [];
  let offset = utf8(lines[0] ?? "").length + 1;
  for (const [at, line] of lines.slice(1, ROWS_MAX + 1).entries()) {
    if (line.trim() !== "") rows.push(rowOf(line, at + 2, offset));
    offset += utf8(line).length + 1;
  }
  return { rows, more: lines.slice(ROWS_MAX + 1).some((line) => line.trim() !== "") };
}

function rowOf(text: string, line: number, offset: number): ManifestRow {
  const cells = cellsIn(text);
  const [sha256 = "", , , path = ""] = cells ?? [];
  const hash = sha256.toLowerCase();
  const below = cells?.length === MANIFEST_COLUMNS.length ? belowFolder(path) : null;
  const trouble =
    cells?.length !== MANIFEST_COLUMNS.length
      ? `${MANIFEST_COLUMNS.length} columns`
      : below === null
        ? "a path below the manifest's folder"
        : SHA256.test(hash)
          ? ""
          : "a SHA-256 of 64 digits";
  return { line, offset, path: trouble === "" ? below : null, sha256: hash, trouble };
}

/** The path with `/`; null where it is absolute, names a drive, or leads upwards. */
function belowFolder(path: string): string | null {
  const parts = path.replaceAll("\\", "/").split("/");
  const safe = parts.every(
    (part) => part !== "" && part !== "." && part !== ".." && !part.includes(":"),
  );
  return safe ? parts.join("/") : null;
}

function cellsIn(line: string): readonly string[] | null {
  return cellsOf(utf8(line.replace(/\r$/, "")));
}
