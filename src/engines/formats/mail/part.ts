/**
 * One part that is no multipart: a body that people read, or something that came along. Its bytes are decoded as they
 * pass by; bodies are held up to a limit, files are only counted and hashed. Specs: RFC 2045, 2046, 2183.
 */
import { sameBytes } from "../../../base/bytes.ts";
import { decodeCharset } from "./charset.ts";
import { BODY_BYTES_MAX, type Report } from "./layout.ts";
import type { Allowance, OpenMessage } from "./open-message.ts";
import { parseTnef, TNEF_MARK } from "./tnef.ts";
import { Base64Sink, Content, type Sink, decoderOf } from "./transfer.ts";

/** What the header fields of a part say of it. */
export interface PartHead {
  /** `text/plain`, in lower case. */
  readonly type: string;
  readonly parameters: ReadonlyMap<string, string>;
  /** `attachment`, `inline` or "". */
  readonly disposition: string;
  /** Of a file; "" where it has none. */
  readonly name: string;
  readonly encoding: string;
  /** Where its content begins in the source. */
  readonly offset: number;
}

/** What a part is to its message. */
type Role = "body" | "file" | "message" | "outlook";

/** A part whose content passes by. */
export class Leaf {
  readonly #head: PartHead;
  readonly #message: OpenMessage;
  readonly #allowance: Allowance;
  readonly #role: Role;
  readonly #content: Content;
  readonly #decoder: Sink;

  constructor(head: PartHead, message: OpenMessage, allowance: Allowance) {
    this.#head = head;
    this.#message = message;
    this.#allowance = allowance;
    this.#role = roleOf(head);
    const held =
      this.#role === "body"
        ? Math.min(BODY_BYTES_MAX, allowance.bodyBytes)
        : this.#role === "file"
          ? 0
          : allowance.heldBytes;
    this.#content = new Content(held, this.#role !== "body");
    this.#decoder = decoderOf(head.encoding, this.#content);
  }

  /** Where its content begins in the source. */
  get offset(): number {
    return this.#head.offset;
  }

  write(bytes: Uint8Array, from: number, to: number): void {
    this.#decoder.write(bytes, from, to);
  }

  /** Hands the part to its message. The bytes of a message that was encoded come back: it is to be read as one. */
  end(report: Report): Uint8Array | null {
    this.#decoder.end();
    const { offset } = this.#head;
    if (this.#decoder instanceof Base64Sink && this.#decoder.isStrange)
      report(offset, {
        what: "base64",
        need: "letters, digits, + and /",
        have: "other characters",
      });
    if (this.#role === "body") {
      this.#endBody(report);
      return null;
    }
    return this.#endFile(report);
  }

  #endBody(report: Report): void {
    const { type, parameters, offset } = this.#head;
    const bytes = this.#content.kept();
    this.#allowance.bodyBytes -= bytes.length;
    if (this.#content.isCut)
      report(offset, {
        what: "body over the limit",
        need: `${bytes.length} bytes`,
        have: `${this.#content.sizeBytes} bytes; quotes and links behind are not looked for`,
      });
    const charset = parameters.get("charset") ?? "";
    const { text, isKnown } = decodeCharset(bytes, charset);
    if (!isKnown)
      report(offset, {
        what: "character set",
        need: "a known name",
        have: `${JSON.stringify(charset.slice(0, 40))}, read as UTF-8 or windows-1252`,
      });
    if (this.#content.sizeBytes > 0)
      this.#message.bodies.push({ kind: type === "text/html" ? "html" : "plain", text });
  }

  #endFile(report: Report): Uint8Array | null {
    const { type, name, offset } = this.#head;
    const { sizeBytes } = this.#content;
    const sha256 = this.#content.sha256();
    this.#message.attachments.push({ name, type, sizeBytes, sha256 });
    if (this.#role === "file") return null;
    const held = this.#content.kept();
    this.#allowance.heldBytes -= held.length;
    if (this.#content.isCut) {
      const need = `at most ${held.length} bytes`;
      report(offset, { what: "part over the limit", need, have: `${sizeBytes} bytes, not opened` });
      return null;
    }
    if (this.#role === "message") return held;
    if (sameBytes(held.subarray(0, TNEF_MARK.length), TNEF_MARK)) {
      const envelope = parseTnef(held, offset, report);
      this.#message.attachments.push(...envelope.attachments);
      this.#message.bodies.push(...envelope.bodies);
      this.#message.properties = envelope.properties;
    }
    return null;
  }
}

function roleOf({ type, disposition, name }: PartHead): Role {
  if (type === "application/ms-tnef" || type === "application/vnd.ms-tnef") return "outlook";
  if (type === "message/rfc822" || type === "message/global") return "message";
  const isText = type === "text/plain" || type === "text/html";
  return isText && disposition !== "attachment" && name === "" ? "body" : "file";
}
