/**
 * Records that name no host, among those that do: what lies in one folder was mostly collected on one machine. Refuses to choose:
 * where a folder has two names, and above it, nothing is taken for anybody's.
 */
import { known } from "../../base/assert.ts";
import type { SeenState } from "./sightings.ts";

/** The same entries; those without a host have the one that alone is named in their folder. */
export function withNeighbours(entries: readonly SeenState[]): SeenState[] {
  const folders = new Map<string, Set<string>>();
  for (const { host, folder } of entries) if (host === "") folders.set(folder, new Set());
  for (const { host, first } of entries)
    if (host !== "") folders.get(folderOf(first.at.file))?.add(host);
  return entries.map((entry) => {
    if (entry.host !== "") return entry;
    const [host = "", ...others] = known(folders.get(entry.folder), "every folder was noted");
    return others.length > 0 ? entry : { ...entry, host };
  });
}

/** The folder that a file lies in; members of archives lie in theirs. */
export function folderOf(file: string): string {
  return file.slice(0, Math.max(0, file.lastIndexOf("/"), file.lastIndexOf("\\")));
}
