/**
 * A block opened for reading: what the manifest knows of it, its head and its body, each read from disk
 * when first asked for. What was altered on disk ends in the Fault vault-damaged.
 */
import { UNDATED } from "../../base/time.ts";
import { eventKey, type Event } from "../../model/event.ts";
import type { EvidenceHash, Place } from "../../model/evidence.ts";
import { decodeHead, fieldsOf, type Head, type RowValues, unpack } from "./columns.ts";
import { damaged } from "./files.ts";
import type { BlockEntry, Section } from "./manifest.ts";

/** Reads a section's bytes as they lie; null where the segment ends before. */
export type ReadSection = (segment: number, section: Section) => Uint8Array | null;

/** One block of an open store; dropped, it gives its memory back. */
export class Block {
  readonly entry: BlockEntry;
  readonly place: Place;
  readonly #read: ReadSection;
  #head: Head | null = null;
  #body: Buffer | null = null;

  constructor(entry: BlockEntry, place: Place, read: ReadSection) {
    this.entry = entry;
    this.place = place;
    this.#read = read;
  }

  get head(): Head {
    return (this.#head ??= decodeHead(this.#unpack(this.entry.head), this.entry.rows));
  }

  /** The values of all rows, UTF-8. */
  get body(): Buffer {
    return (this.#body ??= this.#unpack(this.entry.body));
  }

  /** What the body holds of the row. */
  values(row: number): RowValues {
    const start = row === 0 ? 0 : this.head.ends[row - 1];
    return JSON.parse(this.body.toString("utf8", start, this.head.ends[row]));
  }

  /** The row, decoded whole. */
  event(row: number): Event {
    const { head, place, entry } = this;
    const { names } = head;
    const offset = head.offsets[row] ?? 0;
    const values = this.values(row);
    return {
      key: eventKey(place, offset),
      ticks: head.ticks[row] ?? UNDATED,
      digits: entry.digits,
      zoneAssumed: entry.zoneAssumed,
      format: entry.format,
      place,
      record: values[0],
      offset,
      host: names.hosts[head.hosts[row] ?? 0] ?? "",
      channel: names.channels[head.channels[row] ?? 0] ?? "",
      eventId: head.eventIds[row] ?? -1,
      provider: names.providers[head.providers[row] ?? 0] ?? "",
      fields: fieldsOf(names.shapes[head.shapes[row] ?? 0] ?? [], values),
    };
  }

  #unpack(section: Section): Buffer {
    const bytes = this.#read(this.entry.segment, section);
    const raw = bytes && unpack(bytes, section.rawBytes, section.crc32);
    if (raw === null) throw damaged("a block does not match its checksum");
    return raw;
  }
}

/** A place of the manifest as the model has it; the hash was one when it was written. */
export function placeOf(stored: Readonly<Record<"evidence" | "member" | "file", string>>): Place {
  return { ...stored, evidence: stored.evidence as EvidenceHash };
}
