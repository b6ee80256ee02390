/**
 * What Windows and the Sigma rules call the parts of an event, however it was stored: EVTX and the JSON made from it agree.
 * Refuses to know any field beyond System's own: the rest is named by whoever logs.
 * Specified by the schema http://schemas.microsoft.com/win/2004/08/events/event; why System comes first: docs/formats/evtx.md.
 */

/** The section that Windows fills by itself: who logged what, when and where. */
export const SYSTEM = "System";
/** The section of what a provider logs as a list of `Data`. */
export const EVENT_DATA = "EventData";
/** The section of what a provider logs as markup of its own. */
export const USER_DATA = "UserData";

/** Names that mean System in every Sigma rule, whatever else an event calls its data. */
export const SYSTEM_FIRST: ReadonlySet<string> = new Set([
  "EventID",
  "Channel",
  "Computer",
  "Provider_Name",
]);

/** Fields of System that are whole numbers, also where forwarding or an exporter made them text. */
export const SYSTEM_NUMBERS: ReadonlySet<string> = new Set([
  "EventID",
  "EventID_Qualifiers",
  "Version",
  "Level",
  "Task",
  "Opcode",
  "EventRecordID",
  "Execution_ProcessID",
  "Execution_ThreadID",
]);
