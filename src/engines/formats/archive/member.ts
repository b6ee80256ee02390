/** What every archive gives: its members one by one, and what is wrong with it. Refuses to know where bytes are kept. */
import type { Source } from "../../../base/source.ts";
import type { Flaw } from "../../../model/flaw.ts";

/** A flaw before it has a place: the archive's while members are listed, the member's own inside its content. */
export type Trouble = Omit<Flaw, "place">;

/** A file inside an archive. */
export interface Member {
  readonly kind: "member";
  /** As the archive spells it, decoded; hostile text. */
  readonly name: string;
  /** Milliseconds since 1970 where the archive states an instant; null for a wall clock without a zone, and for none. */
  readonly modifiedMillis: number | null;
  /** How many bytes of the archive it is packed in: what a ratio is taken of. */
  readonly packedBytes: number;
  /** Where the archive speaks of it. */
  readonly offset: number;
  /**
   * Its bytes in order, each piece valid until the next is asked for; trouble stands where it was met. To be taken once
   * and before the next member is asked for; what is not taken is passed over.
   */
  content(): AsyncIterable<Uint8Array | Trouble>;
}

/** What reading an archive yields, in its own order. */
export type Found = Member | Trouble;

/** What is known beforehand about an archive. */
export interface Opening {
  /** Every one is tried on every encrypted member. */
  readonly passwords: readonly string[];
  /** Entries that are looked at; what lies beyond is one trouble. */
  readonly entriesMax: number;
  /** Plain bytes that may come out of one packed stream, whatever becomes of them: zeros between members cost time too. */
  readonly plainBytesMax: number;
  /** Called in the middle of long work that yields nothing: lets others run, and throws a Fault where it is to stop. */
  readonly breathe: () => Promise<void>;
  /** Name of a lone compressed file that does not carry one. */
  readonly loneName: string;
}

/** What a piece of content is read in, and handed on in. */
export const PIECE_BYTES = 1 << 18;

/** The one constructor of Trouble: byte, what is wrong, what a sound archive has there, what was found. */
export function trouble(offset: number, what: string, need: string, have: string): Trouble {
  return { kind: "flaw", offset, what, need, have };
}

/** What is said of a member that no given password opens: other passwords may. */
export const ENCRYPTED = "encrypted member";

/** Whether a piece of content is bytes. */
export function isBytes(piece: Uint8Array | Trouble): piece is Uint8Array {
  return piece instanceof Uint8Array;
}

/** Bytes [start, end) of a source piece by piece; each valid until the next. */
export function* piecesOf(source: Source, start: number, end: number): Generator<Uint8Array> {
  for (let at = start; at < end; at += PIECE_BYTES)
    yield source.read(at, Math.min(end, at + PIECE_BYTES));
}
