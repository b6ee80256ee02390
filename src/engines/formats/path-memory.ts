/**
 * Paths of folders and keys that many records share, remembered by number. Bounded by how many and by how long together:
 * names come from evidence. Forgets the oldest first: what lies together in a file mostly shares its folders.
 */

const REMEMBERED_MAX = 65_536;
const CHARS_MAX = 16_777_216;

/** Longer paths are none: Windows knows no longer ones. */
export const PATH_CHARS_MAX = 32_767;

/** What is known of folders or keys, each with its path. */
export class PathMemory<Kept extends { readonly path: string }> {
  readonly #kept: Map<number, Kept> = new Map();
  #chars = 0;

  get(number: number): Kept | undefined {
    return this.#kept.get(number);
  }

  keep(number: number, kept: Kept): void {
    this.#forget(number);
    this.#kept.set(number, kept);
    this.#chars += kept.path.length;
    while (this.#kept.size > REMEMBERED_MAX || this.#chars > CHARS_MAX) {
      const [oldest] = this.#kept.keys();
      if (oldest === undefined) return;
      this.#forget(oldest);
    }
  }

  #forget(number: number): void {
    this.#chars -= this.#kept.get(number)?.path.length ?? 0;
    this.#kept.delete(number);
  }
}
