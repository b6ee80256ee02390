/** One piece of long work at a time in a vault that several commands share, in the order in which they came. */
import { Fault } from "../../base/fault.ts";

/** A queue of work, each piece begun when the one before has ended. */
export class Turns {
  #last: Promise<void> = Promise.resolve();
  #held = 0;

  /** Whether any work is under way or waits. */
  get busy(): boolean {
    return this.#held > 0;
  }

  /** Does the work in its turn. Faults: interrupted, where `signal` comes before the turn does. */
  async take<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    const before = this.#last;
    const own = Promise.withResolvers<void>();
    const stopped = Promise.withResolvers<void>();
    const stop = () => stopped.resolve();
    // Whoever gives up waiting lets nobody overtake the ones before.
    this.#last = before.then(() => own.promise);
    this.#held++;
    try {
      signal.addEventListener("abort", stop);
      if (!signal.aborted) await Promise.race([before, stopped.promise]);
      if (signal.aborted)
        throw new Fault("interrupted", "stopped as asked", "run the same command again");
      return await work();
    } finally {
      signal.removeEventListener("abort", stop);
      this.#held--;
      own.resolve();
    }
  }
}
