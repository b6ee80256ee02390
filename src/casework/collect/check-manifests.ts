/**
 * Holds every collection manifest among the evidence against what was taken in beside it: each listed file there, with the same
 * hash, and no other. From the vault alone, so a replay says the same. Archives are not looked into: what is checked is a folder.
 */
import { readAll } from "../../base/source.ts";
import { count } from "../../engines/wording/index.ts";
import type { Evidence, Place } from "../../model/evidence.ts";
import type { Flaw } from "../../model/flaw.ts";
import { evidenceOf, isGone, openEvidence } from "../evidence.ts";
import type { Run } from "../inputs.ts";
import type { Vault } from "../vault/index.ts";
import { type Manifest, parseManifest, ROWS_MAX } from "./manifest.ts";

/** What came of one manifest. */
export interface ManifestCheck {
  readonly file: string;
  readonly listed: number;
  readonly missing: number;
  readonly altered: number;
  readonly extra: number;
  readonly unusable: number;
  /** The first FLAWS_MAX of its flaws; `flawsTotal` is exact. */
  readonly flaws: readonly Flaw[];
  readonly flawsTotal: number;
}

const FLAWS_MAX = 1000;
const SIZE_BYTES_MAX = 64 << 20;
/** The script's own name for it; what it is, its header tells. */
const NAME = /(^|\/)manifest\.csv$/i;

/** Checks all manifests of a run. */
export function checkManifests(
  vault: Vault,
  { entries, duplicates }: Pick<Run, "entries" | "duplicates">,
): readonly ManifestCheck[] {
  const evidence = evidenceOf(vault, entries);
  const hashes = new Map<string, Set<string>>();
  const hold = (path: string, hash: string) => {
    const name = slashed(path);
    hashes.set(name, (hashes.get(name) ?? new Set()).add(hash));
  };
  for (const { file, hash } of evidence) hold(file, hash);
  for (const { path, hash } of duplicates) hold(path, hash);
  return evidence.flatMap((item) => {
    if (!NAME.test(slashed(item.file)) || item.sizeBytes > SIZE_BYTES_MAX) return [];
    const manifest = manifestIn(vault, item);
    return manifest === null ? [] : [checkManifest(item, manifest, hashes)];
  });
}

/** One line for each manifest, for whoever handed the folder in. */
export function tellManifests(checks: readonly ManifestCheck[]): readonly string[] {
  return checks.map(({ file, listed, missing, altered, extra, unusable }) => {
    const wrong = [
      [missing, "missing"],
      [altered, "altered"],
      [extra, "not listed"],
      [unusable, "not usable"],
    ].flatMap(([number, word]) => (number === 0 ? [] : [`${number} ${word}`]));
    const came =
      wrong.length === 0
        ? "all here and unaltered, and no other"
        : `${wrong.join(", ")}; the dossier names each among the places that could not be read`;
    return `collection manifest ${file}: ${count(listed, "file")} listed; ${came}`;
  });
}

function manifestIn(vault: Vault, item: Evidence): Manifest | null {
  if (item.holding.kind === "destroyed" || isGone(item)) return null;
  const source = openEvidence(vault, item);
  try {
    return parseManifest(new TextDecoder("utf-8", { ignoreBOM: true }).decode(readAll(source)));
  } finally {
    source.close();
  }
}

function checkManifest(
  { hash, file }: Evidence,
  manifest: Manifest,
  hashes: ReadonlyMap<string, ReadonlySet<string>>,
): ManifestCheck {
  const place: Place = { evidence: hash, member: "", file };
  const own = slashed(file);
  const folder = own.slice(0, own.lastIndexOf("/") + 1);
  const flaws: Flaw[] = [];
  const counts = { missing: 0, altered: 0, extra: 0, unusable: 0 };
  const note = (kind: keyof typeof counts, offset: number, need: string, have: string) => {
    counts[kind]++;
    const what = `collection manifest: ${kind === "extra" ? "file not listed" : `${kind} file`}`;
    if (flaws.length < FLAWS_MAX) flaws.push({ kind: "flaw", place, offset, what, need, have });
  };
  const listed = new Set<string>();
  for (const { line, offset, path, sha256, trouble } of manifest.rows) {
    if (path === null) {
      note("unusable", offset, trouble, `line ${line}`);
      continue;
    }
    listed.add(folder + path);
    const held = hashes.get(folder + path);
    if (held === undefined) note("missing", offset, path, "no such file was taken in");
    else if (!held.has(sha256))
      note("altered", offset, `${path} with SHA-256 ${sha256}`, [...held].join(", "));
  }
  for (const path of hashes.keys())
    if (path !== own && path.startsWith(folder) && !listed.has(path))
      note("extra", 0, "only files that the manifest lists", path.slice(folder.length));
  if (manifest.more) note("unusable", 0, `at most ${ROWS_MAX} files`, "more");
  const flawsTotal = Object.values(counts).reduce((sum, own) => sum + own, 0);
  return { file, listed: listed.size, ...counts, flaws, flawsTotal };
}

function slashed(path: string): string {
  return path.replaceAll("\\", "/").replace(/^(\.\/)+/, "");
}
