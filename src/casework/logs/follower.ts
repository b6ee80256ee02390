/**
 * Follows files into the vault: each look finds what is new at the watched paths, and commits it for all logs together.
 * Refuses to count what is not committed; keeps no clock: a look is a look (docs/design/growing-logs.md).
 */
import { copyOf } from "../../base/bytes.ts";
import { basename } from "node:path";
import { Fault } from "../../base/fault.ts";
import type { Act, SegmentClosed, Vault } from "../vault/index.ts";
import { FollowedFile, QUIET_LOOKS } from "./followed-file.ts";
import { GrowingLog } from "./growing-log.ts";
import type { LogStart } from "./growing-log.ts";
import {
  type Kinship,
  type Standing,
  isFileOf,
  kinshipOf,
  sharesFirst,
  tailOf,
} from "./kinship.ts";
import { knownLogs } from "./known-logs.ts";
import type { KnownLog } from "./known-logs.ts";
import { HEAD_BYTES_MAX, LogFile, hasHead, headOf } from "./log-file.ts";
import { WatchedPaths, fileKey } from "./watched-paths.ts";
import type { WatchedFile } from "./watched-paths.ts";

/** Files held open at once, each with its segment: one that has been quiet makes room for the next. */
const FOLLOWED_MAX = 256;
/** More files than this are not looked for at every look: what is followed is seen to grow without. */
const FILES_EVERY_LOOK = 500;
const MANY_FILES_LOOKS = 4;
/** Earlier logs of a path that are looked for beside it after a start; older ones were finished long ago. */
const ROTATIONS_MAX = 16;
/** A doubtful file is compared again every so many looks: comparing reads all of it. */
const WAITING_LOOKS = 5;

/** Where logs come from, who follows, and who is told. */
export interface FollowerSettings {
  readonly vault: Vault;
  readonly paths: readonly string[];
  readonly by: string;
  readonly onNotice: (line: string) => void;
}

/** What a look did. */
export interface Looked {
  /** There is more at once: do not wait. */
  readonly more: boolean;
  /** Something failed that may mend itself: wait longer. */
  readonly failing: boolean;
}

/** Follows until stop(). Looks must not overlap. */
export class Follower {
  readonly #settings: FollowerSettings;
  readonly #watched: WatchedPaths;
  readonly #followed = new Map<string, FollowedFile>();
  readonly #passed = new Map<string, Passed>();
  readonly #told = new Set<string>();
  #files = new Map<string, WatchedFile>();
  #looks = 0;
  #failing = false;

  /** Throws `not-found` for a path that is not there, `usage` for one inside the vault. */
  constructor(settings: FollowerSettings) {
    this.#settings = settings;
    this.#watched = new WatchedPaths(settings.paths, settings.vault.folder, settings.onNotice);
  }

  /** Logs that wait for their commit, now and after each look. */
  get logs(): readonly GrowingLog[] {
    return [...this.#followed.values()].map(({ log }) => log);
  }

  /** Finds what is new and stages it; commit each of `logs` then. Throws only what is a bug. */
  async look(): Promise<Looked> {
    this.#failing = false;
    if (this.#files.size <= FILES_EVERY_LOOK || this.#looks % MANY_FILES_LOOKS === 0) this.#scan();
    if (this.#looks === 0) await this.#findRotated();
    for (const [key, file] of this.#files)
      if (!this.#followed.has(key)) await this.#guard(file.path, () => this.#judge(file, false));
    await this.#forgetPassed();
    this.#looks++;
    let more = false;
    // A copy: what is found may begin or end the following of a file.
    for (const one of Array.from(this.#followed.values()))
      await this.#guard(one.path, async () => {
        const found = one.look();
        if (found === "more") more = true;
        if (found === "replaced") await this.#replaced(one);
        if (found === "finished") this.#drop(one, "ended");
      });
    return { more, failing: this.#failing };
  }

  #scan(): void {
    this.#files = this.#watched.scan();
    for (const one of this.#followed.values()) {
      const file = this.#files.get(one.key);
      one.isAway = file === undefined;
      one.path = file?.path ?? one.path;
    }
  }

  /** Closes every segment and file; what the disk refuses is left to the next start, as after a crash. */
  async stop(): Promise<void> {
    const acts: Act[] = [];
    for (const one of this.#followed.values()) {
      one.close();
      await this.#guard(one.path, async () => void acts.push(...one.log.end("stopped")));
    }
    this.#followed.clear();
    if (acts.length > 0)
      await this.#guard(this.#settings.vault.folder, async () => {
        this.#settings.vault.acts(acts);
      });
  }

  /** After a start: what a rotation renamed or copied while nobody looked lies beside its path, and is finished first. */
  async #findRotated(): Promise<void> {
    const known = knownLogs(this.#settings.vault);
    for (const path of this.#watched.singles()) {
      const beside = this.#watched.beside(path);
      const logs = known.filter(({ evidence }) => basename(evidence.file) === basename(path));
      for (const log of logs.slice(-ROTATIONS_MAX)) {
        const file = beside.find((one) => isFileOf(log, one));
        const isRenamed = file !== undefined && !this.#files.has(fileKey(file));
        if (isRenamed && file.sizeBytes > log.evidence.sizeBytes)
          await this.#guard(file.path, () => this.#judge(file, true));
        else if (this.#standingOf(log, known) !== "live")
          await this.#guard(path, () => this.#followCopy(log, path));
      }
    }
  }

  /** Files that are gone are forgotten; one that had no line yet when it was renamed may still get some. */
  async #forgetPassed(): Promise<void> {
    for (const [key, { file, isYoung, waitSince }] of Array.from(this.#passed)) {
      if (this.#files.has(key)) continue;
      const beside = isYoung && this.#looks - (waitSince ?? this.#looks) <= QUIET_LOOKS;
      const renamed = beside
        ? this.#watched.beside(file.path).find((one) => fileKey(one) === key)
        : undefined;
      if (renamed === undefined) this.#passed.delete(key);
      else await this.#guard(renamed.path, () => this.#judge(renamed, false));
    }
  }

  /** Takes up a file that is not followed, or remembers why not. `onlyKnown`: not as a new log. */
  async #judge(found: WatchedFile, onlyKnown: boolean): Promise<void> {
    const key = fileKey(found);
    const seen = this.#passed.get(key);
    if (seen !== undefined && !this.#isDue(seen, found)) return;
    if (this.#followed.size >= FOLLOWED_MAX && !this.#park()) return;
    const file = new LogFile(found.path);
    const since = seen?.waitSince ?? this.#looks;
    let isFollowed = false;
    let kinship: Kinship;
    try {
      // Between the scan and the opening another file may have got the name.
      if (fileKey(file.stat()) !== key) return;
      kinship = await this.#kinshipOf(file, this.#looks - since >= QUIET_LOOKS);
      if (onlyKnown && isNew(kinship)) return;
      if (kinship.kind === "follow") {
        this.#follow(file, kinship.start);
        isFollowed = true;
      }
    } finally {
      if (!isFollowed) file.close();
    }
    if (isNew(kinship)) await this.#followRest(found);
    if (kinship.kind === "skip") this.#tell(`not followed: ${found.path}: ${kinship.why}`);
    const isYoung = kinship.kind === "young";
    const isWaiting = kinship.kind === "wait" || (isYoung && !this.#files.has(key));
    if (!isFollowed)
      this.#passed.set(key, { file: found, waitSince: isWaiting ? since : null, isYoung });
  }

  /** A file is judged again when it has changed; one that may be a copy in the making, every few looks. */
  #isDue({ file, waitSince }: Passed, now: WatchedFile): boolean {
    if (waitSince !== null) return (this.#looks - waitSince) % WAITING_LOOKS === 0;
    return file.sizeBytes !== now.sizeBytes || file.modified !== now.modified;
  }

  async #kinshipOf(file: LogFile, waited: boolean): Promise<Kinship> {
    const first = copyOf(file.read(0, HEAD_BYTES_MAX));
    const found = headOf(first);
    if (found.kind === "none") return { kind: "young" };
    if (found.kind === "no-lines") return { kind: "skip", why: found.why };
    const { vault } = this.#settings;
    const known = knownLogs(vault);
    const isFollowed = (log: KnownLog) => this.#isFollowed(log);
    const standing = (log: KnownLog) => this.#standingOf(log, known);
    return kinshipOf(file, first, found.head, { vault, known, standing, isFollowed, waited });
  }

  #isFollowed({ evidence }: KnownLog): boolean {
    return this.logs.some(({ id }) => id === evidence.hash);
  }

  #standingOf(log: KnownLog, known: readonly KnownLog[]): Standing {
    if (this.#isFollowed(log)) return "live";
    const { device, inode } = log.identity;
    const latest = known.findLast(
      ({ identity }) => identity.device === device && identity.inode === inode,
    );
    if (latest !== log) return "cut";
    const file = this.#files.get(fileKey(log.identity));
    if (file === undefined) return "gone";
    return file.sizeBytes < log.evidence.sizeBytes ? "cut" : "live";
  }

  #follow(file: LogFile, start: LogStart): void {
    const { vault, by, onNotice } = this.#settings;
    const tail = start.kind === "known" ? tailOf(vault, start.log) : new Uint8Array(0);
    const one = new FollowedFile(file, new GrowingLog(vault, by, start), tail);
    one.isAway = !this.#files.has(one.key);
    this.#passed.delete(one.key);
    this.#followed.set(one.key, one);
    onNotice(`following ${one.path} from byte ${one.log.sizeBytes}`);
  }

  /** A new log is in this file: the rest of the one that was in it before may lie in a copy beside it. */
  async #followRest(file: WatchedFile): Promise<void> {
    const known = knownLogs(this.#settings.vault);
    const before = known.findLast((log) => isFileOf(log, file));
    if (before !== undefined) await this.#followCopy(before, file.path);
  }

  async #replaced(one: FollowedFile): Promise<void> {
    this.#drop(one, "ended");
    const log = knownLogs(this.#settings.vault).find(
      ({ evidence }) => evidence.hash === one.log.id,
    );
    if (log !== undefined) await this.#followCopy(log, one.path);
    // At once: it may be renamed before the next look.
    const now = this.#files.get(one.key);
    if (now !== undefined) await this.#judge(now, false);
  }

  /** Goes on with `log` in a copy of it that lies beside `path` and holds more of it, as copytruncate leaves one. */
  async #followCopy(log: KnownLog, path: string): Promise<void> {
    const { vault } = this.#settings;
    const { sizeBytes } = log.evidence;
    if (sizeBytes === 0 || log.isDestroyed || this.#isFollowed(log)) return;
    for (const beside of this.#watched.beside(path)) {
      if (beside.sizeBytes <= sizeBytes || this.#followed.has(fileKey(beside))) continue;
      const file = new LogFile(beside.path);
      let taken = false;
      try {
        const alike = hasHead(file.read(0, HEAD_BYTES_MAX), log.identity);
        taken = alike && (await sharesFirst(vault, log, file, sizeBytes));
        if (taken) this.#follow(file, { kind: "known", log });
      } finally {
        if (!taken) file.close();
      }
      if (taken) return;
    }
  }

  #drop(one: FollowedFile, why: SegmentClosed["why"]): void {
    this.#followed.delete(one.key);
    one.close();
    const acts = one.log.end(why);
    if (acts.length > 0) this.#settings.vault.acts(acts);
  }

  /** Makes room: the file that was quiet for longest is let go, and taken up again when it grows. False where none is quiet. */
  #park(): boolean {
    const quiet = [...this.#followed.values()]
      .filter(
        ({ quietLooks, log, isAway }) => quietLooks >= QUIET_LOOKS && !log.isStaged && !isAway,
      )
      .sort((left, right) => right.quietLooks - left.quietLooks)[0];
    if (quiet?.seen == null) return false;
    this.#passed.set(quiet.key, { file: quiet.seen, waitSince: null, isYoung: false });
    this.#drop(quiet, "stopped");
    return true;
  }

  /** A file that cannot be read, or a disk that is full, is told once and tried again; other files go on. */
  async #guard(path: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      this.#failing ||= error.code !== "not-found" && error.code !== "not-readable";
      this.#tell(`${path}: ${error.message}; ${error.hint}`);
    }
  }

  #tell(line: string): void {
    if (this.#told.has(line)) return;
    this.#told.add(line);
    this.#settings.onNotice(line);
  }
}

/** A file that is not followed as long as it stays as it was; with `waitSince`, the look that found it doubtful. */
interface Passed {
  readonly file: WatchedFile;
  readonly waitSince: number | null;
  /** Whether it held no whole line yet. */
  readonly isYoung: boolean;
}

function isNew(kinship: Kinship | null): boolean {
  return kinship?.kind === "follow" && kinship.start.kind === "new";
}
