/**
 * Worker threads that read tasks side by side, one task a thread at a time (decisions 17).
 * Refuses to hold more work than it has hands: who gives a task waits until one is free.
 */
import { Worker } from "node:worker_threads";
import { setTimeout } from "node:timers/promises";
import { unreachable } from "../../base/assert.ts";
import { Fault, type FaultCode } from "../../base/fault.ts";
import type { Pace } from "../pace.ts";
import type { Task } from "../reading/task.ts";
import type { ObjectAccess } from "../vault/index.ts";

/** What every worker begins with; a structured clone carries it. */
export interface CrewSetup {
  readonly access: ObjectAccess;
  readonly derivedFolder: string;
  /** Of packPlan, in memory that threads share. */
  readonly plan: Uint8Array;
  readonly from: bigint | null;
  readonly to: bigint | null;
}

/** What a worker says. */
export type WorkerWord =
  | { readonly kind: "progress"; readonly bytes: number }
  | { readonly kind: "done" }
  | {
      readonly kind: "fault";
      readonly code: FaultCode;
      readonly message: string;
      readonly hint: string;
    };

/** A thread and what it has in hand. */
interface Hand {
  readonly worker: Worker;
  task: Task | null;
}

/** Young objects live for one batch (three semi-spaces of 8, as bin/breakwater has it); the old ones are rules, one task's detections and its counts. */
const HEAP_MEBIBYTES = { maxOldGenerationSizeMb: 384, maxYoungGenerationSizeMb: 24 };
/** Who waits looks this often whether it was asked to stop. */
const LOOK_MILLIS = 100;
const SOURCE = import.meta.url.endsWith(".ts") ? "./worker.ts" : "./worker.js";

/** A few threads for the length of one reading. Close it whatever happens. */
export class Crew {
  readonly #hands: readonly Hand[];
  readonly #pace: Pace;
  readonly #onDone: (task: Task) => void;
  #failure: Error | null = null;
  #wake: () => void = () => {};

  /** `onDone` hears of each task whose portion is kept. */
  constructor(setup: CrewSetup, workers: number, pace: Pace, onDone: (task: Task) => void) {
    this.#pace = pace;
    this.#onDone = onDone;
    this.#hands = Array.from({ length: workers }, () => this.#hire(setup));
  }

  /** Hands a task to a free worker, waiting for one. Faults: those of any task given so far; interrupted. */
  async give(task: Task): Promise<void> {
    for (;;) {
      this.#check();
      const free = this.#hands.find((hand) => hand.task === null);
      if (free !== undefined) {
        free.task = task;
        free.worker.postMessage(task);
        return;
      }
      await this.#change();
    }
  }

  /** Waits until every task is done. Faults as give(). */
  async finish(): Promise<void> {
    this.#check();
    while (this.#hands.some(({ task }) => task !== null)) {
      await this.#change();
      this.#check();
    }
  }

  /** Ends the threads; what they had in hand is left for the next reading. */
  async close(): Promise<void> {
    await Promise.all(this.#hands.map(({ worker }) => worker.terminate()));
  }

  #hire(setup: CrewSetup): Hand {
    const worker = new Worker(new URL(SOURCE, import.meta.url), {
      workerData: setup,
      resourceLimits: HEAP_MEBIBYTES,
    });
    const hand: Hand = { worker, task: null };
    worker.on("message", (word: WorkerWord) => {
      this.#hear(hand, word);
    });
    worker.on("error", (error) => {
      this.#failure ??= failureOf(error);
      this.#wake();
    });
    return hand;
  }

  #hear(hand: Hand, word: WorkerWord): void {
    switch (word.kind) {
      case "progress":
        this.#pace.add(word.bytes);
        return;
      case "done":
        if (hand.task !== null) this.#onDone(hand.task);
        hand.task = null;
        break;
      case "fault":
        this.#failure ??= new Fault(word.code, word.message, word.hint);
        break;
      default:
        unreachable(word);
    }
    this.#wake();
  }

  async #change(): Promise<void> {
    const heard = new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    const patience = new AbortController();
    await Promise.race([
      heard,
      setTimeout(LOOK_MILLIS, undefined, { signal: patience.signal }).catch(() => {}),
    ]);
    patience.abort();
    await this.#pace.breathe();
  }

  #check(): void {
    if (this.#failure !== null) throw this.#failure;
  }
}

/** What ended a thread: its memory is bounded, and evidence and rules together can ask for more. */
export function failureOf(error: unknown): Error {
  if (!(error instanceof Error)) return new Error("a worker ended");
  if (!("code" in error) || error.code !== "ERR_WORKER_OUT_OF_MEMORY") return error;
  return new Fault(
    "usage",
    "one part of the evidence gives more detections than a worker can hold",
    "leave out rules that match nearly every line, or name a shorter time with --from and --to",
  );
}
