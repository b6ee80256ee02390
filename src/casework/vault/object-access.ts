/** Sealed objects for another thread of their vault's owner: enough to read, nothing to write with. */
import { join } from "node:path";
import type { Source } from "../../base/source.ts";
import { openSealed } from "../../engines/sealed/index.ts";
import type { VaultKeys } from "../../engines/sealed/index.ts";
import { type FileSource, fileSource } from "../file-source.ts";
import { objectPath } from "./object-path.ts";

/** What a thread is handed; a structured clone carries it, and it never leaves the process. */
export interface ObjectAccess {
  readonly folder: string;
  readonly keys: VaultKeys;
}

/** The plaintext of a closed object; the caller closes it. Faults: vault-damaged, not-found. */
export function openObjectWith({ folder, keys }: ObjectAccess, id: string): FileSource {
  return plaintextOf(join(folder, objectPath(id)), (sealed) => openSealed(sealed, keys, id));
}

/** What `open` makes of a sealed file, as a source that closes the file with itself. */
export function plaintextOf(path: string, open: (sealed: Source) => Source): FileSource {
  const sealed = fileSource(path);
  try {
    const plaintext = open(sealed);
    return {
      byteLength: plaintext.byteLength,
      read: (start, end) => plaintext.read(start, end),
      close: () => sealed.close(),
    };
  } catch (error) {
    sealed.close();
    throw error;
  }
}
