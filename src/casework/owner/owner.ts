/**
 * The owner of a vault lets other commands of the same account work in it, over a local socket.
 * Refuses strangers by the modes of files, garbage by closing the connection, and more clients than it can mind.
 */
import { type Socket, createServer } from "node:net";
import { programVersion } from "../knowledge.ts";
import type { Vault } from "../vault/index.ts";
import { listenIn } from "./place.ts";
import { PROTOCOL, REQUEST, type Screen, messagesOf, screenOf, send } from "./wire.ts";

/** More commands at once than people start; each may hold a few megabytes. */
const CLIENTS_MAX = 32;
/** A client has its words ready when it connects. */
const REQUEST_MILLIS_MAX = 10_000;
/** Whoever does not take its last words within this time does without them: Ctrl-C ends within a second. */
const FAREWELL_MILLIS_MAX = 700;

/** A client's command, as the owner is asked to run it. */
export interface Visit {
  readonly words: readonly string[];
  readonly screen: Screen;
  /** Aborted when the client asks, when it is gone, and when the owner ends. */
  readonly signal: AbortSignal;
}

/** An open door for clients. */
export interface Reception {
  /** Stops the commands of all clients, tells them so, and takes the socket away. */
  close(): Promise<void>;
}

/** Opens the socket of a vault that this process owns; `attend` runs one command and gives its exit code. */
export async function receiveClients(
  vault: Vault,
  attend: (visit: Visit) => Promise<number>,
): Promise<Reception> {
  const ending = new AbortController();
  const visits = new Map<Socket, Promise<void>>();
  const server = createServer((socket) => {
    // A connection that breaks is told by its end.
    socket.on("error", () => {});
    const visit = converse(socket, attend, ending.signal).finally(() => visits.delete(socket));
    visits.set(socket, visit);
  });
  server.maxConnections = CLIENTS_MAX;
  const clear = await listenIn(server, vault.runFolder);
  return {
    close: async () => {
      server.close();
      ending.abort();
      const hurry = setTimeout(() => {
        for (const socket of visits.keys()) socket.destroy();
      }, FAREWELL_MILLIS_MAX);
      await Promise.all(visits.values());
      clearTimeout(hurry);
      clear();
    },
  };
}

async function converse(
  socket: Socket,
  attend: (visit: Visit) => Promise<number>,
  ending: AbortSignal,
): Promise<void> {
  const stop = new AbortController();
  const endWaiting = () => socket.destroy();
  try {
    ending.addEventListener("abort", endWaiting);
    await send(socket, {
      breakwater: PROTOCOL,
      program: programVersion(),
      folder: process.cwd(),
    });
    const messages = messagesOf(socket);
    socket.setTimeout(REQUEST_MILLIS_MAX, endWaiting);
    const request = REQUEST.safeParse((await messages.next()).value);
    if (!request.success) return;
    socket.setTimeout(0);
    ending.removeEventListener("abort", endWaiting);
    // Whatever comes next, or the end of the connection: the client wants no more of this.
    void messages.next().then(() => stop.abort());
    const exit = await attend({
      words: request.data.words,
      screen: screenOf(socket, request.data),
      signal: AbortSignal.any([stop.signal, ending]),
    });
    await send(socket, { exit });
    await ended(socket);
  } finally {
    ending.removeEventListener("abort", endWaiting);
    socket.destroy();
  }
}

/** Settles when the last word is on its way. */
function ended(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    socket.once("close", () => resolve());
    socket.end(() => resolve());
  });
}
