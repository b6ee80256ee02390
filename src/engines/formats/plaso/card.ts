/**
 * Recognises plaso's json_line by the shape of the first line that is not blank. Refuses psort's other outputs:
 * json (one object around all events), and dynamic, which has the columns of Timesketch and is read as such.
 */
import { decodeText } from "../text/encoding.ts";
import type { Card } from "../format.ts";
import { isObject, parseJson } from "../json/json-value.ts";
import { isPlaso } from "./event.ts";

/** In a first line longer than the head: all that can be asked of it; psort sorts the names, so this one comes first. */
const START = /^\{\s*"__container_type__"\s*:\s*"event"/;

/** The card of plaso timelines. */
export const plasoCard: Card = {
  id: "plaso",
  reads: "plaso timelines as JSON lines (psort -o json_line)",
  spec: "docs/formats/plaso.md",
  recognises(head) {
    const text = decodeText(head).replace(/^\s*/, "");
    const end = text.indexOf("\n");
    const first = end < 0 ? text : text.slice(0, end);
    if (!first.startsWith("{")) return false;
    const parsed = parseJson(first);
    if (parsed.kind === "not") return end < 0 && START.test(first);
    return isObject(parsed.value) && isPlaso(parsed.value);
  },
};
