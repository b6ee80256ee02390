/**
 * The Linux machine in front of the public web server: nginx, which passes requests on with the address of the client, so that
 * both logs name it; and ClamAV. Its clock is right, the web server's is not: the access log shows by how much. Logs are rotated on Sundays.
 */
import { utf8 } from "../base/bytes.ts";
import { zoneOffsetMillis } from "../base/time.ts";
import type { IisLine } from "../engines/formats/index.ts";
import type { MadeFile } from "../model/sample.ts";
import {
  DAY,
  FIRST_DAY,
  HOUR,
  LAST_DAY,
  MINUTE,
  ZONE,
  dayOf,
  isWorkday,
  isoOf,
} from "./calendar.ts";
import { Chance } from "./chance.ts";
import { madeFile, textFile } from "./made-file.ts";
import { ROTATED_WEEKS, firstRotatedDay } from "./keeping.ts";
import type { Servers } from "./servers.ts";
import type { Story } from "./story.ts";
import { Stamp, linesOfDay } from "./traffic.ts";

const WEEK = 7 * DAY;
const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
const WEEKDAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

/** The logs of the machine. */
export function* makeFrontMachine(servers: Servers): Generator<MadeFile> {
  const logs = `${servers.story.cast.frontMachine.name}/var/log`;
  for (let week = 0; week <= ROTATED_WEEKS; week++) {
    const from = firstRotatedDay() * DAY + week * WEEK;
    const name = week === ROTATED_WEEKS ? "access.log" : `access.log.${ROTATED_WEEKS - week}`;
    yield madeFile(`${logs}/nginx/${name}`, () => accessLines(servers, from, from + WEEK));
  }
  yield textFile(`${logs}/clamav/freshclam.log`, signatureLog(servers.story));
  yield textFile(`${logs}/clamav/clamav.log`, scannerLog(servers.story));
}

/** The requests of the web server by true time, in NCSA's combined form. */
function* accessLines(servers: Servers, from: number, to: number): Generator<Uint8Array> {
  const { skewMillis } = servers.story.gaps;
  const last = Math.min(LAST_DAY, dayOf(to - 1 + skewMillis));
  for (let day = dayOf(from + skewMillis); day <= last; day++) {
    const offsetMillis = zoneOffsetMillis(ZONE, day * DAY + DAY / 2);
    const stamp = new Stamp();
    let text = "";
    for (const line of linesOfDay(servers.dayLog("web", day), stamp)) {
      const end = stamp.millis - skewMillis;
      if (end >= from && end < to) text += accessLine(line, end, offsetMillis);
    }
    yield utf8(text);
  }
}

/** nginx's `combined`: `10.0.0.1 - - [12/Aug/2021:10:00:04 +0100] "GET / HTTP/1.1" 200 5321 "-" "agent"`. */
function accessLine(line: IisLine, end: number, offsetMillis: number): string {
  const [, , , method, stem, query, , user, client, agent, referer, status] = line.map(String);
  const iso = isoOf(end + offsetMillis);
  const month = MONTHS[Number(iso.slice(5, 7)) - 1] ?? "";
  const zone = `+${String(offsetMillis / HOUR).padStart(2, "0")}00`;
  const time = `${iso.slice(8, 10)}/${month}/${iso.slice(0, 4)}:${iso.slice(11, 19)} ${zone}`;
  const address = query === "-" ? stem : `${stem}?${query}`;
  const said = agent?.replaceAll("+", " ");
  return `${client} - ${user} [${time}] "${method} ${address} HTTP/1.1" ${status} ${sizeOf(stem ?? "", status ?? "")} "${referer}" "${said}"\n`;
}

/** A page always has the same size; IIS's own page for what is not there has this one. */
function sizeOf(stem: string, status: string): number {
  return status === "404" ? 1245 : 900 + stem.length * 731;
}

/** `Sat Aug 14 03:12:07 2021`, in local time, as ClamAV writes it. */
function clamTime(millis: number): string {
  const wall = millis + zoneOffsetMillis(ZONE, millis);
  const iso = isoOf(wall);
  const weekday = WEEKDAYS[(dayOf(wall) + 4) % 7] ?? "";
  const month = MONTHS[Number(iso.slice(5, 7)) - 1] ?? "";
  return `${weekday} ${month} ${String(Number(iso.slice(8, 10))).padStart(2)} ${iso.slice(11, 19)} ${iso.slice(0, 4)}`;
}

/** When signatures were fetched, and their number, by day. */
function fetched(story: Story): { readonly at: number; readonly version: number }[] {
  const chance = new Chance(story.seed, `freshclam/${story.variant}`);
  return Array.from({ length: LAST_DAY - FIRST_DAY + 1 }, (_, at) => ({
    at: (FIRST_DAY + at) * DAY + 2 * HOUR + chance.below(HOUR),
    version: 26_188 + at,
  }));
}

function signatureLog(story: Story): string {
  const from = firstRotatedDay() * DAY;
  const days = fetched(story).filter(({ at }) => at >= from);
  return days
    .flatMap(({ at, version }) => {
      const time = clamTime(at);
      return [
        `${time} -> ClamAV update process started at ${time}`,
        `${time} -> daily.cld updated (version: ${version}, sigs: ${1_966_000 + version}, f-level: 90, builder: synthetic)`,
        `${time} -> main.cvd database is up-to-date (version: 61, sigs: 6607162, f-level: 90, builder: synthetic)`,
        "",
      ];
    })
    .join("\n");
}

/** What clamd says: its own checks, the nightly scan, and the test file where the administrator tried the antivirus here too. */
function scannerLog(story: Story): string {
  const chance = new Chance(story.seed, `clamd/${story.variant}`);
  const lines: string[] = [];
  const tried = story.plan.herrings.find(({ kind }) => kind === "eicar");
  for (const { at } of fetched(story)) {
    const say = (millis: number, text: string) => lines.push(`${clamTime(millis)} -> ${text}`);
    say(at + 4 * MINUTE, "SelfCheck: Database modification detected. Forcing reload.");
    say(at + 5 * MINUTE, "Reading databases from /var/lib/clamav");
    if (isWorkday(dayOf(at))) say(at + 65 * MINUTE, "SelfCheck: Database status OK.");
    if (tried !== undefined && dayOf(tried.from) === dayOf(at))
      say(
        tried.to + chance.between(2, 9) * MINUTE,
        "/home/administrator/eicar.com.txt: Win.Test.EICAR_HDB-1 FOUND",
      );
  }
  return `${lines.join("\n")}\n`;
}
