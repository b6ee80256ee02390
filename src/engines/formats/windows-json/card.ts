/**
 * Recognises Windows events exported as JSON lines, by the shape of the first line that is not blank.
 * Refuses every shape that the reader does not read (dialect.ts), so that "recognised" means "read".
 */
import { decodeText } from "../text/encoding.ts";
import type { Card } from "../format.ts";
import { readLine } from "./line.ts";

/** In a first line longer than the head: all that can be asked of it. */
const FLAT_START = /^\s*\{(?=.*"EventID"\s*:\s*"?\d)(?=.*"Channel"\s*:\s*")/s;

/** The card of Windows events as JSON lines. */
export const windowsJsonCard: Card = {
  id: "windows-json",
  reads: "Windows events as JSON lines (flat, Event/System/EventData, or Winlogbeat)",
  spec: "docs/formats/windows-json.md",
  recognises(head) {
    if (head[0] === 0) return false;
    const text = decodeText(head).replace(/^\ufeff?\s*/, "");
    const end = text.indexOf("\n");
    const first = end < 0 ? text : text.slice(0, end);
    return (
      first.startsWith("{") &&
      (readLine(first).kind === "event" || (end < 0 && FLAT_START.test(first)))
    );
  },
};
