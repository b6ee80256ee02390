/** What an archive may cost (docs/design/containers.md). Refuses to count time: bytes and entries are the same everywhere. */

/** Limits on one outermost container, all that is nested in it included. */
export interface Limits {
  /** Plain bytes written. */
  readonly bytesMax: number;
  /** Plain bytes for one packed byte, of a member and of the whole, once `ratioFromBytes` are written. */
  readonly ratioMax: number;
  readonly ratioFromBytes: number;
  readonly entriesMax: number;
  /** Containers in containers; the outermost is the first. */
  readonly depthMax: number;
  /** Flaws that are kept one by one; the others are counted. */
  readonly flawsMax: number;
  /** Resident memory of a supervised child. */
  readonly childMemoryBytesMax: number;
}

const MEBIBYTE = 2 ** 20;

/** Logs pack 10 to 60 times with deflate, and no real one is known to reach 250. */
export const LIMITS: Limits = {
  bytesMax: 65_536 * MEBIBYTE,
  ratioMax: 250,
  ratioFromBytes: 64 * MEBIBYTE,
  entriesMax: 500_000,
  depthMax: 5,
  flawsMax: 10_000,
  childMemoryBytesMax: 400 * MEBIBYTE,
};

/** Counts what was written against the limits. */
export class Budget {
  readonly #limits: Limits;
  readonly #packedBytes: number;
  #writtenBytes = 0;

  /** `packedBytes`: of the outermost container. */
  constructor(limits: Limits, packedBytes: number) {
    this.#limits = limits;
    this.#packedBytes = packedBytes;
  }

  /** Whether `bytes` more would be too many for the whole: why, in words; null where they fit. */
  refusalOfAll(bytes: number): string | null {
    const { bytesMax } = this.#limits;
    const sum = this.#writtenBytes + bytes;
    if (sum > bytesMax) return `at most ${bytesMax} bytes from one evidence`;
    return this.#ratioRefusal(sum, this.#packedBytes);
  }

  /** Whether a member of `bytes`, packed in `packedBytes`, unpacks to too much. */
  refusalOfMember(bytes: number, packedBytes: number): string | null {
    return this.#ratioRefusal(bytes, packedBytes);
  }

  /** How much may come out of `packedBytes`, kept or not. */
  plainBytesMax(packedBytes: number): number {
    const { ratioFromBytes, ratioMax, bytesMax } = this.#limits;
    return Math.min(bytesMax, Math.max(ratioFromBytes, ratioMax * packedBytes));
  }

  spend(bytes: number): void {
    this.#writtenBytes += bytes;
  }

  #ratioRefusal(bytes: number, packedBytes: number): string | null {
    const { ratioFromBytes, ratioMax } = this.#limits;
    if (bytes <= ratioFromBytes || bytes <= ratioMax * packedBytes) return null;
    return `at most ${ratioMax} bytes for one packed byte`;
  }
}
