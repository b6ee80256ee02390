/**
 * A command whose vault another process owns: the owner runs it, this side shows what it says.
 * Refuses to speak to an owner of another version.
 */
import type { Socket } from "node:net";
import { join, resolve } from "node:path";
import { Fault } from "../../base/fault.ts";
import { programVersion } from "../knowledge.ts";
import { reachOwner } from "./place.ts";
import { GREETING, PROTOCOL, REPLY, STOP, type Screen, messagesOf, send } from "./wire.ts";

/** An owner in the middle of a step that cannot be divided answers later than at once. */
const GREETING_MILLIS_MAX = 30_000;

/** A command to be run by the owner. */
export interface Errand {
  /** The command's words, its paths put through `placed`. */
  words(placed: (path: string) => string): readonly string[];
  readonly screen: Screen;
  /** Aborted by Ctrl-C: the owner is asked to stop this command, and this one only. */
  readonly signal: AbortSignal;
}

/**
 * Has the owner of the vault in `folder` run the errand; gives its exit code, or null where no owner answers.
 * Faults: vault-in-use where the owner is another version of the program, interrupted where it ends before its answer.
 */
export async function askOwner(folder: string, errand: Errand): Promise<number | null> {
  const socket = await reachOwner(join(folder, "run"));
  if (socket === null) return null;
  const stop = () => void send(socket, STOP);
  try {
    errand.signal.addEventListener("abort", stop);
    return await converse(socket, errand);
  } finally {
    errand.signal.removeEventListener("abort", stop);
    socket.destroy();
  }
}

async function converse(socket: Socket, errand: Errand): Promise<number | null> {
  const { screen } = errand;
  const messages = messagesOf(socket);
  socket.setTimeout(GREETING_MILLIS_MAX, () => socket.destroy());
  const greeting = GREETING.safeParse((await messages.next()).value);
  socket.setTimeout(0);
  if (!greeting.success) return null;
  const { breakwater, program, folder } = greeting.data;
  if (breakwater !== PROTOCOL || program !== programVersion()) throw otherVersion(program);
  // Words that mean the same in both folders stay as they were typed.
  const same = folder === process.cwd();
  await send(socket, {
    words: [...errand.words((path) => (same || path === "" ? path : resolve(path)))],
    coloured: screen.coloured,
    progress: screen.showsProgress,
  });
  for await (const message of messages) {
    const reply = REPLY.safeParse(message);
    if (!reply.success) break;
    if ("exit" in reply.data) return reply.data.exit;
    if ("data" in reply.data) await screen.data(reply.data.data);
    else if ("note" in reply.data) screen.note(reply.data.note);
    else screen.progress(reply.data.progress);
  }
  throw new Fault(
    "interrupted",
    "the process that owns this vault ended before this command did",
    "what the vault acknowledged is kept; run the same command again",
  );
}

function otherVersion(program: string): Fault {
  return new Fault(
    "vault-in-use",
    `the vault is owned by another version of this program (${program}; this is ${programVersion()})`,
    "stop that one with Ctrl-C, or run the same version",
  );
}
