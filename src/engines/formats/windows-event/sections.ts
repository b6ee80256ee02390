/**
 * Events that keep the sections of the XML: System, EventData, UserData. evtx_dump, xmltodict, Velociraptor and the Go
 * readers write them; Windows' own XML becomes the same shape (xml.ts). Spec: docs/formats/windows-json.md.
 */
import {
  type Json,
  type JsonObject,
  isList,
  isObject,
  isScalar,
  objectOf,
  stringOf,
} from "../json/json-value.ts";
import { EVENT_DATA, SYSTEM, USER_DATA } from "../windows-names.ts";
import {
  type Values,
  type WindowsEvent,
  add,
  addSystem,
  eventFrom,
  isSystem,
  joined,
  textIn,
  timeTextOf,
} from "./event.ts";

const TIME = "TimeCreated";
/** evtx_dump --separate-json-attributes writes `Provider` and `Provider_attributes`. */
const SEPARATE = /_attributes$/;

/** The object that holds the sections of a line: the line, or its `Event`; null where there is none. */
export function sectionsOf(line: JsonObject): JsonObject | null {
  const event = isObject(line["Event"]) ? line["Event"] : line;
  const { EventID: id, Channel: channel } = objectOf(event[SYSTEM]);
  return isSystem(systemText(id), systemText(channel)) ? event : null;
}

/** The event in these sections. */
export function readSections(event: JsonObject): WindowsEvent {
  const system: Values = new Map();
  for (const [name, node] of Object.entries(objectOf(event[SYSTEM]))) {
    const bare = name.replace(SEPARATE, "");
    if (bare === name)
      addSystem(
        system,
        name,
        name === TIME ? timeTextOf(systemText(node)) || undefined : systemText(node),
      );
    for (const [attribute, value] of attributesOf(node)) {
      if (attribute === "Value") continue;
      const isTime = bare === TIME && attribute === "SystemTime";
      if (isTime) addSystem(system, TIME, timeTextOf(value));
      else addSystem(system, `${bare}_${attribute}`, value);
    }
  }
  const data: Values = new Map();
  addData(data, objectOf(event[EVENT_DATA]));
  for (const part of Object.values(objectOf(event[USER_DATA]))) addData(data, objectOf(part));
  // Velociraptor puts the text that people read beside the sections.
  if (stringOf(event["Message"]) !== "") add(data, "Message", event["Message"]);
  return eventFrom(system, joined(system, data), textIn(system, TIME));
}

/** Event data: `{name: value}`, or `Data` as a list of named nodes or of bare values. */
export function addData(values: Values, data: JsonObject): void {
  for (const [name, node] of Object.entries(data)) {
    if (name === "#attributes" || name.startsWith("@") || SEPARATE.test(name)) continue;
    const named = name === "Data" ? namedNodes(node) : [];
    if (named.length === 0) add(values, name, isList(node) ? node : (textOf(node) ?? node));
    for (const [label, value] of named) add(values, label, value);
  }
}

function namedNodes(node: Json): (readonly [string, Json])[] {
  return (isList(node) ? node : [node]).flatMap((part) => {
    const label = attributesOf(part).find(([attribute]) => attribute === "Name")?.[1];
    return typeof label === "string" ? [[label, textOf(part) ?? ""] as const] : [];
  });
}

/** The text of an XML element as exporters write it: bare, or as `#text` beside its attributes. */
function textOf(node: Json | undefined): Json | undefined {
  return isObject(node) ? node["#text"] : node === null ? undefined : node;
}

/** Of System's elements also as `Value`, as Velociraptor and the Go readers write it. */
function systemText(node: Json | undefined): Json | undefined {
  return isObject(node) ? (node["#text"] ?? node["Value"]) : textOf(node);
}

/** Attributes as exporters write them: below `#attributes`, with an `@` before the name, or as plain members. */
function attributesOf(node: Json | undefined): readonly (readonly [string, Json])[] {
  if (!isObject(node)) return [];
  const nested = node["#attributes"];
  return Object.entries(isObject(nested) ? nested : node)
    .filter(([name, value]) => !name.startsWith("#") && isScalar(value))
    .map(([name, value]) => [name.replace(/^@/, ""), value] as const);
}
