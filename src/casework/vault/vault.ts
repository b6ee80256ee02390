/**
 * A vault: sealed objects and the journal of acts in one folder, owned by one process.
 * Refuses to mend what a crash cannot have caused: that is a `vault-damaged` Fault, and verify explains it.
 */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { known } from "../../base/assert.ts";
import { Fault } from "../../base/fault.ts";
import { memorySource, readAll } from "../../base/source.ts";
import type { Source } from "../../base/source.ts";
import { canonicalJson } from "../../base/text.ts";
import type { JournalEntry, ObjectReference } from "../../model/act.ts";
import { fileFault } from "../../engines/journal/index.ts";
import type { Checkpoint, Journal, Signer } from "../../engines/journal/index.ts";
import { actorId, contentMac } from "../../engines/sealed/index.ts";
import type { VaultKeys } from "../../engines/sealed/index.ts";
import { finishDestruction } from "./destruction.ts";
import { keepCheckpoint } from "./kept-checkpoint.ts";
import type { Lock } from "./lock.ts";
import { closeLeftSegments } from "./left-segments.ts";
import { ObjectFolder, objectsNamedBy } from "./objects.ts";
import type { ObjectAccess } from "./object-access.ts";
import type { Segment } from "./segment.ts";
import type { Act, Progress, Sealed, VaultSettings } from "./terms.ts";
import type { FileSource } from "../file-source.ts";
import type { VaultFiles } from "./files.ts";

/** Bodies are words of people; one longer than this is evidence and belongs in an object of its own. */
const BODY_BYTES_MAX = 67_108_864;

/** Parts that an open vault stands on; made by createVault and openVault. */
export interface VaultParts {
  readonly folder: string;
  readonly id: string;
  readonly keys: VaultKeys;
  readonly signer: Signer;
  readonly journal: Journal;
  readonly lock: Lock;
  readonly files: VaultFiles;
  readonly settings: VaultSettings;
  readonly cleaned: readonly string[];
}

/** An open vault. Every method throws `vault-damaged` where it meets what nobody here has written. */
export class Vault {
  readonly #parts: VaultParts;
  readonly #objects: ObjectFolder;
  readonly #opened = new Set<FileSource>();
  #closed = false;

  /** Use createVault or openVault. */
  constructor(parts: VaultParts) {
    this.#parts = parts;
    const { folder, keys, settings, files } = parts;
    this.#objects = new ObjectFolder(folder, keys, settings.random, files);
  }

  /** 32 hexadecimal digits. */
  get id(): string {
    return this.#parts.id;
  }

  get folder(): string {
    return this.#parts.folder;
  }

  /** Folder for all that can be rebuilt (mode 0700); whoever owns the vault may empty it. */
  get derivedFolder(): string {
    return join(this.#parts.folder, "derived");
  }

  /** Folder of the lock, for the owner's socket. */
  get runFolder(): string {
    return join(this.#parts.folder, "run");
  }

  /** What the start removed because a crash had left it, one line each; for the log, no personal data. */
  get cleaned(): readonly string[] {
    return this.#parts.cleaned;
  }

  /** All acknowledged entries in order; the same array grows. */
  entries(): readonly JournalEntry[] {
    return this.#parts.journal.entries;
  }

  /** The last signed checkpoint. */
  checkpoint(): Checkpoint {
    return known(this.#parts.journal.checkpoint, "a vault begins with an entry");
  }

  /** Ed25519 key that the journal is signed with, 32 bytes; the vault's id is made of it. */
  get publicKey(): Uint8Array {
    return this.#parts.signer.publicKey;
  }

  /** Hashes that lead from an entry to the root of the last checkpoint, lowest first (RFC 6962 2.1.1). */
  inclusionPath(index: number): readonly Uint8Array[] {
    return this.#parts.journal.tree.inclusionProof(index);
  }

  /** Keyed hash (HMAC) of a SHA-256: what carries it was made by whoever holds this vault's key. */
  mac(sha256: Uint8Array): string {
    return contentMac(this.#parts.keys, sha256);
  }

  /** What another thread of this process reads the sealed objects with. */
  get access(): ObjectAccess {
    return { folder: this.#parts.folder, keys: this.#parts.keys };
  }

  /** The id that the journal has for a name. */
  actorId(name: string): string {
    return actorId(this.#parts.keys, name);
  }

  /** Seals all of a source; name the result in an act, or close() removes it. */
  seal(source: Source, progress?: Progress): Sealed {
    return this.#objects.seal(source, progress);
  }

  /** Seals pieces as they come; name the result in an act, or close() removes it. */
  sealStream(pieces: AsyncIterable<Uint8Array>): Promise<Sealed> {
    return this.#objects.sealStream(pieces);
  }

  /** One act: see acts. */
  act(act: Act): JournalEntry {
    return known(this.acts([act])[0], "an entry for the act");
  }

  /**
   * Journals acts in one group commit: when this returns, all of them are on the disk under a signed
   * checkpoint; when it throws, none is acknowledged. Their bodies are sealed first.
   */
  acts(acts: readonly Act[]): readonly JournalEntry[] {
    const { journal, settings, id, keys } = this.#parts;
    const first = journal.entries.length;
    const time = settings.clock();
    const entries = acts.map((act, at): JournalEntry => {
      const body = act.body === null ? null : this.#sealBody(act.body);
      return {
        index: first + at,
        kind: act.kind,
        time,
        actor: actorId(keys, act.by),
        subject: act.subject ?? act.sealed?.object ?? id,
        body,
        sealed: act.sealed,
      };
    });
    this.#syncNames();
    this.#objects.name(entries.flatMap(objectsNamedBy));
    const checkpoint = journal.append(entries);
    this.#keep(checkpoint);
    for (const { kind, subject } of entries)
      if (kind === "log-closed") this.#objects.forgetSegment(subject);
    return entries;
  }

  /**
   * Journals acts that destroy objects, then drops the keys of these, all that was derived, and the objects themselves.
   * Where the disk fails after the acts, a Fault says so, and the next start goes on.
   */
  destroy(acts: readonly Act[]): readonly JournalEntry[] {
    const { folder, files } = this.#parts;
    const entries = this.acts(acts);
    try {
      finishDestruction(folder, files, entries);
    } catch (error) {
      const { code, message } = fileFault(error, folder);
      throw new Fault(
        code,
        `destroying is journalled as act ${entries[0]?.index} and not finished: ${message}`,
        "mend the disk: the next command on this vault finishes it before anything else",
      );
    }
    return entries;
  }

  /** A new object that grows; name it in a `log-opened` act before anything in it counts, or close() removes it. */
  openSegment(): Segment {
    return this.#objects.openSegment();
  }

  /** Committed bytes of a segment that no act has closed: being written here, or damaged and then as far as it can be read. */
  segmentBytes(object: string): number {
    return this.#objects.segmentBytes(object);
  }

  /** Closes the segments that a crash has left open, as part of a start; gives a line for each. */
  closeLeftSegments(): readonly string[] {
    const { folder, keys, files } = this.#parts;
    const readBody = (entry: JournalEntry) => this.readBody(entry);
    const left = closeLeftSegments(this.entries(), { folder, keys, files, readBody });
    if (left.acts.length > 0) this.acts(left.acts);
    this.#objects.keepDamaged(left.damaged);
    return left.told;
  }

  /** The plaintext of a sealed object, by id. The caller closes it; so does close() at the latest. */
  openObject(id: string): FileSource {
    const opened = this.#objects.open(id);
    const source: FileSource = {
      byteLength: opened.byteLength,
      read: (start, end) => opened.read(start, end),
      close: () => {
        if (this.#opened.delete(source)) opened.close();
      },
    };
    this.#opened.add(source);
    return source;
  }

  /** The act's own words: the JSON value of its body; null where it has none. */
  readBody(entry: JournalEntry): unknown {
    return entry.body === null
      ? null
      : JSON.parse(Buffer.from(this.#content(entry.body)).toString());
  }

  /** Lets go of everything; the lock is free afterwards. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const source of this.#opened) source.close();
    this.#objects.abandonSegments();
    this.#objects.removeUnnamed();
    this.#parts.journal.close();
    this.#parts.lock.release();
  }

  #sealBody(body: unknown): ObjectReference {
    const bytes = Buffer.from(canonicalJson(body));
    return this.#objects.seal(memorySource(bytes)).reference;
  }

  /** A whole small object, held against the keyed hash in its entry. */
  #content(reference: ObjectReference): Uint8Array {
    const source = this.openObject(reference.object);
    try {
      const bytes = source.byteLength > BODY_BYTES_MAX ? null : readAll(source);
      if (bytes !== null) {
        const hash = createHash("sha256").update(bytes).digest();
        if (contentMac(this.#parts.keys, hash) === reference.hmac) return bytes;
      }
    } finally {
      source.close();
    }
    throw damagedFault(this.folder, `object ${reference.object} is not the one its entry names`);
  }

  #syncNames(): void {
    try {
      this.#objects.syncNames();
    } catch (error) {
      throw fileFault(error, this.folder);
    }
  }

  /** The act is acknowledged already: a checkpoint that cannot be kept elsewhere must not undo that. */
  #keep(checkpoint: Checkpoint): void {
    const { settings, files, id } = this.#parts;
    try {
      keepCheckpoint(settings, files, id, checkpoint);
    } catch {
      // An older kept checkpoint still proves all that it covers, and the next act tries again.
    }
  }
}

/** The Fault for what a crash cannot have caused. */
export function damagedFault(folder: string, what: string): Fault {
  return new Fault(
    "vault-damaged",
    `the vault in ${folder} is damaged: ${what}`,
    "run `breakwater verify` on it: it says what was altered; work on from a copy",
  );
}
