/**
 * Reads Exchange's setup log: a message with all the lines that go on with it is one row. Refuses lines before the first
 * message, and what of a message is beyond a limit. The server is named once, by the way: it holds from there on.
 * Sources: docs/formats/exchange.md.
 */
import type { Source } from "../../../base/source.ts";
import type { FieldValue, Piece } from "../../../model/event.ts";
import { type Assumption, NO_EVIDENCE, type Place, type Setting } from "../../../model/evidence.ts";
import { assumptionsOfSetting } from "../assumptions.ts";
import { decodeText } from "../text/encoding.ts";
import type { Range, Reader } from "../format.ts";
import { type Line, linesOf, readByClock, tooLong, wholeRange } from "../text/line-reading.ts";
import type { Clock } from "../time/moment.ts";
import { Rows } from "../rows.ts";
import {
  type SetupHead,
  type SetupRun,
  readRun,
  runAfter,
  setupHeadOf,
  statedIn,
  writeRun,
} from "./line.ts";

/** A stack trace is a few KiB. */
const MESSAGE_CHARS_MAX = 65_536;
const CHANNEL = "Setup";
/** Where flaws stand that nobody asks for. */
const NOWHERE: Place = { evidence: NO_EVIDENCE, member: "", file: "" };

/** Reads Exchange's setup log. */
export const exchangeSetupReader: Reader = {
  read: (source, setting, range = wholeRange(source)) =>
    readByClock(source, setting, range, (from, part, clock) =>
      readMessages(from, setting, part, clock),
    ),
  ranges: rangesOf,
  assumptions: assumptionsOf,
};

/** A message in the making. */
interface Message {
  readonly head: SetupHead;
  readonly line: Line;
  text: string;
  sizeBytes: number;
  isCut: boolean;
}

function* readMessages(
  source: Source,
  setting: Setting,
  range: Range,
  clock: Clock,
): Generator<Piece> {
  const rows = new Rows("exchange-setup", setting.place);
  let run = readRun(range.header);
  for (const each of messagesOf(source, range, rows)) {
    run = runAfter(run, each.text);
    addRow(rows, each, run, setting, clock);
    if (rows.isFull) yield* rows.pieces();
  }
  yield* rows.pieces();
}

/** The messages that begin in the range. What belongs to none is a flaw. */
function* messagesOf(source: Source, range: Range, rows: Rows): Generator<Message> {
  let open: Message | null = null;
  for (const line of linesOf(source, range)) {
    const head = line.bytes === null ? null : setupHeadOf(textOf(line.bytes));
    if (head !== null) {
      if (open !== null) yield open;
      open = { head, line, text: head.text, sizeBytes: line.sizeBytes, isCut: false };
      continue;
    }
    goOn(open, line, rows);
  }
  if (open !== null) yield open;
}

/** Takes a line over into the message before it. */
function goOn(open: Message | null, line: Line, rows: Rows): void {
  if (line.bytes === null) rows.flaw(line.offset, tooLong(line.sizeBytes));
  else if (line.sizeBytes === line.bytes.length)
    rows.flaw(line.offset, {
      what: "line cut short",
      need: "a line end",
      have: `${line.sizeBytes} bytes`,
    });
  else if (open === null)
    rows.flaw(line.offset, {
      what: "line before any message",
      need: "a date and a level",
      have: `${line.sizeBytes} bytes`,
    });
  else if (open.text.length + line.bytes.length <= MESSAGE_CHARS_MAX) {
    open.text += `\n${textOf(line.bytes)}`;
    open.sizeBytes += line.sizeBytes;
  } else if (!open.isCut) {
    open.isCut = true;
    rows.flaw(line.offset, {
      what: "message longer than the limit",
      need: `${MESSAGE_CHARS_MAX} characters`,
      have: "more; the rest of it is not read",
    });
  }
}

function textOf(bytes: Uint8Array): string {
  return decodeText(bytes)
    .replace(/^\ufeff/, "")
    .trimEnd();
}

function addRow(rows: Rows, message: Message, run: SetupRun, setting: Setting, clock: Clock): void {
  const { head, line, text, sizeBytes } = message;
  const fields = new Map<string, FieldValue>([
    ["Level", head.level],
    ["Message", text],
    ...statedIn(text, run),
  ]);
  const { ticks, digits } = clock(head.time);
  rows.add(
    {
      offset: line.offset,
      record: String(line.number),
      ticks,
      digits,
      zoneAssumed: setting.zone ?? "UTC",
      host: setting.host ?? run.server,
      channel: CHANNEL,
      eventId: -1,
      provider: "",
      fields,
    },
    sizeBytes,
  );
}

/**
 * One range for all that is there: only a reading tells where a message ends. Of a log that has grown, the last message
 * again, and the rest; the header is the run of setup that goes on.
 */
function* rangesOf(source: Source, _: number, after: Range | null): Generator<Range> {
  if (after === null) {
    yield wholeRange(source);
    return;
  }
  const end = source.byteLength;
  if (after.end === end) return;
  let { start, line, header } = after;
  let run = readRun(header);
  for (const message of messagesOf(source, after, new Rows("exchange-setup", NOWHERE))) {
    header = writeRun(run);
    run = runAfter(run, message.text);
    start = message.line.offset;
    line = message.line.number;
  }
  yield { start, end, line, header };
}

/** What has to be taken for granted: that times are UTC, and mostly the server. */
function assumptionsOf(_: Uint8Array, setting: Setting): readonly Assumption[] {
  const { file } = setting.place;
  const found = assumptionsOfSetting(setting, false);
  if (setting.zone === null) {
    const why = "Exchange's setup writes UTC, from practice; the log does not say so";
    found.push({ file, what: "zone", value: "UTC", why });
  }
  if (setting.host === null) {
    const why = "the log names it once, by the way; what stands before that has no host";
    found.push({ file, what: "host", value: "as named in the log", why });
  }
  return found;
}
