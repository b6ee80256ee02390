/** Made-up access logs: each form that servers write, in turn, or one alone. */
import { utf8 } from "../../src/base/bytes.ts";
import { seededRandom } from "./trials.ts";

const START = Date.UTC(2021, 7, 12, 9);
const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
const PATHS = [
  "/owa/",
  "/owa/auth/logon.aspx?url=https%3a%2f%2fmail.clinic.example%2fowa%2f&reason=0",
  "/autodiscover/autodiscover.json?@evil.example/mapi/nspi",
  "/static/app.css",
];
const AGENTS = ["Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36", "python-requests/2.25.1"];

/** `12/Aug/2021:10:00:04 +0100` of an instant. */
function stamp(millis: number, zone: string, hours: number): string {
  const wall = new Date(millis + hours * 3_600_000);
  const iso = wall.toISOString();
  const month = MONTHS[wall.getUTCMonth()] ?? "";
  return `${iso.slice(8, 10)}/${month}/${iso.slice(0, 4)}:${iso.slice(11, 19)} ${zone}`;
}

/** Lines of the combined form, as most servers write them. */
export function combined(line: number, random: () => number): string {
  const draw = (below: number) => Math.floor(random() * below);
  const time = stamp(START + line * 1_500 + draw(900), "+0100", 1);
  const user = draw(4) === 0 ? `user${draw(9)}` : "-";
  const path = PATHS[draw(PATHS.length)] ?? "/";
  return `198.51.100.${draw(250)} - ${user} [${time}] "GET ${path} HTTP/1.1" ${draw(9) === 0 ? 404 : 200} ${draw(90_000)} "https://mail.clinic.example/" "${AGENTS[draw(AGENTS.length)] ?? "-"}"`;
}

const common = (line: number, random: () => number) =>
  combined(line, random).replace(/ "https.*$/, "");
const nginx = (line: number, random: () => number) =>
  `${combined(line, random)} "203.0.113.${line % 200}, 10.0.0.1" 0.0${line % 10}`;
const virtual = (line: number, random: () => number) =>
  `mail.clinic.example:443 ${combined(line, random)}`;
const escaped = (line: number, random: () => number) =>
  combined(line, random).replace(/"[^"]*"$/, '"a \\"b\\" \\x22c\\x22 \\\\ \\xc3\\xa9"');
const blank = (line: number, random: () => number) =>
  combined(line, random).replace(/ - \S+ \[/, " - frank smith [");
const odd = (line: number, random: () => number) =>
  combined(line, random).replace(/"GET [^"]*"/, '"\\x16\\x03\\x01"');

const KINDS = [combined, common, nginx, virtual, escaped, blank, odd];

/** A log of `count` lines, the forms in turn. */
export function madeNcsa(count: number, kinds: readonly (typeof combined)[] = KINDS): Uint8Array {
  const random = seededRandom(3);
  const lines = Array.from({ length: count }, (_, line) => {
    const make = kinds[line % kinds.length] ?? combined;
    return `${make(line, random)}\n`;
  });
  return utf8(lines.join(""));
}
