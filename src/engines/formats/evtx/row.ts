/**
 * One record opened: where its values stand, and whether its shape is the usual one.
 * Usual is a template whose values are plain, or of which one is a second instance: all that Windows writes itself.
 */
import type { Chunk } from "./chunk.ts";
import type { Trouble } from "./cursor.ts";
import type { Opened } from "./decode.ts";
import { EMBEDS_MANY, EMBEDS_NONE, Instance, isInstance, locate, skipHeaders } from "./instance.ts";
import { ValueType } from "./layout.ts";
import { planOf, type Plan } from "./plan.ts";
import type { Template } from "./template.ts";
import { type Bytes, bytesOf } from "./text.ts";

/** `usual`: fields by plan; `tree`: fields from the whole tree; `unreadable`: there are none. */
export type Shape = "usual" | "tree" | "unreadable";

/** The record that was opened last; an object is used again for the next one. */
export class Row implements Opened {
  readonly outer = new Instance();
  readonly inner = new Instance();
  bytes: Bytes = bytesOf(new Uint8Array(0));
  sizeBytes = 0;
  shape: Shape = "unreadable";
  /** What is wrong with the record or with the value embedded in it. */
  trouble: Trouble | null = null;

  /** Opens the record whose BinXML is [at, end). Hot: once a record, and once more where its fields are asked for. */
  open(chunk: Chunk, at: number, end: number): void {
    this.bytes = chunk.bytes;
    this.sizeBytes = end - at;
    this.close();
    const from = skipHeaders(chunk, at, end);
    if (!isInstance(chunk, from, end)) {
      this.shape = "tree";
      return;
    }
    this.trouble = locate(chunk, from, end, this.outer);
    this.shape = this.trouble === null ? this.#shapeOf(chunk) : "unreadable";
  }

  #shapeOf(chunk: Chunk): Shape {
    const { embedded, starts, sizes } = this.outer;
    if (embedded === EMBEDS_NONE) return "usual";
    if (embedded === EMBEDS_MANY) return "tree";
    const start = starts[embedded] ?? 0;
    const end = start + (sizes[embedded] ?? 0);
    const from = skipHeaders(chunk, start, end);
    if (!isInstance(chunk, from, end)) return "tree";
    this.trouble = locate(chunk, from, end, this.inner);
    return this.inner.template === null || this.inner.embedded === EMBEDS_NONE ? "usual" : "tree";
  }

  /** Byte at which the event's own time stands as FILETIME; -1 where it does not. */
  timeAt(): number {
    const { template } = this.outer;
    return template === null ? -1 : this.outer.startOf(template.timeValue, ValueType.filetime, 8);
  }

  /** What the templates of a usual record expand to, their values not counted. */
  expandedBytes(): number {
    const { template } = this.outer;
    if (template === null) return 0;
    return template.expandedBytes + template.placesMost * (this.inner.template?.expandedBytes ?? 0);
  }

  /** The first value whose type is unknown, or whose size is not that of its type. */
  misfit(): Trouble | null {
    if (this.shape === "unreadable") return null;
    return misfitOf(this.outer) ?? misfitOf(this.inner);
  }

  /** No record: what the last one left is gone. */
  close(): void {
    this.shape = "unreadable";
    this.trouble = null;
    this.outer.template = null;
    this.inner.template = null;
  }

  /** The plan of a usual record: made once a pair of templates. */
  plan(): Plan | null {
    return this.#planWith(this.inner.template);
  }

  /** The plan of the record's own template where only what it embeds is unusual: good for System. Null elsewhere. */
  systemPlan(): Plan | null {
    return this.shape === "tree" ? this.#planWith(null) : null;
  }

  #planWith(inner: Template | null): Plan | null {
    const { template } = this.outer;
    if (template === null) return null;
    const known = template.plans.get(inner);
    if (known !== undefined && known.embedded === this.outer.embedded) return known;
    const embedded = { index: this.outer.embedded, content: inner?.content ?? [] };
    const made = planOf(template.content, embedded);
    keep(template, inner, made);
    return made;
  }
}

function misfitOf({ template, misfit, starts, sizes, types }: Instance): Trouble | null {
  if (template === null || misfit < 0) return null;
  const have = `type ${types[misfit] ?? 0} of ${sizes[misfit] ?? 0} bytes`;
  return { offset: starts[misfit] ?? 0, what: "value", need: "a type and the size it has", have };
}

/** Plans kept with one template: as many different data as one provider's event has versions, by far. */
const PLANS_MAX = 64;

function keep(template: Template, inner: Template | null, plan: Plan): void {
  if (template.plans.size >= PLANS_MAX) template.plans.clear();
  template.plans.set(inner, plan);
}
