/**
 * The program as a process: begun from the launcher, run to its end, or killed at a moment: after a time, or just before the
 * n-th call of one kind to the kernel, where strace is here. Refuses the surroundings of whoever runs the torture.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

const LAUNCHER = resolve("bin/breakwater");
const ORPHANS_MILLIS = 3000;
/** Calls that change what a disk holds, or make it hold. */
export const CHANGING_CALLS = "write,pwrite64,fsync,fdatasync,rename,unlink,rmdir,mkdir,ftruncate";

/** Whether kills can be put before a single call: strace is here and may look at processes. */
export const hasCalls: boolean =
  process.platform === "linux" &&
  spawnSync("strace", ["-qqq", "-f", "-e", "trace=rename", "true"]).status === 0;

/** How a process ended. */
export interface Ended {
  /** Null where a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly millis: number;
  /** Processes of its group that were still there three seconds later. */
  readonly orphans: boolean;
}

/** When to kill. */
export type Moment =
  | { readonly by: "time"; readonly millis: number }
  /** Before that call of its kind, counted from 1 in the main thread. */
  | { readonly by: "call"; readonly call: string; readonly count: number };

/** What a process gets besides its words. */
export interface Surroundings {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** A program and its words to start the program with. */
  readonly before?: readonly string[];
}

const running = new Set<ChildProcess>();

/** A process of the program that is under way. */
export class Running {
  readonly ended: Promise<Ended>;
  readonly #child: ChildProcess;
  #stdout = "";
  #stderr = "";

  constructor(words: readonly string[], { cwd, env, before = [] }: Surroundings) {
    const [command = "", ...rest] = [...before, process.execPath, LAUNCHER, ...words];
    const begun = performance.now();
    // A group of its own: what is still in it when the program is dead is an orphan.
    const child = spawn(command, rest, { cwd, env, detached: true });
    this.#child = child;
    running.add(child);
    child.stdout.on("data", (bytes: Buffer) => (this.#stdout += bytes.toString()));
    child.stderr.on("data", (bytes: Buffer) => (this.#stderr += bytes.toString()));
    this.ended = once(child, "close").then(async ([code]: (number | null)[]) => {
      running.delete(child);
      const millis = performance.now() - begun;
      const orphans = await isGroupLeft(child.pid ?? 0);
      return { code: code ?? null, stdout: this.#stdout, stderr: this.#stderr, millis, orphans };
    });
  }

  get stdout(): string {
    return this.#stdout;
  }

  get stderr(): string {
    return this.#stderr;
  }

  get isOver(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** A signal to the program alone, not to what it has started. */
  signal(signal: NodeJS.Signals): void {
    if (!this.isOver) this.#child.kill(signal);
  }

  /** A signal to the program and to all that it was started with, or has started. */
  signalGroup(signal: NodeJS.Signals): void {
    if (!this.isOver && this.#child.pid !== undefined) process.kill(-this.#child.pid, signal);
  }

  /** Kill -9, and how it ended. */
  async kill(): Promise<Ended> {
    this.signal("SIGKILL");
    return await this.ended;
  }

  /** Waits until a line on stdout or stderr holds `text`; false where the process ends before, or within the time. */
  async says(text: string, millisMax = 60_000): Promise<boolean> {
    const until = performance.now() + millisMax;
    while (!`${this.#stdout}${this.#stderr}`.includes(text)) {
      if (this.isOver || performance.now() > until) return false;
      await pause(10);
    }
    return true;
  }
}

/** Begins the words and kills them at the moment, unless they end before. */
export async function runUntil(
  moment: Moment,
  words: readonly string[],
  surroundings: Surroundings,
): Promise<Ended> {
  if (moment.by === "call") {
    const before = beforeCall(moment.call, moment.count);
    return await new Running(words, { ...surroundings, before }).ended;
  }
  const program = new Running(words, surroundings);
  const timer = setTimeout(() => program.signal("SIGKILL"), moment.millis);
  const ended = await program.ended;
  clearTimeout(timer);
  return ended;
}

/** What to start the program with, so that it is killed before that call: `count` is its number among those of its name. */
export function beforeCall(call: string, count: number): readonly string[] {
  const inject = `inject=${call}:signal=SIGKILL:when=${count}`;
  // Not with --seccomp-bpf: strace 6.1 then forgets to inject.
  const strace = ["strace", "-f", "-qqq", "-o", "/dev/null"];
  return [...strace, "-e", `trace=${call}`, "-e", inject];
}

/** Kills every process of the program that is under way, as the torture itself is given up. */
export function killAll(): void {
  for (const { pid } of running) {
    try {
      if (pid !== undefined) process.kill(-pid, "SIGKILL");
    } catch {
      // It ended meanwhile.
    }
  }
}

async function isGroupLeft(group: number): Promise<boolean> {
  const until = performance.now() + ORPHANS_MILLIS;
  for (;;) {
    try {
      process.kill(-group, 0);
    } catch {
      return false;
    }
    if (performance.now() > until) break;
    await pause(20);
  }
  process.kill(-group, "SIGKILL");
  return true;
}
