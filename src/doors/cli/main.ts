/** The program's start: one command on this process's terminal, or by the process that owns its vault. */
import { readFileSync } from "node:fs";
import { Fault } from "../../base/fault.ts";
import type { Surroundings } from "./command.ts";
import { type Call, runCommand, wordsOf } from "./run.ts";
import { EXIT_BUG, Output, ownScreen } from "./terminal.ts";

const stop = new AbortController();
const screen = ownScreen();
const out = new Output(screen);

process.on("uncaughtException", (error) => {
  out.bug(error);
  process.exit(EXIT_BUG);
});

process.exitCode = await runCommand(process.argv.slice(2), out, perform);

async function perform(call: Call): Promise<number> {
  const { command, given } = call;
  if (command.writesNothing !== true) {
    for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, stopOrEnd);
    // A connection that drops is like Ctrl-C, unless nohup said otherwise.
    if (!ignoresHangUp()) process.on("SIGHUP", stopOrEnd);
  }
  // Loaded after the help has been answered: the machines behind casework are large.
  const { Pace, askOwner } = await import("../../casework/index.ts");
  const { signal } = stop;
  const pace = new Pace((progress) => screen.progress(progress), signal);
  const now = Date.now();
  const surroundings: Surroundings = { out, pace, signal, env: process.env, now, lent: null };
  try {
    return await command.run(given, surroundings);
  } catch (error) {
    const folder = given.one("vault");
    if (!(error instanceof Fault) || error.code !== "vault-in-use") throw error;
    if (folder === null || command.sharing === "alone") throw error;
    const words = (placed: (path: string) => string) => wordsOf(call, placed);
    const exit = await askOwner(folder, { words, screen, signal });
    if (exit === null) throw error;
    return exit;
  }
}

/** The first signal asks, the second does not. */
function stopOrEnd(): void {
  if (stop.signal.aborted) process.exit(2);
  stop.abort();
}

/** Whether this process was started to outlive its terminal; what cannot be told is taken for no. */
function ignoresHangUp(): boolean {
  try {
    // Bit 0 of the mask is signal 1, SIGHUP (proc(5)).
    return /^SigIgn:.*[13579bdf]$/m.test(readFileSync("/proc/self/status", "utf8"));
  } catch {
    return false;
  }
}
