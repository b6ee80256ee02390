/** A harmless mark that a person puts where an attack would show, to see whether the alarm works. */
import type { Ticks } from "../base/time.ts";
import type { EventReference } from "./event.ts";

/** Begins every canary's mark, in whatever log it comes back: `breakwater-canary-` and 16 hexadecimal digits. */
export const CANARY_PREFIX = "breakwater-canary-";

/** One canary, from setting it to the answer of a person. */
export interface Canary {
  /** The whole mark. */
  readonly mark: string;
  readonly setAt: Ticks;
  readonly by: string;
  /** Where it was to be put, in the words of whoever set it. */
  readonly where: string;
  /** Until when it should have been seen. */
  readonly due: Ticks;
  /** Each source in which it was seen, the first time. */
  readonly seen: readonly CanarySight[];
}

export interface CanarySight {
  readonly host: string;
  readonly channel: string;
  readonly ticks: bigint;
  readonly digits: number;
  readonly at: EventReference;
}
