/**
 * Paths of files by the references to their folders, looked up in the same $MFT when asked. Refuses a reference whose
 * sequence number does not fit: the record belongs to another file by now. A bounded number of folders is remembered.
 */
import { Buffer } from "node:buffer";
import { copyOf } from "../../../base/bytes.ts";
import type { Source } from "../../../base/source.ts";
import { PATH_CHARS_MAX, PathMemory } from "../path-memory.ts";
import { DOS_NAMESPACE, FILE_MAGIC, ROOT_ENTRY } from "./layout.ts";
import {
  type FileName,
  type FileRecord,
  type FileReference,
  applyFixups,
  readRecord,
} from "./record.ts";

/** Where a file lies. */
export interface FilePath {
  /** From the root of the volume, whose letter no $MFT tells: `\inetpub\wwwroot\a.aspx`; `?\…` where folders are missing. */
  readonly path: string;
  /** Why folders are missing; "" where none are. */
  readonly orphan: string;
}

/** Folders of hostile records may lead in a circle. */
const LEVELS_MAX = 1_024;

const ENDLESS: FilePath = { path: "?", orphan: "folders without end" };

interface Folder extends FilePath {
  readonly sequence: number;
}

/** The name that people see: not the short one for DOS, where there is another. */
export function longName(record: FileRecord): FileName | null {
  return (
    record.names.find(({ namespace }) => namespace !== DOS_NAMESPACE) ?? record.names[0] ?? null
  );
}

/** The folders of one $MFT. */
export class Folders {
  readonly #source: Source;
  readonly #recordBytes: number;
  readonly #remembered: PathMemory<Folder> = new PathMemory();

  constructor(source: Source, recordBytes: number) {
    this.#source = source;
    this.#recordBytes = recordBytes;
  }

  /** The path of a name. Reads folders that are not remembered, one record each. */
  pathOf({ parent, name }: Pick<FileName, "parent" | "name">): FilePath {
    if (parent.entry === ROOT_ENTRY && name === ".") return { path: "\\", orphan: "" };
    const { path, orphan } = this.#folder(parent);
    return { path: `${path}\\${name}`, orphan };
  }

  #folder(reference: FileReference): FilePath {
    const climbed: { readonly at: FileReference; readonly name: string }[] = [];
    let at = reference;
    let top: FilePath | null = null;
    while (top === null) {
      const known = this.#remembered.get(at.entry);
      if (at.entry === ROOT_ENTRY) top = { path: "", orphan: "" };
      else if (known?.sequence === at.sequence) top = known;
      else if (climbed.length >= LEVELS_MAX) top = ENDLESS;
      else {
        const folder = this.#read(at);
        if (typeof folder === "string") top = { path: "?", orphan: folder };
        else {
          climbed.push({ at, name: folder.name });
          at = folder.parent;
        }
      }
    }
    for (const { at: folder, name } of climbed.reverse()) {
      const path: string = `${top.path}\\${name}`;
      top = path.length > PATH_CHARS_MAX ? ENDLESS : { path, orphan: top.orphan };
      this.#remembered.keep(folder.entry, { sequence: folder.sequence, ...top });
    }
    return top;
  }

  /** The name of a folder, or why it has none. */
  #read({ entry, sequence }: FileReference): FileName | string {
    const start = entry * this.#recordBytes;
    if (start + this.#recordBytes > this.#source.byteLength) return `no record ${entry}`;
    const bytes = Buffer.from(copyOf(this.#source.read(start, start + this.#recordBytes)).buffer);
    if (bytes.readUInt32LE(0) !== FILE_MAGIC || applyFixups(bytes) !== null)
      return `record ${entry} cannot be read`;
    const { record } = readRecord(bytes);
    // Freeing a record counts its sequence on: a deleted folder is still the one that was meant.
    const isSame =
      record.sequence === sequence ||
      (!record.isInUse && record.sequence === ((sequence + 1) & 0xffff));
    if (record.entry !== null && record.entry !== entry)
      return `record ${entry} is not in its place`;
    if (!isSame) return `record ${entry} was used again`;
    return longName(record) ?? `record ${entry} has no name`;
  }
}
