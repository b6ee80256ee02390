/**
 * A message while it is being read: what its parts add up to, and what is left of the limits that an outermost message
 * and all messages inside share. Refuses more than the limits of layout.ts.
 */
import {
  type Attachment,
  BODIES_BYTES_MAX,
  type Body,
  HELD_BYTES_MAX,
  type Header,
  LIST_MAX,
  type Message,
  MESSAGES_MAX,
  PARTS_MAX,
} from "./layout.ts";

/** What an outermost message may still cost. */
export class Allowance {
  messages: number = MESSAGES_MAX;
  parts: number = PARTS_MAX;
  bodyBytes: number = BODIES_BYTES_MAX;
  heldBytes: number = HELD_BYTES_MAX;
}

/** A message whose end has not been seen. */
export class OpenMessage {
  readonly offset: number;
  readonly record: string;
  headers: readonly Header[] = [];
  readonly attachments: Attachment[] = [];
  readonly bodies: Body[] = [];
  /** What Outlook's own envelope says of the message. */
  properties: ReadonlyMap<string, string> = new Map();
  /** Not a single byte: a part that was announced and never came. */
  isMissing = false;
  #inside = 0;

  constructor(offset: number, record: string) {
    this.offset = offset;
    this.record = record;
  }

  /** The record of the next message inside this one. */
  nextRecord(): string {
    return `${this.record}.${++this.#inside}`;
  }

  /** The message as it is known at the end. */
  done(): Message {
    const { offset, record, headers, bodies, properties } = this;
    const attachments = this.attachments.slice(0, LIST_MAX);
    return { offset, record, headers, bodies, attachments, properties, sentTicks: null };
  }
}
