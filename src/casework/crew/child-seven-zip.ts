/**
 * The program of a supervised child: 7-Zip as WebAssembly over a file system that is not there. The archive is read
 * through the pipe, and what is extracted leaves through it; no name of a member ever reaches a disk.
 */
import { constants } from "node:fs";
import { createRequire } from "node:module";
import { FRAME, FRAME_BYTES_MAX, readRemote, receiveJob, sendFrame } from "./child-pipe.ts";

/** The parts of emscripten's file system that are used here; the package declares only some of them. */
interface Node {
  usedBytes: number;
  readonly mode: number;
  node_ops: NodeOperations;
  stream_ops: object;
}
interface NodeOperations {
  readonly mknod: (parent: Node, name: string, mode: number, device: number) => Node;
  readonly setattr: (node: Node, attributes: object) => void;
}
interface SevenZip {
  readonly FS: {
    writeFile(path: string, bytes: Uint8Array): void;
    mkdir(path: string): void;
    lookupPath(path: string): { readonly node: Node };
    isFile(mode: number): boolean;
    isDir(mode: number): boolean;
  };
  callMain(list: string[]): number;
}
interface Stream {
  position: number;
}

const READ_AHEAD_BYTES = 1 << 20;
const SEEK = { current: 1, end: 2 };

async function main(): Promise<void> {
  const [sizeBytes = "0", ...list] = receiveJob();
  // The package looks flags up through an interface that the permission model closes; these are the same numbers.
  Object.assign(process, { binding: () => ({ fs: constants }) });
  const load: (settings: object) => Promise<SevenZip> = createRequire(import.meta.url)("7z-wasm");
  const line = (text: string) =>
    sendFrame(FRAME.text, Buffer.from(text).subarray(0, FRAME_BYTES_MAX));
  const sevenZip = await load({ print: line, printErr: line, stdin: () => null, quit: () => {} });
  const { FS } = sevenZip;
  FS.writeFile("/archive", new Uint8Array(0));
  makeRemote(FS.lookupPath("/archive").node, Number(sizeBytes));
  FS.mkdir("/out");
  makeOutlet(FS, FS.lookupPath("/out").node);
  const code = sevenZip.callMain(list);
  sendFrame(FRAME.done, Buffer.from(String(code)));
}

/** The node reads through the pipe, a mebibyte ahead: 7-Zip asks for small pieces in order. */
function makeRemote(node: Node, sizeBytes: number): void {
  let ahead: Uint8Array = new Uint8Array(0);
  let aheadAt = 0;
  node.usedBytes = sizeBytes;
  node.stream_ops = {
    llseek: (stream: Stream, offset: number, whence: number) =>
      seek(stream, offset, whence, sizeBytes),
    read(_: Stream, into: Uint8Array, at: number, length: number, position: number) {
      if (position >= sizeBytes) return 0;
      if (position < aheadAt || position >= aheadAt + ahead.length) {
        ahead = readRemote(position, Math.min(sizeBytes, position + READ_AHEAD_BYTES));
        aheadAt = position;
      }
      const from = position - aheadAt;
      const taken = ahead.subarray(from, from + length);
      into.set(taken, at);
      return taken.length;
    },
  };
}

/** Every file made below the folder leaves through the pipe, in the order in which it is written. */
function makeOutlet(FS: SevenZip["FS"], folder: Node): void {
  const { mknod, setattr } = folder.node_ops;
  folder.node_ops = {
    ...folder.node_ops,
    mknod(parent, name, mode, device) {
      const node = mknod(parent, name, mode, device);
      if (FS.isDir(node.mode)) makeOutlet(FS, node);
      if (FS.isFile(node.mode)) {
        // A length set beforehand would be memory taken on the word of the archive.
        node.node_ops = {
          ...node.node_ops,
          setattr: (at, attributes) => setattr(at, { ...attributes, size: undefined }),
        };
        node.stream_ops = outletOf();
        sendFrame(FRAME.file, Buffer.from(name));
      }
      return node;
    },
  };
}

function outletOf(): object {
  let written = 0;
  return {
    llseek: (stream: Stream, offset: number, whence: number) =>
      seek(stream, offset, whence, written),
    write(_: Stream, from: Uint8Array, at: number, length: number, position: number) {
      if (position !== written) throw new Error("written out of order");
      // A frame's length is bounded; the caller's buffer is not.
      const bytes = new Uint8Array(
        from.buffer,
        from.byteOffset + at * from.BYTES_PER_ELEMENT,
        length,
      );
      for (let done = 0; done < length; done += FRAME_BYTES_MAX)
        sendFrame(FRAME.data, bytes.subarray(done, done + FRAME_BYTES_MAX));
      written += length;
      return length;
    },
    close: () => sendFrame(FRAME.end, new Uint8Array(0)),
  };
}

function seek(stream: Stream, offset: number, whence: number, sizeBytes: number): number {
  if (whence === SEEK.current) return stream.position + offset;
  return whence === SEEK.end ? sizeBytes + offset : offset;
}

await main();
