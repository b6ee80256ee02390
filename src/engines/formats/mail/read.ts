/**
 * Reads mail: a row for each message and for each message inside of it, whatever kind of file they stand in. Memory is
 * flat with size: bodies are held to a limit, files are hashed as they pass by. Specs: docs/formats/mail.md.
 */
import type { Source } from "../../../base/source.ts";
import { memorySource } from "../../../base/source.ts";
import type { Piece } from "../../../model/event.ts";
import type { Setting } from "../../../model/evidence.ts";
import { assumptionsOfSetting } from "../assumptions.ts";
import { headOf, type Range, type Reader } from "../format.ts";
import { wholeRange } from "../text/line-reading.ts";
import { Rows } from "../rows.ts";
import { rowOf } from "./fields.ts";
import { kindOf, startOf } from "./kind.ts";
import { HELD_BYTES_MAX, type Message, type Report } from "./layout.ts";
import { countBefore, mailboxRanges, slabsOf } from "./mailbox.ts";
import { readItem } from "./outlook-item.ts";
import { parseTnef } from "./tnef.ts";
import { Walker } from "./walk.ts";

/** The reader of mail. */
export const mailReader: Reader = {
  read: (source, setting, range = wholeRange(source)) => readMail(source, setting, range),
  ranges: (source, rangeBytes, after) => rangesOf(source, rangeBytes, after),
  assumptions: (head, setting) => assumptionsOfSetting(setting, isUnzoned(head, setting)),
};

function* readMail(source: Source, setting: Setting, range: Range): Generator<Piece> {
  const rows = new Rows("mail", setting.place);
  const report: Report = (offset, why) => rows.flaw(offset, why);
  for (const { messages, sizeBytes } of messagesOf(source, range, report)) {
    for (const message of messages.toSorted((left, right) => left.offset - right.offset))
      rows.add(rowOf(message, setting, report), sizeBytes);
    if (rows.isFull) yield* rows.pieces();
  }
  yield* rows.pieces();
}

/** One outermost message with those inside, and how much of the source it took. */
interface Found {
  readonly messages: readonly Message[];
  readonly sizeBytes: number;
}

function* messagesOf(source: Source, range: Range, report: Report): Generator<Found> {
  if (source.byteLength === 0) return;
  const head = headOf(source);
  const kind = kindOf(head);
  switch (kind) {
    case "outlook":
      yield { messages: readItem(source, report), sizeBytes: source.byteLength };
      return;
    case "envelope":
      yield { messages: readEnvelope(source, report), sizeBytes: source.byteLength };
      return;
    case "data-file":
      report(0, notRead(head));
      return;
    case "mailbox":
    case "message":
      yield* readText(source, range, { kind, first: startOf(head) }, report);
  }
}

/** What the first bytes say: one message or many, and where the first one begins. */
interface Opening {
  readonly kind: "mailbox" | "message";
  readonly first: number;
}

function* readText(
  source: Source,
  range: Range,
  { kind, first }: Opening,
  report: Report,
): Generator<Found> {
  let number = countBefore(range);
  let start = Math.max(range.start, first);
  let walker = new Walker(start, String(++number), report);
  for (const { bytes, position, starts, cutAt } of slabsOf(
    source,
    start,
    range.end,
    kind === "mailbox",
  )) {
    let at = 0;
    for (const next of starts) {
      if (position + next === start) continue;
      walker.push(bytes.subarray(at, next), position + at);
      yield finished(walker, start, position + next, report);
      at = next;
      start = position + next;
      walker = new Walker(start, String(++number), report);
    }
    const end = cutAt < 0 ? bytes.length : cutAt;
    walker.push(bytes.subarray(at, end), position + at);
    if (cutAt >= 0) reportCut(position + cutAt, report);
  }
  if (start < range.end) yield finished(walker, start, range.end, report);
}

/** A PST or OST: kept and hashed, and said to be unread, so that nobody takes silence for absence. */
function notRead(head: Uint8Array): Parameters<Report>[1] {
  const client = String.fromCharCode(head[8] ?? 0, head[9] ?? 0);
  const have = client === "SO" ? "an OST" : client === "SM" ? "a PST" : "another data file";
  const need = "the mails as EML, MSG or mbox: PST and OST are not read";
  return { what: "Outlook data file", need, have };
}

function reportCut(offset: number, report: Report): void {
  const need = "a From line of a mailbox and header fields";
  report(offset, { what: "message", need, have: "the end of the file" });
}

/** The messages of a walk that is over; without a single header field it was none. */
function finished(walker: Walker, start: number, end: number, report: Report): Found {
  const messages = walker
    .end()
    .filter(({ offset, headers }) => offset !== start || headers.length > 0);
  if (messages[0]?.offset !== start)
    report(start, { what: "message", need: "header fields", have: "none" });
  return { messages, sizeBytes: end - start };
}

/** winmail.dat by itself, as a mail program saved it. */
function readEnvelope(source: Source, report: Report): readonly Message[] {
  const size = Math.min(source.byteLength, HELD_BYTES_MAX / 4);
  if (size < source.byteLength)
    report(size, {
      what: "winmail.dat over the limit",
      need: `${size} bytes`,
      have: `${source.byteLength} bytes`,
    });
  const { subject, messageId, ...envelope } = parseTnef(source.read(0, size), 0, report);
  const headers = [
    { name: "Subject", value: subject },
    { name: "Message-ID", value: messageId },
  ].filter(({ value }) => value !== "");
  return [{ offset: 0, record: "1", headers, ...envelope }];
}

function* rangesOf(source: Source, rangeBytes: number, after: Range | null): Generator<Range> {
  if (after !== null && after.end >= source.byteLength) return;
  const kind = source.byteLength === 0 ? "message" : kindOf(headOf(source));
  if (kind === "mailbox") yield* mailboxRanges(source, rangeBytes, after);
  else yield wholeRange(source);
}

/** Whether a date among the first messages names no zone. */
function isUnzoned(head: Uint8Array, setting: Setting): boolean {
  for (const piece of readMail(memorySource(head), setting, wholeRange(memorySource(head))))
    if (piece.kind === "batch" && piece.zoneAssumed !== null) return true;
  return false;
}
