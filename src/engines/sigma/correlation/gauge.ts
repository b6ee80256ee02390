/**
 * What is measured in a window while it slides over the detections of a group. What a gauge says depends on the window alone, never
 * on how it came there. Refuses nothing.
 */

/** What a gauge looks up of a detection by its place in the sweep. */
export interface Measured {
  /** The place of its rule in the correlation's list. */
  readonly position: Uint8Array;
  /** The number of its value; -1: it has none. Empty where the test asks for none. */
  readonly value: Int32Array;
  /** The amount of a value in millionths; null where it is no number. */
  amountOf(value: number): bigint | null;
}

/** One test over a sliding window. */
export interface Gauge {
  /** A group begins: its detections are [first, end). */
  begin(first: number, end: number): void;
  add(at: number): void;
  remove(at: number): void;
  /** All detections of one time were added: what is in order at one time is so whatever came first. */
  settle(): void;
  /** Whether the test holds for the window that begins at `left`. */
  holds(left: number): boolean;
}
