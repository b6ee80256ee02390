/**
 * One plaso event: its attributes as fields, and the Windows event inside it where it is a record of an event log.
 * Refuses to tell one record twice: plaso writes it once per timestamp. Spec: docs/formats/plaso.md.
 */
import type { FieldValue } from "../../../model/event.ts";
import { type JsonObject, type NotRead, isList, stringOf } from "../json/json-value.ts";
import {
  type Values,
  type WindowsEvent,
  add,
  addSystem,
  eventFrom,
  joined,
  timeTextOf,
} from "../windows-event/event.ts";
import { readEventXml } from "../windows-event/xml.ts";

/** The data type of a record of a Windows event log. */
const WINDOWS_RECORD = "windows:evtx:record";
/** plaso tells a record once as written and once as created; the second is the same record again. */
const AGAIN = "Creation Time";
/** How attributes say what they are, not what was found; and what is read otherwise. */
const OWN = /^__|^_event_/;

/** What is known of one event. */
export interface PlasoEvent {
  readonly fields: ReadonlyMap<string, FieldValue>;
  /** Null where it is no record of a Windows event log, or one that another event of the file tells. */
  readonly windows: WindowsEvent | null;
  /** Why its XML was not read; the Windows event is then what plaso itself says of it. */
  readonly refused: NotRead | null;
  readonly host: string;
  readonly channel: string;
}

/** Whether an object is an event as psort writes it. */
export function isPlaso(value: JsonObject): boolean {
  const { data_type: type, parser, timestamp_desc: means } = value;
  return (
    value["__container_type__"] === "event" ||
    (typeof type === "string" &&
      typeof parser === "string" &&
      typeof means === "string" &&
      "pathspec" in value)
  );
}

/** The event in an object; `attributes` are those that become fields, in their order. */
export function readPlasoEvent(value: JsonObject): PlasoEvent {
  const isRecord = value["data_type"] === WINDOWS_RECORD && value["timestamp_desc"] !== AGAIN;
  const xml = isRecord ? stringOf(value["xml_string"]) : "";
  const read = xml === "" ? null : readEventXml(xml);
  const windows = !isRecord ? null : read?.kind === "event" ? read.event : windowsOf(value);
  const fields: Values = new Map(windows?.fields ?? []);
  for (const [name, attribute] of Object.entries(value)) {
    // What was read out of the XML need not stand there twice; the record itself stays at its offset.
    if (OWN.test(name) || (name === "xml_string" && read?.kind === "event")) continue;
    add(fields, fields.has(name) ? `plaso_${name}` : name, attribute);
  }
  const host =
    stringOf(value["computer_name"]) ||
    stringOf(value["s_computername"]) ||
    stringOf(value["hostname"]);
  return {
    fields,
    windows,
    refused: read?.kind === "not" ? read : null,
    host: windows === null || windows.computer === "" ? host : windows.computer,
    channel: windows?.channel ?? stringOf(value["s_sitename"]),
  };
}

/** The Windows event as plaso itself tells it: without the XML, its data has no names. */
function windowsOf(value: JsonObject): WindowsEvent {
  const system: Values = new Map();
  addSystem(system, "Provider_Name", value["source_name"]);
  addSystem(system, "EventID", value["event_identifier"]);
  const channel = channelOfPath(stringOf(value["filename"]) || stringOf(value["display_name"]));
  if (channel !== "") addSystem(system, "Channel", channel);
  addSystem(system, "Computer", value["computer_name"]);
  addSystem(system, "EventRecordID", value["record_number"]);
  const data: Values = new Map();
  if (isList(value["strings"])) add(data, "Data", value["strings"]);
  return eventFrom(system, joined(system, data), timeTextOf(undefined));
}

/** Windows names a log's file after its channel, with %4 for the slash. */
function channelOfPath(path: string): string {
  const name = /([^/\\]+)\.evtx$/i.exec(path)?.[1] ?? "";
  return name.replaceAll("%4", "/");
}
