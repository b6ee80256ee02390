/** Made-up response headers of an Exchange server, as curl saves them: a redirect, then the page. */
import { utf8 } from "../../src/base/bytes.ts";

const START = Date.UTC(2021, 7, 14, 3);

/** The headers of `count` responses, each with an empty line behind it. */
export function madeHeaders(count: number): Uint8Array {
  const blocks = Array.from({ length: count }, (_, response) => {
    const date = new Date(START + response * 61_000).toUTCString();
    if (response % 3 === 1)
      return `HTTP/2 401 \ndate: ${date}\nx-owa-version: 15.2.986.14\nwww-authenticate: Negotiate\nwww-authenticate: NTLM\nx-feserver: MX2\n\n`;
    if (response % 3 === 2) return `HTTP/1.1 200 OK\nServer: nginx\nDate: ${date}\nLocation:\n\n`;
    return `HTTP/1.1 302 Found\nCache-Control: private\nLocation: https://mail.clinic.example/owa/\nX-OWA-Version: 15.1.2044.4\nX-FEServer: MX1\nDate: ${date}\n\n`;
  });
  return utf8(blocks.join("").replaceAll("\n", "\r\n"));
}
