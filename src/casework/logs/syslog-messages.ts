/**
 * Messages out of the bytes of one syslog connection: octet counting and line framing, told apart message by message (RFC 6587).
 * Refuses to hold more than one message in memory: what is longer is cut, and counted.
 */
import { concatBytes, copyOf } from "../../base/bytes.ts";

/** The longest datagram of UDP; RFC 5424 asks for 2,048 bytes, and recommends 8,192. */
export const MESSAGE_BYTES_MAX = 65_536;
/** Digits of a length; longer ones are none. */
const DIGITS_MAX = 9;
const [LINE_FEED, SPACE, ZERO, ONE, NINE] = [10, 32, 48, 49, 57];

/** Told of each message as it was sent, without what frames it; `isCut`: it was longer, or the connection ended in it. */
export type OnMessage = (message: Uint8Array, isCut: boolean) => void;

/** Takes the bytes of one connection apart. */
export class SyslogMessages {
  readonly #onMessage: OnMessage;
  /** The beginning of a message, or of a length. */
  #pending: Uint8Array = new Uint8Array(0);
  /** Octets of a counted message that are still to be thrown away. */
  #skipBytes = 0;
  /** Whether a line that was too long goes on. */
  #skipLine = false;

  constructor(onMessage: OnMessage) {
    this.#onMessage = onMessage;
  }

  /** Takes the next bytes; keeps nothing of them that is not copied. */
  push(bytes: Uint8Array): void {
    let data = this.#pending.length === 0 ? bytes : concatBytes([this.#pending, bytes]);
    for (;;) {
      const used = this.#take(data);
      if (used === 0) break;
      data = data.subarray(used);
    }
    this.#pending = copyOf(data);
  }

  /** The connection has ended: what is there of a message is one, cut. */
  end(): void {
    if (this.#pending.length > 0 && !this.#skipLine) {
      const counted = countedAt(this.#pending);
      const start = counted === null || counted === "more" ? 0 : counted.start;
      this.#onMessage(this.#pending.subarray(start), true);
    }
    this.#pending = new Uint8Array(0);
  }

  /** Takes one message, or a part that is thrown away; gives how many bytes that used, 0 where more is needed. */
  #take(data: Uint8Array): number {
    if (data.length === 0) return 0;
    if (this.#skipBytes > 0) {
      const skipped = Math.min(this.#skipBytes, data.length);
      this.#skipBytes -= skipped;
      return skipped;
    }
    if (this.#skipLine) {
      const end = data.indexOf(LINE_FEED);
      this.#skipLine = end < 0;
      return end < 0 ? data.length : end + 1;
    }
    const counted = countedAt(data);
    if (counted === "more") return 0;
    return counted === null ? this.#takeLine(data) : this.#takeCounted(data, counted);
  }

  #takeCounted(data: Uint8Array, { start, sizeBytes }: Counted): number {
    const end = start + Math.min(sizeBytes, MESSAGE_BYTES_MAX);
    if (data.length < end) return 0;
    const isCut = sizeBytes > MESSAGE_BYTES_MAX;
    this.#onMessage(data.subarray(start, end), isCut);
    this.#skipBytes = sizeBytes - (end - start);
    return end;
  }

  #takeLine(data: Uint8Array): number {
    const end = data.indexOf(LINE_FEED);
    if (end >= 0 && end <= MESSAGE_BYTES_MAX) {
      this.#onMessage(data.subarray(0, end), false);
      return end + 1;
    }
    if (data.length <= MESSAGE_BYTES_MAX) return 0;
    this.#onMessage(data.subarray(0, MESSAGE_BYTES_MAX), true);
    this.#skipLine = true;
    return MESSAGE_BYTES_MAX;
  }
}

interface Counted {
  readonly start: number;
  readonly sizeBytes: number;
}

/** `MSG-LEN SP` at the start of `data`; null where a line begins instead, `more` where that cannot be told yet. */
function countedAt(data: Uint8Array): Counted | "more" | null {
  let sizeBytes = 0;
  for (let at = 0; at <= DIGITS_MAX; at++) {
    const byte = data[at];
    if (byte === undefined) return "more";
    if (byte === SPACE && at > 0) return { start: at + 1, sizeBytes };
    if (byte < (at === 0 ? ONE : ZERO) || byte > NINE) return null;
    sizeBytes = sizeBytes * 10 + byte - ZERO;
  }
  return null;
}

const CARRIAGE_RETURN = 13;
const HASH = 35;

/**
 * A message as one line with its line feed: what ends lines in texts is written as rsyslog writes it (`#012`), and trailing
 * ones, which are framing, are left out. Null for a message that holds nothing.
 */
export function lineOf(message: Uint8Array): Uint8Array | null {
  let end = message.length;
  while (end > 0 && breaksLine(message[end - 1])) end--;
  if (end === 0) return null;
  let breaks = 0;
  for (let at = 0; at < end; at++) if (breaksLine(message[at])) breaks++;
  const line = new Uint8Array(end + 3 * breaks + 1);
  let to = 0;
  for (let at = 0; at < end; at++) {
    const byte = message[at] ?? 0;
    if (!breaksLine(byte)) line[to++] = byte;
    else {
      line[to++] = HASH;
      for (const shift of [6, 3, 0]) line[to++] = ZERO + ((byte >> shift) & 7);
    }
  }
  line[to] = LINE_FEED;
  return line;
}

function breaksLine(byte: number | undefined): boolean {
  return byte === LINE_FEED || byte === CARRIAGE_RETURN || byte === 0;
}
