/**
 * One file and the log that it is: what is new in it is staged, whole line by whole line.
 * Refuses to go on where the file is not the one it was: that is the end of this log, and another may begin.
 */
import { assert } from "../../base/assert.ts";
import type { GrowingLog } from "./growing-log.ts";
import { HEAD_BYTES_MAX, type LogFile, TAIL_BYTES, hasHead } from "./log-file.ts";
import { fileKey } from "./watched-paths.ts";
import type { WatchedFile } from "./watched-paths.ts";

/** Looks without a change after which a file that was rotated away is taken to be finished: 10 seconds. */
export const QUIET_LOOKS = 20;

/** What a look found; `more`: staged, and there is more at once. */
export type Look = "nothing" | "staged" | "more" | "replaced" | "finished";

/** A file that is followed. */
export class FollowedFile {
  readonly key: string;
  readonly log: GrowingLog;
  /** Where it lies now. */
  path: string;
  /** Whether it is at no watched path any more: rotated away, or deleted. */
  isAway = false;
  readonly #file: LogFile;
  /** The bytes before the position, as they were committed. */
  #tail: Uint8Array;
  #seen: WatchedFile | null = null;
  #quietLooks = 0;

  /** `tail`: the last bytes of what is committed, at most TAIL_BYTES. */
  constructor(file: LogFile, log: GrowingLog, tail: Uint8Array) {
    const stat = file.stat();
    this.key = fileKey(stat);
    this.path = stat.path;
    this.log = log;
    this.#file = file;
    this.#tail = tail;
  }

  /** Looks in a row that found nothing new. */
  get quietLooks(): number {
    return this.#quietLooks;
  }

  /** The file as the last look saw it. */
  get seen(): WatchedFile | null {
    return this.#seen;
  }

  /** Stages what is new. Faults: not-readable; and those of staging, after which the next look begins again. */
  look(): Look {
    if (this.log.isStaged) return "staged";
    const position = this.log.sizeBytes;
    const stat = this.#file.stat();
    const { sizeBytes, modified } = stat;
    const same = this.#seen?.sizeBytes === sizeBytes && this.#seen.modified === modified;
    this.#quietLooks = same ? this.#quietLooks + 1 : 0;
    const finishing = this.isAway && this.#quietLooks >= QUIET_LOOKS;
    if (same && !finishing) return "nothing";
    if (sizeBytes < position || !this.#begins(position)) return "replaced";
    const fresh = this.#file.after(position, this.#tail, finishing);
    if (fresh.kind === "replaced") return "replaced";
    if (fresh.lines.length > 0) this.#stage(fresh.lines);
    // A frame that was full, or failed, is not all: the file counts as seen once its end is.
    if (fresh.more) return "more";
    this.#seen = stat;
    if (fresh.lines.length > 0) return "staged";
    return finishing ? "finished" : "nothing";
  }

  /** Lets go of the file. */
  close(): void {
    this.#file.close();
  }

  /** Before the first commit there is no tail: the head says that it is still the same file. */
  #begins(position: number): boolean {
    return position > 0 || hasHead(this.#file.read(0, HEAD_BYTES_MAX), this.log.identity);
  }

  #stage(lines: Uint8Array): void {
    assert(lines.length > 0, "something to stage");
    const tail =
      lines.length >= TAIL_BYTES
        ? lines.slice(-TAIL_BYTES)
        : Buffer.concat([this.#tail, lines]).subarray(-TAIL_BYTES);
    this.log.stage(lines);
    this.#tail = tail;
  }
}
