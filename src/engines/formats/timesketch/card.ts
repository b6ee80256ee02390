/**
 * Recognises timelines for Timesketch by the names of their first line: message, timestamp_desc, and datetime or
 * timestamp. Refuses CSV and JSON without them: Timesketch would ask a person to map the names.
 */
import { decodeText } from "../text/encoding.ts";
import type { Card } from "../format.ts";
import { isObject, parseJson } from "../json/json-value.ts";
import { columnsOf } from "./read.ts";
import { isTimesketch } from "./row.ts";

/** The names in a first line longer than the head. */
const NAMES = /"(message|timestamp_desc|datetime|timestamp)"\s*:/g;

/** The card of timelines for Timesketch. */
export const timesketchCard: Card = {
  id: "timesketch",
  reads: "Timesketch timelines (CSV with a header, or JSON lines)",
  spec: "https://timesketch.org/guides/user/import-from-json-csv/",
  recognises(head) {
    const text = decodeText(head).replace(/^\s*/, "");
    if (!text.startsWith("{")) return columnsOf(head) !== null;
    const end = text.indexOf("\n");
    const first = end < 0 ? text : text.slice(0, end);
    const parsed = parseJson(first);
    if (parsed.kind === "value")
      return isObject(parsed.value) && isTimesketch(new Map(Object.entries(parsed.value)));
    return (
      end < 0 && isTimesketch(new Set([...first.matchAll(NAMES)].map(([, name = ""]) => name)))
    );
  },
};
