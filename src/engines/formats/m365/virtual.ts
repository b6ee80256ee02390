/**
 * Virtual fields: what a record of mail access says about how much was taken (listed), and the names under which Sigma's
 * rules ask for what has another name here (answered, not listed). Spec: docs/formats/m365.md.
 */
import type { FieldValue } from "../../../model/event.ts";
import { type Json, isList, isObject, parseJson } from "../json/json-value.ts";

/** Reads a field by its name. */
type Ask = (name: string) => FieldValue | undefined;

/** Adds what a MailItemsAccessed record says: Bind names messages, Sync a folder, a throttled one that others are missing. */
export function addVirtual(
  values: Map<string, FieldValue>,
  nested: ReadonlyMap<string, Json>,
): void {
  if (values.get("Operation") !== "MailItemsAccessed") return;
  const add = (name: string, value: FieldValue | undefined) => {
    if (value !== undefined && !values.has(name)) values.set(name, value);
  };
  add("MailAccessType", values.get("OperationProperties.MailAccessType"));
  add("IsThrottled", truthOf(values.get("OperationProperties.IsThrottled")));
  const folders = foldersOf(nested.get("Folders"));
  const folder = values.get("Item.ParentFolder.Path");
  if (folders !== null) addFolders(folders, add);
  else if (typeof folder === "string") {
    add("FolderCount", 1);
    add("FolderPaths", [folder]);
  }
}

/** Counts and names what a record lists, however many folders the messages are spread over. */
function addFolders(
  folders: readonly Json[],
  add: (name: string, value: FieldValue | undefined) => void,
): void {
  const held = folders.filter(isObject);
  const items = held.flatMap(({ FolderItems }) =>
    isList(FolderItems) ? FolderItems.filter(isObject) : [],
  );
  add("FolderCount", held.length);
  add("FolderPaths", textsOf(held.map(({ Path }) => Path)));
  add("ItemCount", items.length);
  add("InternetMessageIds", textsOf(items.map(({ InternetMessageId }) => InternetMessageId)));
}

function textsOf(values: readonly (Json | undefined)[]): readonly string[] {
  return values.filter((value) => typeof value === "string");
}

/** The exporters write truth values as such, or as text. */
function truthOf(value: FieldValue | undefined): FieldValue | undefined {
  if (typeof value !== "string") return value;
  const lower = value.toLowerCase();
  return lower === "true" ? true : lower === "false" ? false : value;
}

function foldersOf(folders: Json | undefined): readonly Json[] | null {
  if (isList(folders)) return folders;
  const parsed = typeof folders === "string" ? parseJson(folders) : null;
  return parsed?.kind === "value" && isList(parsed.value) ? parsed.value : null;
}

/** Names of the audit log in Sigma's rules for m365, as the product that they were written for called them. */
export function asked(name: string, ask: Ask): FieldValue | undefined {
  switch (name) {
    case "eventSource":
      return ask("Workload") ?? ask("OfficeWorkload");
    case "eventName":
      // An alert is told by its own name, all else by what was done.
      return String(ask("Operation")).startsWith("Alert") ? ask("Name") : ask("Operation");
    case "status":
      return outcomeOf(ask("ResultStatus"));
    default:
      return undefined;
  }
}

/** The services write Success, Succeeded or True, each its own way. */
function outcomeOf(status: FieldValue | undefined): FieldValue | undefined {
  if (status === undefined) return undefined;
  return /^(?:success|succeeded|true)$/i.test(String(status)) ? "success" : "failure";
}
