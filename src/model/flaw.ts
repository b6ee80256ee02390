/** A place in the evidence that could not be read. Data: counted and shown, never thrown. */
import type { Place } from "./evidence.ts";

export interface Flaw {
  readonly kind: "flaw";
  readonly place: Place;
  /** Byte in the member at which the trouble starts. */
  readonly offset: number;
  /** What is wrong, in words of the format: `chunk checksum`, `line longer than the limit`. */
  readonly what: string;
  /** What a sound file has here. */
  readonly need: string;
  /** What was found instead; hostile text, so print it through visible(). */
  readonly have: string;
}

/** What one evidence could not give: exact counts, however many flaws were kept. */
export interface FlawTotals {
  readonly flaws: number;
  /** Bytes that no record came from because of a flaw, where the format can tell. */
  readonly bytesLost: number;
}
