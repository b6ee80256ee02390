/**
 * HTTPERR of the mail server: what HTTP.sys answered or broke off before IIS saw it. It keeps no day file, so the days that
 * IIS lacks are in it; a restart adds directives to the same file. Columns: Microsoft, "Error logging in HTTP APIs".
 */
import { utf8 } from "../base/bytes.ts";
import type { MadeFile } from "../model/sample.ts";
import { DAY, FIRST_DAY, LAST_DAY, MINUTE, SECOND, dayOf, isoOf } from "./calendar.ts";
import { Chance } from "./chance.ts";
import { madeFile } from "./made-file.ts";
import type { Servers } from "./servers.ts";
import type { Story } from "./story.ts";

const FIELDS =
  "date time c-ip c-port s-ip s-port cs-version cs-method cs-uri sc-status s-siteid s-reason s-queuename";
/** A connection that asks for nothing more is closed after this. */
const IDLE_MILLIS = 2 * MINUTE;
/** What crawlers of the web send to any address that answers: version, method, path, status and reason. */
const REFUSED = [
  "HTTP/1.1 GET / 400 - Hostname -",
  "- - - 400 - Verb -",
  "HTTP/1.0 GET /%%20 400 - URL -",
];
/** Requests that stay open for minutes, and who serves them. */
const OPEN = [
  "POST /Microsoft-Server-ActiveSync/default.eas - 1 Connection_Abandoned_By_ReqQueue MSExchangeSyncAppPool",
  "POST /Microsoft-Server-ActiveSync/default.eas - 1 Connection_Abandoned_By_ReqQueue MSExchangeSyncAppPool",
  "GET /owa/ev.owa2 - 1 Connection_Abandoned_By_ReqQueue MSExchangeOWAAppPool",
];

interface Refusal {
  readonly at: number;
  readonly client: string;
  /** From `cs-version` on. */
  readonly said: string;
}

/** The log, from the first day to the last. */
export function makeHttpErrors(servers: Servers): MadeFile {
  return madeFile("MX1/Windows/System32/LogFiles/HTTPERR/httperr1.log", () => writeLog(servers));
}

function* writeLog(servers: Servers): Generator<Uint8Array> {
  const { seed, variant, cast, gaps } = servers.story;
  const chance = new Chance(seed, `httperr/${variant}`);
  const closed = closedConnections(servers.story);
  const crawlers = crawlersOf(servers);
  const starts = [FIRST_DAY * DAY, ...gaps.downtimes.map(({ to }) => to)];
  for (let day = FIRST_DAY; day <= LAST_DAY; day++) {
    const rows = [...(closed.get(day) ?? []), ...everyday(servers.story, chance, day, crawlers)]
      .filter(({ at }) => !gaps.downtimes.some(({ from, to }) => at >= from && at < to))
      .toSorted((left, right) => left.at - right.at);
    let text = "";
    for (const { at, client, said } of rows) {
      for (let start = starts[0]; start !== undefined && start <= at; start = starts[0]) {
        text += headerOf(start);
        starts.shift();
      }
      const port = chance.between(49_152, 65_535);
      text += `${moment(at)} ${client} ${port} ${cast.mailServer.address} 443 ${said}\r\n`;
    }
    yield utf8(text);
  }
}

function headerOf(startedAt: number): string {
  return `#Software: Microsoft HTTP API 2.0\r\n#Version: 1.0\r\n#Date: ${moment(startedAt)}\r\n#Fields: ${FIELDS}\r\n`;
}

/** `2021-08-12 09:14:04`. */
function moment(millis: number): string {
  return isoOf(millis).slice(0, 19).replace("T", " ");
}

const IDLE = "- - - - - Timer_ConnectionIdle -";

/** The end of each connection over which the story asked something, by day: the last request of a client, and two minutes. */
function closedConnections({ plan }: Story): Map<number, Refusal[]> {
  const lastOf = new Map<string, number>();
  const closed = new Map<number, Refusal[]>();
  const close = (client: string, last: number) => {
    const at = last + IDLE_MILLIS;
    closed.set(dayOf(at), [...(closed.get(dayOf(at)) ?? []), { at, client, said: IDLE }]);
  };
  for (const { site, client, end } of plan.requests) {
    if (site !== "front") continue;
    const last = lastOf.get(client);
    if (last !== undefined && end - last >= IDLE_MILLIS) close(client, last);
    lastOf.set(client, end);
  }
  for (const [client, last] of lastOf) close(client, last);
  return closed;
}

/** Telephones that lose their connection, crawlers, and what is open when the server goes down. */
function everyday(
  { cast, gaps }: Story,
  chance: Chance,
  day: number,
  crawlers: readonly string[],
): Refusal[] {
  const idle = Array.from({ length: chance.between(2, 9) }, () => ({
    at: day * DAY + chance.below(DAY),
    client: chance.pick(cast.people).away,
    said: IDLE,
  }));
  const refused = Array.from({ length: chance.happens(0.4) ? chance.between(1, 3) : 0 }, () => ({
    at: day * DAY + chance.below(DAY),
    client: chance.pick(crawlers),
    said: chance.pick(REFUSED),
  }));
  const stopped = gaps.downtimes
    .filter(({ from }) => dayOf(from) === day)
    .flatMap(({ from }) =>
      OPEN.map((request) => ({
        at: from - chance.between(1, 3) * SECOND,
        client: chance.pick(cast.people).away,
        said: `HTTP/1.1 ${request}`,
      })),
    );
  return [...idle, ...refused, ...stopped];
}

/** Addresses of the machines that visit the web server. */
function crawlersOf({ dayLog }: Servers): string[] {
  const CLIENT = 8;
  const { machines } = dayLog("web", FIRST_DAY).traffic;
  return [...new Set(machines.map(({ front }) => String(front.line[CLIENT])))];
}
