/**
 * The last checkpoint of a vault, kept beside its key: what lies inside a vault can be rolled back with it, this cannot.
 * Refuses to stop an act: a copy that cannot be written is written with the next one.
 */
import { dirname } from "node:path";
import { parseCheckpoint } from "../../engines/journal/index.ts";
import type { Checkpoint } from "../../engines/journal/index.ts";
import { keptCheckpointPath } from "./keys.ts";
import type { VaultSettings } from "./terms.ts";
import { readSmallFile } from "../file-source.ts";
import { replaceSmallFile } from "./files.ts";
import type { VaultFiles } from "./files.ts";

const CHECKPOINT_BYTES_MAX = 1024;

/** The kept checkpoint; `none` where there is no file, `unreadable` where it holds none. */
export type KeptCheckpoint = Checkpoint | "none" | "unreadable";

/** Reads the checkpoint kept beside the key of vault `id`. */
export function readKeptCheckpoint(
  settings: Pick<VaultSettings, "key" | "configFolder">,
  id: string,
): KeptCheckpoint {
  const path = keptCheckpointPath(settings.key, settings.configFolder, id);
  const text = readSmallFile(path, CHECKPOINT_BYTES_MAX);
  if (text === null) return "none";
  return parseCheckpoint(text) ?? "unreadable";
}

/** Replaces the kept checkpoint of vault `id`. Throws what the disk throws. */
export function keepCheckpoint(
  settings: VaultSettings,
  files: VaultFiles,
  id: string,
  checkpoint: Checkpoint,
): void {
  const path = keptCheckpointPath(settings.key, settings.configFolder, id);
  files.makeFolder(dirname(path));
  replaceSmallFile(files, path, checkpoint.text);
}
