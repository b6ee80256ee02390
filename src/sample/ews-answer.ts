/** What a request to Exchange Web Services asked for and how much it got, told by its id: so all logs of it agree. */
import type { Servers } from "./servers.ts";

/** One answer of Exchange Web Services. */
export interface WebServiceAnswer {
  readonly action: string;
  /** Items that the request named. */
  readonly ids: number;
  readonly sizeBytes: number;
}

const EVERYDAY = [
  "GetFolder",
  "FindItem",
  "GetItem",
  "GetUserAvailabilityRequest",
  "SyncFolderItems",
];
const READS = ["FindItem", "GetItem", "GetItem", "GetItem", "GetAttachment"];
const ITEMS_PER_PAGE = 50;

/** The answer to a request; of one by which mail was taken, a page of items. */
export function answerOf({ reads }: Servers, id: string): WebServiceAnswer {
  const drawn = Number.parseInt(id.slice(0, 8), 16);
  if (!reads.has(id)) {
    const action = EVERYDAY[drawn % EVERYDAY.length] ?? "GetFolder";
    return { action, ids: action === "GetItem" ? 1 : 0, sizeBytes: 900 + (drawn % 24_000) };
  }
  const action = READS[drawn % READS.length] ?? "GetItem";
  if (action === "FindItem") return { action, ids: 0, sizeBytes: 30_000 + (drawn % 90_000) };
  const ids = action === "GetItem" ? 1 + (drawn % ITEMS_PER_PAGE) : 1;
  return { action, ids, sizeBytes: 4_000 + ids * (20_000 + (drawn % 60_000)) };
}
