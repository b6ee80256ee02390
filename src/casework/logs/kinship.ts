/**
 * Which log a file is: one that is known, a copy that a rotation made of one, or a new one. By content, never by name.
 * Refuses to take the same lines twice because a copy of them lies beside (docs/design/growing-logs.md).
 */
import { copyOf } from "../../base/bytes.ts";
import { setImmediate } from "node:timers/promises";
import { sameBytes } from "../../base/bytes.ts";
import { Fault } from "../../base/fault.ts";
import type { Vault } from "../vault/index.ts";
import type { LogStart } from "./growing-log.ts";
import type { KnownLog } from "./known-logs.ts";
import { HEAD_BYTES_MAX, type LogFile, TAIL_BYTES, hasHead } from "./log-file.ts";
import type { Head } from "./log-file.ts";
import { openLog } from "./log-source.ts";
import type { WatchedFile } from "./watched-paths.ts";

/** Compared at once. */
const BLOCK_BYTES = 1_048_576;

/** What is to be done with a file. */
export type Kinship =
  | { readonly kind: "follow"; readonly start: LogStart }
  /** It holds no whole line yet: look again. */
  | { readonly kind: "young" }
  /** It may be a copy that a rotation is making: look again. */
  | { readonly kind: "wait" }
  /** Not a log of its own, or not to be followed. */
  | { readonly kind: "skip"; readonly why: string };

/** How a known log's own file stands: there as it was or being followed, there with other content, or not there. */
export type Standing = "live" | "cut" | "gone";

/** What telling kinship needs to look at. */
export interface Kin {
  readonly vault: Vault;
  readonly known: readonly KnownLog[];
  readonly standing: (log: KnownLog) => Standing;
  /** Whether the log is being committed to now, from whatever file. */
  readonly isFollowed: (log: KnownLog) => boolean;
  /** Whether a doubtful file was waited for long enough. */
  readonly waited: boolean;
}

/** Whether log and file have the same device and inode. */
export function isFileOf({ identity }: KnownLog, file: WatchedFile): boolean {
  return identity.device === file.device && identity.inode === file.inode;
}

/** Tells what `file` is; `first` are its first bytes, with `head` in them. */
export async function kinshipOf(
  file: LogFile,
  first: Uint8Array,
  head: Head,
  kin: Kin,
): Promise<Kinship> {
  const stat = file.stat();
  // What is no file has no head.
  const files = kin.known.filter(({ identity }) => identity.headBytes > 0);
  const alike = files.filter(({ identity }) => hasHead(first, identity));
  const own = alike.findLast((log) => isFileOf(log, stat));
  if (own !== undefined) {
    if (kin.isFollowed(own)) return { kind: "wait" };
    if (own.isDestroyed)
      return { kind: "skip", why: "this log was destroyed by an act; it is not taken in again" };
    if (continues(kin.vault, own, file)) return follow(own);
  } else {
    for (const log of alike.toReversed()) {
      const kinship = await kinshipWith(file, stat.sizeBytes, log, kin);
      if (kinship !== null) return kinship;
    }
  }
  const { device, inode, path } = stat;
  const before = alike.filter(
    (log) => isFileOf(log, stat) && log.identity.headHash === head.headHash,
  );
  const identity = { device, inode, ...head, generation: before.length };
  return { kind: "follow", start: { kind: "new", identity, file: path } };
}

function follow(log: KnownLog): Kinship {
  return { kind: "follow", start: { kind: "known", log } };
}

/** The last committed bytes of a log, at most TAIL_BYTES; none where they are damaged: its file is then gone on with by its length. */
export function tailOf(vault: Vault, { evidence }: KnownLog): Uint8Array {
  const { hash, sizeBytes } = evidence;
  const source = openLog(vault, hash, sizeBytes);
  try {
    return copyOf(source.read(Math.max(0, sizeBytes - TAIL_BYTES), sizeBytes));
  } catch (error) {
    return onDamage(error, new Uint8Array(0));
  } finally {
    source.close();
  }
}

/** What is damaged in the vault must not keep out what comes now; verify tells of it. */
function onDamage<T>(error: unknown, value: T): T {
  if (error instanceof Fault && error.code === "vault-damaged") return value;
  throw error;
}

/** Whether the log's own file still holds, before the position, what was committed. */
function continues(vault: Vault, log: KnownLog, file: LogFile): boolean {
  const tail = tailOf(vault, log);
  const { sizeBytes } = log.evidence;
  if (file.stat().sizeBytes < sizeBytes) return false;
  return sameBytes(file.read(sizeBytes - tail.length, sizeBytes), tail);
}

/** What another file is that begins as `log` does; null where it is not the same beyond its head. */
async function kinshipWith(
  file: LogFile,
  sizeBytes: number,
  log: KnownLog,
  kin: Kin,
): Promise<Kinship | null> {
  const committed = log.evidence.sizeBytes;
  const shared = Math.min(sizeBytes, committed);
  if (shared === 0 || log.isDestroyed || !(await sharesFirst(kin.vault, log, file, shared)))
    return null;
  // Two logs may well begin with the same header lines; nothing is concluded from a head alone.
  const long = shared > HEAD_BYTES_MAX;
  const standing = kin.standing(log);
  if (sizeBytes >= committed && (standing === "cut" || (standing === "gone" && long)))
    return follow(log);
  if (sizeBytes <= committed && long)
    return { kind: "skip", why: `all of it is in the log ${log.evidence.file} already` };
  return kin.waited ? null : { kind: "wait" };
}

/** Whether the first `sizeBytes` bytes of log and file are the same; other work goes on meanwhile. */
export async function sharesFirst(
  vault: Vault,
  { evidence }: KnownLog,
  file: LogFile,
  sizeBytes: number,
): Promise<boolean> {
  const source = openLog(vault, evidence.hash, evidence.sizeBytes);
  try {
    for (let start = 0; start < sizeBytes; start += BLOCK_BYTES) {
      const end = Math.min(start + BLOCK_BYTES, sizeBytes);
      if (Buffer.compare(source.read(start, end), file.read(start, end)) !== 0) return false;
      await setImmediate();
    }
    return true;
  } catch (error) {
    return onDamage(error, false);
  } finally {
    source.close();
  }
}
