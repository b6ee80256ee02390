/** What a finished segment says of itself: enough to pass over it, or over most of it, unread. */
import { UNDATED } from "../../base/time.ts";

/** Rows that lie together in a segment, in the order in which they were appended: a row group of its file. */
export interface Group {
  readonly rows: number;
  /** Rows without a time. */
  readonly undated: number;
  /** Of the dated rows, ends included; NO_TICKS where there are none. */
  readonly ticksMin: bigint;
  readonly ticksMax: bigint;
  readonly offsetMin: number;
  readonly offsetMax: number;
}

/** One immutable Parquet file of events. Crosses between threads as it is. */
export interface Segment {
  /** Its name in the store's folder. */
  readonly file: string;
  readonly rows: number;
  readonly sizeBytes: number;
  /** Rows without a time. */
  readonly undated: number;
  /** Of the dated rows, ends included; NO_TICKS where there are none, never UNDATED beside dated rows. */
  readonly ticksMin: bigint;
  readonly ticksMax: bigint;
  /** CRC-32 of what DuckDB trusts unchecked, and where that is: as parquet/file.ts has it. */
  readonly sum: number;
  readonly tailAt: number;
  readonly bare: number;
  /** The evidence and member of its rows as they begin their keys, or null where they are too many to list. */
  readonly sources: readonly string[] | null;
  readonly groups: readonly Group[];
}

/** The range of times of rows that have none: it holds and meets nothing. */
export const NO_TICKS = { ticksMin: 2n ** 63n - 1n, ticksMax: UNDATED } as const;
