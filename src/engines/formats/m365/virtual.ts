/** Virtual fields: what a record of mail access says about how much was taken. Spec: docs/formats/m365.md. */
import type { FieldValue } from "../../../model/event.ts";
import { type Json, isList, isObject, parseJson } from "../json/json-value.ts";

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
