/**
 * A bounded sample of keyed values: those whose keys hash lowest (Broder 1997, "bottom-k"). Two samples of the same keys hold
 * the same ones, so what stands in two logs is still found in the samples of both; and no order of reading changes them.
 */

/** A sample as data: what a structured clone can carry. */
export interface SampleState<V> {
  readonly held: ReadonlyMap<string, V>;
  /** Keys were left out. */
  readonly more: boolean;
}

interface Ranked<V> {
  readonly rank: number;
  value: V;
}

/** Values by key, at most as many as the cap. */
export class Sample<V> {
  readonly #join: (a: V, b: V) => V;
  readonly #held = new Map<string, Ranked<V>>();
  #cap: number;
  /** Ranks above this one cannot be among the lowest any more. */
  #highest = Number.POSITIVE_INFINITY;
  #more = false;

  /** `join` makes one value of two with the same key, whichever comes first. */
  constructor(cap: number, join: (a: V, b: V) => V) {
    this.#cap = cap;
    this.#join = join;
  }

  /** Keys that count against a budget; only ever grows, until the cap is narrowed. */
  get size(): number {
    return Math.min(this.#held.size, this.#cap);
  }

  put(key: string, value: V): void {
    const rank = rankOf(key);
    if (rank > this.#highest) {
      this.#more = true;
      return;
    }
    const held = this.#held.get(key);
    if (held !== undefined) held.value = this.#join(held.value, value);
    else {
      this.#held.set(key, { rank, value });
      if (this.#held.size >= 2 * this.#cap) this.#cut();
    }
  }

  /** Whether a value under this key would be kept: asked before one is made. */
  takes(key: string): boolean {
    if (rankOf(key) <= this.#highest) return true;
    this.#more = true;
    return false;
  }

  /** What is held, in the order of the keys' hashes. */
  state(): SampleState<V> {
    this.#cut();
    const ordered = [...this.#held].sort(byRank).map(([key, { value }]) => [key, value] as const);
    return { held: new Map(ordered), more: this.#more };
  }

  absorb({ held, more }: SampleState<V>): void {
    this.#more ||= more;
    for (const [key, value] of held) this.put(key, value);
  }

  /** Holds fewer from now on. */
  narrow(cap: number): void {
    this.#cap = Math.min(cap, this.#cap);
    this.#cut();
  }

  #cut(): void {
    if (this.#held.size <= this.#cap) return;
    this.#more = true;
    const ranked = [...this.#held].sort(byRank);
    for (const [key] of ranked.slice(this.#cap)) this.#held.delete(key);
    this.#highest = ranked[this.#cap - 1]?.[1].rank ?? 0;
  }
}

/** Samples that share one budget: when all together want more, the cap of each is halved, in whatever order they grew. */
export class SamplePool<V> {
  readonly #budget: number;
  readonly #join: (a: V, b: V) => V;
  readonly #samples: Sample<V>[] = [];
  #cap: number;
  #wanted = 0;

  constructor(budget: number, capMax: number, join: (a: V, b: V) => V) {
    this.#budget = budget;
    this.#cap = capMax;
    this.#join = join;
  }

  make(): Sample<V> {
    const made = new Sample(this.#cap, this.#join);
    this.#samples.push(made);
    return made;
  }

  /** Lets one of the pool's samples take something in. */
  grow(sample: Sample<V>, take: () => void): void {
    const before = sample.size;
    take();
    this.#wanted += sample.size - before;
    while (this.#wanted > this.#budget && this.#cap > 1) this.#halve();
  }

  #halve(): void {
    this.#cap = Math.floor(this.#cap / 2);
    this.#wanted = 0;
    for (const sample of this.#samples) {
      sample.narrow(this.#cap);
      this.#wanted += sample.size;
    }
  }
}

function byRank(
  [leftKey, left]: readonly [string, { readonly rank: number }],
  [rightKey, right]: readonly [string, { readonly rank: number }],
): number {
  return left.rank - right.rank || (leftKey < rightKey ? -1 : leftKey > rightKey ? 1 : 0);
}

/** FNV-1a over the UTF-16 units, then mixed (MurmurHash3's finalizer): 32 bits, even enough to choose by. */
function rankOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < key.length; at++) hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
