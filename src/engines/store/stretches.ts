/** Stretches of time that hold enough rows, by what the manifest knows of each row group: no file is read for it. */
import type { Group, Segment } from "./segment.ts";

/** The row groups of an open store, by the time at which they end. */
export class Stretches {
  readonly #groups: readonly Group[];

  constructor(segments: readonly Segment[]) {
    this.#groups = segments
      .flatMap(({ groups }) => groups)
      .filter(({ rows, undated }) => rows > undated)
      .sort((a, b) => (a.ticksMax < b.ticksMax ? -1 : a.ticksMax > b.ticksMax ? 1 : 0));
  }

  /** The time by which groups with `rows` rows have begun and ended since `from`; null where so many do not follow. */
  endOf(from: bigint, rows: number): bigint | null {
    let passed = 0;
    for (const group of this.#groups) {
      if (group.ticksMin < from) continue;
      passed += group.rows - group.undated;
      if (passed >= rows) return group.ticksMax;
    }
    return null;
  }

  /** Rows of groups that have ended by that time: how far whoever has come so far is, about. */
  rowsUntil(time: bigint): number {
    let rows = 0;
    for (const group of this.#groups) {
      if (group.ticksMax > time) break;
      rows += group.rows - group.undated;
    }
    return rows;
  }
}
