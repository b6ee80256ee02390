/** What every format offers to the rest of the house; the registry loads the code behind it when asked. */
import type { Source } from "../../base/source.ts";
import type { FormatId, Setting, Assumption } from "../../model/evidence.ts";
import type { Piece } from "../../model/event.ts";

/** Who a format is: small and always loaded, so that a kind can be told without its reader. */
export interface Card {
  readonly id: FormatId;
  /** What it reads, in one line for people. */
  readonly reads: string;
  /** Where the format is specified. */
  readonly spec: string;
  /** Whether these first bytes (up to HEAD_BYTES) are of this kind. By content; a name is never asked. */
  recognises(head: Uint8Array): boolean;
}

/** How many bytes of a file's head are enough to tell its kind. */
export const HEAD_BYTES = 65_536;

export interface Reader {
  /**
   * Rows and flaws of one source in file order. Never throws because of content; memory stays flat
   * with size. A batch is valid until the next step of the iteration.
   */
  read(source: Source, setting: Setting): Iterable<Piece>;
  /** What has to be taken for granted to read this source under this setting; from its first bytes. */
  assumptions(head: Uint8Array, setting: Setting): readonly Assumption[];
}
