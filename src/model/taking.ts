/** What can have left: what a server sent to the addresses of an intruder, as far as its logs say. A bound, never a count of mails. */
import type { EventReference } from "./event.ts";

/** What one host sent to one address of an intruder, over requests that each count once whatever the number of logs. */
export interface Taking {
  readonly host: string;
  readonly client: string;
  readonly first: bigint;
  readonly digits: number;
  readonly last: bigint;
  readonly requests: number;
  /** Requests that the server answered with a status of 200 to 299. */
  readonly answered: number;
  /** Bytes sent in answers, as far as stated; null where no log of these requests states bytes. */
  readonly sentBytes: number | null;
  /** Answered requests of which no log states bytes: `sentBytes` says nothing of them. */
  readonly withoutBytes: number;
  /** Items that were asked for, as far as stated (EWS ItemCount and the like); null where nothing states them. */
  readonly items: number | null;
  /** By what was asked for, the most bytes first. */
  readonly parts: readonly TakingPart[];
  /** Mailboxes that the requests name, in order of the alphabet. */
  readonly mailboxes: readonly string[];
  /** The largest answers, then the first request. */
  readonly at: readonly EventReference[];
}

/** The part of it that came over one way: `EWS`, `PowerShell`, `pages in web folders`. */
export interface TakingPart {
  readonly what: string;
  readonly requests: number;
  readonly answered: number;
  readonly sentBytes: number | null;
  readonly items: number | null;
}
