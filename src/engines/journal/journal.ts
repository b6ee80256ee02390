/**
 * The journal of a vault: entries under a Merkle tree, every group of them under a signed checkpoint before it is
 * acknowledged. Refuses to mend anything but what a crash leaves. Specified in docs/formats/journal.md.
 */
import { assert } from "../../base/assert.ts";
import { sameBytes, utf8 } from "../../base/bytes.ts";
import { Fault } from "../../base/fault.ts";
import { readAll } from "../../base/source.ts";
import type { Source } from "../../base/source.ts";
import type { JournalEntry } from "../../model/act.ts";
import {
  CHECKPOINTS_BYTES_MAX,
  readNote,
  signCheckpoint,
  splitNotes,
  verifyCheckpoint,
} from "./checkpoint.ts";
import type { Checkpoint, NotePiece, Signer } from "./checkpoint.ts";
import { formatEntry, parseEntry } from "./entry.ts";
import { fileFault } from "./files.ts";
import type { FileHandle, JournalFiles } from "./files.ts";
import { readLines } from "./lines.ts";
import { MerkleTree, leafHash } from "./tree.ts";

/** File inside the journal's folder: one line an entry. */
export const ENTRIES_FILE = "entries";
/** File inside the journal's folder: one signed note a commit. */
export const CHECKPOINTS_FILE = "checkpoints";

/** What a journal needs: where it lies, whose it is, who signs, and which disk. */
export interface JournalSettings {
  /** An existing folder. */
  readonly folder: string;
  /** First line of every checkpoint: originOf(vault id). */
  readonly origin: string;
  readonly signer: Signer;
  readonly files: JournalFiles;
  /** The last checkpoint that was kept elsewhere; null where there is none. */
  readonly kept: Checkpoint | null;
}

/** What a start cut off because it was never acknowledged. */
export interface Cut {
  readonly entriesBytes: number;
  readonly checkpointsBytes: number;
}

/** An open journal. One process holds it; nothing else writes these files. */
export class Journal {
  readonly #settings: JournalSettings;
  readonly #entriesFile: FileHandle;
  readonly #checkpointsFile: FileHandle;
  readonly #entries: JournalEntry[] = [];
  readonly #tree = new MerkleTree();
  #entriesBytes = 0;
  #checkpointsBytes = 0;
  #last: Checkpoint | null = null;
  /** After a failed sync nobody knows what is on the disk: only a new start can tell. */
  #broken = false;
  readonly cut: Cut;

  /** Use openJournal. */
  constructor(settings: JournalSettings) {
    const { folder, files } = settings;
    this.#settings = settings;
    this.#entriesFile = files.open(`${folder}/${ENTRIES_FILE}`);
    this.#checkpointsFile = files.open(`${folder}/${CHECKPOINTS_FILE}`);
    try {
      this.cut = this.#load();
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** All acknowledged entries in order; grows in place. */
  get entries(): readonly JournalEntry[] {
    return this.#entries;
  }

  /** The tree over the entries' lines: for roots and proofs. */
  get tree(): Pick<MerkleTree, "size" | "root" | "inclusionProof" | "consistencyProof"> {
    return this.#tree;
  }

  /** The last signed checkpoint, or null before the first entry. */
  get checkpoint(): Checkpoint | null {
    return this.#last;
  }

  /**
   * Group commit: all of `entries` (their indexes go on from the last) are on the disk and under the
   * returned checkpoint, or none is acknowledged. Throws `disk-full` and the like; after a failed
   * sync the journal takes nothing more until it is opened again.
   */
  append(entries: readonly JournalEntry[]): Checkpoint {
    assert(entries.length > 0, "a commit holds entries");
    if (this.#broken) throw brokenFault(this.#settings.folder);
    const { files, folder, origin, signer } = this.#settings;
    const lines = entries.map((entry, at) => {
      assert(entry.index === this.#entries.length + at, "indexes go on from the last");
      const line = formatEntry(entry);
      assert(parseEntry(line) !== null, "an entry reads back: ids are hexadecimal");
      return line;
    });
    const bytes = utf8(`${lines.join("\n")}\n`);
    try {
      files.write(this.#entriesFile, bytes, this.#entriesBytes);
      this.#sync(this.#entriesFile);
      for (const line of lines) this.#tree.append(leafHash(line));
      const checkpoint = signCheckpoint(origin, this.#tree.size, this.#tree.root(), signer);
      const note = utf8(checkpoint.text);
      files.write(this.#checkpointsFile, note, this.#checkpointsBytes);
      this.#sync(this.#checkpointsFile);
      this.#entriesBytes += bytes.length;
      this.#checkpointsBytes += note.length;
      for (const entry of entries) this.#entries.push(entry);
      this.#last = checkpoint;
      return checkpoint;
    } catch (error) {
      this.#takeBack();
      throw fileFault(error, folder);
    }
  }

  /** Lets go of the files. */
  close(): void {
    this.#settings.files.close(this.#entriesFile);
    this.#settings.files.close(this.#checkpointsFile);
  }

  #sync(file: FileHandle): void {
    try {
      this.#settings.files.sync(file);
    } catch (error) {
      this.#broken = true;
      throw error;
    }
  }

  /** Removes what a failed commit wrote: the checkpoint first, so that none is ever without its entries. */
  #takeBack(): void {
    this.#tree.shrink(this.#entries.length);
    try {
      this.#truncate(this.#entriesBytes, this.#checkpointsBytes);
    } catch {
      this.#broken = true;
    }
  }

  #truncate(entriesBytes: number, checkpointsBytes: number): void {
    const { files } = this.#settings;
    files.truncate(this.#checkpointsFile, checkpointsBytes);
    files.truncate(this.#entriesFile, entriesBytes);
  }

  #source(file: FileHandle): Source {
    const { files } = this.#settings;
    return {
      byteLength: files.sizeBytes(file),
      read(start, end) {
        const bytes = new Uint8Array(end - start);
        return bytes.subarray(0, files.read(file, bytes, start));
      },
    };
  }

  /** Reads everything, checks that it fits, and cuts off what a crash left behind the last checkpoint. */
  #load(): Cut {
    const { folder, kept, files } = this.#settings;
    const checkpoints = this.#source(this.#checkpointsFile);
    if (checkpoints.byteLength > CHECKPOINTS_BYTES_MAX)
      throw damagedFault(folder, "its checkpoints are longer than the limit");
    const notes = [...splitNotes(readAll(checkpoints))];
    const rest = notes.at(-1)?.whole === false ? notes.pop() : undefined;
    const signed = notes.map((note) => this.#readNote(note));
    this.#last = signed.at(-1) ?? null;
    this.#checkpointsBytes = rest?.offset ?? checkpoints.byteLength;
    const size = this.#last?.size ?? 0;
    if (kept !== null && kept.size > size)
      throw damagedFault(folder, `it ends before entry ${kept.size - 1}, which was acknowledged`);

    const entries = this.#source(this.#entriesFile);
    const tail = this.#readEntries(entries, signed);
    if (rest !== undefined && !this.#isBegun(rest.bytes, tail))
      throw damagedFault(folder, `checkpoints end in a damaged note at byte ${rest.offset}`);
    if (kept !== null && !sameBytes(kept.root, this.#tree.root(kept.size)))
      throw damagedFault(folder, "it is not the journal that the kept checkpoint is of");
    const cut = {
      entriesBytes: entries.byteLength - this.#entriesBytes,
      checkpointsBytes: checkpoints.byteLength - this.#checkpointsBytes,
    };
    if (cut.entriesBytes + cut.checkpointsBytes > 0) {
      this.#truncate(this.#entriesBytes, this.#checkpointsBytes);
      files.sync(this.#checkpointsFile);
      files.sync(this.#entriesFile);
    }
    return cut;
  }

  #readNote(note: NotePiece): Checkpoint {
    const { folder, origin } = this.#settings;
    const checkpoint = readNote(note.bytes);
    if (checkpoint === null || checkpoint.origin !== origin)
      throw damagedFault(folder, `no checkpoint of this vault at byte ${note.offset}`);
    return checkpoint;
  }

  /**
   * Takes in the entries under the last checkpoint, whose signature is checked, and holds every
   * root against the tree. Returns the hashes of whole lines after it.
   */
  #readEntries(source: Source, signed: readonly Checkpoint[]): Uint8Array[] {
    const { folder, origin, signer } = this.#settings;
    const size = this.#last?.size ?? 0;
    if (this.#last !== null && !verifyCheckpoint(this.#last, origin, signer.publicKey))
      throw damagedFault(folder, "the last checkpoint is not signed by this vault");
    const tail: Uint8Array[] = [];
    for (const line of readLines(source)) {
      const entry = line.text === null || !line.whole ? null : parseEntry(line.text);
      const index = this.#entries.length;
      if (index === size) {
        if (entry?.index === index + tail.length) tail.push(leafHash(line.text ?? ""));
        continue;
      }
      if (entry === null || entry.index !== index)
        throw damagedFault(
          folder,
          `entry ${index} at byte ${line.offset} is not as it was written`,
        );
      this.#entries.push(entry);
      this.#tree.append(leafHash(line.text ?? ""));
      this.#entriesBytes = line.offset + line.sizeBytes;
    }
    if (this.#entries.length < size)
      throw damagedFault(
        folder,
        `${size} entries were acknowledged, ${this.#entries.length} are left`,
      );
    let before = 0;
    for (const checkpoint of signed) {
      if (
        checkpoint.size <= before ||
        !sameBytes(this.#tree.root(checkpoint.size), checkpoint.root)
      )
        throw damagedFault(
          folder,
          `entries up to ${checkpoint.size - 1} do not fit their checkpoint`,
        );
      before = checkpoint.size;
    }
    return tail;
  }

  /** Whether `begun` is the beginning of the very note that a commit of `tail` would have written. */
  #isBegun(begun: Uint8Array, tail: readonly Uint8Array[]): boolean {
    const { origin, signer } = this.#settings;
    if (tail.length === 0) return false;
    const size = this.#tree.size;
    for (const leaf of tail) this.#tree.append(leaf);
    const whole = signCheckpoint(origin, this.#tree.size, this.#tree.root(), signer).text;
    this.#tree.shrink(size);
    return sameBytes(utf8(whole).subarray(0, begun.length), begun);
  }
}

/**
 * Opens the journal of `settings.folder`, empty where there is none. Throws `vault-damaged` where it does
 * not fit its checkpoints or the kept one: that is for `verify` to explain, and for nobody to mend in silence.
 */
export function openJournal(settings: JournalSettings): Journal {
  try {
    return new Journal(settings);
  } catch (error) {
    throw fileFault(error, settings.folder);
  }
}

function damagedFault(folder: string, what: string): Fault {
  return new Fault(
    "vault-damaged",
    `the journal in ${folder} is damaged: ${what}`,
    "run `breakwater verify` on the vault: it says what was altered; work on from a copy",
  );
}

function brokenFault(folder: string): Fault {
  return new Fault(
    "not-writable",
    `the disk failed while the journal in ${folder} was written`,
    "check the disk, then start again: everything acknowledged is kept",
  );
}
