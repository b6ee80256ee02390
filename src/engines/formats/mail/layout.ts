/**
 * What mail looks like to this program: a message as its parts, whatever file it stood in, and every limit of the
 * reading. Specs: RFC 5322 (messages), RFC 2045 to 2049 (MIME).
 */
import type { NotRead } from "../json/json-value.ts";

/** One header field, unfolded; characters as RFC 6532 has them, encoded words not yet decoded. */
export interface Header {
  readonly name: string;
  readonly value: string;
}

/** Something that came along: a file, a picture, another message. */
export interface Attachment {
  readonly name: string;
  readonly type: string;
  /** Decoded; of a message inside, its bytes as they stand. */
  readonly sizeBytes: number;
  /** Hexadecimal, of the decoded bytes; "" of a message inside, which is a row of its own. */
  readonly sha256: string;
}

/** One body that people read, decoded. */
export interface Body {
  readonly kind: "plain" | "html";
  readonly text: string;
}

/** One message, the same for every kind of file. */
export interface Message {
  /** Where it begins in the source. */
  readonly offset: number;
  /** Its place among the messages of the file: `3`, and `3.1` for the first message inside. */
  readonly record: string;
  readonly headers: readonly Header[];
  readonly bodies: readonly Body[];
  readonly attachments: readonly Attachment[];
  /** What the file says beside the headers, by the names of its own specification: properties of Outlook. */
  readonly properties: ReadonlyMap<string, string>;
  /** When it was sent, in 100 ns ticks, where a property says so better than the header does; null: ask the header. */
  readonly sentTicks: bigint | null;
}

/** Takes what could not be read: the byte where the trouble starts, and why. */
export type Report = (offset: number, why: Omit<NotRead, "kind">) => void;

/** Bytes read at a time. */
export const WINDOW_BYTES = 1_048_576;
/** Headers of one message: real ones are below 100 KB, with long signatures and anti-spam verdicts. */
export const HEADERS_BYTES_MAX = 524_288;
/** Header fields of one message that become fields. */
export const HEADERS_MAX = 256;
/** Characters of one field: a list of a thousand recipients fits. */
export const FIELD_CHARS_MAX = 32_768;
/** Values of one list. */
export const LIST_MAX = 256;
/** Multiparts within multiparts and messages within messages, together. */
export const DEPTH_MAX = 32;
/** Parts of one outermost message. */
export const PARTS_MAX = 2_000;
/** Messages in one outermost message. */
export const MESSAGES_MAX = 200;
/** Bytes of one body in which quotes and links are looked for; a novel has 1 MB. */
export const BODY_BYTES_MAX = 1_048_576;
/** Bytes of the bodies of one outermost message together. */
export const BODIES_BYTES_MAX = 8_388_608;
/** Bytes of a part that must be held whole to look into it: an encoded message, Outlook's own envelope. */
export const HELD_BYTES_MAX = 33_554_432;
