/**
 * A supervised child for parsers that are not ours (decisions 17): the pinned Node under `--permission`, able to read
 * its own program and nothing else, without files to write, children, threads or a terminal. It is stopped for memory
 * or for time, and its death is an answer like any other. Refuses to retry.
 */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { readFileSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, extname, join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import type { Source } from "../../base/source.ts";
import { FRAME, FRAME_BYTES_MAX, FRAME_HEADER_BYTES } from "./child-pipe.ts";

/** What a child is given to do. */
export interface ChildWork {
  /** Address of its program, as TypeScript; where this file was built to JavaScript, so was the program. */
  readonly program: URL;
  /** Words without NUL; not on its command line, where any user of the machine could read a password. */
  readonly job: readonly string[];
  /** What it may ask bytes of. */
  readonly source: Source;
  /** Resident memory at which it is stopped. */
  readonly memoryBytesMax: number;
  readonly wallMillis: number;
}

/** What a child says, in order; `death` is always the last where it comes. */
export type ChildWord =
  | { readonly kind: "text"; readonly text: string }
  /** A file begins; the last part of its name, as far as the parser could keep it. */
  | { readonly kind: "file"; readonly name: string }
  /** Valid until the next word is asked for. */
  | { readonly kind: "data"; readonly bytes: Uint8Array }
  | { readonly kind: "end" }
  | { readonly kind: "done"; readonly code: number }
  | { readonly kind: "death"; readonly why: string };

/** How often a child's memory is looked at; a wasm heap cannot grow past its own limit in between. */
const POLL_MILLIS = 100;
const PAGE_BYTES = 4096;
const WASM_PAGE_BYTES = 65_536;
const SCRIPT_HEAP_MEBIBYTES = 128;
const COMPLAINT_BYTES_MAX = 4096;

const NONSENSE: ChildWord = { kind: "death", why: "it said what no child says" };

type Running = ChildProcessByStdio<Writable, Readable, Readable>;

/**
 * Runs the child and gives its words. A caller that stops listening stops the child. Faults of the source pass through;
 * whatever the child does is data.
 */
export async function* runChild(work: ChildWork): AsyncGenerator<ChildWord, void> {
  const child = startChild(work);
  const death = watchOver(child, work);
  try {
    child.stdin.on("error", () => {});
    const job = Buffer.from(work.job.join("\0"));
    const length = Buffer.alloc(4);
    length.writeUInt32LE(job.length);
    child.stdin.write(Buffer.concat([length, job]));
    for await (const frame of framesOf(child.stdout)) {
      const word = frame === null ? NONSENSE : wordOf(frame, work.source, child.stdin);
      if (word !== null) yield word;
      if (word?.kind === "done" || word?.kind === "death") return;
    }
    child.kill("SIGKILL");
    yield { kind: "death", why: await death };
  } finally {
    child.kill("SIGKILL");
    await death;
  }
}

function startChild({ program, memoryBytesMax }: ChildWork): Running {
  const path = pathOf(program);
  const flags = [
    "--permission",
    ...readableFor(path).map((readable) => `--allow-fs-read=${readable}`),
    `--max-old-space-size=${SCRIPT_HEAP_MEBIBYTES}`,
    `--wasm-max-mem-pages=${Math.floor(memoryBytesMax / WASM_PAGE_BYTES)}`,
    "--disallow-code-generation-from-strings",
    "--no-warnings",
  ];
  // No environment: no keys, no proxies, no NODE_OPTIONS; UTC so that times are read the same on every machine.
  const environment = { TZ: "UTC", LC_ALL: "C.UTF-8" };
  return spawn(process.execPath, [...flags, path], {
    stdio: ["pipe", "pipe", "pipe"],
    env: environment,
    windowsHide: true,
  });
}

/** A module as it lies here: TypeScript in a checkout, JavaScript where it was built. */
function pathOf(module: URL): string {
  const own = extname(fileURLToPath(import.meta.url));
  return realpathSync(fileURLToPath(module).replace(/\.ts$/, own));
}

/** The program and what it loads: nothing that was ever evidence. */
function readableFor(path: string): readonly string[] {
  const pipe = pathOf(new URL("./child-pipe.ts", import.meta.url));
  const sevenZip = dirname(createRequire(path).resolve("7z-wasm"));
  return [path, pipe, join(sevenZip, "*")];
}

/** Resolves when the child is gone, with the reason in words; stops it for memory and for time. */
function watchOver(child: Running, work: ChildWork): Promise<string> {
  let why: string | null = null;
  let complaint = "";
  const stop = (reason: string) => {
    why ??= reason;
    child.kill("SIGKILL");
  };
  const limit = `${Math.floor(work.memoryBytesMax / 2 ** 20)} MiB`;
  const poll = setInterval(() => {
    if (residentBytes(child.pid) > work.memoryBytesMax) stop(`more than ${limit} of memory`);
  }, POLL_MILLIS);
  const seconds = Math.ceil(work.wallMillis / 1000);
  const clock = setTimeout(() => stop(`more than ${seconds} seconds`), work.wallMillis);
  child.stderr.on("data", (bytes: Buffer) => {
    complaint = (complaint + bytes.toString("utf8")).slice(0, COMPLAINT_BYTES_MAX);
  });
  return new Promise((resolve) => {
    const ended = (how: string) => {
      clearInterval(poll);
      clearTimeout(clock);
      resolve(why ?? how);
    };
    child.on("error", (error) => ended(`it could not be started: ${error.message}`));
    child.on("close", (code, signal) => ended(reasonOf(code, signal, complaint)));
  });
}

/** The same words on every machine, whatever path or address the complaint has in it. */
function reasonOf(code: number | null, signal: string | null, complaint: string): string {
  if (/out of memory|OOM/i.test(complaint)) return "out of memory";
  const named = /^\w*Error\b[^\n/\\]*/m.exec(complaint)?.[0];
  return named ?? (signal === null ? `exit code ${code}` : `signal ${signal}`);
}

/** Resident memory of a process where the system shows it (Linux); elsewhere the heap limits alone hold. */
function residentBytes(process_: number | undefined): number {
  try {
    const pages = readFileSync(`/proc/${process_}/statm`, "latin1").split(" ")[1];
    return Number(pages ?? 0) * PAGE_BYTES;
  } catch {
    return 0;
  }
}

interface Frame {
  readonly kind: number;
  readonly bytes: Buffer;
}

/** Whole frames out of the pipe's pieces; null where what comes is no frame. */
async function* framesOf(pipe: Readable): AsyncGenerator<Frame | null> {
  let held: Buffer[] = [];
  let heldBytes = 0;
  let needBytes = FRAME_HEADER_BYTES;
  for await (const piece of pipe) {
    held.push(piece);
    heldBytes += held[held.length - 1]?.length ?? 0;
    if (heldBytes < needBytes) continue;
    let bytes = Buffer.concat(held);
    for (;;) {
      needBytes = FRAME_HEADER_BYTES;
      if (bytes.length < needBytes) break;
      const length = bytes.readUInt32LE(1);
      if (length > FRAME_BYTES_MAX) return yield null;
      needBytes += length;
      if (bytes.length < needBytes) break;
      yield { kind: bytes.readUInt8(0), bytes: bytes.subarray(FRAME_HEADER_BYTES, needBytes) };
      bytes = bytes.subarray(needBytes);
    }
    held = [bytes];
    heldBytes = bytes.length;
  }
}

/** Null where the frame was a request, and is answered. */
function wordOf({ kind, bytes }: Frame, source: Source, reply: Writable): ChildWord | null {
  switch (kind) {
    case FRAME.read: {
      const start = bytes.readDoubleLE(0);
      const end = bytes.readDoubleLE(8);
      const isSound = start >= 0 && start <= end && end <= source.byteLength;
      // A copy: the view is the source's to use again, and the pipe may take it later.
      if (isSound && end - start <= FRAME_BYTES_MAX)
        reply.write(new Uint8Array(source.read(start, end)));
      return isSound ? null : NONSENSE;
    }
    case FRAME.text:
      return { kind: "text", text: bytes.toString("utf8") };
    case FRAME.file:
      return { kind: "file", name: bytes.toString("utf8") };
    case FRAME.data:
      return { kind: "data", bytes };
    case FRAME.end:
      return { kind: "end" };
    case FRAME.done:
      return { kind: "done", code: Number(bytes.toString("latin1")) };
    default:
      return NONSENSE;
  }
}
