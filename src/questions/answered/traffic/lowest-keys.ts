/**
 * Values under keys, up to a number: of too many keys those that hash lowest stay. What stays was counted from its first row on, so the
 * order of reading and of merging decides nothing. Refuses to say which keys went: only that some did.
 */
import { byCodeUnits } from "../../../base/text.ts";

/** A value that knows where its key stands among all. */
interface Ranked<V> {
  readonly rank: number;
  readonly value: V;
}

/** What is held, as data: groups, then keys. */
export type KeysState<V> = ReadonlyMap<string, ReadonlyMap<string, V>>;

/** The keys of one group. A key is kept as it is given: the same string again is found at once, and must keep no line alive (unshared). */
export interface Keys<V> {
  of(key: string, make: () => V): V | null;
}

/** Keys of several groups that share one limit. */
export class LowestKeys<V> {
  readonly #max: number;
  readonly #isFirst: (key: string) => boolean;
  readonly #groups = new Map<string, Map<string, Ranked<V>>>();
  #size = 0;
  /** Ranks above this one cannot be among the lowest any more. */
  #highest = Number.POSITIVE_INFINITY;

  /** Keys for which `isFirst` holds go before all others; they must be few. */
  constructor(max: number, isFirst: (key: string) => boolean = () => false) {
    this.#max = max;
    this.#isFirst = isFirst;
  }

  /** The value under a key; one is made where there is none yet; null where the key is beyond the limit. */
  of(group: string, key: string, make: () => V): V | null {
    return this.in(group).of(key, make);
  }

  /** One group, for whoever asks it row after row. */
  in(group: string): Keys<V> {
    let own = this.#groups.get(group);
    if (own === undefined) this.#groups.set(group, (own = new Map()));
    const held = own;
    return {
      of: (key, make) => held.get(key)?.value ?? this.#make(group, held, key, make),
    };
  }

  #make(group: string, own: Map<string, Ranked<V>>, key: string, make: () => V): V | null {
    const rank = this.#rankOf(group, key);
    if (rank > this.#highest) return null;
    const value = make();
    own.set(key, { rank, value });
    if (++this.#size >= 2 * this.#max) this.#cut();
    return value;
  }

  /** What is held, by group and key in order. */
  state(): Map<string, Map<string, V>> {
    this.#cut();
    const groups = [...this.#groups].filter(([, own]) => own.size > 0);
    return new Map(
      groups
        .sort(([a], [b]) => byCodeUnits(a, b))
        .map(([group, own]) => {
          const inOrder = [...own].sort(([a], [b]) => byCodeUnits(a, b));
          return [group, new Map(inOrder.map(([key, { value }]) => [key, value]))];
        }),
    );
  }

  #rankOf(group: string, key: string): number {
    return this.#isFirst(key) ? -1 : hashOf(key, hashOf(group, 0x811c9dc5));
  }

  #cut(): void {
    if (this.#size <= this.#max) return;
    const all = [...this.#groups].flatMap(([group, own]) =>
      [...own].map(([key, { rank }]) => ({ group, key, rank })),
    );
    all.sort(
      (a, b) => a.rank - b.rank || byCodeUnits(a.group, b.group) || byCodeUnits(a.key, b.key),
    );
    for (const { group, key } of all.slice(this.#max)) this.#groups.get(group)?.delete(key);
    this.#size = this.#max;
    this.#highest = all[this.#max - 1]?.rank ?? 0;
  }
}

/** FNV-1a over the UTF-16 units, then mixed (MurmurHash3's finalizer): 32 bits, even enough to choose by. */
function hashOf(text: string, seed: number): number {
  let hash = seed;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** The same text in memory of its own: a part of a line would keep the whole line. */
export function unshared(text: string): string {
  return ` ${text}`.slice(1);
}
