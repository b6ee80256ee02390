/**
 * The parts of one message, found while its bytes pass by: nothing is held but headers, bodies up to a limit and what
 * must be looked into. Lenient as mail programs are; what is wrong is said. Specs: RFC 5322, RFC 2045 to 2049.
 */
import { Buffer } from "node:buffer";
import { assert } from "../../../base/assert.ts";
import { concatBytes, copyOf } from "../../../base/bytes.ts";
import { isBoundary, isEmptyLine, nextMark, withoutBreak } from "./boundary.ts";
import { parseParametrised } from "./content-type.ts";
import { headerOf, isFieldName, parseHeaders } from "./header-block.ts";
import {
  DEPTH_MAX,
  HEADERS_BYTES_MAX,
  type Header,
  MESSAGES_MAX,
  type Message,
  PARTS_MAX,
  type Report,
  WINDOW_BYTES,
} from "./layout.ts";
import { Allowance, OpenMessage } from "./open-message.ts";
import { Leaf, type PartHead } from "./part.ts";

/** What encloses the bytes that pass by. */
type Frame =
  | { readonly kind: "message"; readonly message: OpenMessage; readonly partName: string | null }
  | {
      readonly kind: "multipart";
      /** `--boundary`. */
      readonly mark: Buffer;
      readonly offset: number;
      readonly childType: string;
      isClosed: boolean;
    };

/** What the bytes that pass by are. */
type State =
  | {
      readonly kind: "headers";
      readonly of: "message" | "part";
      chunks: Uint8Array[];
      sizeBytes: number;
      readonly offset: number;
    }
  | { readonly kind: "leaf"; readonly leaf: Leaf }
  | { readonly kind: "between" };

const LINE_FEED = 10;
const DASH = 45;
const SPACE = 32;
const TAB = 9;
const COLON = 58;
const NAME_BYTES_MAX = 128;
const NO_FIELD = { what: "header line", need: "NAME: VALUE, or an empty line", have: "content" };
const BETWEEN: State = { kind: "between" };

/** Walks one outermost message: push its bytes, then end. */
export class Walker {
  readonly #report: Report;
  readonly #allowance: Allowance;
  /** Frames around the outermost message, where it stood encoded in another one. */
  readonly #depth: number;
  readonly #messages: (OpenMessage | Message)[] = [];
  #frames: Frame[] = [];
  #state: State = BETWEEN;
  /** A line end whose meaning the next bytes decide: before a boundary it is no content. */
  #held = 0;
  #isMidLine = false;
  #position = 0;

  constructor(
    offset: number,
    record: string,
    report: Report,
    allowance: Allowance = new Allowance(),
    depth = 0,
  ) {
    this.#report = report;
    this.#allowance = allowance;
    this.#depth = depth;
    this.#begin(new OpenMessage(offset, record), null);
  }

  /** Takes whole lines, or a part of a line longer than a window; `position` is where they stand. */
  push(bytes: Buffer, position: number): void {
    let at = 0;
    while (at < bytes.length) {
      const { kind } = this.#state;
      at =
        kind === "headers"
          ? this.#headers(bytes, at, position)
          : this.#content(bytes, at, position);
    }
    this.#position = position + bytes.length;
    this.#isMidLine = bytes[bytes.length - 1] !== LINE_FEED;
  }

  /** The messages, outermost first, each with what is inside of it found. */
  end(): readonly Message[] {
    this.#flushHeld();
    this.#endAllHeaders(this.#position);
    this.#endLeaf();
    for (const frame of this.#frames)
      if (frame.kind === "multipart" && !frame.isClosed)
        this.#report(frame.offset, {
          what: "multipart without its end",
          need: `${visibleMark(frame.mark)}--`,
          have: "the end of the message",
        });
    this.#closeFrames(0);
    return this.#messages.flatMap((message) => {
      if (!(message instanceof OpenMessage)) return [message];
      return message.isMissing ? [] : [message.done()];
    });
  }

  #begin(message: OpenMessage, partName: string | null): void {
    this.#allowance.messages--;
    this.#messages.push(message);
    this.#frames.push({ kind: "message", message, partName });
    this.#state = headersAt("message", message.offset);
  }

  /** The message that the bytes belong to. */
  #current(): OpenMessage {
    const frame = this.#frames.findLast(({ kind }) => kind === "message");
    assert(frame?.kind === "message", "the outermost frame is a message and is closed last");
    return frame.message;
  }

  /** Header lines up to an empty one, a boundary or the end of the slab; gives where to go on. */
  #headers(bytes: Buffer, from: number, position: number): number {
    let at = from;
    while (at < bytes.length) {
      const feed = bytes.indexOf(LINE_FEED, at);
      const next = feed < 0 ? bytes.length : feed + 1;
      if (isEmptyLine(bytes, at, next) && !this.#isMidLineAt(at)) {
        this.#keepHeaders(bytes, from, at);
        this.#endHeaders(position + next);
        return next;
      }
      if (this.#isContent(bytes, at, next)) {
        this.#keepHeaders(bytes, from, at);
        if (this.#allowance.parts > 0) this.#report(position + at, NO_FIELD);
        this.#endHeaders(position + at);
        return at;
      }
      const frame = this.#isMidLineAt(at) ? -1 : this.#boundaryAt(bytes, at, next);
      if (frame >= 0) {
        this.#keepHeaders(bytes, from, at);
        this.#endAllHeaders(position + at);
        this.#crossBoundary(frame, bytes, at, next, position);
        return next;
      }
      at = next;
    }
    this.#keepHeaders(bytes, from, at);
    return at;
  }

  /** Whether the line is no field of a part: some programs leave the empty line out. */
  #isContent(bytes: Buffer, at: number, next: number): boolean {
    if (this.#state.kind !== "headers" || this.#state.of === "message" || this.#isMidLineAt(at))
      return false;
    const first = bytes[at] ?? 0;
    if (first === SPACE || first === TAB || this.#boundaryAt(bytes, at, next) >= 0) return false;
    const colon = bytes.subarray(at, Math.min(next, at + NAME_BYTES_MAX)).indexOf(COLON);
    return colon < 1 || !isFieldName(bytes.toString("latin1", at, at + colon).trimEnd());
  }

  #isMidLineAt(at: number): boolean {
    return at === 0 && this.#isMidLine;
  }

  #keepHeaders(bytes: Buffer, from: number, to: number): void {
    const state = this.#state;
    if (state.kind !== "headers" || to <= from) return;
    const room = Math.max(0, HEADERS_BYTES_MAX - state.sizeBytes);
    if (room > 0) state.chunks.push(copyOf(bytes.subarray(from, Math.min(to, from + room))));
    if (state.sizeBytes <= HEADERS_BYTES_MAX && state.sizeBytes + to - from > HEADERS_BYTES_MAX)
      this.#report(state.offset, {
        what: "headers over the limit",
        need: `at most ${HEADERS_BYTES_MAX} bytes`,
        have: "more",
      });
    state.sizeBytes += to - from;
  }

  /** The fields are there: what follows at `bodyOffset` depends on them. */
  #endHeaders(bodyOffset: number): void {
    const state = this.#state;
    if (state.kind !== "headers") return;
    // Parts beyond the limit are one flaw, whatever else is wrong with them.
    const report = this.#allowance.parts > 0 ? this.#report : () => {};
    const headers = parseHeaders(concatBytes(state.chunks), state.offset, report);
    const message = this.#current();
    if (state.of === "message") message.headers = headers;
    if (state.of === "message" && bodyOffset === state.offset && this.#frames.length > 1)
      message.isMissing = true;
    this.#state = BETWEEN;
    if (--this.#allowance.parts < 0) {
      if (this.#allowance.parts === -1) this.#report(bodyOffset, overLimit("parts", PARTS_MAX));
      return;
    }
    this.#enter(this.#headOf(headers, bodyOffset), message);
  }

  /** Nothing more comes: a message that such fields announce has not a byte. */
  #endAllHeaders(offset: number): void {
    while (this.#state.kind === "headers") this.#endHeaders(offset);
  }

  #headOf(headers: readonly Header[], offset: number): PartHead {
    const parent = this.#frames.at(-1);
    const type = parseParametrised(headerOf(headers, "content-type"));
    const disposition = parseParametrised(headerOf(headers, "content-disposition"));
    const fallback = parent?.kind === "multipart" ? parent.childType : "text/plain";
    return {
      type: /^[^\s/]+\/[^\s/]+$/.test(type.value) ? type.value : fallback,
      parameters: type.parameters,
      disposition: disposition.value,
      name: disposition.parameters.get("filename") ?? type.parameters.get("name") ?? "",
      encoding: encodingOf(headerOf(headers, "content-transfer-encoding")),
      offset,
    };
  }

  #enter(head: PartHead, message: OpenMessage): void {
    const isEncoded = head.encoding === "base64" || head.encoding === "quoted-printable";
    if (head.type.startsWith("multipart/")) {
      this.#enterMultipart(head, message);
    } else if (isMessageType(head.type) && !isEncoded && this.#hasRoom(head.offset)) {
      this.#begin(new OpenMessage(head.offset, message.nextRecord()), head.name);
    } else {
      this.#state = { kind: "leaf", leaf: new Leaf(head, message, this.#allowance) };
    }
  }

  #enterMultipart(head: PartHead, message: OpenMessage): void {
    const boundary = (head.parameters.get("boundary") ?? "").trimEnd();
    if (boundary === "") {
      this.#report(head.offset, { what: "multipart", need: "a boundary", have: "none" });
      this.#state = {
        kind: "leaf",
        leaf: new Leaf({ ...head, type: "text/plain" }, message, this.#allowance),
      };
      return;
    }
    if (this.#depth + this.#frames.length >= DEPTH_MAX) {
      this.#report(head.offset, overLimit("levels", DEPTH_MAX));
      return;
    }
    const childType = head.type === "multipart/digest" ? "message/rfc822" : "text/plain";
    const mark = Buffer.from(`--${boundary}`, "utf8");
    this.#frames.push({ kind: "multipart", mark, offset: head.offset, childType, isClosed: false });
  }

  /** Whether one more message inside may be opened; otherwise it stays an attachment. */
  #hasRoom(offset: number): boolean {
    if (this.#depth + this.#frames.length < DEPTH_MAX && this.#allowance.messages > 0) return true;
    const isDeep = this.#depth + this.#frames.length >= DEPTH_MAX;
    this.#report(
      offset,
      isDeep ? overLimit("levels", DEPTH_MAX) : overLimit("messages", MESSAGES_MAX),
    );
    return false;
  }

  /** Content up to a boundary or the end of the slab; gives where to go on. 12 GB/s where nothing looks like one. */
  #content(bytes: Buffer, from: number, position: number): number {
    const isBounded = this.#frames.some(({ kind }) => kind === "multipart");
    let line = this.#isMidLineAt(from) ? nextMark(bytes, from) : from;
    while (isBounded && line >= 0 && line < bytes.length) {
      const feed = bytes.indexOf(LINE_FEED, line);
      const next = feed < 0 ? bytes.length : feed + 1;
      const frame = this.#boundaryAt(bytes, line, next);
      if (frame >= 0) {
        if (line > from) {
          this.#flushHeld();
          this.#deliver(bytes, from, withoutBreak(bytes, from, line));
        }
        this.#held = 0;
        this.#crossBoundary(frame, bytes, line, next, position);
        return next;
      }
      line = nextMark(bytes, line);
    }
    this.#flushHeld();
    const end = isBounded ? withoutBreak(bytes, from, bytes.length) : bytes.length;
    this.#deliver(bytes, from, end);
    this.#held = bytes.length - end;
    return bytes.length;
  }

  #deliver(bytes: Uint8Array, from: number, to: number): void {
    if (this.#state.kind === "leaf" && to > from) this.#state.leaf.write(bytes, from, to);
  }

  #flushHeld(): void {
    const held = this.#held === 2 ? "\r\n" : "\n";
    if (this.#held > 0) this.#deliver(Buffer.from(held), 0, this.#held);
    this.#held = 0;
  }

  /** The frame whose boundary the line at [at, next) is, the innermost first; -1 where it is none. */
  #boundaryAt(bytes: Buffer, at: number, next: number): number {
    if (bytes[at] !== DASH || bytes[at + 1] !== DASH) return -1;
    return this.#frames.findLastIndex(
      (frame) => frame.kind === "multipart" && isBoundary(bytes, at, next, frame.mark),
    );
  }

  #crossBoundary(index: number, bytes: Buffer, at: number, next: number, position: number): void {
    this.#endLeaf();
    const frame = this.#frames[index];
    if (frame?.kind !== "multipart") return;
    this.#position = position + at;
    this.#closeFrames(index + 1);
    const behind = at + frame.mark.length;
    const isLast = bytes[behind] === DASH && bytes[behind + 1] === DASH;
    frame.isClosed = isLast;
    // A boundary that comes again after the last one: some clients go on, and so do we.
    this.#state = isLast ? BETWEEN : headersAt("part", position + next);
  }

  #closeFrames(from: number): void {
    while (this.#frames.length > from) {
      const frame = this.#frames.pop();
      if (frame?.kind !== "message" || frame.partName === null) continue;
      this.#current().attachments.push({
        name: frame.partName,
        type: "message/rfc822",
        sizeBytes: Math.max(0, this.#position - frame.message.offset),
        sha256: "",
      });
    }
  }

  #endLeaf(): void {
    const state = this.#state;
    if (state.kind !== "leaf") return;
    this.#state = BETWEEN;
    const { offset } = state.leaf;
    const inside = state.leaf.end(this.#report);
    if (inside === null || inside.length === 0 || !this.#hasRoom(offset)) return;
    // Decoded bytes are fewer than the encoded ones: their places stay within the part.
    const walker = new Walker(
      offset,
      this.#current().nextRecord(),
      this.#report,
      this.#allowance,
      this.#depth + this.#frames.length,
    );
    walkBytes(walker, inside, offset);
    this.#messages.push(...walker.end());
  }
}

/** Pushes bytes in memory through a walker, as if they stood at `offset`. */
export function walkBytes(walker: Walker, bytes: Uint8Array, offset: number): void {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = 0; at < buffer.length; ) {
    const end = endOfSlab(buffer, at, Math.min(at + WINDOW_BYTES, buffer.length));
    walker.push(buffer.subarray(at, end), offset + at);
    at = end;
  }
}

/** Behind the last line feed in [from, to); `to` where there is none, or where the bytes end there. */
export function endOfSlab(bytes: Buffer, from: number, to: number): number {
  if (to === bytes.length) return to;
  const feed = bytes.lastIndexOf(LINE_FEED, to - 1);
  return feed < from ? to : feed + 1;
}

function headersAt(of: "message" | "part", offset: number): State {
  return { kind: "headers", of, chunks: [], sizeBytes: 0, offset };
}

/** The name of a transfer encoding, without what some programs write behind it. */
function encodingOf(value: string): string {
  const [name = ""] = value.split(/[;(]/, 1);
  return name.trim().toLowerCase();
}

function isMessageType(type: string): boolean {
  return type === "message/rfc822" || type === "message/global" || type === "text/rfc822-headers";
}

function visibleMark(mark: Buffer): string {
  return mark.toString("utf8").slice(0, 80);
}

function overLimit(what: string, max: number): Parameters<Report>[1] {
  return { what: `${what} over the limit`, need: `at most ${max}`, have: "more" };
}
