/**
 * Windows event logs, chunk by chunk. Reads dirty, damaged and cut files as far as they go, and bare chunks.
 * Refuses to guess: a chunk without its magic, and what lies behind the records of a chunk, is no event.
 * Specified in libyal/libevtx "Windows XML Event Log (EVTX) format" and [MS-EVEN6] 2.2.12.
 */
import { crc32 } from "node:zlib";
import type { Source } from "../../../base/source.ts";
import type { Piece } from "../../../model/event.ts";
import type { Assumption, Place, Setting } from "../../../model/evidence.ts";
import type { Flaw } from "../../../model/flaw.ts";
import { wideNeedleOf } from "../text/byte-search.ts";
import type { Range, Reader } from "../format.ts";
import { CMDLET_PROVIDER } from "../windows-event/cmdlet.ts";
import { DEFENDER_PROVIDER } from "../windows-event/defender.ts";
import { copying } from "../text/lines.ts";
import { LOOK_BACK_BYTES } from "../windows-event/script-blocks.ts";
import { Teller } from "../windows-event/told.ts";
import { EvtxBatch } from "./batch.ts";
import { startsWith } from "./card.ts";
import { Chunk } from "./chunk.ts";
import type { Trouble } from "./cursor.ts";
import {
  CHUNK_BYTES,
  CHUNK_MAGIC,
  CHUNK_RECORDS,
  FILE_CHECKSUM,
  FILE_CHUNK_COUNT,
  FILE_FLAGS,
  FILE_HEADER_BYTES,
  FILE_MAGIC,
  FLAG_NO_CHECKSUM,
} from "./layout.ts";
import { Row } from "./row.ts";
import { TemplateStore } from "./template.ts";
import { Walker } from "./walk.ts";

/** Reads .evtx files and bare chunks: one batch a chunk. Goal 800 MB/s for walking, fields not asked for. */
export const evtxReader: Reader = {
  read: readEvtx,
  ranges: chunkRanges,
  assumptions(_, setting): readonly Assumption[] {
    if (setting.skewMillis === 0) return [];
    const { file } = setting.place;
    const why = "the case file says how far this clock was ahead; it is taken off every time";
    return [{ file, what: "skew", value: `${setting.skewMillis} ms`, why }];
  },
};

/** Templates outlive files: a folder of logs from one machine shares them. Only saves time; see TemplateStore. */
const store = new TemplateStore();

/** Where the chunks of a source begin, and how many its header counts. */
interface Frame {
  readonly begin: number;
  readonly chunks: number;
  readonly trouble: Trouble | null;
}

/** Whole chunks, the file's header before the first. Reads nothing but that header. */
function* chunkRanges(source: Source, rangeBytes: number, after: Range | null): Generator<Range> {
  const size = source.byteLength;
  if (after !== null && after.end >= size) return;
  const { begin } = readHeader(source);
  const step = Math.max(1, Math.floor(rangeBytes / CHUNK_BYTES)) * CHUNK_BYTES;
  // A chunk that the source ended in was not whole: it is read again.
  const whole = after === null ? -1 : Math.floor((after.end - begin) / CHUNK_BYTES);
  let start = whole < 0 ? 0 : begin + whole * CHUNK_BYTES;
  do {
    const end = Math.min(Math.max(start, begin) + step, size);
    yield { start, end, line: 0, header: "" };
    start = end;
  } while (start < size);
}

/** Words of templates, as chunks hold them: without one of them no event of a chunk says more than its fields. */
const TELLING = ["MessageTotal", CMDLET_PROVIDER, DEFENDER_PROVIDER].map(wideNeedleOf);

/** What the events of the chunks hold, and what they say besides (windows-event/told.ts). */
function* readEvtx(source: Source, setting: Setting, range?: Range): Generator<Piece> {
  const teller = new Teller();
  const start = range?.start ?? 0;
  let isRecalled = start === 0;
  // What stands before the range may be read while a chunk of it is in use.
  for (const piece of readChunks(isRecalled ? source : copying(source), setting, range)) {
    if (piece.kind === "flaw" || !TELLING.some((word) => piece.mentions(word))) {
      yield piece;
      continue;
    }
    if (!isRecalled) {
      isRecalled = true;
      const from = Math.max(0, start - LOOK_BACK_BYTES);
      const before = { start: from, end: start, line: 0, header: "" };
      for (const earlier of readChunks(source, setting, before))
        if (earlier.kind === "batch") teller.tell(earlier);
    }
    yield teller.tell(piece);
  }
}

/** The chunks of a source, or of a range of whole chunks, as they are. */
export function* readChunks(
  source: Source,
  setting: Setting,
  range?: Range,
): Generator<EvtxBatch | Flaw> {
  const { place } = setting;
  const { start, end } = range ?? { start: 0, end: source.byteLength };
  const frame = readHeader(source);
  if (start === 0 && frame.trouble !== null) yield { kind: "flaw", place, ...frame.trouble };
  const row = new Row();
  const walker = new Walker(row, setting.skewMillis);
  const first = Math.max(start, frame.begin);
  let index = (first - frame.begin) / CHUNK_BYTES;
  for (let at = first; at < end; at += CHUNK_BYTES, index++) {
    const length = Math.min(CHUNK_BYTES, source.byteLength - at);
    const bytes = source.read(at, at + length);
    if (length < CHUNK_BYTES)
      yield flaw(place, at, "chunk", `${CHUNK_BYTES} bytes`, `${length} bytes`);
    if (length < CHUNK_RECORDS) break;
    if (!startsWith(bytes, CHUNK_MAGIC)) {
      // Windows makes files larger than it needs; what its header does not count and holds nothing is no flaw.
      if (index < frame.chunks || !isZero(bytes))
        yield flaw(place, at, "chunk magic", "ElfChnk", isZero(bytes) ? "zeros" : "other bytes");
      continue;
    }
    const chunk = new Chunk(bytes, store);
    const columns = walker.walk(chunk, at, length === CHUNK_BYTES);
    for (const { offset, what, need, have } of walker.troubles)
      yield flaw(place, at + offset, what, need, have);
    if (columns.length > 0) yield new EvtxBatch(place, columns, chunk, row, setting.host ?? "");
  }
  if (end === source.byteLength && index < frame.chunks)
    yield flaw(
      place,
      source.byteLength,
      "file length",
      `${frame.chunks} chunks`,
      `${index} chunks`,
    );
}

function readHeader(source: Source): Frame {
  const size = Math.min(FILE_HEADER_BYTES, source.byteLength);
  const head = source.read(0, size);
  const begin = FILE_HEADER_BYTES;
  if (startsWith(head, CHUNK_MAGIC)) return { begin: 0, chunks: 0, trouble: null };
  if (size < begin) {
    const trouble = { what: "file header", need: `${begin} bytes`, have: `${size} bytes` };
    return { begin: size, chunks: 0, trouble: { offset: 0, ...trouble } };
  }
  if (!startsWith(head, FILE_MAGIC)) {
    const trouble = { what: "file magic", need: "ElfFile", have: "other bytes" };
    return { begin, chunks: 0, trouble: { offset: 0, ...trouble } };
  }
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const chunks = view.getUint16(FILE_CHUNK_COUNT, true);
  const sum = crc32(head.subarray(0, FILE_FLAGS));
  const stored = view.getUint32(FILE_CHECKSUM, true);
  const unchecked = (view.getUint32(FILE_FLAGS, true) & FLAG_NO_CHECKSUM) !== 0;
  if (unchecked || sum === stored) return { begin, chunks, trouble: null };
  const trouble = { what: "file header checksum", need: `${sum}`, have: `${stored}` };
  return { begin, chunks, trouble: { offset: FILE_CHECKSUM, ...trouble } };
}

const ZEROS = new Uint8Array(CHUNK_BYTES);

function isZero(bytes: Uint8Array): boolean {
  return Buffer.compare(bytes, ZEROS.subarray(0, bytes.length)) === 0;
}

function flaw(place: Place, offset: number, what: string, need: string, have: string): Flaw {
  return { kind: "flaw", place, offset, what, need, have };
}
