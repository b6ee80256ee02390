/**
 * What a supervised child and its supervisor say to each other over two pipes: frames of kind, length and bytes one
 * way, the bytes that were asked for the other. Refuses to open anything: a child has its pipes and nothing else.
 */
import { readSync, writeSync } from "node:fs";

/** Frames of a child. `read` asks for bytes [start, end) of the source, which come back bare. */
export const FRAME = { read: 1, text: 2, file: 3, data: 4, end: 5, done: 6 } as const;
/** One byte of kind, four of length (little-endian). */
export const FRAME_HEADER_BYTES = 5;
/** Nothing that a child sends is longer: a longer length is a child that lost its way. */
export const FRAME_BYTES_MAX = 1 << 20;

const STDIN = 0;
const STDOUT = 1;

/** Sends one frame, waiting until the supervisor takes it: that is how a fast child is held back. */
export function sendFrame(kind: number, bytes: Uint8Array): void {
  const header = Buffer.alloc(FRAME_HEADER_BYTES);
  header.writeUInt8(kind, 0);
  header.writeUInt32LE(bytes.length, 1);
  writeAll(header);
  writeAll(bytes);
}

function writeAll(bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; )
    done += patiently(() => writeSync(STDOUT, bytes, done, bytes.length - done));
}

/** Fills `into` from the supervisor, waiting for it; the child ends where the supervisor is gone. */
export function receive(into: Uint8Array): void {
  for (let done = 0; done < into.length; ) {
    const count = patiently(() => readSync(STDIN, into, done, into.length - done, null));
    if (count === 0) process.exit(0);
    done += count;
  }
}

/** The job, sent first: its length, then words with NUL between. */
export function receiveJob(): readonly string[] {
  const header = Buffer.alloc(4);
  receive(header);
  const body = Buffer.alloc(header.readUInt32LE(0));
  receive(body);
  return body.toString("utf8").split("\0");
}

/** Bytes [start, end) of the source that the supervisor holds. */
export function readRemote(start: number, end: number): Uint8Array {
  const request = Buffer.alloc(16);
  request.writeDoubleLE(start, 0);
  request.writeDoubleLE(end, 8);
  sendFrame(FRAME.read, request);
  const bytes = new Uint8Array(end - start);
  receive(bytes);
  return bytes;
}

/** Some systems hand out pipes that say "try again" instead of waiting. */
function patiently(work: () => number): number {
  const sleeper = new Int32Array(new SharedArrayBuffer(4));
  for (;;) {
    try {
      return work();
    } catch (error) {
      const code = error instanceof Error && "code" in error ? error.code : "";
      if (code === "EOF") return 0;
      if (code !== "EAGAIN") throw error;
      Atomics.wait(sleeper, 0, 0, 1);
    }
  }
}
