/**
 * Tells of each log that it has grown, one call at a time for a log; what piles up meanwhile becomes one call, of the newest.
 * Refuses to hold up the commits: who listens may be slower than the logs grow.
 */
import type { Evidence } from "../../model/evidence.ts";

/** Calls a listener that may take its time. */
export class Teller {
  readonly #listener: (evidence: Evidence) => void | Promise<void>;
  /** The newest that is still to be told, by log; a log that is being told of has a key here. */
  readonly #next = new Map<string, Evidence | null>();
  readonly #running = new Set<Promise<void>>();
  #failure: { readonly error: unknown } | null = null;

  constructor(listener: (evidence: Evidence) => void | Promise<void>) {
    this.#listener = listener;
  }

  /** Tells at once, or when the listener has finished with what it was told of this log before. */
  tell(evidence: Evidence): void {
    const busy = this.#next.has(evidence.hash);
    this.#next.set(evidence.hash, evidence);
    if (busy) return;
    const run = this.#run(evidence.hash);
    this.#running.add(run);
    void run.finally(() => this.#running.delete(run));
  }

  /** Throws what the listener threw first, if it did. */
  throwFailure(): void {
    if (this.#failure !== null) throw this.#failure.error;
  }

  /** Waits until everything is told. */
  async finish(): Promise<void> {
    await Promise.all(this.#running);
    this.throwFailure();
  }

  async #run(log: string): Promise<void> {
    try {
      for (;;) {
        const evidence = this.#next.get(log) ?? null;
        if (evidence === null || this.#failure !== null) break;
        this.#next.set(log, null);
        await this.#listener(evidence);
      }
    } catch (error) {
      this.#failure ??= { error };
    }
    this.#next.delete(log);
  }
}
