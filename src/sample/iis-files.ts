/** The IIS logs of the sample, one file a day and site, and where each of them lies. */
import { writeIis } from "../engines/formats/index.ts";
import type { MadeFile } from "../model/sample.ts";
import { DAY, FIRST_DAY, LAST_DAY, ZONE, dateOf, dayOf, stampOf } from "./calendar.ts";
import { Chance } from "./chance.ts";
import { isMissing } from "./gaps.ts";
import { ExchangeHabits } from "./exchange-habits.ts";
import { IIS_FIELDS } from "./habit.ts";
import { webHabits } from "./web-habits.ts";
import { madeFile } from "./made-file.ts";
import type { Site, WebRequest } from "./plan.ts";
import type { SampleSize, Story } from "./story.ts";
import { linesOfDay, trafficOf, type Traffic } from "./traffic.ts";
import { zoneOffsetMillis } from "../base/time.ts";

/** Front-end requests on an average day; back end and web server follow from it. */
const REQUESTS_PER_DAY: Readonly<Record<SampleSize, number>> = { small: 700, real: 135_000 };
const WEB_SHARE = 0.06;

interface Folder {
  readonly path: string;
  readonly site: Site;
  readonly days: readonly number[];
  readonly local: boolean;
}

/** Every IIS log of the story; a gap is a file that is not there. */
export function* makeIisFiles(story: Story): Generator<MadeFile> {
  const servers = trafficOfServers(story);
  const planned = byDay(story);
  const { mailServer, webServer } = story.cast;
  for (const folder of foldersOf(story)) {
    for (const day of folder.days) {
      const { site } = folder;
      const traffic = site === "web" ? servers.web : servers.mail;
      const log = {
        traffic,
        day,
        site,
        planned: planned.get(keyOf(site, day)) ?? [],
        server: site === "web" ? webServer.address : mailServer.address,
        shiftMillis: folder.local ? zoneOffsetMillis(ZONE, day * DAY + DAY / 2) : 0,
        downtimes: site === "web" ? [] : story.gaps.downtimes,
      };
      yield madeFile(`${folder.path}/u_ex${stampOf(day)}.log`, () =>
        writeIis(linesOfDay(log), IIS_FIELDS, `${dateOf(day)} 00:00:00`),
      );
    }
  }
}

function foldersOf(story: Story): Folder[] {
  const { gaps } = story;
  const all = Array.from({ length: LAST_DAY - FIRST_DAY + 1 }, (_, at) => FIRST_DAY + at);
  const kept = (site: Site) => all.filter((day) => !isMissing(gaps, site, day));
  const local = new Set(gaps.localDays);
  const logs = "inetpub/logs/LogFiles";
  return [
    {
      path: `MX1/${logs}/W3SVC1`,
      site: "front",
      days: kept("front").filter((day) => !local.has(day)),
      local: false,
    },
    { path: "MX1/local-time/W3SVC1", site: "front", days: gaps.localDays, local: true },
    { path: "MX1/march/W3SVC1", site: "front", days: gaps.marchDays, local: false },
    { path: `MX1/${logs}/W3SVC2`, site: "back", days: kept("back"), local: false },
    { path: `WEB1/${logs}/W3SVC1`, site: "web", days: all, local: false },
  ];
}

function trafficOfServers(story: Story): { readonly mail: Traffic; readonly web: Traffic } {
  const { seed, size, cast, variant } = story;
  const chance = new Chance(seed, `habits/${variant}`);
  const requests = REQUESTS_PER_DAY[size];
  return {
    mail: trafficOf(seed, `mail/${variant}`, new ExchangeHabits(cast, chance).list, requests),
    web: trafficOf(seed, `web/${variant}`, webHabits(cast, chance), requests * WEB_SHARE),
  };
}

function keyOf(site: Site, day: number): string {
  return `${site}/${day}`;
}

/** The story's requests by site and day of the server's own clock, each list by time. */
function byDay(story: Story): Map<string, WebRequest[]> {
  const days = new Map<string, WebRequest[]>();
  for (const request of story.plan.requests) {
    const end = request.end + (request.site === "web" ? story.gaps.skewMillis : 0);
    const key = keyOf(request.site, dayOf(end));
    const list = days.get(key);
    const shown = { ...request, end };
    if (list === undefined) days.set(key, [shown]);
    else list.push(shown);
  }
  return days;
}
