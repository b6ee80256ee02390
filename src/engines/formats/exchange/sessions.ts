/**
 * SMTP sessions of one protocol log: whether each was encrypted, and how, row by row. Knows only what the file says: of a
 * session whose start is not in it nothing is known until it is encrypted. Bounded; the oldest session is forgotten first.
 */
import { type Needle, findBehind, needleOf } from "../text/byte-search.ts";
import { decodeText } from "../text/encoding.ts";

/** How a session is encrypted, as the log words it; null where it does not say. */
export interface Tls {
  /** `TLS 1.2`. */
  readonly version: string;
  /** `CALG_AES_256`. */
  readonly cipher: string | null;
}

/** What a row's session is known to be: PLAIN, UNKNOWN, or a number of `tls`. */
export const PLAIN = 0;
export const UNKNOWN = -1;

/** The open sessions, and every way of encryption that was met; 1 stands for all that came too late for the list. */
export interface Sessions {
  readonly open: Map<string, number>;
  readonly tls: (Tls | null)[];
}

const OPEN_MAX = 1_024;
const TLS_MAX = 256;
const TEXT_BYTES_MAX = 1_024;
const ID_CHARS_MAX = 64;
const PLUS = 43;
const MINUS = 45;
const STAR = 42;
const NEGOTIATED: Needle = needleOf("TLS protocol ");
const OTHER: Tls = { version: "TLS", cipher: null };
const PROTOCOL =
  /^SP_PROT[_-](TLS|SSL)(\d)(?:_(\d))?[_-](?:SERVER|CLIENT) negotiation succeeded(?: using bulk encryption algorithm (\w{1,64}))?/;

/** No session yet. */
export function makeSessions(): Sessions {
  return { open: new Map(), tls: [null, OTHER] };
}

/** The bytes of a row from which its session is told. */
export interface SmtpRow {
  readonly bytes: Uint8Array;
  readonly session: string;
  /** The byte that says what happened: `+`, `-`, `>`, `<` or `*`. */
  readonly event: number;
  /** What was said, from the data to the end of the context. */
  readonly from: number;
  readonly to: number;
}

/** Takes over a row, and gives what its session is from there on. Rows in file order. */
export function follow(sessions: Sessions, row: SmtpRow): number {
  const id = row.session.slice(0, ID_CHARS_MAX);
  const known = sessions.open.get(id) ?? UNKNOWN;
  switch (row.event) {
    case PLUS:
      return note(sessions, id, PLAIN);
    case MINUS:
      sessions.open.delete(id);
      return known;
    case STAR: {
      const tls = negotiated(row);
      return tls === null ? known : note(sessions, id, numberOf(sessions, tls));
    }
    default:
      return known;
  }
}

function note({ open }: Sessions, id: string, state: number): number {
  if (open.size >= OPEN_MAX && !open.has(id))
    for (const oldest of open.keys()) {
      open.delete(oldest);
      break;
    }
  open.set(id, state);
  return state;
}

function negotiated({ bytes, from, to }: SmtpRow): Tls | null {
  const at = findBehind(bytes, from, to, NEGOTIATED);
  if (at < 0) return null;
  const match = PROTOCOL.exec(decodeText(bytes.subarray(at, Math.min(to, at + TEXT_BYTES_MAX))));
  if (match === null) return null;
  const [, name = "", major = "", minor = "0", cipher = null] = match;
  return { version: `${name} ${major}.${minor}`, cipher };
}

function numberOf({ tls }: Sessions, wanted: Tls): number {
  const found = tls.findIndex(
    (known) => known?.version === wanted.version && known.cipher === wanted.cipher,
  );
  if (found > 0) return found;
  return tls.length < TLS_MAX ? tls.push(wanted) - 1 : 1;
}

/** The open sessions as one line of text. */
export function sessionsText({ open, tls }: Sessions): string {
  return open.size === 0 ? "" : JSON.stringify([[...open], tls.slice(2)]);
}

/** The sessions of such a text. */
export function sessionsFrom(text: string): Sessions {
  const sessions = makeSessions();
  let parts: unknown;
  try {
    parts = JSON.parse(text);
  } catch {
    return sessions;
  }
  const [open, tls] = Array.isArray(parts) ? parts : [];
  if (!Array.isArray(open) || !Array.isArray(tls)) return sessions;
  for (const each of tls.slice(0, TLS_MAX)) if (isTls(each)) sessions.tls.push(each);
  for (const each of open.slice(0, OPEN_MAX)) {
    const [id, state] = Array.isArray(each) ? each : [];
    if (typeof id === "string" && typeof state === "number") sessions.open.set(id, state);
  }
  return sessions;
}

function isTls(value: unknown): value is Tls {
  return (
    typeof value === "object" &&
    value !== null &&
    "version" in value &&
    typeof value.version === "string" &&
    "cipher" in value &&
    (value.cipher === null || typeof value.cipher === "string")
  );
}
