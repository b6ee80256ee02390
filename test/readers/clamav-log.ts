/** Made-up logs of ClamAV: clamd's, freshclam's and clamscan's lines. */
import { utf8 } from "../../src/base/bytes.ts";

const START = Date.UTC(2021, 7, 14, 3);
const DAYS = "Sun Mon Tue Wed Thu Fri Sat".split(" ");
const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

function stamp(millis: number): string {
  const at = new Date(millis);
  const day = String(at.getUTCDate()).padStart(2, " ");
  return `${DAYS[at.getUTCDay()] ?? ""} ${MONTHS[at.getUTCMonth()] ?? ""} ${day} ${at.toISOString().slice(11, 19)} ${at.getUTCFullYear()}`;
}

const KINDS: readonly ((line: number, time: string, iso: string) => string)[] = [
  (_, time) => `${time} -> SelfCheck: Database status OK.`,
  (line, time) => `${time} -> /srv/mail/a: ${line}.eml: Php.Webshell-${line} FOUND`,
  (line, time) =>
    `${time} -> instream(127.0.0.1@56918): Win.Test.EICAR_HDB-1(44d88612fea8a8f36de82e1278abb02f:${line}) FOUND`,
  (line, time) =>
    `${time} -> daily.cld updated (version: ${26_200 + line}, sigs: 1969710, f-level: 90, builder: raynman)`,
  (_, time) => `WARNING: ${time} -> Clamd was NOT notified: Can't connect to clamd`,
  (line) => `/srv/www/shell${line}.php: Php.Webshell-1 FOUND`,
  (line) => `/srv/www/shell${line}.php: moved to '/srv/quarantine/shell: ${line}.php'`,
  (line) => `/srv/www/ok${line}.php: OK`,
  () => "/srv/www/locked: Access denied. ERROR",
  () => "-------------------------------------------------------------------------------",
  (line, _, iso) =>
    `\n----------- SCAN SUMMARY -----------\nKnown viruses: 8561636\nEngine version: 0.103.3\nScanned files: ${line}\nInfected files: 1\nData scanned: 138.80 MB\nTime: 71.543 sec (1 m 11 s)\nStart Date: ${iso.slice(0, 10).replaceAll("-", ":")} ${iso.slice(11, 19)}`,
];

/** A log of `count` records. */
export function madeClamav(count: number): Uint8Array {
  const records = Array.from({ length: count }, (_, line) => {
    const millis = START + line * 61_000;
    const make = KINDS[line % KINDS.length] ?? (() => "");
    return `${make(line, stamp(millis), new Date(millis).toISOString())}\n`;
  });
  return utf8(records.join(""));
}
