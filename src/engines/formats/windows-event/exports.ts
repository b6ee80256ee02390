/**
 * Events without the sections of the XML: flat exports (NXLog, Security-Datasets), Winlogbeat, EvtxECmd, and PowerShell's
 * Get-WinEvent. What each calls the same thing. Spec: docs/formats/windows-json.md.
 */
import {
  type Json,
  type JsonObject,
  isList,
  isObject,
  objectOf,
  parseJson,
  stringOf,
} from "../json/json-value.ts";
import { EVENT_DATA, USER_DATA } from "../windows-names.ts";
import {
  type Values,
  type WindowsEvent,
  add,
  addSystem,
  eventFrom,
  firstScalar,
  isSystem,
  joined,
  timeTextOf,
} from "./event.ts";
import { addData } from "./sections.ts";

type Names = readonly (readonly [string, readonly string[]])[];

/** What flat exports call the fields of System, the better source first. */
const FLAT_NAMES: Names = [
  ["Provider_Name", ["SourceName", "ProviderName", "EventSourceName"]],
  ["Provider_Guid", ["ProviderGuid"]],
  ["Computer", ["Hostname", "ComputerName"]],
  ["EventRecordID", ["RecordNumber", "RecordID"]],
  ["Execution_ProcessID", ["ExecutionProcessID"]],
  ["Execution_ThreadID", ["ExecutionThreadID"]],
];
/** TimeGenerated: Log Analytics, which agents send the time of the event. */
const FLAT_TIMES = ["TimeCreated", "EventTime", "TimeGenerated", "@timestamp"];

/** Whether everything stands beside each other. */
export function isFlat(line: JsonObject): boolean {
  return isSystem(line["EventID"], line["Channel"]);
}

/** Everything beside each other, under the source's names and Sigma's. */
export function readFlat(line: JsonObject): WindowsEvent {
  const fields: Values = new Map();
  for (const name of Object.keys(line)) add(fields, name, line[name]);
  for (const [name, sources] of FLAT_NAMES)
    add(fields, name, firstScalar(sources.map((source) => line[source])));
  const times = FLAT_TIMES.map((name) => timeTextOf(line[name]));
  return eventFrom(fields, fields, times.find((time) => time !== "") ?? "");
}

/** What Winlogbeat calls the fields of System, below `winlog`; before version 7, beside everything else. */
const WINLOG_NAMES: Names = [
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

/** The part of a line that Winlogbeat or the Elastic agent wrote about the event; null where there is none. */
export function winlogOf(line: JsonObject): JsonObject | null {
  if (isSystem(line["event_id"], line["log_name"])) {
    const { log_name, source_name, record_number } = line;
    return {
      ...line,
      ...(log_name === undefined ? {} : { channel: log_name }),
      ...(source_name === undefined ? {} : { provider_name: source_name }),
      ...(record_number === undefined ? {} : { record_id: record_number }),
    };
  }
  const winlog = objectOf(line["winlog"]);
  const { code, provider } = objectOf(line["event"]);
  const host = objectOf(line["host"])["name"];
  const id = winlog["event_id"] ?? code;
  if (id === undefined || !isSystem(id, winlog["channel"])) return null;
  const name = winlog["provider_name"] ?? provider;
  const computer = winlog["computer_name"] ?? host;
  return {
    ...winlog,
    event_id: id,
    ...(name === undefined ? {} : { provider_name: name }),
    ...(computer === undefined ? {} : { computer_name: computer }),
  };
}

/** The event of a line and its part about the event. */
export function readWinlog(line: JsonObject, winlog: JsonObject): WindowsEvent {
  const system: Values = new Map();
  for (const [name, path] of WINLOG_NAMES) {
    let node: Json | undefined = winlog;
    for (const step of path) node = objectOf(node)[step];
    addSystem(system, name, node);
  }
  const data: Values = new Map();
  addData(data, objectOf(winlog["event_data"]));
  addData(data, objectOf(winlog["user_data"]));
  add(data, "Message", line["message"]);
  return eventFrom(system, joined(system, data), timeTextOf(line["@timestamp"]));
}

const ECMD_NAMES: Names = [
  ["Provider_Name", ["Provider"]],
  ["EventID", ["EventId"]],
  ["Channel", ["Channel"]],
  ["Computer", ["Computer"]],
  ["EventRecordID", ["EventRecordId"]],
  ["TimeCreated", ["TimeCreated"]],
  ["Level", ["Level"]],
  ["Keywords", ["Keywords"]],
  ["Execution_ProcessID", ["ProcessId"]],
  ["Execution_ThreadID", ["ThreadId"]],
  ["Security_UserID", ["UserId"]],
];
/** What EvtxECmd's maps make of an event: its own words, kept beside the event's. */
const ECMD_OWN = [
  ..."MapDescription UserName RemoteHost ExecutableInfo SourceFile".split(" "),
  ...Array.from({ length: 6 }, (_, at) => `PayloadData${at + 1}`),
];

/** Whether EvtxECmd wrote it. */
export function isEcmd(line: JsonObject): boolean {
  return isSystem(line["EventId"], line["Channel"]) && typeof line["Provider"] === "string";
}

/** EvtxECmd: System beside the columns of its maps; the event's data as JSON in the text `Payload`. */
export function readEcmd(line: JsonObject): WindowsEvent {
  const system: Values = new Map();
  for (const [name, sources] of ECMD_NAMES)
    addSystem(system, name, firstScalar(sources.map((source) => line[source])));
  const parsed = parseJson(stringOf(line["Payload"]));
  const payload = parsed.kind === "value" ? objectOf(parsed.value) : {};
  const data: Values = new Map();
  addData(data, objectOf(payload[EVENT_DATA]));
  for (const part of Object.values(objectOf(payload[USER_DATA]))) addData(data, objectOf(part));
  // What could not be read is kept as it stands.
  if (data.size === 0) add(data, "Payload", line["Payload"]);
  for (const name of ECMD_OWN) add(data, name, line[name]);
  return eventFrom(system, joined(system, data), timeTextOf(line["TimeCreated"]));
}

const POWERSHELL_NAMES: Names = [
  ["Provider_Name", ["ProviderName"]],
  ["Provider_Guid", ["ProviderId"]],
  ["EventID", ["Id"]],
  ["EventID_Qualifiers", ["Qualifiers"]],
  ["Channel", ["LogName"]],
  ["Computer", ["MachineName"]],
  ["EventRecordID", ["RecordId"]],
  ["Version", ["Version"]],
  ["Level", ["Level"]],
  ["Task", ["Task"]],
  ["Opcode", ["Opcode"]],
  ["Keywords", ["Keywords"]],
  ["Execution_ProcessID", ["ProcessId"]],
  ["Execution_ThreadID", ["ThreadId"]],
  ["Correlation_ActivityID", ["ActivityId"]],
];

/** Whether ConvertTo-Json wrote it from what Get-WinEvent gave. */
export function isPowershell(line: JsonObject): boolean {
  return isSystem(line["Id"], line["LogName"]) && typeof line["ProviderName"] === "string";
}

/** Get-WinEvent: the values of the data stand in order and without names, so they are `Data`, as in a log without names. */
export function readPowershell(line: JsonObject): WindowsEvent {
  const system: Values = new Map();
  for (const [name, sources] of POWERSHELL_NAMES)
    addSystem(system, name, firstScalar(sources.map((source) => line[source])));
  const user = line["UserId"];
  addSystem(system, "Security_UserID", isObject(user) ? user["Value"] : user);
  const data: Values = new Map();
  const properties = line["Properties"];
  if (isList(properties) && properties.length > 0)
    add(
      data,
      "Data",
      properties.map((property) => (isObject(property) ? (property["Value"] ?? null) : property)),
    );
  add(data, "Message", line["Message"]);
  const created = line["TimeCreated"];
  const time = timeTextOf(isObject(created) ? created["value"] : created);
  return eventFrom(system, joined(system, data), time);
}
