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
