/**
 * What readers give and engines take: events as rows of a batch, decoded when asked
 * (docs/formats/event.md). Readers keep offsets; making the strings costs half of the time.
 */
import type { JsonBytes } from "../base/json-bytes.ts";
import type { EvidenceHash, FormatId, Place } from "./evidence.ts";
import type { Flaw } from "./flaw.ts";

/**
 * A decoded value. `undefined` from Batch.field is a missing field; null and "" are values of their own.
 * Integers beyond 2^53 are strings of digits.
 */
export type FieldValue = string | number | boolean | null | readonly FieldValue[];

/** Bytes [start, end) of a source's window; one object is filled again and again. */
export interface Span {
  view: DataView;
  start: number;
  end: number;
  /** What the bytes have to be decoded from to be the field's text, all of it; null where they only tell values apart. */
  encoding: "utf-8" | "utf-16le" | null;
}

/** A span of nothing, to be filled. */
export function emptySpan(): Span {
  return { view: new DataView(new ArrayBuffer(0)), start: 0, end: 0, encoding: null };
}

/** Rows of one member, in file order. */
export interface Batch {
  readonly kind: "batch";
  readonly format: FormatId;
  readonly place: Place;
  readonly length: number;
  /** 100 ns ticks since 1970 UTC, UNDATED where the row has no time. One entry a row. */
  readonly ticks: BigInt64Array;
  /** Decimals of the second that the source writes, 0 to 7. */
  readonly digits: number;
  /** The zone that the reader had to take for granted, or null where the source states it. */
  readonly zoneAssumed: string | null;
  /** Byte of each row's record in the member. */
  readonly offsets: Float64Array;
  /** Every name under which `field` can answer, where the source declares its columns; absent: it may be every one. */
  readonly declared?: readonly string[];
  /** The name that the source gives the record: EVTX record id, line number. A label. */
  record(row: number): string;
  /** As the source or the case file names it; "" where neither does. */
  host(row: number): string;
  /** `Security`, `W3SVC1`; "" where the source has no such thing. */
  channel(row: number): string;
  /** A whole number of 32 bits; -1 where the source has no event ids. */
  eventId(row: number): number;
  /** The provider of a Windows event; "" elsewhere. */
  provider(row: number): string;
  /** One field by its name in the source (blanks removed); undefined where the row lacks it. */
  field(row: number, name: string): FieldValue | undefined;
  /**
   * Where the field stands in the bytes of the source, so that values can be compared row after row without a string being made of
   * each: under one name, in one format and channel, the same bytes are the same value. False where field() alone can tell.
   * Where `encoding` is not null, field() is a text, and these bytes are it.
   */
  span?(row: number, name: string, into: Span): boolean;
  /** Names of the row's fields in the order of the source. */
  names(row: number): readonly string[];
  /** Appends all fields of the row as one JSON object in UTF-8: the bytes of JSON.stringify over names() and field(). */
  putFields(row: number, out: JsonBytes): void;
}

/**
 * What readers of a format answer to field() besides the names that they list: other names of the same values, and values made of
 * several. With it a row that was kept by its listed fields answers as the evidence does.
 */
export interface Unlisted {
  /** The answer to a name that the row does not list; `ask` gives listed values. */
  answer(name: string, ask: (name: string) => FieldValue | undefined): FieldValue | undefined;
  /** Whether the source may say something under this unlisted name that the listed fields do not tell; absent: never. */
  isLost?(name: string, listed: readonly string[]): boolean;
  /**
   * Where a text in the value of this name stands among the listed values too. "whole": wherever it stands in the value, unless
   * a question mark is in it; "start": where the value begins with it, and it with neither `{` nor `[`; "nowhere": not for sure.
   */
  reach(name: string): Reach;
}

/** How much of a value can be looked for among the listed values of a row. */
export type Reach = "whole" | "start" | "nowhere";

/** Batch.putFields of a reader whose values are decoded already. */
export function putDecodedFields(batch: Batch, row: number, out: JsonBytes): void {
  const fields: Record<string, FieldValue | undefined> = Object.create(null);
  for (const name of batch.names(row)) fields[name] = batch.field(row, name);
  out.put(JSON.stringify(fields, spelled));
}

/** JSON has no word for a number that is none: it is told by its name (docs/formats/event.md). */
export function spelled(_: string, value: unknown): unknown {
  return typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
}

/** What a reader yields: rows, or a place it could not read, in file order as far as it can. */
export type Piece = Batch | Flaw;

/** Identity of an event: hash of the evidence, member, byte offset (decisions 1). */
export type EventKey = string & { readonly __brand: "EventKey" };

/** One row, decoded whole: the contract of `breakwater events` (docs/formats/event.md). */
export interface Event {
  readonly key: EventKey;
  /** UNDATED where the source gave none. */
  readonly ticks: bigint;
  readonly digits: number;
  readonly zoneAssumed: string | null;
  readonly format: FormatId;
  readonly place: Place;
  readonly record: string;
  readonly offset: number;
  readonly host: string;
  readonly channel: string;
  readonly eventId: number;
  readonly provider: string;
  readonly fields: Readonly<Record<string, FieldValue>>;
}

/** A pointer to an event that is enough to open the source at the place. */
export interface EventReference {
  readonly key: EventKey;
  readonly evidence: EvidenceHash;
  readonly file: string;
  readonly record: string;
  readonly offset: number;
}

/** The key as text: `hash/offset` or `hash/member/offset`; the member is percent-encoded. */
export function eventKey(place: Place, offset: number): EventKey {
  // A hostile archive may name a member with half a surrogate pair, which has no percent-encoding.
  const member = place.member === "" ? "" : `/${encodeURIComponent(place.member.toWellFormed())}`;
  return `${place.evidence}${member}/${offset}` as EventKey;
}

/** Points at one row of a batch. */
export function referenceOf(batch: Batch, row: number): EventReference {
  const offset = batch.offsets[row] ?? 0;
  const { place } = batch;
  const key = eventKey(place, offset);
  return { key, evidence: place.evidence, file: place.file, record: batch.record(row), offset };
}

/** Decodes one row of a batch whole. */
export function eventOf(batch: Batch, row: number): Event {
  const offset = batch.offsets[row] ?? 0;
  const fields: Record<string, FieldValue> = Object.create(null);
  for (const name of batch.names(row)) {
    const value = batch.field(row, name);
    if (value !== undefined) fields[name] = value;
  }
  return {
    key: eventKey(batch.place, offset),
    ticks: batch.ticks[row] ?? 0n,
    digits: batch.digits,
    zoneAssumed: batch.zoneAssumed,
    format: batch.format,
    place: batch.place,
    record: batch.record(row),
    offset,
    host: batch.host(row),
    channel: batch.channel(row),
    eventId: batch.eventId(row),
    provider: batch.provider(row),
    fields,
  };
}
