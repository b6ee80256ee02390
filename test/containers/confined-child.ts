/** A child that tries what a supervised child must not be able to do, and says what came of each. */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { Worker } from "node:worker_threads";
import { FRAME, receiveJob, sendFrame } from "../../src/casework/crew/child-pipe.ts";

const [errand = "", file = ""] = receiveJob();

const ERRANDS: Readonly<Record<string, () => unknown>> = {
  read: () => readFileSync(file),
  write: () => writeFileSync(file, "x"),
  spawn: () => execFileSync(process.execPath, ["--version"]),
  thread: () => new Worker("1", { eval: true }),
  environment: () => JSON.stringify(Object.keys(process.env).sort()),
  hang: () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0),
  swell: () => {
    const held: Uint8Array[] = [];
    for (;;) held.push(new Uint8Array(16 << 20).fill(1));
  },
  babble: () => sendFrame(77, Buffer.alloc(3)),
  crash: () => process.abort(),
};

let outcome: string;
try {
  outcome = String(ERRANDS[errand]?.());
} catch (error) {
  outcome = error instanceof Error && "code" in error ? String(error.code) : String(error);
}
sendFrame(FRAME.text, Buffer.from(outcome));
sendFrame(FRAME.done, Buffer.from("0"));
