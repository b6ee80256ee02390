/** What people did to throw an intruder out, and how that was verified: acts by name, append-only. */
import type { Ticks } from "../base/time.ts";

/**
 * isolated: cut from the network; blocked: an address or a way in; removed: what was left behind; reset: credentials, keys, tokens;
 * rebuilt: installed anew; restored: from a backup of before; verified: looked at again.
 */
export const CONTAINMENT_KINDS = [
  "isolated",
  "blocked",
  "removed",
  "reset",
  "rebuilt",
  "restored",
  "verified",
] as const;

/** One of CONTAINMENT_KINDS. */
export type ContainmentKind = (typeof CONTAINMENT_KINDS)[number];

/** One act of containment, as it was recorded. */
export interface Containment {
  readonly kind: ContainmentKind;
  /** What it was done to: a host, an account, a mailbox, a key. */
  readonly subject: string;
  /** When it was done, as stated. */
  readonly at: Ticks;
  readonly recordedAt: Ticks;
  /** Who did it, as stated by whoever recorded it. */
  readonly by: string;
  /** How it was checked that it holds; "" where nobody said, which is told. */
  readonly verified: string;
  readonly note: string;
}
