/**
 * One syslog message taken apart: RFC 5424, RFC 3164, and the forms that servers write into files (without a priority,
 * with an ISO 8601 time). Refuses what has neither a priority nor a time. Specs: https://www.rfc-editor.org/rfc/rfc5424,
 * https://www.rfc-editor.org/rfc/rfc3164.
 */

/** A time without a year, as RFC 3164 has it; `year` is "" unless the sender wrote one. */
export interface YearlessTime {
  readonly year: string;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  /** `hh:mm:ss`, with decimals where there are any. */
  readonly clock: string;
}

/** A message in its parts; "" where a part is missing or nil. */
export interface SyslogMessage {
  /** Facility times 8 plus severity; -1 where the line has none. */
  readonly priority: number;
  /** ISO 8601 as written, a time without a year, or null. */
  readonly time: string | YearlessTime | null;
  readonly host: string;
  readonly appName: string;
  readonly procId: string;
  readonly msgId: string;
  /** Structured data: `id.name` and value. */
  readonly structured: readonly (readonly [string, string])[];
  /** False: the structured data is malformed, and stands at the start of the text. */
  readonly isSound: boolean;
  readonly text: string;
}

const PRIORITY = /^<(\d{1,3})>/;
const PRIORITY_MAX = 191;
const HEAD_5424 = /^[1-9]\d{0,2} (\S{1,64}) (\S{1,255}) (\S{1,48}) (\S{1,128}) (\S{1,32})(?: |$)/;
const HEAD_3164 =
  /^(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) {1,2}(\d{1,2})(?: (\d{4}))? (\d\d:\d\d:\d\d(?:\.\d{1,9})?):? /;
const HEAD_ISO = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)) /;
const TAG = /^([^\s:[\]<>{}"]{1,128})(?:\[([^\]\s]{0,64})\])?:(?: |$)/;
const MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";

/** The parts of a message, or null where it is none. */
export function readMessage(line: string): SyslogMessage | null {
  const match = PRIORITY.exec(line);
  const priority = match === null ? -1 : Number(match[1]);
  if (priority > PRIORITY_MAX) return null;
  const rest = match === null ? line : line.slice(match[0].length);
  if (match !== null) {
    const head = HEAD_5424.exec(rest);
    if (head !== null) return structuredMessage(priority, head, rest.slice(head[0].length));
  }
  const iso = HEAD_ISO.exec(rest);
  if (iso !== null)
    return taggedMessage(priority, iso[1] ?? "", rest.slice(iso[0].length), match === null);
  const bsd = HEAD_3164.exec(rest);
  if (bsd !== null) {
    const [whole, name = "", day = "", year = "", clock = ""] = bsd;
    const time = { year, month: MONTHS.indexOf(name) / 3 + 1, day: Number(day), clock };
    return taggedMessage(priority, time, rest.slice(whole.length), false);
  }
  // RFC 3164, 4.3.3: what has a priority and nothing else is all text.
  return match === null ? null : { ...EMPTY, priority, text: rest };
}

const EMPTY: Omit<SyslogMessage, "priority" | "text"> = {
  time: null,
  host: "",
  appName: "",
  procId: "",
  msgId: "",
  structured: [],
  isSound: true,
};

function structuredMessage(priority: number, head: RegExpExecArray, rest: string): SyslogMessage {
  const [, time = "", host = "", appName = "", procId = "", msgId = ""] = head;
  const read = readStructured(rest);
  const text = read === null ? rest : rest.slice(read.end).replace(/^ /, "");
  return {
    priority,
    time: time === "-" ? null : time,
    host: nil(host),
    appName: nil(appName),
    procId: nil(procId),
    msgId: nil(msgId),
    structured: read?.values ?? [],
    isSound: read !== null,
    text: text.replace(/^\ufeff/, ""),
  };
}

function nil(text: string): string {
  return text === "-" ? "" : text;
}

/** Host and tag as senders write them; with `needsTag` a line without one is no message. */
function taggedMessage(
  priority: number,
  time: string | YearlessTime,
  rest: string,
  needsTag: boolean,
): SyslogMessage | null {
  // A program that writes to its own machine leaves the host out.
  const own = TAG.exec(rest);
  const blank = own === null ? rest.indexOf(" ") : -1;
  const host = blank > 0 ? rest.slice(0, blank) : "";
  const behind = blank > 0 ? rest.slice(blank + 1) : rest;
  const tag = own ?? TAG.exec(behind);
  if (tag === null && needsTag) return null;
  const [whole = "", appName = "", procId = ""] = tag ?? [];
  const text = behind.slice(whole.length);
  return { ...EMPTY, priority, time, host, appName, procId, text };
}

const ELEMENT = /\[([^\s=\]"]{1,32})/y;
const PARAMETER = / ([^\s=\]"]{1,32})="((?:[^"\\\]]|\\[^])*)"/y;
const PARAMETERS_MAX = 1_024;

/** Structured data at the start of a text, and where it ends; null where it is malformed. */
function readStructured(
  text: string,
): { readonly values: readonly (readonly [string, string])[]; readonly end: number } | null {
  if (text === "-" || text.startsWith("- ")) return { values: [], end: 1 };
  const values: [string, string][] = [];
  let at = 0;
  while (text[at] === "[") {
    ELEMENT.lastIndex = at;
    const element = ELEMENT.exec(text);
    if (element === null) return null;
    at = ELEMENT.lastIndex;
    for (;;) {
      PARAMETER.lastIndex = at;
      const parameter = PARAMETER.exec(text);
      if (parameter === null) break;
      const [, name = "", value = ""] = parameter;
      values.push([`${element[1] ?? ""}.${name}`, value.replaceAll(/\\(["\\\]])/g, "$1")]);
      at = PARAMETER.lastIndex;
      if (values.length > PARAMETERS_MAX) return null;
    }
    if (text[at] !== "]") return null;
    at++;
  }
  const isWhole = at > 0 && (at === text.length || text[at] === " ");
  return isWhole ? { values, end: at } : null;
}
