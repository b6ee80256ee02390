/**
 * A record's tree as XML, and as JSON in the form that the evtx tools of the field print (docs/formats/evtx.md).
 * For people and for comparing with other tools; fields for rules come from a batch.
 */
import type { FieldValue } from "../../../model/event.ts";
import { textOf } from "./slot.ts";
import { type Attribute, type Element, localName, type Node, type Part } from "./tree.ts";

/** The tree as an XML document, indented by two blanks; an element without content closes on a line of its own. */
export function printXml(nodes: readonly Node[]): string {
  return `<?xml version="1.0" encoding="utf-8"?>\n${nodes.map((node) => printNode(node, "")).join("\n")}`;
}

function printNode(node: Node, indent: string): string {
  if (node.kind !== "element") return indent + printPart(node);
  return repeated(node)
    .map((element) => printElement(element, indent))
    .join("\n");
}

function printElement(element: Element, indent: string): string {
  const { name, attributes, content } = element;
  const open = `${indent}<${name}${attributes.map(printAttribute).join("")}>`;
  const close = `</${name}>`;
  if (content.length === 0) return `${open}\n${indent}${close}`;
  if (!content.some(({ kind }) => kind === "element"))
    return open + content.map((node) => printNode(node, "")).join("") + close;
  const inner = content.map((node) => printNode(node, `${indent}  `));
  return [open, ...inner, indent + close].join("\n");
}

function printAttribute({ name, content }: Attribute): string {
  if (isMissing(content)) return "";
  const text = content.map((part) => printPart(part).replaceAll('"', "&quot;")).join("");
  return ` ${name}="${text}"`;
}

/** An attribute whose value is not there is not there either. */
function isMissing(content: readonly Part[]): boolean {
  return content.every((part) => part.kind === "value" && part.value === null);
}

function printPart(node: Exclude<Node, Element>): string {
  switch (node.kind) {
    case "text":
      return escape(node.text);
    case "entity":
      return `&${node.name};`;
    case "cdata":
      return `<![CDATA[${node.text.replaceAll("]]>", "]]]]><![CDATA[>")}]]>`;
    case "instruction":
      return `<?${node.target} ${node.text}?>`;
    case "value":
      return escape(textOf(node.value));
    case "hole":
      return `%${node.index}`;
  }
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** An array stands for as many elements as it has values; an empty text among them for one without content. */
function repeated(element: Element): readonly Element[] {
  const [only] = element.content;
  if (element.content.length !== 1 || only?.kind !== "value") return [element];
  if (only.value === null || typeof only.value !== "object") return [element];
  return only.value.map((value) => ({
    ...element,
    content: value === "" ? [] : [{ kind: "value", value }],
  }));
}

/** What printJson makes. */
export type Json = FieldValue | { readonly [name: string]: Json } | readonly Json[];

/** `within`: attributes under `#attributes`; `apart`: under `Name_attributes` beside the element. */
export type AttributeForm = "within" | "apart";

/** The tree as one object: named Data by name, repeated elements as Name_1, Name_2; unnamed Data as a list. */
export function toJson(nodes: readonly Node[], form: AttributeForm): Json {
  return objectOf(nodes, form);
}

function objectOf(nodes: readonly Node[], form: AttributeForm): Record<string, Json> {
  const object: Record<string, Json> = {};
  const data: Json[] = [];
  for (const node of nodes) {
    if (node.kind !== "element") continue;
    for (const element of repeated(node)) {
      const name = givenName(element);
      if (name === null) data.push(scalarOf(element.content) ?? "");
      else if (name !== undefined) object[freeName(object, name)] = scalarOf(element.content);
      else addElement(object, element, form);
    }
    if (data.length > 0) object["Data"] = { "#text": data };
  }
  return object;
}

function addElement(object: Record<string, Json>, element: Element, form: AttributeForm): void {
  const { content } = element;
  const name = freeName(object, element.name);
  const given = element.attributes.filter((attribute) => !isMissing(attribute.content));
  const attributes = Object.fromEntries(
    given.map((attribute) => [attribute.name, scalarOf(attribute.content)]),
  );
  const hasElements = content.some(({ kind }) => kind === "element");
  const value = hasElements ? objectOf(content, form) : scalarOf(content);
  if (given.length === 0) object[name] = value;
  else if (form === "apart") {
    object[`${name}_attributes`] = attributes;
    if (value !== null) object[name] = value;
  } else if (hasElements) object[name] = { "#attributes": attributes, ...objectOf(content, form) };
  else if (value === null) object[name] = { "#attributes": attributes };
  else object[name] = { "#attributes": attributes, "#text": value };
}

/** The Name of a Data; null for a Data without, undefined for any other element. */
function givenName(element: Element): string | null | undefined {
  if (localName(element.name) !== "Data") return undefined;
  const name = element.attributes.find((attribute) => attribute.name === "Name");
  return name === undefined ? null : name.content.map(partText).join("");
}

/** `name`, or the first of name_1, name_2 that is not taken. */
function freeName(object: Readonly<Record<string, Json>>, name: string): string {
  const taken = (candidate: string): boolean =>
    Object.hasOwn(object, candidate) || Object.hasOwn(object, `${candidate}_attributes`);
  if (!taken(name)) return name;
  let number = 1;
  while (taken(`${name}_${number}`)) number++;
  return `${name}_${number}`;
}

/** A sole value as it is, several parts as one text, nothing as null. */
function scalarOf(content: readonly Node[]): FieldValue {
  const [only] = content;
  if (only === undefined) return null;
  if (content.length === 1 && only.kind === "value") return only.value;
  return content.map((node) => (node.kind === "element" ? "" : partText(node))).join("");
}

function partText(node: Exclude<Node, Element>): string {
  switch (node.kind) {
    case "text":
    case "cdata":
    case "entity":
      return node.text;
    case "value":
      return textOf(node.value);
    case "instruction":
    case "hole":
      return "";
  }
}
