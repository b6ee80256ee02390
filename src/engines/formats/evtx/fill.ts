/**
 * Templates filled with their values: the whole tree of a record, for printing and for records of unusual shape.
 * The fields of usual records are taken by plan.ts without building a tree; both give the same.
 */
import { parseContent } from "./binxml.ts";
import type { Chunk } from "./chunk.ts";
import { Cursor, type Trouble } from "./cursor.ts";
import { Instance, isInstance, locate, skipHeaders } from "./instance.ts";
import { DEPTH_MAX, ValueType } from "./layout.ts";
import type { Element, Node, Part } from "./tree.ts";
import { valueAt } from "./value.ts";

/** A record's tree, or why there is none. */
export type Filled = { readonly content: readonly Node[] } | { readonly trouble: Trouble };

/** The tree of the fragment at [at, end). */
export function fillFragment(chunk: Chunk, at: number, end: number): Filled {
  const cursor = new Cursor(chunk.bytes, at, end);
  const content = fillAny(chunk, cursor, 0);
  return cursor.trouble === null ? { content } : { trouble: cursor.trouble };
}

/** Markup of its own, or an instance of a template. */
function fillAny(chunk: Chunk, cursor: Cursor, depth: number): readonly Node[] {
  cursor.at = skipHeaders(chunk, cursor.at, cursor.end);
  if (isInstance(chunk, cursor.at, cursor.end)) return fillInstance(chunk, cursor, depth);
  const before = cursor.end - cursor.at;
  const content = parseContent(cursor, chunk, false, depth);
  spend(chunk, cursor, before);
  return content;
}

/** The tree of the instance at the cursor, which passes over it. */
export function fillInstance(chunk: Chunk, cursor: Cursor, depth: number): readonly Node[] {
  if (depth > DEPTH_MAX) {
    cursor.fail("BinXML depth", `at most ${DEPTH_MAX} levels`, "more");
    return [];
  }
  const instance = new Instance();
  const trouble = locate(chunk, cursor.at, cursor.end, instance);
  if (trouble !== null || instance.template === null) {
    cursor.trouble ??= trouble;
    cursor.at = cursor.end;
    return [];
  }
  cursor.at = instance.end;
  spend(chunk, cursor, instance.template.expandedBytes);
  return fillNodes(instance.template.content, { chunk, cursor, instance, depth });
}

function spend(chunk: Chunk, cursor: Cursor, bytes: number): void {
  chunk.expansionLeft -= bytes;
  if (chunk.expansionLeft < 0) cursor.fail("templates of the chunk", "less text", "too much of it");
}

interface Filling {
  readonly chunk: Chunk;
  /** Takes the first trouble of all levels. */
  readonly cursor: Cursor;
  readonly instance: Instance;
  readonly depth: number;
}

function fillNodes(nodes: readonly Node[], filling: Filling): readonly Node[] {
  const filled: Node[] = [];
  for (const node of nodes) {
    if (filling.cursor.trouble !== null) break;
    if (node.kind === "element") filled.push(fillElement(node, filling));
    else if (node.kind === "hole") filled.push(...fillHole(node.index, filling));
    else filled.push(node);
  }
  return filled;
}

function fillElement(element: Element, filling: Filling): Element {
  const attributes = element.attributes.map(({ name, content }) => ({
    name,
    content: fillNodes(content, filling).filter(isPart),
  }));
  return { ...element, attributes, content: fillNodes(element.content, filling) };
}

function isPart(node: Node): node is Part {
  return node.kind !== "element" && node.kind !== "instruction";
}

function fillHole(index: number, { chunk, cursor, instance, depth }: Filling): readonly Node[] {
  // A hole without a value is as good as one of the null type.
  if (index >= instance.count) return [{ kind: "value", value: null }];
  const start = instance.starts[index] ?? 0;
  const size = instance.sizes[index] ?? 0;
  const type = instance.types[index] ?? 0;
  if (type !== ValueType.binxml)
    return [{ kind: "value", value: valueAt(chunk.bytes, type, start, size) }];
  const inner = new Cursor(chunk.bytes, start, start + size);
  const content = fillAny(chunk, inner, depth + 1);
  if (inner.trouble !== null) cursor.trouble ??= inner.trouble;
  return content;
}
