/** What somebody says: a claim is never an observation, and alone it is unverified (docs/formats/claims.md). */
import type { Ticks } from "../base/time.ts";
import type { Assumption } from "./evidence.ts";
import type { Flaw } from "./flaw.ts";

/** One statement of one file, as it stands there. */
export interface Claim {
  /** As the file names it; "" where it names none: then it may be meant for every host. */
  readonly host: string;
  readonly product: string;
  /** `KB5001779`; "" where the statement names no update; as written where it is no such number. */
  readonly kb: string;
  /** What is claimed, in the words of the file: `installed`. */
  readonly claim: string;
  /** Who said it; null where nobody is named. */
  readonly by: string | null;
  /** When it was said; a bare date is its first moment, and without a zone it is UTC. Null where that is not known. */
  readonly at: Ticks | null;
  /** Decimals of the second in `at`; 0 also for a bare date, which `atText` shows. */
  readonly digits: number;
  readonly atText: string;
  /** A ticket, a mail, a page: where it was said. */
  readonly reference: string;
  /** What the statement lacks to be held against anybody, in words: `who said it`, `when it was said`. */
  readonly lacks: readonly string[];
  /** Further columns under their own names. */
  readonly more: Readonly<Record<string, string>>;
  /** Where it stands: the file as given, the line from 1, the byte. */
  readonly file: string;
  readonly record: string;
  readonly offset: number;
}

/** What a file of claims holds, what of it could not be read, and what was taken for granted. */
export interface Claims {
  readonly claims: readonly Claim[];
  readonly flaws: readonly Flaw[];
  readonly assumptions: readonly Assumption[];
}
