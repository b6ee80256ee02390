/**
 * One log on its way into the vault: pieces are staged, committed, and only then counted; segments follow one another.
 * Refuses bytes out of order: what is staged is what comes next (docs/design/growing-logs.md).
 */
import { assert } from "../../base/assert.ts";
import type { Ticks } from "../../base/time.ts";
import type { Evidence } from "../../model/evidence.ts";
import { evidenceHash } from "../evidence-hash.ts";
import type { Act, Segment, SegmentClosed, SegmentOpened, Vault } from "../vault/index.ts";
import { logIdOf } from "./known-logs.ts";
import type { KnownLog, LogIdentity, LogSegment } from "./known-logs.ts";

/** A segment is closed at this size and the next one begun: from then on anybody can check it. */
const SEGMENT_BYTES_MAX = 268_435_456;

/** What is known of a log when it is taken up: all of it, or what a new one is called. */
export type LogStart =
  | { readonly kind: "known"; readonly log: KnownLog }
  | { readonly kind: "new"; readonly identity: LogIdentity; readonly file: string };

/** A log that this process commits to. */
export class GrowingLog {
  readonly identity: LogIdentity;
  /** As it was first given; a label for people. */
  readonly file: string;
  readonly #vault: Vault;
  readonly #by: string;
  readonly #firstBy: string;
  readonly #segments: LogSegment[];
  #takenAt: Ticks | null;
  /** Bytes in segments before the one that is open. */
  #closedBytes: number;
  #segment: Segment | null = null;
  /** Made, and in no act that was acknowledged. */
  #unopened: Segment | null = null;
  /** Closings that the journal has not acknowledged. */
  #owed: Act[] = [];

  constructor(vault: Vault, by: string, start: LogStart) {
    this.#vault = vault;
    this.#by = by;
    const log = start.kind === "known" ? start.log : null;
    this.identity = start.kind === "known" ? start.log.identity : start.identity;
    this.file = start.kind === "known" ? start.log.evidence.file : start.file;
    this.#firstBy = log?.evidence.by ?? by;
    this.#segments = [...(log?.segments ?? [])];
    this.#takenAt = log?.evidence.takenAt ?? null;
    this.#closedBytes = log?.evidence.sizeBytes ?? 0;
  }

  /** Evidence id of the log. */
  get id(): string {
    return logIdOf(this.identity);
  }

  /** Committed bytes: the position in the log. There is no other counter. */
  get sizeBytes(): number {
    return this.#closedBytes + (this.#segment?.sizeBytes ?? 0);
  }

  /** Whether a piece waits for commit(). */
  get isStaged(): boolean {
    return this.#segment?.isStaged ?? false;
  }

  /** The log as it is committed now; null before its first piece. */
  evidence(): Evidence | null {
    if (this.#takenAt === null) return null;
    return {
      hash: evidenceHash(this.id),
      file: this.file,
      sizeBytes: this.sizeBytes,
      holding: { kind: "log", segments: this.#segments.map(({ object }) => object) },
      takenAt: this.#takenAt,
      by: this.#firstBy,
      modifiedAt: null,
    };
  }

  /**
   * Takes the next piece, of 1 to FRAME_BYTES_MAX bytes. Opens a segment where there is none, and journals that first. A Fault
   * leaves everything as it was; then nothing is staged.
   */
  stage(bytes: Uint8Array): void {
    assert(!this.isStaged, "one piece at a time");
    const segment = this.#segment;
    const full = segment !== null && segment.sizeBytes + bytes.length > SEGMENT_BYTES_MAX;
    if (full) this.#finish("full");
    this.#segment ??= this.#open();
    this.#segment.stage(bytes);
  }

  /** What is staged is on the disk when this resolves. A Fault leaves it staged: commit again. */
  async commit(): Promise<void> {
    await this.#segment?.commit();
  }

  /** Ends the open segment and gives the acts that tell of it, to be journalled by the caller; none where there is nothing to tell. */
  end(why: SegmentClosed["why"]): readonly Act[] {
    this.#finish(why);
    const acts = this.#owed;
    this.#owed = [];
    return acts;
  }

  #open(): Segment {
    const { device, inode, headHash, headBytes, generation } = this.identity;
    this.#unopened ??= this.#vault.openSegment();
    const segment = this.#unopened;
    const base = this.#closedBytes;
    const who = { log: this.id, file: this.file, by: this.#by };
    const what = { device, inode, headHash, headBytes, generation, base };
    const body: SegmentOpened = { ...who, ...what };
    const { object: subject } = segment;
    const opened: Act = { kind: "log-opened", by: this.#by, subject, body, sealed: null };
    const entries = this.#vault.acts([...this.#owed, opened]);
    this.#owed = [];
    this.#unopened = null;
    this.#takenAt ??= entries.at(-1)?.time ?? null;
    this.#segments.push({ object: subject, base });
    return segment;
  }

  /** Where it fails, the segment stays open for the next start to close; the log goes on in a new one. */
  #finish(why: SegmentClosed["why"]): void {
    const segment = this.#segment;
    if (segment === null) return;
    if (segment.isStaged) {
      segment.abandon();
      return;
    }
    const { sizeBytes, object: subject } = segment;
    this.#closedBytes += sizeBytes;
    this.#segment = null;
    const sealed = segment.finish();
    const body: SegmentClosed = { log: this.id, sizeBytes, why, by: this.#by };
    this.#owed.push({ kind: "log-closed", by: this.#by, subject, body, sealed });
  }
}
