/**
 * The XML of an event as a small tree: what BinXML is parsed to, what fields are taken from, what is printed.
 * A template's tree has holes; a record's tree has values in their place. Refuses to know bytes.
 */
import type { FieldValue } from "../../../model/event.ts";

export interface Element {
  readonly kind: "element";
  readonly name: string;
  readonly attributes: readonly Attribute[];
  readonly content: readonly Node[];
}

export interface Attribute {
  readonly name: string;
  readonly content: readonly Part[];
}

/** A processing instruction; Windows writes none, the format allows them. */
export interface Instruction {
  readonly kind: "instruction";
  readonly target: string;
  readonly text: string;
}

/** What stands in an attribute, or between elements. */
export type Part =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "cdata"; readonly text: string }
  /** A reference such as `&quot;`, and what it stands for. */
  | { readonly kind: "entity"; readonly name: string; readonly text: string }
  /** A typed value; null is the format's own null type, an array stands for repeated elements. */
  | { readonly kind: "value"; readonly value: FieldValue }
  /** Where a template instance puts its value number `index`; an optional one may be left out. */
  | { readonly kind: "hole"; readonly index: number; readonly optional: boolean };

export type Node = Element | Instruction | Part;

/** The name without its namespace prefix. */
export function localName(name: string): string {
  return name.slice(name.indexOf(":") + 1);
}

/** The element of this local name among the nodes, or undefined. */
export function childNamed(nodes: readonly Node[], name: string): Element | undefined {
  for (const node of nodes)
    if (node.kind === "element" && localName(node.name) === name) return node;
  return undefined;
}

/** Content of an element of Event/System, or of one of its attributes; empty where it is not there. */
export function partsOfSystem(
  content: readonly Node[],
  element: string,
  attribute?: string,
): readonly Node[] {
  const system = childNamed(childNamed(content, "Event")?.content ?? [], "System");
  const found = childNamed(system?.content ?? [], element);
  if (attribute === undefined) return found?.content ?? [];
  return found?.attributes.find(({ name }) => name === attribute)?.content ?? [];
}
