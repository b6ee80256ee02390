/** Made-up IIS logs for the tests: the fields of a default Exchange server, drawn from a seed. */
import { concatBytes } from "../../src/base/bytes.ts";
import { type IisLine, writeIis } from "../../src/engines/formats/index.ts";
import { seededRandom } from "./trials.ts";

/** What IIS logs by default. */
export const DEFAULT_FIELDS = [
  "date",
  "time",
  "s-ip",
  "cs-method",
  "cs-uri-stem",
  "cs-uri-query",
  "s-port",
  "cs-username",
  "c-ip",
  "cs(User-Agent)",
  "cs(Referer)",
  "sc-status",
  "sc-substatus",
  "sc-win32-status",
  "time-taken",
] as const;

const STEMS = [
  "/owa/",
  "/ews/exchange.asmx",
  "/autodiscover/autodiscover.xml",
  "/mapi/emsmdb/",
  "/owa/prem/15.1.2044.4/scripts/boot.worldwide.0.mouse.js",
  "/powershell/",
];
const AGENTS = [
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36",
  "Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.5197; Pro)",
  "ExchangeServicesClient/15.01.2044.004",
  null,
];

/** `count` lines from `startMillis` on, a few a second. */
export function* madeLines(count: number, seed: number, startMillis: number): Iterable<IisLine> {
  const random = seededRandom(seed);
  const draw = (below: number) => Math.floor(random() * below);
  let now = startMillis;
  for (let line = 0; line < count; line++) {
    now += draw(900);
    const iso = new Date(now).toISOString();
    const id = `${draw(0xffffffff).toString(16).padStart(8, "0")}-8f1e-4a52-9d3c-00000000${draw(0xffff).toString(16).padStart(4, "0")}`;
    yield [
      iso.slice(0, 10),
      iso.slice(11, 19),
      "10.20.0.11",
      random() < 0.3 ? "POST" : "GET",
      STEMS[draw(STEMS.length)] ?? "/",
      random() < 0.2 ? "" : `&CorrelationID=<empty>;&cafeReqId=${id};`,
      443,
      random() < 0.5 ? null : `CLINIC\\user${draw(40)}`,
      `198.51.100.${draw(250)}`,
      AGENTS[draw(AGENTS.length)] ?? null,
      null,
      random() < 0.9 ? 200 : 404,
      0,
      0,
      draw(4000),
    ];
  }
}

/** A whole log of `count` lines. */
export function madeLog(
  count: number,
  seed = 1,
  startMillis = Date.UTC(2021, 7, 12, 23, 58),
): Uint8Array {
  const startedAt = new Date(startMillis).toISOString().slice(0, 19).replace("T", " ");
  return concatBytes([...writeIis(madeLines(count, seed, startMillis), DEFAULT_FIELDS, startedAt)]);
}
