/**
 * The shapes in which exporters write one Windows event as JSON, and what each calls the same thing.
 * Refuses what it does not know: an object of another shape is no event. Spec: docs/formats/windows-json.md.
 */
import { canonicalJson } from "../../../base/text.ts";
import type { FieldValue } from "../../../model/event.ts";
import { EVENT_DATA, SYSTEM, SYSTEM_FIRST, SYSTEM_NUMBERS, USER_DATA } from "../windows-names.ts";

type Json = string | number | boolean | null | readonly Json[] | JsonObject;
interface JsonObject {
  readonly [name: string]: Json;
}

/** flat: NXLog and Security-Datasets. event: evtx_dump, xmltodict. winlog: Winlogbeat. */
export type Dialect = "flat" | "event" | "winlog";

/** One event in the words of its source, together with the names that Sigma rules use. */
export interface WindowsEvent {
  readonly fields: ReadonlyMap<string, FieldValue>;
  readonly channel: string;
  readonly eventId: number;
  readonly provider: string;
  readonly computer: string;
  /** EventRecordID; "" where the export left it out. */
  readonly recordId: string;
  /** The time as text; "" where there is none. */
  readonly time: string;
}

/** Which shape a parsed line has; null where it is none that is read here. */
export function dialectOf(value: unknown): Dialect | null {
  if (!isObject(value)) return null;
  if (isSystem(value["EventID"], value["Channel"])) return "flat";
  const { Event: event, winlog } = value;
  if (isObject(event) && isObject(event[SYSTEM])) {
    const { EventID: id, Channel: channel } = event[SYSTEM];
    if (isSystem(textOf(id), textOf(channel))) return "event";
  }
  return isObject(winlog) && isSystem(winlog["event_id"], winlog["channel"]) ? "winlog" : null;
}

/** The event of a parsed line. Null where the line has no shape that is read here. */
export function eventOfJson(value: unknown): WindowsEvent | null {
  const dialect = dialectOf(value);
  return dialect === null || !isObject(value) ? null : READ[dialect](value);
}

const READ: Readonly<Record<Dialect, (line: JsonObject) => WindowsEvent>> = {
  flat: readFlat,
  event: readEvent,
  winlog: readWinlog,
};

type Values = Map<string, FieldValue>;

/** Blanks go from names, as in every Sigma rule; of a name that comes twice the first counts. */
function add(values: Values, name: string, value: Json | undefined): void {
  const bare = BLANK.test(name) ? name.replaceAll(/\s+/g, "") : name;
  if (value !== undefined && !values.has(bare)) values.set(bare, fieldValueOf(value));
}

const BLANK = /\s/;

function textIn(values: Values, name: string): string {
  const value = values.get(name);
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

/** What System says of an event, under the names that Sigma rules use, with all of its fields. */
function eventFrom(system: Values, fields: Values, time: string): WindowsEvent {
  return {
    fields,
    channel: textIn(system, "Channel"),
    eventId: Number(textIn(system, "EventID")),
    provider: textIn(system, "Provider_Name"),
    computer: textIn(system, "Computer"),
    recordId: textIn(system, "EventRecordID"),
    time,
  };
}

/** What flat exports call the fields of System, the better source first. */
const FLAT_NAMES: readonly (readonly [string, readonly string[]])[] = [
  ["Provider_Name", ["SourceName", "ProviderName"]],
  ["Provider_Guid", ["ProviderGuid"]],
  ["Computer", ["Hostname", "ComputerName"]],
  ["EventRecordID", ["RecordNumber", "RecordID"]],
  ["Execution_ProcessID", ["ExecutionProcessID"]],
  ["Execution_ThreadID", ["ExecutionThreadID"]],
];
const FLAT_TIMES = ["TimeCreated", "EventTime", "@timestamp"];

function readFlat(line: JsonObject): WindowsEvent {
  const fields: Values = new Map();
  for (const name of Object.keys(line)) add(fields, name, line[name]);
  for (const [name, sources] of FLAT_NAMES)
    add(fields, name, sources.map((source) => line[source]).find(isScalar));
  const time = FLAT_TIMES.map((name) => line[name]).find((stated) => typeof stated === "string");
  return eventFrom(fields, fields, time ?? "");
}

function readEvent(line: JsonObject): WindowsEvent {
  const event = objectOf(line["Event"]);
  const system: Values = new Map();
  for (const [name, node] of Object.entries(objectOf(event[SYSTEM]))) {
    add(system, name, numberIn(name, textOf(node)));
    for (const [attribute, value] of attributesOf(node)) {
      const whole = `${name}_${attribute}`;
      add(system, whole === "TimeCreated_SystemTime" ? name : whole, numberIn(whole, value));
    }
  }
  const data: Values = new Map();
  addData(data, objectOf(event[EVENT_DATA]));
  for (const part of Object.values(objectOf(event[USER_DATA]))) addData(data, objectOf(part));
  return eventFrom(system, joined(system, data), textIn(system, "TimeCreated"));
}

/** What Winlogbeat calls the fields of System. */
const WINLOG_NAMES: readonly (readonly [string, readonly string[]])[] = [
  ["Provider_Name", ["provider_name"]],
  ["Provider_Guid", ["provider_guid"]],
  ["EventID", ["event_id"]],
  ["Channel", ["channel"]],
  ["Computer", ["computer_name"]],
  ["EventRecordID", ["record_id"]],
  ["Version", ["version"]],
  ["Execution_ProcessID", ["process", "pid"]],
  ["Execution_ThreadID", ["process", "thread", "id"]],
  ["Security_UserID", ["user", "identifier"]],
  ["Correlation_ActivityID", ["activity_id"]],
];

function readWinlog(line: JsonObject): WindowsEvent {
  const winlog = objectOf(line["winlog"]);
  const system: Values = new Map();
  for (const [name, path] of WINLOG_NAMES) {
    let node: Json | undefined = winlog;
    for (const step of path) node = objectOf(node)[step];
    add(system, name, numberIn(name, node));
  }
  const data: Values = new Map();
  addData(data, objectOf(winlog["event_data"]));
  addData(data, objectOf(winlog["user_data"]));
  add(data, "Message", line["message"]);
  const time = line["@timestamp"];
  return eventFrom(system, joined(system, data), typeof time === "string" ? time : "");
}

/** Data before System, but for the names that are System's; the lesser gets its section's name before its own. */
function joined(system: Values, data: Values): Values {
  const fields: Values = new Map();
  for (const [name, value] of system)
    fields.set(data.has(name) && !SYSTEM_FIRST.has(name) ? `${SYSTEM}_${name}` : name, value);
  for (const [name, value] of data)
    fields.set(system.has(name) && SYSTEM_FIRST.has(name) ? `${EVENT_DATA}_${name}` : name, value);
  return fields;
}

/** System's numbers are numbers, also where an exporter writes them as text. */
function numberIn(name: string, value: Json | undefined): Json | undefined {
  return typeof value === "string" &&
    SYSTEM_NUMBERS.has(name) &&
    /^(?:0|[1-9]\d{0,14})$/.test(value)
    ? Number(value)
    : value;
}

/** Event data: `{name: value}`, or `Data` as a list of named nodes or of bare values. */
function addData(values: Values, data: JsonObject): void {
  for (const [name, node] of Object.entries(data)) {
    if (name === "#attributes" || name.startsWith("@")) continue;
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

/** Attributes as exporters write them: below `#attributes`, with an `@` before the name, or as plain members. */
function attributesOf(node: Json | undefined): readonly (readonly [string, Json])[] {
  if (!isObject(node)) return [];
  const nested = node["#attributes"];
  return Object.entries(isObject(nested) ? nested : node)
    .filter(([name, value]) => !name.startsWith("#") && isScalar(value))
    .map(([name, value]) => [name.replace(/^@/, ""), value] as const);
}

function isSystem(id: unknown, channel: unknown): boolean {
  const isId = typeof id === "number" ? Number.isInteger(id) : /^\d{1,5}$/.test(String(id));
  return isId && typeof channel === "string";
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function isScalar(value: Json | undefined): value is string | number | boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

function objectOf(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}

/** Trailing blanks go, as from EVTX data: every Sigma reference does so. Objects become their JSON. */
function fieldValueOf(value: Json): FieldValue {
  if (typeof value === "string") return withoutTrailingBlanks(value);
  if (isList(value)) return value.map(fieldValueOf);
  return isObject(value) ? canonicalJson(value) : value;
}

/** Cuts blanks and control characters from the end; a loop, because a pattern would look at every run of blanks. */
function withoutTrailingBlanks(text: string): string {
  let length = text.length;
  while (length > 0 && text.charCodeAt(length - 1) <= 0x20) length--;
  return length === text.length ? text : text.slice(0, length);
}
