/** Text of logs whose encoding nobody states. Refuses to lose a byte to U+FFFD: an older code page is tried instead. */

const unicode = new TextDecoder("utf-8", { fatal: true });
const western = new TextDecoder("windows-1252");

/** The bytes as UTF-8, or as windows-1252 where they are no UTF-8 (software that writes the server's code page). */
export function decodeText(bytes: Uint8Array): string {
  try {
    return unicode.decode(bytes);
  } catch {
    return western.decode(bytes);
  }
}
