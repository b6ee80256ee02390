/**
 * One chunk: its bytes, and the names and templates that its records share.
 * Refuses nothing by itself; what cannot be read is a Trouble at an offset of the chunk.
 */
import type { Surroundings } from "./binxml.ts";
import { Cursor, type Trouble } from "./cursor.ts";
import { fillInstance } from "./fill.ts";
import { EXPANSION_BYTES_MAX, TEMPLATE_BODY, TEMPLATE_GUID, TEMPLATE_SIZE } from "./layout.ts";
import { Names } from "./names.ts";
import { parseTemplate, type Template, type TemplateStore } from "./template.ts";
import { type Bytes, bytesOf } from "./text.ts";
import type { Node } from "./tree.ts";

/** The bytes of one chunk (or what is there of it), with its names and templates as they are asked for. */
export class Chunk implements Surroundings {
  readonly bytes: Bytes;
  readonly length: number;
  /** What the templates of this chunk may still expand to; see EXPANSION_BYTES_MAX. */
  expansionLeft = EXPANSION_BYTES_MAX;
  readonly #names: Names;
  readonly #templates = new Map<number, Template | Trouble>();
  readonly #store: TemplateStore;

  constructor(bytes: Uint8Array, store: TemplateStore) {
    this.bytes = bytesOf(bytes);
    this.length = bytes.length;
    this.#names = new Names(this.bytes);
    this.#store = store;
  }

  name(cursor: Cursor): string {
    return this.#names.take(cursor);
  }

  embedded(cursor: Cursor, depth: number): readonly Node[] {
    return fillInstance(this, cursor, depth);
  }

  /** The template defined at `offset`, parsed once a chunk at the most. */
  template(offset: number): Template | Trouble {
    const known = this.#templates.get(offset);
    if (known !== undefined) return known;
    // While a body is parsed its own offset is trouble: a template that holds itself ends here.
    this.#templates.set(
      offset,
      trouble(offset, "a template that does not hold itself", "a circle"),
    );
    const read = this.#readTemplate(offset);
    this.#templates.set(offset, read);
    return read;
  }

  #readTemplate(offset: number): Template | Trouble {
    const from = offset + TEMPLATE_BODY;
    if (from > this.length) return trouble(offset, "an offset within the chunk", `${offset}`);
    const { view } = this.bytes;
    const to = from + view.getUint32(offset + TEMPLATE_SIZE, true);
    if (to > this.length) return trouble(offset, "a body within the chunk", `an end at ${to}`);
    const id = view.getUint32(offset + TEMPLATE_GUID, true);
    const stored = this.#store.find(id, this.bytes, from, to);
    if (stored !== undefined) return stored;
    const parsed = parseTemplate(new Cursor(this.bytes, from, to), this);
    if ("content" in parsed) this.#store.keep(id, parsed);
    return parsed;
  }
}

function trouble(offset: number, need: string, have: string): Trouble {
  return { offset, what: "template", need, have };
}
