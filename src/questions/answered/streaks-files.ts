/**
 * Which files verdicts are about: each (path, threat) once, however many records, products or shadow copies tell of it.
 * Refuses to call two paths one by anything but their text: same name in another folder is another file.
 */
import { byCodeUnits } from "../../base/text.ts";
import type { Detection } from "../../model/detection.ts";
import type { FindingCounts } from "../../model/finding.ts";
import { type FileClass, type ThreatKnowledge, classOf } from "./threats.ts";

/** One unique (path, threat) of a host. */
export interface ThreatFile {
  /** The path, folded, and the threat: equal for the same file. */
  readonly key: string;
  /** As told, without shadow copy or device; "" where the verdict names no file. */
  readonly path: string;
}

/** Tells the files of a verdict; equal files have equal keys. */
export type FileTeller = (verdict: Detection) => readonly ThreatFile[];

/** `\\?\`, and what Windows calls a volume instead of its letter: of a shadow copy, or of the disk. */
const LONG = /^\\\\[?.]\\/;
const VOLUME = /^(?:globalroot)?\\?device\\harddiskvolume(shadowcopy)?\d+(?=\\)/i;

interface Place {
  /** Null: the path names a volume, or nothing. */
  readonly drive: string | null;
  readonly tail: string;
  readonly isShadow: boolean;
}

function placeOf(path: string): Place {
  // Names on other systems differ by case.
  if (path.startsWith("/")) return { drive: "/", tail: path, isShadow: false };
  const plain = path.replaceAll("/", "\\").replace(LONG, "");
  const volume = VOLUME.exec(plain.replace(/^\\/, ""));
  if (volume !== null) {
    const tail = plain.replace(/^\\/, "").slice(volume[0].length);
    return { drive: null, tail: tail.toLowerCase(), isShadow: volume[1] !== undefined };
  }
  const folded = plain.toLowerCase();
  return /^[a-z]:/.test(folded)
    ? { drive: folded.slice(0, 2), tail: folded.slice(2), isShadow: false }
    : { drive: "", tail: folded, isShadow: false };
}

/**
 * What tells the files of one host's verdicts. A path on a volume without a letter is the same file as one on a drive with the same
 * rest; on several drives, the first by letter.
 */
export function tellFiles(verdicts: readonly Detection[]): FileTeller {
  const places = new Map<string, Place>();
  const drives = new Map<string, string>();
  for (const path of verdicts.flatMap(pathsOf)) {
    if (places.has(path)) continue;
    const place = placeOf(path);
    places.set(path, place);
    const known = drives.get(place.tail);
    if (place.drive === null) continue;
    if (known === undefined || byCodeUnits(place.drive, known) < 0)
      drives.set(place.tail, place.drive);
  }
  const folds = new Map<string, string>();
  for (const [path, { drive, tail }] of places)
    folds.set(path, `${drive ?? drives.get(tail) ?? "?"}${tail}`);
  return (verdict) => {
    const threat = threatOf(verdict);
    const files = pathsOf(verdict).map((path) => {
      const fold = folds.get(path) ?? path;
      return { key: `${fold}\n${threat}`, path: fold };
    });
    return files.length > 0 ? files : [{ key: `\n${threat}`, path: "" }];
  };
}

/** The files of the verdicts, each once, with its class. */
function filesOf(
  verdicts: readonly Detection[],
  tell: FileTeller,
  knowledge: ThreatKnowledge,
): ReadonlyMap<string, FileClass> {
  const files = new Map<string, FileClass>();
  for (const verdict of verdicts)
    for (const { key, path } of tell(verdict))
      if (path !== "" && !files.has(key)) files.set(key, classOf(path, knowledge));
  return files;
}

/**
 * Everything that is counted apart: files by class, threats without a file, resources, Defender's detection ids, records, and the
 * accounts and processes that the verdicts name. What is zero is left out, but for the files.
 */
export function countVerdicts(
  verdicts: readonly Detection[],
  tell: FileTeller,
  knowledge: ThreatKnowledge,
): FindingCounts {
  const files = filesOf(verdicts, tell, knowledge);
  const classes = Map.groupBy(files, ([, fileClass]) => fileClass);
  const ofClass = (fileClass: FileClass) => classes.get(fileClass)?.length ?? 0;
  const told = verdicts.flatMap((verdict) => tell(verdict).map((file) => ({ verdict, ...file })));
  const unique = (keys: readonly string[]) => new Set(keys).size;
  const paths = new Set(verdicts.flatMap(pathsOf));
  const counts = {
    files: files.size,
    shells: ofClass("shell"),
    compiled: ofClass("compiled"),
    tools: ofClass("tool"),
    archives: ofClass("archive"),
    others: ofClass("other"),
    withoutFile: unique(told.filter(({ path }) => path === "").map(({ key }) => key)),
    failed: unique(
      told.filter(({ verdict }) => verdict.fields["outcome"] === "failed").map(({ key }) => key),
    ),
    shadowCopies: [...paths].filter((path) => placeOf(path).isShadow).length,
    resources: paths.size + unique(verdicts.flatMap((verdict) => listOf(verdict, "resource"))),
    threats: unique(verdicts.map(threatOf)),
    detectionIds: unique(verdicts.flatMap((verdict) => folded(verdict, "detection"))),
    records: unique(verdicts.map(({ at }) => at.key)),
    users: unique(verdicts.flatMap((verdict) => folded(verdict, "user"))),
    processes: unique(verdicts.flatMap((verdict) => folded(verdict, "process"))),
    leftOut: verdicts.filter(({ fields }) => fields["paths_left_out"] !== undefined).length,
  };
  return Object.fromEntries(
    Object.entries(counts).filter(([name, number]) => number > 0 || name === "files"),
  );
}

/** What the antivirus calls it. */
export function threatOf({ fields }: Detection): string {
  return String(fields["threat"] ?? "");
}

function pathsOf(verdict: Detection): readonly string[] {
  return listOf(verdict, "path");
}

function listOf({ fields }: Detection, name: string): readonly string[] {
  const value = fields[name];
  return Array.isArray(value) ? value.map(String) : [];
}

function folded({ fields }: Detection, name: string): readonly string[] {
  const value = fields[name];
  return typeof value === "string" ? [value.toLowerCase()] : [];
}
