/**
 * Trees with holes into BinXML ([MS-EVEN6] 2.2.12), and the two trees that an event is made of: System around,
 * EventData or UserData within. Refuses nothing: the trees are ours.
 */
import { createHash } from "node:crypto";
import { MORE, Token, ValueType } from "./layout.ts";
import type { Attribute, Element, Node, Part } from "./tree.ts";
import { utf16 } from "./write-value.ts";
import type { ChunkWriter } from "./write-chunk.ts";

/** A template of ours: equal keys are equal trees. */
export interface Shape {
  readonly key: string;
  readonly guid: Uint8Array;
  readonly root: Element;
  /** Type that each hole is declared with, by its number. */
  readonly types: readonly number[];
}

/** The shape of a tree; its GUID is drawn from the tree, so that equal trees are one template. */
export function shapeOf(root: Element, types: readonly number[]): Shape {
  const key = JSON.stringify([root, types]);
  return { key, guid: createHash("sha256").update(key).digest().subarray(0, 16), root, types };
}

/** An element with text or holes. */
export function element(
  name: string,
  content: readonly Node[],
  attributes: readonly Attribute[] = [],
): Element {
  return { kind: "element", name, attributes, content };
}

/** An attribute of one part. */
export function attribute(name: string, part: Part): Attribute {
  return { name, content: [part] };
}

/** Text as it stands in the markup, the same in every record. */
export function text(value: string): Part {
  return { kind: "text", text: value };
}

/** A hole that may stay empty. */
export function hole(index: number): Part {
  return { kind: "hole", index, optional: true };
}

/** Depends on no value: always written out. */
const NO_DEPENDENCY = 0xffff;

/** The fragment that a template's body is. */
export function writeBody(chunk: ChunkWriter, { root, types }: Shape): void {
  writeFragmentHeader(chunk);
  writeElement(chunk, root, types);
  chunk.byte(Token.end);
}

/** What every fragment begins with: its token, version 1.1 and no flags. */
export function writeFragmentHeader(chunk: ChunkWriter): void {
  chunk.byte(Token.fragment);
  chunk.byte(1);
  chunk.byte(1);
  chunk.byte(0);
}

function writeElement(chunk: ChunkWriter, node: Element, types: readonly number[]): void {
  const { attributes, content } = node;
  chunk.byte(Token.openElement | (attributes.length > 0 ? MORE : 0));
  chunk.short(NO_DEPENDENCY);
  chunk.sized(() => {
    chunk.name(node.name);
    if (attributes.length > 0) chunk.sized(() => writeAttributes(chunk, attributes, types));
    if (content.length === 0) chunk.byte(Token.closeEmpty);
    else {
      chunk.byte(Token.closeStart);
      for (const child of content) writeNode(chunk, child, types);
      chunk.byte(Token.endElement);
    }
  });
}

function writeAttributes(
  chunk: ChunkWriter,
  attributes: readonly Attribute[],
  types: readonly number[],
): void {
  for (const [at, { name, content }] of attributes.entries()) {
    chunk.byte(Token.attribute | (at + 1 < attributes.length ? MORE : 0));
    chunk.name(name);
    for (const part of content) writeNode(chunk, part, types);
  }
}

function writeNode(chunk: ChunkWriter, node: Node, types: readonly number[]): void {
  switch (node.kind) {
    case "element":
      return writeElement(chunk, node, types);
    case "text":
      chunk.byte(Token.value);
      chunk.byte(ValueType.unicode);
      return writeCounted(chunk, node.text);
    case "cdata":
      chunk.byte(Token.cdata);
      return writeCounted(chunk, node.text);
    case "entity":
      chunk.byte(Token.entity);
      return chunk.name(node.name);
    case "hole":
      chunk.byte(node.optional ? Token.optionalSubstitution : Token.substitution);
      chunk.short(node.index);
      return chunk.byte(types[node.index] ?? ValueType.none);
    case "instruction":
      chunk.byte(Token.instructionTarget);
      chunk.name(node.target);
      chunk.byte(Token.instructionData);
      return writeCounted(chunk, node.text);
    case "value":
      // A typed value in the markup of a template is text by the time it is printed.
      chunk.byte(Token.value);
      chunk.byte(ValueType.unicode);
      return writeCounted(chunk, String(node.value));
  }
}

function writeCounted(chunk: ChunkWriter, value: string): void {
  chunk.short(value.length);
  chunk.put(utf16(value));
}
