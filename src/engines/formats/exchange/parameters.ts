/**
 * The parameters of a cmdlet in the log of remote PowerShell (Rps_Cmdlet), by name, as Windows events of the same cmdlet have
 * them (windows-event/cmdlet.ts). Refuses other names than these: a batch must be able to list what it may answer.
 */
import type { FieldValue } from "../../../model/event.ts";
import { type Beyond, type Cells, jsonBeyond } from "../csv/batch.ts";
import { parametersOf } from "../windows-event/cmdlet.ts";

const PREFIX = "Parameters.";

/** Parameters that say what was done to whose mail, and where it went; all of them stand in the column `Parameters`. */
const NAMES: readonly string[] = (
  "Identity Name Mailbox FilePath RequestFile ContentFilter IncludeFolders Role User SecurityGroup " +
  "SourceMailboxes TargetMailbox TargetFolder SearchQuery DeleteContent Purge PurgeType Export ActionType RemoteHostName Outbound " +
  "AssemblyPath TransportAgentFactory BlindCopyTo CopyTo RedirectMessageTo AddToRecipients JournalEmailAddress Recipient " +
  "SmartHosts ExtendedRights ForwardingAddress ForwardingSmtpAddress ExternalUrl InternalUrl Path AccessRights"
)
  .split(" ")
  .map((name) => `${PREFIX}${name}`);

/** The fields of rows whose parameters stand in `column`. */
export function cmdletParameters(column: number): Pick<Beyond, "names" | "field" | "json"> {
  let last = "";
  let parameters = parametersOf(last);
  const field = (cells: Cells, row: number, name: string): FieldValue | undefined => {
    const text = cells.text(row, column);
    if (text === undefined) return undefined;
    if (text !== last) {
      last = text;
      parameters = parametersOf(text);
    }
    return parameters.get(name.slice(PREFIX.length));
  };
  const json = (cells: Cells, row: number): string =>
    jsonBeyond({ names: NAMES, field }, cells, row);
  return { names: NAMES, field, json };
}
