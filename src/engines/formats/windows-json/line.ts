/** One line of JSON into a Windows event, within limits. Refuses what is cut, nested too deep (json-value.ts), or no event. */
import { type NotRead, parseJson } from "../json/json-value.ts";
import { eventOfJson } from "../windows-event/dialect.ts";
import type { WindowsEvent } from "../windows-event/event.ts";

/** What a line is: an event, or the reason why not. */
export type ReadLine = { readonly kind: "event"; readonly event: WindowsEvent } | NotRead;

/** Reads one line. Never throws because of content. */
export function readLine(text: string): ReadLine {
  const parsed = parseJson(text);
  if (parsed.kind === "not") return parsed;
  const event = eventOfJson(parsed.value);
  if (event === null)
    return { kind: "not", what: "event", need: "EventID and Channel", have: "another shape" };
  return { kind: "event", event };
}
