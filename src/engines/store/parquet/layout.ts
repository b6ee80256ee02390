/**
 * The structures of a Parquet file, as far as it is written here: one page header before each page, one footer.
 * Spec: github.com/apache/parquet-format, src/main/thrift/parquet.thrift (names and numbers are its own).
 */
import { binary, encodeThrift, int32, int64, list, struct, text, type Value } from "./thrift.ts";

/** The bytes at both ends of a file. */
export const MAGIC = Buffer.from("PAR1");

/** Type, of the specification. */
export const TYPE = { int32: 1, int64: 2, text: 6 } as const;
/** Encoding, of the specification. */
export const ENCODING = { plain: 0, rle: 3, rleDictionary: 8 } as const;
/** CompressionCodec, of the specification. */
const CODEC = { none: 0, zstd: 6 } as const;
export type Codec = keyof typeof CODEC;
const CONVERTED_UTF8 = 0;
const PAGE = { data: 0, dictionary: 2 } as const;

/** One column of the schema. */
export interface ColumnShape {
  readonly name: string;
  readonly type: keyof typeof TYPE;
  /** Whether a row may have no value. */
  readonly nullable: boolean;
}

/** Smallest and largest value of a column chunk, as PLAIN bytes; null where they are not told. */
export interface Statistics {
  readonly nulls: number;
  readonly range: { readonly min: Uint8Array; readonly max: Uint8Array } | null;
}

/** A page: its bytes, compressed, and what its header says. */
export interface Page {
  readonly kind: "data" | "dictionary";
  readonly values: number;
  readonly encoding: number;
  readonly rawBytes: number;
  readonly bytes: Uint8Array;
}

/** A column chunk as it lies in the file. */
export interface Chunk {
  readonly shape: ColumnShape;
  readonly codec: Codec;
  readonly values: number;
  readonly encodings: readonly number[];
  /** Headers included, as the specification counts. */
  readonly rawBytes: number;
  readonly sizeBytes: number;
  readonly dataAt: number;
  readonly dictionaryAt: number | null;
  readonly statistics: Statistics;
}

/** The column chunks of some rows, in the order of the schema. */
export interface RowGroup {
  readonly rows: number;
  readonly chunks: readonly Chunk[];
}

/** PageHeader. */
export function pageHeader(page: Page): Uint8Array {
  const { kind, values, encoding, rawBytes, bytes } = page;
  const counted = [
    [1, int32(values)],
    [2, int32(encoding)],
  ] as const;
  const levels = [
    [3, int32(ENCODING.rle)],
    [4, int32(ENCODING.rle)],
  ] as const;
  return encodeThrift(
    struct(
      [1, int32(PAGE[kind])],
      [2, int32(rawBytes)],
      [3, int32(bytes.length)],
      kind === "data" ? [5, struct(...counted, ...levels)] : [7, struct(...counted)],
    ),
  );
}

/** FileMetaData. */
export function footer(shapes: readonly ColumnShape[], groups: readonly RowGroup[]): Uint8Array {
  const rows = groups.reduce((sum, group) => sum + group.rows, 0);
  const root = struct([4, text("events")], [5, int32(shapes.length)]);
  return encodeThrift(
    struct(
      [1, int32(1)],
      [2, list([root, ...shapes.map(schemaElement)])],
      [3, int64(rows)],
      [4, list(groups.map(rowGroup))],
      [6, text("breakwater")],
      // Without a stated order readers must not trust the statistics; 1 is the order of the type.
      [7, list(shapes.map(() => struct([1, struct()])))],
    ),
  );
}

function schemaElement({ name, type, nullable }: ColumnShape): Value {
  const isText = type === "text";
  return struct(
    [1, int32(TYPE[type])],
    [3, int32(nullable ? 1 : 0)],
    [4, text(name)],
    [6, isText ? int32(CONVERTED_UTF8) : null],
    [10, isText ? struct([1, struct()]) : null],
  );
}

function rowGroup({ rows, chunks }: RowGroup): Value {
  const sum = (sizeOf: (chunk: Chunk) => number) =>
    chunks.reduce((all, one) => all + sizeOf(one), 0);
  return struct(
    [1, list(chunks.map(columnChunk))],
    [2, int64(sum(({ rawBytes }) => rawBytes))],
    [3, int64(rows)],
    [6, int64(sum(({ sizeBytes }) => sizeBytes))],
  );
}

function columnChunk(chunk: Chunk): Value {
  const { shape, statistics } = chunk;
  const { nulls, range } = statistics;
  const meta = struct(
    [1, int32(TYPE[shape.type])],
    [2, list(chunk.encodings.map(int32))],
    [3, list([text(shape.name)])],
    [4, int32(CODEC[chunk.codec])],
    [5, int64(chunk.values)],
    [6, int64(chunk.rawBytes)],
    [7, int64(chunk.sizeBytes)],
    [9, int64(chunk.dataAt)],
    [11, chunk.dictionaryAt === null ? null : int64(chunk.dictionaryAt)],
    [
      12,
      struct([3, int64(nulls)], [5, range && binary(range.max)], [6, range && binary(range.min)]),
    ],
  );
  return struct([2, int64(chunk.dictionaryAt ?? chunk.dataAt)], [3, meta]);
}
