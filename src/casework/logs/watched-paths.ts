/**
 * What lies at the watched paths now: files by device and inode, so that one that was renamed is known again.
 * Refuses links, vaults and devices, as every way into a vault does; says so once.
 */
import { type BigIntStats, lstatSync, readdirSync, realpathSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { Fault } from "../../base/fault.ts";
import { byCodeUnits } from "../../base/text.ts";
import { type Walk, requirePaths, walk } from "../disk.ts";

/** A regular file at or below a watched path. */
export interface WatchedFile {
  readonly path: string;
  readonly device: string;
  readonly inode: string;
  readonly sizeBytes: number;
  /** Nanoseconds since 1970, as the file system tells it. */
  readonly modified: bigint;
}

/** Files looked at every half second at most; more is a mistake in the path, or needs a narrower one. */
const FILES_MAX = 10_000;

/** Device and inode: the same file, whatever it is called. */
export function fileKey(file: Pick<WatchedFile, "device" | "inode">): string {
  return `${file.device}:${file.inode}`;
}

/** A file as the file system tells of it. */
export function watchedFile(path: string, stat: BigIntStats): WatchedFile {
  const { dev, ino, size, mtimeNs } = stat;
  return {
    path,
    device: String(dev),
    inode: String(ino),
    sizeBytes: Number(size),
    modified: mtimeNs,
  };
}

/** The watched paths; a path that is not there at the start is a `not-found` Fault, later it is a log that was rotated away. */
export class WatchedPaths {
  readonly #paths: readonly string[];
  readonly #notice: (line: string) => void;
  readonly #told = new Set<string>();

  constructor(paths: readonly string[], vaultFolder: string, notice: (line: string) => void) {
    requirePaths(paths);
    const vault = realpathSync(vaultFolder);
    const inside = paths.find((path) => !relative(vault, realpathSync(path)).startsWith(".."));
    // Closing a file of the vault would give its lock away, and what it writes itself would never end.
    if (inside !== undefined)
      throw new Fault("usage", `${inside} is inside the vault`, "watch logs that lie elsewhere");
    this.#paths = paths;
    this.#notice = notice;
  }

  /** Every file there now, by its key. */
  scan(): Map<string, WatchedFile> {
    const files = new Map<string, WatchedFile>();
    for (const path of this.#paths) this.#below(path, files);
    return files;
  }

  /** Regular files in the folder of `path`: where a rotation puts what was there. */
  beside(path: string): WatchedFile[] {
    const folder = dirname(path);
    return namesIn(folder)
      .slice(0, FILES_MAX)
      .flatMap((name) => {
        const stat = statOf(join(folder, name));
        return stat?.isFile() === true ? [watchedFile(join(folder, name), stat)] : [];
      });
  }

  /** The watched paths that are no folders, or are not there now. */
  singles(): readonly string[] {
    return this.#paths.filter((path) => statOf(path)?.isDirectory() !== true);
  }

  #below(path: string, files: Map<string, WatchedFile>): void {
    const { files: found, passedOver } = walkOrNothing(path);
    for (const { path: one, why } of passedOver) this.#tell(`not followed: ${one}: ${why}`);
    for (const { path: one } of found) {
      if (files.size === FILES_MAX) {
        this.#tell(`not followed: more than ${FILES_MAX} files; watch fewer folders`);
        return;
      }
      const stat = statOf(one);
      if (stat?.isFile() !== true) continue;
      const file = watchedFile(one, stat);
      files.set(fileKey(file), file);
    }
  }

  #tell(line: string): void {
    if (this.#told.has(line)) return;
    this.#told.add(line);
    this.#notice(line);
  }
}

function statOf(path: string): BigIntStats | null {
  try {
    return lstatSync(path, { bigint: true });
  } catch {
    return null;
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort(byCodeUnits);
  } catch {
    return [];
  }
}

/** What lies below a path now; one that is gone is a log that was rotated away. */
function walkOrNothing(path: string): Walk {
  try {
    return walk([path]);
  } catch (error) {
    if (error instanceof Fault && error.code === "not-found") return { files: [], passedOver: [] };
    throw error;
  }
}
