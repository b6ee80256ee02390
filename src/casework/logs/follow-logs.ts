/**
 * Growing logs of files and of syslog, followed for as long as a vault is served: one commit for all of them every half second.
 * Refuses to show what is not committed: who listens hears of a log after its bytes are on the disk.
 */
import { setImmediate, setTimeout } from "node:timers/promises";
import { Fault } from "../../base/fault.ts";
import type { Evidence } from "../../model/evidence.ts";
import type { Vault } from "../vault/index.ts";
import { Follower } from "./follower.ts";
import type { GrowingLog } from "./growing-log.ts";
import { SyslogLog } from "./syslog-log.ts";
import { Teller } from "./teller.ts";

/** Between two commits: what a power cut can take is never older. */
const BEAT_MILLIS = 500;
/** After a commit that failed, as on a full disk. */
const FAILING_BEAT_MILLIS = 5000;

/** What is followed, and who is told. */
export interface FollowSettings {
  /** Files, and folders whose files are followed. */
  readonly paths: readonly string[];
  /** Where to listen for syslog, over UDP and TCP; port 0 is one that is free. */
  readonly syslog: { readonly host: string; readonly port: number } | null;
  /** Stated name of who follows. */
  readonly by: string;
  /**
   * A log has grown, and its bytes are committed: openEvidence opens exactly those. While one call for a log is unfinished, later
   * ones wait, and only the last of them is made. What it throws ends the following.
   */
  readonly onCommitted: (evidence: Evidence) => void | Promise<void>;
  /** A line for people: what is followed, what is not and why, what was dropped. */
  readonly onNotice: (line: string) => void;
  /** Ends the following: what was read is committed, and every segment closed. */
  readonly signal: AbortSignal;
}

/** A following that has begun. */
export interface Following {
  /** Resolves when everything is closed, after the signal; rejects with what ended it otherwise. Close the vault only then. */
  readonly done: Promise<void>;
  /** Null where syslog is not listened to. */
  readonly syslogPort: number | null;
}

/** Begins to follow. Faults: `not-found` for a path that is not there, `port-in-use`, `not-readable` for a port not allowed. */
export async function followLogs(vault: Vault, settings: FollowSettings): Promise<Following> {
  const { paths, by, onNotice, signal } = settings;
  const teller = new Teller(settings.onCommitted);
  const onCommitted = (evidence: Evidence) => teller.tell(evidence);
  const follower = new Follower({ vault, paths, by, onNotice });
  const syslog =
    settings.syslog === null ? null : await SyslogLog.listen(vault, by, settings.syslog, onNotice);
  const commit = new Commit(onCommitted, onNotice);
  const done = beat({ follower, syslog, commit, teller, signal });
  // Who awaits `done` late must not find the process dead of an unhandled rejection.
  done.catch(() => undefined);
  return { done, syslogPort: syslog?.port ?? null };
}

interface Parts {
  readonly follower: Follower;
  readonly syslog: SyslogLog | null;
  readonly commit: Commit;
  readonly teller: Teller;
  readonly signal: AbortSignal;
}

async function beat({ follower, syslog, commit, teller, signal }: Parts): Promise<void> {
  try {
    for (let last = false; !last; ) {
      last = signal.aborted;
      if (last) await syslog?.stopListening();
      const { more, failing } = await follower.look();
      const moreSyslog = syslog?.stage() ?? false;
      const logs = [...follower.logs, ...(syslog?.logs ?? [])];
      const committed = await commit.all(logs);
      syslog?.resume();
      teller.throwFailure();
      // What came in before the signal is committed too, unless the disk refuses.
      if (moreSyslog && committed) last = false;
      else if (more && committed && !last) await setImmediate();
      else if (!last)
        await pause(failing || !committed ? FAILING_BEAT_MILLIS : BEAT_MILLIS, signal);
    }
  } finally {
    await syslog?.stopListening();
    await follower.stop();
    syslog?.stop();
  }
  await teller.finish();
}

async function pause(millis: number, signal: AbortSignal): Promise<void> {
  try {
    await setTimeout(millis, undefined, { signal });
  } catch {
    // Aborted: the last look comes at once.
  }
}

/** The group commit. */
class Commit {
  readonly #onCommitted: (evidence: Evidence) => void;
  readonly #onNotice: (line: string) => void;
  #failed = "";

  constructor(onCommitted: (evidence: Evidence) => void, onNotice: (line: string) => void) {
    this.#onCommitted = onCommitted;
    this.#onNotice = onNotice;
  }

  /** Commits what is staged in all logs together; false where one failed, which stays staged. Throws only what is a bug. */
  async all(logs: readonly GrowingLog[]): Promise<boolean> {
    const staged = logs.filter(({ isStaged }) => isStaged);
    const results = await Promise.allSettled(staged.map((log) => log.commit()));
    for (const log of staged) {
      const evidence = log.isStaged ? null : log.evidence();
      if (evidence !== null) this.#onCommitted(evidence);
    }
    const line = results.map(faultOf).find((fault) => fault !== "") ?? "";
    if (line !== this.#failed && line !== "") this.#onNotice(`not committed yet: ${line}`);
    if (line === "" && this.#failed !== "" && staged.length > 0) this.#onNotice("committing again");
    if (line !== "" || staged.length > 0) this.#failed = line;
    return line === "";
  }
}

/** The Fault of a commit in words, or empty; anything else that it threw is thrown on. */
function faultOf(result: PromiseSettledResult<void>): string {
  if (result.status === "fulfilled") return "";
  const reason: unknown = result.reason;
  if (reason instanceof Fault) return `${reason.message}; ${reason.hint}`;
  throw reason instanceof Error ? reason : new Error(String(reason));
}
