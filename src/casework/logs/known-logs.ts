/**
 * The growing logs of a vault, folded from its `log-opened` and `log-closed` acts.
 * Refuses a second counter: a position in a log is the sum of what its segments hold (docs/design/growing-logs.md).
 */
import { createHash } from "node:crypto";
import type { Ticks } from "../../base/time.ts";
import type { JournalEntry } from "../../model/act.ts";
import type { Evidence } from "../../model/evidence.ts";
import { evidenceHash } from "../evidence-hash.ts";
import { bodyOf } from "../bodies.ts";
import { SEGMENT_CLOSED, SEGMENT_OPENED, destroyedObjects } from "../vault/index.ts";
import type { SegmentClosed, SegmentOpened, Vault } from "../vault/index.ts";

/** What tells one log from another. */
export interface LogIdentity {
  readonly device: string;
  readonly inode: string;
  /** SHA-256 of the first `headBytes` bytes, hexadecimal. */
  readonly headHash: string;
  readonly headBytes: number;
  /** How many logs with the same three came before: a header line alone may come again in the same file. */
  readonly generation: number;
}

/** A part of a log. */
export interface LogSegment {
  readonly object: string;
  /** Where in the log it begins. */
  readonly base: number;
}

/** A log as the journal and the segments open now tell it. */
export interface KnownLog {
  readonly identity: LogIdentity;
  readonly evidence: Evidence;
  readonly segments: readonly LogSegment[];
  /** The act that opened its first segment. */
  readonly entry: JournalEntry;
  /** Whether an act destroyed a part of it: it is never gone on with. */
  readonly isDestroyed: boolean;
}

/** The evidence id of a log: SHA-256 over what identifies it, a line each. */
export function logIdOf(identity: LogIdentity): string {
  const { device, inode, headHash, generation } = identity;
  const text = `breakwater-log\n${device}\n${inode}\n${headHash}\n${generation}\n`;
  return createHash("sha256").update(text).digest("hex");
}

interface Found {
  readonly entry: JournalEntry;
  readonly opened: SegmentOpened;
  readonly takenAt: Ticks;
  readonly segments: LogSegment[];
}

/**
 * Logs in the order in which they were first opened, with the segments that the first `entries` of the journal open. Each is as
 * long as it is committed now: what bounds a run is Evidence.sizeBytes.
 */
export function knownLogs(vault: Vault, entries = Number.POSITIVE_INFINITY): readonly KnownLog[] {
  const found = new Map<string, Found>();
  const closedBytes = new Map<string, number>();
  const destroyed = destroyedObjects(vault.entries());
  for (const entry of vault.entries()) {
    if (entry.kind === "log-closed")
      closedBytes.set(entry.subject, closedIn(vault, entry).sizeBytes);
    if (entry.kind !== "log-opened" || entry.index >= entries) continue;
    const opened = openedIn(vault, entry);
    const log = found.get(opened.log) ?? { entry, opened, takenAt: entry.time, segments: [] };
    log.segments.push({ object: entry.subject, base: opened.base });
    found.set(opened.log, log);
  }
  return [...found.values()].map(({ entry, opened, takenAt, segments }) => {
    const last = segments.at(-1);
    const lastBytes =
      last === undefined ? 0 : (closedBytes.get(last.object) ?? vault.segmentBytes(last.object));
    const evidence: Evidence = {
      hash: evidenceHash(opened.log),
      file: opened.file,
      sizeBytes: (last?.base ?? 0) + lastBytes,
      holding: { kind: "log", segments: segments.map(({ object }) => object) },
      takenAt,
      by: opened.by,
      modifiedAt: null,
    };
    const { device, inode, headHash, headBytes, generation } = opened;
    const identity = { device, inode, headHash, headBytes, generation };
    const isDestroyed = segments.some(({ object }) => destroyed.has(object));
    return { identity, evidence, segments, entry, isDestroyed };
  });
}

/** Growing logs as evidence, in the order in which they were first opened. */
export function logsOf(vault: Vault, entries?: number): readonly Evidence[] {
  return knownLogs(vault, entries).map(({ evidence }) => evidence);
}

/** Bodies never change: each is decrypted once for as long as its vault is open. */
const openedBodies = new WeakMap<JournalEntry, SegmentOpened>();
const closedBodies = new WeakMap<JournalEntry, SegmentClosed>();

function openedIn(vault: Vault, entry: JournalEntry): SegmentOpened {
  const body = openedBodies.get(entry) ?? bodyOf(vault, entry, SEGMENT_OPENED);
  openedBodies.set(entry, body);
  return body;
}

function closedIn(vault: Vault, entry: JournalEntry): SegmentClosed {
  const body = closedBodies.get(entry) ?? bodyOf(vault, entry, SEGMENT_CLOSED);
  closedBodies.set(entry, body);
  return body;
}
