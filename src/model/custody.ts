/** Custody: what was done with an evidence from the moment it was handed in, as a form that people sign. */
import type { Ticks } from "../base/time.ts";
import type { EvidenceHash } from "./evidence.ts";

/** One thing that a person did with an evidence. */
export interface CustodyStep {
  /** Journal entry that says so; null for the very act that the form goes with. */
  readonly entry: number | null;
  /** `taken in`, `held` …. */
  readonly what: string;
  readonly at: Ticks;
  /** Stated name. */
  readonly by: string;
  /** In that person's words; empty where none were given. */
  readonly reason: string;
}

/** One evidence of a custody form. */
export interface CustodyItem {
  /** Path of the file beside the form; null where it is not there, and `absent` says why. */
  readonly name: string | null;
  readonly absent: string;
  /** As it was handed in. */
  readonly file: string;
  readonly hash: EvidenceHash;
  /** SHA-256 of the file beside the form; differs from `hash` only for a log that grew. */
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly steps: readonly CustodyStep[];
}

/** A custody form: what was handed over, out of which vault, by whom, and the history of each evidence. */
export interface CustodyForm {
  readonly vault: string;
  readonly program: string;
  readonly at: Ticks;
  readonly by: string;
  readonly reason: string;
  readonly items: readonly CustodyItem[];
}
