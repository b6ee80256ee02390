/**
 * A cmdlet as the MSExchange Management log tells it: a list of texts without names, of which the first are the cmdlet, its
 * parameters and its caller. Refuses to guess: an event of another shape has none of these fields.
 * The order is that of real records of Exchange 2013 to 2019 (docs/formats/evtx.md).
 */
import type { FieldValue } from "../../../model/event.ts";

/** Who writes these events, and the ids that tell how a cmdlet ended: 1 success, 6 failure. */
export const CMDLET_PROVIDER = "MSExchange CmdletLogs";
const SUCCEEDED = 1;
const FAILED = 6;

const At = { cmdlet: 0, parameters: 1, caller: 2, sid: 3, application: 5, process: 6, error: 11 };

/** A cmdlet has some dozens of parameters; what stands behind them stays in Data. */
const PARAMETERS_MAX = 128;

/** What the texts of such an event say; null where they do not say it in this form. */
export function cmdletFields(
  eventId: number,
  data: FieldValue | undefined,
): ReadonlyMap<string, FieldValue> | null {
  if ((eventId !== SUCCEEDED && eventId !== FAILED) || !Array.isArray(data)) return null;
  const text = (at: number): string => {
    const value: unknown = data[at];
    return typeof value === "string" ? value : "";
  };
  if (!/^[A-Za-z]+-[A-Za-z0-9]+$/.test(text(At.cmdlet))) return null;
  const fields = new Map<string, FieldValue>([
    ["Cmdlet", text(At.cmdlet)],
    ["Succeeded", eventId === SUCCEEDED],
  ]);
  const named: readonly (readonly [string, string])[] = [
    ["Caller", text(At.caller)],
    ["CallerSid", text(At.sid)],
    ["HostApplication", text(At.application)],
    ["CallerProcess", text(At.process)],
    ["Error", eventId === FAILED ? text(At.error) : ""],
  ];
  for (const [name, value] of named) if (value !== "") fields.set(name, value);
  for (const [name, value] of parametersOf(text(At.parameters)))
    fields.set(`Parameters.${name}`, value);
  return fields;
}

/** Exchange's own spelling of these messages, and the one that it may be corrected to. */
const MESSAGE = /^Cmdlet (?:suc+eeded|failed)\. Cmdlet ([A-Za-z]+-[A-Za-z0-9]+), parameters /;

/** The first texts of an event of which an export kept the rendered message alone; undefined for any other message. */
export function toldInMessage(message: FieldValue | undefined): readonly string[] | undefined {
  if (typeof message !== "string") return undefined;
  const found = MESSAGE.exec(message);
  const cmdlet = found?.[1];
  if (found === null || cmdlet === undefined) return undefined;
  const parameters = message.slice(found[0].length).trimEnd();
  return [cmdlet, parameters.endsWith(".") ? parameters.slice(0, -1) : parameters];
}

/**
 * The parameters of a command line by name, without the quotes around a value: `-Role "Mailbox Import Export"`. A switch has
 * the value "". A `-` within quotes or parentheses begins no parameter. Linear in the text's length.
 */
export function parametersOf(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const starts = startsOf(text);
  for (const [at, start] of starts.entries()) {
    const part = text.slice(start + 1, starts[at + 1] ?? text.length).trim();
    const blank = part.search(/[\s:]/);
    const name = blank < 0 ? part : part.slice(0, blank);
    if (name !== "") found.set(name, blank < 0 ? "" : unquoted(part.slice(blank + 1).trim()));
  }
  return found;
}

/** Where parameters begin: a `-` before a letter, at the start or after a blank, outside quotes and parentheses. */
function startsOf(text: string): readonly number[] {
  const starts: number[] = [];
  let quoted = false;
  let depth = 0;
  let before = " ";
  for (let at = 0; at < text.length && starts.length < PARAMETERS_MAX; at++) {
    const letter = text[at] ?? "";
    if (letter === '"') quoted = !quoted;
    else if (!quoted && letter === "(") depth++;
    else if (!quoted && letter === ")") depth = Math.max(0, depth - 1);
    else if (!quoted && depth === 0 && letter === "-" && /\s/.test(before)) {
      if (/[A-Za-z]/.test(text[at + 1] ?? "")) starts.push(at);
    }
    before = letter;
  }
  return starts;
}

function unquoted(text: string): string {
  const isQuoted = text.length >= 2 && text.startsWith('"') && text.endsWith('"');
  return isQuoted && !text.slice(1, -1).includes('"') ? text.slice(1, -1) : text;
}
