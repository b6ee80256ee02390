/**
 * What quoted columns hold: the request line, and what a longer format writes behind the user agent. Refuses to make a
 * request of what is none: it stays in one piece. Spec: RFC 9112 3; docs/formats/ncsa.md for what is behind.
 */

/** A request line taken apart. */
export interface Request {
  readonly method: string;
  readonly stem: string;
  /** Null where the address has no question mark. */
  readonly query: string | null;
  /** Null in HTTP/0.9. */
  readonly version: string | null;
}

const METHOD = /^[A-Za-z][A-Za-z_-]{0,31}$/;

/** The parts of a request line; null where it is none. An address may have blanks in it: who attacks, does not encode. */
export function requestOf(text: string): Request | null {
  const first = text.indexOf(" ");
  const method = text.slice(0, first);
  if (first < 0 || !METHOD.test(method)) return null;
  const last = text.lastIndexOf(" ");
  const isVersioned = last > first && /^HTTP\/\d/.test(text.slice(last + 1));
  const address = isVersioned ? text.slice(first + 1, last) : text.slice(first + 1);
  const mark = address.indexOf("?");
  return {
    method,
    stem: mark < 0 ? address : address.slice(0, mark),
    query: mark < 0 ? null : address.slice(mark + 1),
    version: isVersioned ? text.slice(last + 1) : null,
  };
}

/** What a request to a forward proxy asks for. */
export interface Proxied {
  /** Without its port; null where the address names none. */
  readonly host: string | null;
  /** Behind the last dot of the path's last part; null where there is none. */
  readonly extension: string | null;
}

const ABSOLUTE =
  /^[A-Za-z][A-Za-z0-9+.-]{0,31}:\/\/(?:[^/?#@]*@)?(\[[^\]/]*\]|[^/?#:]*)(?::\d*)?([^?#]*)/;
const AUTHORITY = /^(\[[^\]/]*\]|[^/?#:]*)(?::\d*)?$/;

/** What is asked of a proxy: an address with its host (RFC 9112 3.2.2), or CONNECT (3.2.3); null where a server is asked. */
export function proxiedOf({ method, stem }: Request): Proxied | null {
  const tunnel = method.toUpperCase() === "CONNECT";
  const [, host = "", path = ""] = (tunnel ? AUTHORITY : ABSOLUTE).exec(stem) ?? [];
  if (host === "" && !tunnel) return null;
  const extension = /\.([^./]+)$/.exec(path)?.[1] ?? null;
  return { host: host === "" ? null : host, extension };
}

/** What stands behind the columns of the combined form; null for what the line does not have. */
export interface Behind {
  readonly forwardedFor: string | null;
  /** As written: Apache writes microseconds or seconds, nginx seconds with decimals. */
  readonly responseTime: string | null;
  readonly extra: string | null;
}

const ADDRESSES = /^(?:unknown|[\dA-Fa-f.:[\]%_]+)(?:, ?(?:unknown|[\dA-Fa-f.:[\]%_]+))*$/;
const NUMBER = /^\d+(?:\.\d+)?$/;

/** Takes apart what stands behind: a quoted forwarded address first, a lone number last, and all else in one piece. */
export function behindOf(text: string): Behind {
  const quoted = /^"([^"]*)"(?: |$)/.exec(text)?.[1];
  const isForwarded = quoted !== undefined && (quoted === "-" || ADDRESSES.test(quoted));
  const rest = (isForwarded ? text.slice(quoted.length + 2) : text).trim();
  const isTime = NUMBER.test(rest);
  return {
    forwardedFor: isForwarded && quoted !== "-" ? quoted : null,
    responseTime: isTime ? rest : null,
    extra: isTime || rest === "" ? null : rest,
  };
}
