/**
 * The XML of one Windows event, as Windows and libevtx print it, into the sections that sections.ts reads. Refuses what
 * Windows never writes into one: a document type, CDATA, instructions behind the start. Spec: https://www.w3.org/TR/xml/.
 */
import {
  DEPTH_MAX,
  type Json,
  type JsonObject,
  type NotRead,
  isObject,
} from "../json/json-value.ts";
import { type XmlElement, type XmlRules, parseXml } from "../xml/tree.ts";
import type { WindowsEvent } from "./event.ts";
import { readSections, sectionsOf } from "./sections.ts";

/** A Windows event is at most 64 KiB of binary XML: as text a few times that. */
export const XML_CHARS_MAX = 1_048_576;
const RULES: XmlRules = {
  charsMax: XML_CHARS_MAX,
  depthMax: DEPTH_MAX,
  elementsMax: 8_192,
  attributesMax: 64,
  isBare: true,
};

/** The event that an XML text holds, or why it holds none. Never throws because of content. */
export function readEventXml(
  text: string,
): { readonly kind: "event"; readonly event: WindowsEvent } | NotRead {
  const parsed = parseXml(text, RULES);
  if (parsed.kind === "not") return { ...parsed, what: EVENT_XML };
  const { element } = parsed;
  const sections = element.name === "Event" ? sectionsOf(objectFrom(element)) : null;
  if (sections !== null) return { kind: "event", event: readSections(sections) };
  const have = "another element";
  return { kind: "not", what: EVENT_XML, need: "an Event with EventID and Channel", have };
}

const EVENT_XML = "event XML";

/** An element in the shape of evtx_dump: attributes below `#attributes`, elements of one name as a list. */
function jsonFrom(element: XmlElement): Json {
  if (element.attributes.length === 0 && element.children.length === 0) return element.text;
  return objectFrom(element);
}

function objectFrom({ attributes, children, text }: XmlElement): JsonObject {
  const members = new Map<string, Json[]>();
  for (const child of children) {
    const value = jsonFrom(child);
    const known = members.get(child.name);
    if (known === undefined) members.set(child.name, [value]);
    else known.push(value);
  }
  const entries: [string, Json][] = [...members].map(([name, values]) => {
    // EventData's list stays one where it has one item; anywhere else a lone element is a value.
    const [only = ""] = values;
    return [name, values.length === 1 && (name !== "Data" || isObject(only)) ? only : values];
  });
  if (attributes.length > 0) entries.push(["#attributes", Object.fromEntries(attributes)]);
  if (children.length === 0 && text !== "") entries.push(["#text", text]);
  // A name such as __proto__ is a name here: fromEntries defines it and sets no prototype.
  return Object.fromEntries(entries);
}
