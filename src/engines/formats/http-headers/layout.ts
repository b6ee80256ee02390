/**
 * The lines of a response's head: its status and its headers. Refuses folded headers, which HTTP gave up.
 * Spec: RFC 9112 4 (status line), RFC 9110 5 (fields).
 */
const STATUS = /^(?:< )?HTTP\/(\d(?:\.\d)?) (\d{3})(?: |$)/;
const HEADER = /^(?:< )?([!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}):(?: +|$)(.*)$/s;

/** Headers that are asked for, as Exchange and IIS write them: HTTP/2 has all names in small letters. */
const SPELLED: ReadonlyMap<string, string> = new Map(
  [
    "Cache-Control",
    "Content-Length",
    "Content-Type",
    "Date",
    "Location",
    "Server",
    "Set-Cookie",
    "WWW-Authenticate",
    "X-AspNet-Version",
    "X-BEServer",
    "X-CalculatedBETarget",
    "X-DiagInfo",
    "X-FEServer",
    "X-OWA-Version",
    "X-Powered-By",
    "request-id",
  ].map((name) => [name.toLowerCase(), name]),
);

/** A status line. */
export interface Status {
  /** `HTTP/1.1`. */
  readonly version: string;
  readonly code: number;
}

/** The status line in a line; null where it is none. */
export function statusOf(line: string): Status | null {
  const [, version, code] = STATUS.exec(line) ?? [];
  return version === undefined ? null : { version: `HTTP/${version}`, code: Number(code) };
}

/** Whether a response begins with this line. */
export function isStatusLine(line: string): boolean {
  return STATUS.test(line);
}

/** Names under which rows say what was observed: a server that sends them must not be taken for us. */
const RESERVED = /^(?:product|build|observation|kb|cs-version|sc-status)$/i;

/** A header, its name spelled one way whatever its letters' case; null where the line is none. */
export function headerOf(line: string): { readonly name: string; readonly value: string } | null {
  const [, name, value = ""] = HEADER.exec(line) ?? [];
  if (name === undefined) return null;
  const spelled = RESERVED.test(name)
    ? `header-${name}`
    : (SPELLED.get(name.toLowerCase()) ?? name);
  return { name: spelled, value: value.trim() };
}
