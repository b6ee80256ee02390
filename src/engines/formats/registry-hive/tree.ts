/**
 * Which keys a hive has: those that its lists lead to from the root, level by level. What merely looks like a key (deleted
 * ones, bytes of a value) is none. Refuses circles and keys without end. Paths are put together by parents. Spec: layout.ts.
 */
import { PathMemory, PATH_CHARS_MAX } from "../path-memory.ts";
import type { Hive, HiveTrouble } from "./hive.ts";
import { type Budget, type KeyNode, keyAt, subkeysIn } from "./key.ts";
import { BASE_BYTES, CELL_ALIGNMENT, LEVELS_MAX } from "./layout.ts";

/** Large hives have some hundred thousand keys. */
const KEYS_MAX = 4_194_304;
const TROUBLES_MAX = 4_096;
const PARENTS_MAX = 65_536;

/** The keys of one hive: a bit for every 8 bytes, so a hive costs 1/64 of its size. */
export class KeyTree {
  readonly #hive: Hive;
  readonly #bits: Uint8Array;
  /** Parents that a key itself names wrongly. */
  readonly #parents: Map<number, number> = new Map();
  readonly #paths: PathMemory<{ readonly path: string }> = new PathMemory();
  readonly troubles: HiveTrouble[] = [];
  readonly #budget: Budget = { left: KEYS_MAX };

  constructor(hive: Hive) {
    this.#hive = hive;
    this.#bits = new Uint8Array(Math.ceil(hive.sizeBytes / CELL_ALIGNMENT / 8) + 1);
    if (keyAt(hive, hive.root) === null) {
      if (hive.sizeBytes > 0) this.#trouble(hive.root, "root key", "a key node", "none");
      return;
    }
    this.#mark(hive.root);
    let level: number[] = [hive.root];
    for (let depth = 0; level.length > 0; depth++) {
      if (depth > LEVELS_MAX) {
        this.#trouble(level[0] ?? 0, "depth of keys", `at most ${LEVELS_MAX} levels`, "more");
        return;
      }
      level = this.#below(level);
    }
  }

  /** The offsets of all keys, in file order. */
  *offsets(): Generator<number> {
    for (const [index, byte] of this.#bits.entries())
      if (byte !== 0)
        for (let bit = 0; bit < 8; bit++)
          if (((byte >> bit) & 1) !== 0) yield (index * 8 + bit) * CELL_ALIGNMENT;
  }

  /** The path of a key below the root: `ControlSet001\Services\W3SVC`; "" for the root. */
  pathOf(key: KeyNode): string {
    const climbed: KeyNode[] = [];
    let path = "";
    for (
      let at: KeyNode | null = key;
      at !== null && at.at !== this.#hive.root && climbed.length <= LEVELS_MAX;
    ) {
      const known = this.#paths.get(at.at);
      if (known !== undefined) {
        path = known.path;
        break;
      }
      climbed.push(at);
      at = keyAt(this.#hive, this.#parents.get(at.at) ?? at.parent);
    }
    for (const climbedKey of climbed.reverse()) {
      const joined = path === "" ? climbedKey.name : `${path}\\${climbedKey.name}`;
      path = joined.length > PATH_CHARS_MAX ? `…\\${climbedKey.name}` : joined;
      // A key without subkeys is nobody's parent.
      if (climbedKey.subkeyCount > 0) this.#paths.keep(climbedKey.at, { path });
    }
    return path;
  }

  /** Marks the subkeys of a level; gives them in file order, so that the next one is read from front to back. */
  #below(level: readonly number[]): number[] {
    const next: number[] = [];
    for (const at of level) {
      const key = keyAt(this.#hive, at);
      if (key === null || key.subkeyCount === 0) continue;
      const onTrouble = (list: number) =>
        this.#trouble(list, "subkey list", "li, lf, lh or ri, whole", "something else");
      for (const child of subkeysIn(this.#hive, key.subkeyList, this.#budget, onTrouble)) {
        if (this.#isNew(child, at)) next.push(child);
      }
      if (this.#budget.left < 0) {
        this.#trouble(at, "keys", `at most ${KEYS_MAX}`, "more");
        break;
      }
    }
    return next.sort((a, b) => a - b);
  }

  /** Marks a key that a list names, where it is one and no list named it before. */
  #isNew(child: number, parent: number): boolean {
    const key = keyAt(this.#hive, child);
    if (key === null) {
      this.#trouble(child, "key node", "an allocated nk cell", "none");
      return false;
    }
    if (this.#isMarked(child)) {
      this.#trouble(child, "key node", "one list that names it", "another");
      return false;
    }
    if (key.parent !== parent) {
      this.#trouble(child, "parent of a key", `${parent}`, `${key.parent}`);
      if (this.#parents.size >= PARENTS_MAX) return false;
      this.#parents.set(child, parent);
    }
    this.#mark(child);
    return true;
  }

  #isMarked(at: number): boolean {
    const bit = at / CELL_ALIGNMENT;
    return (((this.#bits[bit >> 3] ?? 0) >> (bit & 7)) & 1) !== 0;
  }

  #mark(at: number): void {
    const bit = at / CELL_ALIGNMENT;
    this.#bits[bit >> 3] = (this.#bits[bit >> 3] ?? 0) | (1 << (bit & 7));
  }

  /** `at` may be any number that a list holds: it is shown inside the file. */
  #trouble(at: number, what: string, need: string, have: string): void {
    if (this.troubles.length > TROUBLES_MAX) return;
    const offset = BASE_BYTES + Math.min(at, this.#hive.sizeBytes);
    if (this.troubles.length < TROUBLES_MAX) this.troubles.push({ offset, what, need, have });
    else
      this.troubles.push({
        offset,
        what: "damage",
        need: `at most ${TROUBLES_MAX} places`,
        have: "more",
      });
  }
}
