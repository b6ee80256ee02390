/**
 * What the owner of a vault and its clients say to each other: one JSON object a line over a local socket.
 * Refuses a message that is too long, or is none: it ends the conversation. Spec: docs/design/vault-ownership.md.
 */
import type { Socket } from "node:net";
import { z } from "zod";
import type { Progress } from "../pace.ts";

/** Raised when a message changes its meaning; the greeting itself never does. */
export const PROTOCOL = 1;
/** More words than any system hands to a program at once; whoever sends more is no client of ours. */
const MESSAGE_BYTES_MAX = 4 << 20;
/** Data travels in pieces of this length, so that no message comes near the limit. */
const PIECE_CHARS = 1 << 18;
const LINE_FEED = 10;

/** The owner speaks first: which program it is, and which folder its relative paths start from. */
export const GREETING = z.object({
  breakwater: z.number().int(),
  program: z.string(),
  folder: z.string(),
});
export type Greeting = z.infer<typeof GREETING>;

/** What a client asks for: a command's words, and what its terminal can show. */
export const REQUEST = z.object({
  words: z.array(z.string()),
  coloured: z.boolean(),
  progress: z.boolean(),
});
export type Request = z.infer<typeof REQUEST>;

const PROGRESS = z.object({
  phase: z.string(),
  done: z.number(),
  total: z.number().nullable(),
  unit: z.enum(["bytes", "files", "events"]),
});

/** What the owner answers, in the order in which the command says it; the exit code comes last. */
export const REPLY = z.union([
  z.object({ data: z.string() }),
  z.object({ note: z.string() }),
  z.object({ progress: PROGRESS }),
  z.object({ exit: z.number().int() }),
]);
export type Reply = z.infer<typeof REPLY>;

/** What a client says after its request, once: stop. So does closing the connection. */
export const STOP = { stop: true } as const;

/** Where the words of a command go: the terminal of this process, or that of a client. */
export interface Screen {
  /** Text for stdout; settles when more may come. */
  data(text: string): Promise<void>;
  /** One line for people. */
  note(line: string): void;
  progress(progress: Progress): void;
  /** Whether data may carry colours. */
  readonly coloured: boolean;
  /** Whether anybody sees progress. */
  readonly showsProgress: boolean;
}

/** The messages of a connection as they come; ends where it ends, or at the first that is none. */
export async function* messagesOf(socket: Socket): AsyncGenerator<unknown, undefined> {
  let waiting: Uint8Array[] = [];
  let waitingBytes = 0;
  try {
    for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
      const bytes: Uint8Array = chunk;
      let start = 0;
      for (let end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED, start)) {
        const message = parsed(Buffer.concat([...waiting, bytes.subarray(start, end)]));
        if (message === null) return;
        yield message;
        waiting = [];
        waitingBytes = 0;
        start = end + 1;
      }
      waiting.push(bytes.subarray(start));
      waitingBytes += bytes.length - start;
      if (waitingBytes > MESSAGE_BYTES_MAX) return;
    }
  } catch {
    // A connection that broke has ended: what was said until then stands.
  }
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch {
    return null;
  }
}

/** Sends one message; settles when more may come, also where nobody listens any more. */
export async function send(
  socket: Socket,
  message: Greeting | Request | Reply | typeof STOP,
): Promise<void> {
  if (!socket.writable || socket.write(`${JSON.stringify(message)}\n`)) return;
  await new Promise<void>((resolve) => {
    const over = () => {
      socket.off("drain", over).off("close", over);
      resolve();
    };
    socket.on("drain", over).on("close", over);
  });
}

/** The screen of a client at the other end of a connection. */
export function screenOf(socket: Socket, { coloured, progress: showsProgress }: Request): Screen {
  return {
    coloured,
    showsProgress,
    data: async (text) => {
      for (const piece of piecesOf(text)) await send(socket, { data: piece });
    },
    note: (line) => void send(socket, { note: line }),
    progress: (progress) => {
      // Whoever does not keep up is told later, not more.
      if (showsProgress && socket.writableLength === 0) void send(socket, { progress });
    },
  };
}

/** Pieces of a text, cut between characters. */
function* piecesOf(text: string): Generator<string> {
  for (let start = 0; start < text.length; ) {
    let end = Math.min(text.length, start + PIECE_CHARS);
    const last = text.charCodeAt(end - 1);
    const split = end < text.length && last >= 0xd800 && last <= 0xdbff;
    if (split) end--;
    yield text.slice(start, end);
    start = end;
  }
}
