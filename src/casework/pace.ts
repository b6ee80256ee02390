/** Long work that shows where it is, lets others run, and stops when asked. Refuses to know a terminal. */
import { setImmediate } from "node:timers/promises";
import { Fault } from "../base/fault.ts";

/** Where a long piece of work stands; `total` null where nobody can know. */
export interface Progress {
  readonly phase: string;
  readonly done: number;
  readonly total: number | null;
  readonly unit: "bytes" | "files" | "events";
}

/** How often a long loop gives way: often enough that Ctrl-C is heard well within a second. */
const BREATH_MILLIS = 60;

/** Counts work, reports it, and gives way to signals and sockets. */
export class Pace {
  readonly #report: (progress: Progress) => void;
  readonly #signal: AbortSignal | null;
  readonly #breathMillis: number;
  #phase = "";
  #total: number | null = null;
  #unit: Progress["unit"] = "bytes";
  #done = 0;
  #breathed = 0;

  constructor(
    report: (progress: Progress) => void = () => {},
    signal: AbortSignal | null = null,
    breathMillis = BREATH_MILLIS,
  ) {
    this.#report = report;
    this.#signal = signal;
    this.#breathMillis = breathMillis;
  }

  /** Starts a named phase of `total` units. */
  start(phase: string, total: number | null, unit: Progress["unit"] = "bytes"): void {
    this.#phase = phase;
    this.#total = total;
    this.#unit = unit;
    this.#done = 0;
    this.#tell();
  }

  /** Adds work done; cheap enough for every batch. */
  add(amount: number): void {
    this.#done += amount;
  }

  /** Says where the work stands, for work that counts by itself. */
  at(done: number, total: number): void {
    this.#done = done;
    this.#total = total;
    this.#tell();
  }

  /** Call between pieces of work: gives way when it is time. Throws a Fault `interrupted` when asked to stop. */
  async breathe(): Promise<void> {
    const now = performance.now();
    if (now - this.#breathed < this.#breathMillis) return;
    this.#tell();
    await setImmediate();
    this.#breathed = performance.now();
    if (this.#signal?.aborted === true) {
      throw new Fault(
        "interrupted",
        "stopped as asked",
        "what a vault acknowledged is kept; run the same command again",
      );
    }
  }

  #tell(): void {
    this.#report({ phase: this.#phase, done: this.#done, total: this.#total, unit: this.#unit });
  }
}
