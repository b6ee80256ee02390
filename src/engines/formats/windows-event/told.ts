/**
 * What Windows events say beyond their fields: a script put together from its parts, a cmdlet with its parameters by name,
 * the files of a threat.
 * Added to the fields of the source, never in their place. Refuses to look at events that say none of it.
 */
import type { JsonBytes } from "../../../base/json-bytes.ts";
import { type Batch, type FieldValue, putDecodedFields, type Span } from "../../../model/event.ts";
import { CMDLET_PROVIDER, cmdletFields, toldInMessage } from "./cmdlet.ts";
import { DEFENDER_PROVIDER, resourceFields } from "./defender.ts";
import { ScriptBlocks } from "./script-blocks.ts";

const SCRIPT_BLOCK = 4104;
const POWERSHELL = "microsoft-windows-powershell";

/** What is added to some rows of a batch. */
type Added = ReadonlyMap<number, ReadonlyMap<string, FieldValue>>;

/** Looks at the batches of one source in file order. */
export class Teller {
  readonly #scripts = new ScriptBlocks();

  /** The batch with what its events say besides; the batch itself where they say nothing. */
  tell(batch: Batch): Batch {
    const added = new Map<number, ReadonlyMap<string, FieldValue>>();
    for (let row = 0; row < batch.length; row++) {
      const fields = this.#fieldsOf(batch, row);
      if (fields !== null) added.set(row, fields);
    }
    return added.size === 0 ? batch : new ToldBatch(batch, added);
  }

  #fieldsOf(batch: Batch, row: number): ReadonlyMap<string, FieldValue> | null {
    switch (batch.eventId(row)) {
      case SCRIPT_BLOCK: {
        const script = this.#scriptOf(batch, row);
        return script === null ? null : new Map([["ScriptBlock", script]]);
      }
      case 1:
      case 6:
        return batch.provider(row) === CMDLET_PROVIDER
          ? cmdletFields(
              batch.eventId(row),
              batch.field(row, "Data") ?? toldInMessage(batch.field(row, "Message")),
            )
          : null;
      // A threat was found or suspected, and what was done about it, or failed; the same in older versions.
      case 1006:
      case 1007:
      case 1008:
      case 1009:
      case 1010:
      case 1011:
      case 1012:
      case 1015:
      case 1116:
      case 1117:
      case 1118:
      case 1119:
        return batch.provider(row) === DEFENDER_PROVIDER
          ? resourceFields(batch.field(row, "Path"))
          : null;
      default:
        return null;
    }
  }

  #scriptOf(batch: Batch, row: number): string | null {
    if (!batch.provider(row).toLowerCase().startsWith(POWERSHELL)) return null;
    const total = Number(batch.field(row, "MessageTotal") ?? 1);
    if (!(total > 1)) return null;
    return this.#scripts.take({
      // Block ids are unique on one machine; a collector's log holds many machines.
      block: `${batch.host(row)} ${textOf(batch.field(row, "ScriptBlockId"))}`,
      number: Number(batch.field(row, "MessageNumber") ?? 0),
      total,
      text: textOf(batch.field(row, "ScriptBlockText")),
      offset: batch.offsets[row] ?? 0,
    });
  }
}

function textOf(value: FieldValue | undefined): string {
  return typeof value === "string" ? value : "";
}

/** A batch with more fields in some rows. */
class ToldBatch implements Batch {
  readonly kind = "batch";
  readonly #batch: Batch;
  readonly #added: Added;

  constructor(batch: Batch, added: Added) {
    this.#batch = batch;
    this.#added = added;
  }

  get format() {
    return this.#batch.format;
  }

  get place() {
    return this.#batch.place;
  }

  get length() {
    return this.#batch.length;
  }

  get ticks() {
    return this.#batch.ticks;
  }

  get digits() {
    return this.#batch.digits;
  }

  get zoneAssumed() {
    return this.#batch.zoneAssumed;
  }

  get offsets() {
    return this.#batch.offsets;
  }

  record(row: number): string {
    return this.#batch.record(row);
  }

  host(row: number): string {
    return this.#batch.host(row);
  }

  channel(row: number): string {
    return this.#batch.channel(row);
  }

  eventId(row: number): number {
    return this.#batch.eventId(row);
  }

  provider(row: number): string {
    return this.#batch.provider(row);
  }

  field(row: number, name: string): FieldValue | undefined {
    const own = this.#batch.field(row, name);
    return own === undefined ? this.#added.get(row)?.get(name) : own;
  }

  /** What is added stands nowhere, and never in the place of a field of the source. */
  span(row: number, name: string, into: Span): boolean {
    return this.#batch.span?.(row, name, into) === true;
  }

  names(row: number): readonly string[] {
    const names = this.#batch.names(row);
    const added = this.#added.get(row);
    if (added === undefined) return names;
    return [...names, ...[...added.keys()].filter((name) => !names.includes(name))];
  }

  putFields(row: number, out: JsonBytes): void {
    if (this.#added.has(row)) putDecodedFields(this, row, out);
    else this.#batch.putFields(row, out);
  }
}
