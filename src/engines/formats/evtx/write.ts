/**
 * Writes Windows event logs as Windows does: templates and names once a chunk, values in the records.
 * The same events give the same bytes. Refuses an event that does not fit into one chunk of 64 KiB.
 * Specified in libyal/libevtx "Windows XML Event Log (EVTX) format" and [MS-EVEN6] 2.2.12.
 */
import { crc32 } from "node:zlib";
import { assert } from "../../../base/assert.ts";
import { concatBytes } from "../../../base/bytes.ts";
import { filetimeFromTicks, type Ticks } from "../../../base/time.ts";
import {
  FILE_BLOCK_SIZE,
  FILE_CHECKSUM,
  FILE_CHUNK_COUNT,
  FILE_FLAGS,
  FILE_HEADER_BYTES,
  FILE_HEADER_SIZE,
  FILE_LAST_CHUNK,
  FILE_MAGIC,
  FILE_MAJOR_VERSION,
  FILE_MINOR_VERSION,
  FILE_NEXT_RECORD,
  FLAG_DIRTY,
  RECORD_MAGIC,
  RECORD_SIZE,
  Token,
  ValueType,
} from "./layout.ts";
import { ChunkWriter } from "./write-chunk.ts";
import type { Element } from "./tree.ts";
import {
  attribute,
  element,
  hole,
  type Shape,
  shapeOf,
  text,
  writeBody,
  writeFragmentHeader,
} from "./write-markup.ts";
import * as typed from "./write-value.ts";
import { type TypedValue, typedValue, type WrittenValue } from "./write-value.ts";

/** An event to be written. What is optional is left out of the record, as Windows leaves it out. */
export interface WrittenEvent {
  readonly ticks: Ticks;
  /** Default: one more than the event before, from 1. */
  readonly recordId?: bigint;
  readonly provider: string;
  readonly providerGuid?: string;
  readonly eventId: number;
  /** Upper half of the event id of a classic provider. */
  readonly qualifiers?: number;
  readonly version?: number;
  readonly level: number;
  readonly task?: number;
  readonly opcode?: number;
  readonly keywords?: bigint;
  readonly activityId?: string;
  readonly processId?: number;
  readonly threadId?: number;
  readonly userSid?: string;
  readonly channel: string;
  readonly computer: string;
  /** EventData in order; "" names nothing. Texts without names become one list, as classic providers write them. */
  readonly data?: readonly (readonly [name: string, value: WrittenValue])[];
  /** UserData: one element with one element for each value. Instead of data. */
  readonly userData?: {
    readonly element: string;
    readonly namespace: string;
    readonly values: readonly (readonly [name: string, value: WrittenValue])[];
  };
}

const NAMESPACE = "http://schemas.microsoft.com/win/2004/08/events/event";

/**
 * The blocks of a file, in order. Streams: the header says that the log is open, as it does in every copy from a
 * running machine; returned at the end is the header of the closed log, for whoever can write over the first block.
 */
export function* writeEvtx(events: Iterable<WrittenEvent>): Generator<Uint8Array, Uint8Array> {
  yield fileHeader(0, 1n, true);
  const shapes = new Shapes();
  let chunk = new ChunkWriter();
  let chunks = 0;
  let number = 1n;
  let nextId = 1n;
  let pending = false;
  for (const event of events) {
    const id = event.recordId ?? nextId;
    nextId = id + 1n;
    if (!writeRecord(chunk, shapes, event, id)) {
      assert(pending, "an event fits into one chunk");
      const { bytes, nextNumber } = chunk.finish(number);
      yield bytes;
      chunks++;
      number = nextNumber;
      chunk = new ChunkWriter();
      assert(writeRecord(chunk, shapes, event, id), "an event fits into one chunk");
    }
    pending = true;
  }
  if (pending) {
    yield chunk.finish(number).bytes;
    chunks++;
  }
  return fileHeader(chunks, nextId, false);
}

/** A whole closed log in memory. */
export function evtxFile(events: Iterable<WrittenEvent>): Uint8Array {
  const blocks: Uint8Array[] = [];
  const writing = writeEvtx(events);
  let step = writing.next();
  for (; step.done !== true; step = writing.next()) blocks.push(step.value);
  blocks[0] = step.value;
  return concatBytes(blocks);
}

function fileHeader(chunks: number, nextRecord: bigint, open: boolean): Uint8Array {
  const bytes = Buffer.alloc(FILE_HEADER_BYTES);
  bytes.write(FILE_MAGIC, 0, "latin1");
  bytes.writeBigUInt64LE(BigInt(Math.max(0, chunks - 1)), FILE_LAST_CHUNK);
  bytes.writeBigUInt64LE(nextRecord, FILE_NEXT_RECORD);
  bytes.writeUInt32LE(128, FILE_HEADER_SIZE);
  bytes.writeUInt16LE(1, FILE_MINOR_VERSION);
  bytes.writeUInt16LE(3, FILE_MAJOR_VERSION);
  bytes.writeUInt16LE(FILE_HEADER_BYTES, FILE_BLOCK_SIZE);
  bytes.writeUInt16LE(chunks, FILE_CHUNK_COUNT);
  bytes.writeUInt32LE(open ? FLAG_DIRTY : 0, FILE_FLAGS);
  bytes.writeUInt32LE(crc32(bytes.subarray(0, FILE_FLAGS)), FILE_CHECKSUM);
  return bytes;
}

/** Shapes that were met before; events of one kind share theirs. */
class Shapes {
  readonly #known = new Map<string, Shape>();

  system(event: WrittenEvent): Shape {
    const { provider, providerGuid = "", channel, computer } = event;
    return this.#keep(["", provider, providerGuid, channel, computer], () =>
      shapeOf(systemRoot(event), SYSTEM_TYPES),
    );
  }

  data(
    section: string,
    names: readonly string[],
    types: readonly number[],
    root: () => Element,
  ): Shape {
    return this.#keep([section, ...names, ...types.map(String)], () => shapeOf(root(), types));
  }

  #keep(parts: readonly string[], make: () => Shape): Shape {
    const key = JSON.stringify(parts);
    const known = this.#known.get(key) ?? make();
    this.#known.set(key, known);
    return known;
  }
}

function writeRecord(chunk: ChunkWriter, shapes: Shapes, event: WrittenEvent, id: bigint): boolean {
  return chunk.record(id, () => {
    const from = chunk.at;
    chunk.long(RECORD_MAGIC);
    chunk.long(0);
    chunk.longlong(id);
    chunk.longlong(filetimeFromTicks(event.ticks));
    const inner = dataOf(shapes, event);
    writeInstance(chunk, { shape: shapes.system(event), values: systemValues(event, id), inner });
    // Windows keeps records at multiples of eight bytes.
    while ((chunk.at + 4) % 8 !== 0) chunk.byte(0);
    const size = chunk.at - from + 4;
    chunk.patchLong(from + RECORD_SIZE, size);
    chunk.long(size);
  });
}

/** A shape and its values; the value that is itself an instance comes last. */
interface Filled {
  readonly shape: Shape;
  readonly values: readonly TypedValue[];
  readonly inner: Filled | null;
}

function writeInstance(chunk: ChunkWriter, { shape, values, inner }: Filled): void {
  writeFragmentHeader(chunk);
  chunk.byte(Token.instance);
  chunk.byte(1);
  chunk.put(shape.guid.subarray(0, 4));
  chunk.template(shape.key, shape.guid, () => writeBody(chunk, shape));
  chunk.long(shape.types.length);
  for (const { type, bytes } of values) writeDescriptor(chunk, type, bytes.length);
  const innerAt = chunk.at;
  if (shape.types.length > values.length)
    writeDescriptor(chunk, inner === null ? ValueType.none : ValueType.binxml, 0);
  for (const { bytes } of values) chunk.put(bytes);
  if (inner !== null) {
    const from = chunk.at;
    writeInstance(chunk, inner);
    // One that is too long for its size is too long for the chunk, and will be taken back.
    chunk.patchShort(innerAt, (chunk.at - from) & 0xffff);
  }
  chunk.byte(Token.end);
}

function writeDescriptor(chunk: ChunkWriter, type: number, sizeBytes: number): void {
  assert(sizeBytes <= 0xffff, "a value has at most 65,535 bytes");
  chunk.short(sizeBytes);
  chunk.byte(type);
  chunk.byte(0);
}

const SYSTEM_TYPES: readonly number[] = [
  ValueType.uint8,
  ValueType.uint8,
  ValueType.uint16,
  ValueType.uint16,
  ValueType.uint16,
  ValueType.hex64,
  ValueType.filetime,
  ValueType.guid,
  ValueType.uint32,
  ValueType.uint32,
  ValueType.uint64,
  ValueType.uint8,
  ValueType.sid,
  ValueType.binxml,
];

/** The values of System in the order that Windows gives them, as far as it is known. */
function systemValues(event: WrittenEvent, id: bigint): readonly TypedValue[] {
  const optional = <T>(value: T | undefined, type: (value: T) => TypedValue): TypedValue =>
    value === undefined ? typedValue(null) : type(value);
  return [
    typed.uint8(event.level),
    optional(event.opcode, typed.uint8),
    optional(event.task, typed.uint16),
    typed.uint16(event.eventId),
    optional(event.qualifiers, typed.uint16),
    typed.hex64(event.keywords ?? 0n),
    typed.filetime(event.ticks),
    optional(event.activityId, typed.guid),
    optional(event.processId, typed.uint32),
    optional(event.threadId, typed.uint32),
    typed.uint64(id),
    optional(event.version, typed.uint8),
    optional(event.userSid, typed.sid),
  ];
}

function systemRoot({ provider, providerGuid, channel, computer }: WrittenEvent): Element {
  const guid = providerGuid === undefined ? [] : [attribute("Guid", text(providerGuid))];
  const named = [attribute("Name", text(provider)), ...guid];
  const system = element("System", [
    element("Provider", [], named),
    element("EventID", [hole(3)], [attribute("Qualifiers", hole(4))]),
    element("Version", [hole(11)]),
    element("Level", [hole(0)]),
    element("Task", [hole(2)]),
    element("Opcode", [hole(1)]),
    element("Keywords", [hole(5)]),
    element("TimeCreated", [], [attribute("SystemTime", hole(6))]),
    element("EventRecordID", [hole(10)]),
    element("Correlation", [], [attribute("ActivityID", hole(7))]),
    element("Execution", [], [attribute("ProcessID", hole(8)), attribute("ThreadID", hole(9))]),
    element("Channel", [text(channel)]),
    element("Computer", [text(computer)]),
    element("Security", [], [attribute("UserID", hole(12))]),
  ]);
  return element("Event", [system, hole(13)], [attribute("xmlns", text(NAMESPACE))]);
}

function dataOf(shapes: Shapes, { data, userData }: WrittenEvent): Filled | null {
  if (userData !== undefined) {
    const { element: name, namespace, values } = userData;
    return filled(shapes, ["UserData", name, namespace], values, (names) => {
      const leaves = names.map((leaf, at) => element(leaf, [hole(at)]));
      const xmlns = attribute("xmlns", text(namespace));
      return element("UserData", [element(name, leaves, [xmlns])]);
    });
  }
  if (data === undefined || data.length === 0) return null;
  const texts = data.flatMap(([name, value]) =>
    name === "" && typeof value === "string" ? [value] : [],
  );
  if (texts.length === data.length) {
    return filled(shapes, ["classic"], [["Data", texts]], () =>
      element("EventData", [element("Data", [hole(0)])]),
    );
  }
  return filled(shapes, ["EventData"], data, (names) =>
    element(
      "EventData",
      names.map((name, at) =>
        element("Data", [hole(at)], name === "" ? [] : [attribute("Name", text(name))]),
      ),
    ),
  );
}

function filled(
  shapes: Shapes,
  section: readonly string[],
  named: readonly (readonly [name: string, value: WrittenValue])[],
  root: (names: readonly string[]) => Element,
): Filled {
  const names = named.map(([name]) => name);
  const values = named.map(([, value]) => typedValue(value));
  const types = values.map(({ type }) => type);
  const shape = shapes.data(section.join(" "), names, types, () => root(names));
  return { shape, values, inner: null };
}
