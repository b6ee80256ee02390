/**
 * The servers at work: the days from which every log of requests is written, so that IIS, HttpProxy, EWS and the control
 * panel say the same; and what is known of single requests by their ids.
 */
import type { SampleSize, Story } from "./story.ts";
import { dayOf } from "./calendar.ts";
import { Chance } from "./chance.ts";
import { buildLeftOn, buildOn } from "./exchange-build.ts";
import { ExchangeHabits } from "./exchange-habits.ts";
import { requestIdOf, type Site, type WebRequest } from "./plan.ts";
import { trafficOf, type DayOfLog, type Traffic } from "./traffic.ts";
import { webHabits } from "./web-habits.ts";

/** Front-end requests on an average day; back end and web server follow from it. */
const REQUESTS_PER_DAY: Readonly<Record<SampleSize, number>> = { small: 700, real: 135_000 };
const WEB_SHARE = 0.06;

/** The servers of one story. Made once for all logs: their strangers take addresses from the cast. */
export interface Servers {
  readonly story: Story;
  /** One day of a site, by the clock of its server, in UTC. */
  readonly dayLog: (site: Site, day: number) => DayOfLog;
  /** What the back end answered to the story's own requests, by request id. */
  readonly behind: ReadonlyMap<string, number>;
  /** Requests by which mail was taken. */
  readonly reads: ReadonlySet<string>;
}

/** Sets the servers of a story up. */
export function serversOf(story: Story): Servers {
  const { seed, size, cast, variant, gaps, plan } = story;
  const chance = new Chance(seed, `habits/${variant}`);
  const requests = REQUESTS_PER_DAY[size];
  const habits = new ExchangeHabits(cast, chance);
  const mail = new Map<string, Traffic>();
  const mailOn = (day: number): Traffic => {
    const [build, left] = [buildOn(cast, day), buildLeftOn(cast, day)];
    const key = `${build} ${left}`;
    const made =
      mail.get(key) ??
      trafficOf(seed, `mail/${variant}`, habits.listWith({ build, left }), requests);
    mail.set(key, made);
    return made;
  };
  const web = trafficOf(seed, `web/${variant}`, webHabits(cast, chance), requests * WEB_SHARE);
  const planned = byDay(story);
  const behind = new Map<string, number>();
  for (const { site, query, status } of plan.requests) {
    const id = site === "back" ? requestIdOf(query) : null;
    if (id !== null) behind.set(id, status);
  }
  const reads = new Set<string>();
  for (const { kind, requestId } of plan.steps)
    if (kind === "mail-read" && requestId !== null) reads.add(requestId);
  return {
    story,
    behind,
    reads,
    dayLog: (site, day) => ({
      traffic: site === "web" ? web : mailOn(day),
      day,
      site,
      planned: planned.get(keyOf(site, day)) ?? [],
      server: site === "web" ? cast.webServer.address : cast.mailServer.address,
      shiftMillis: 0,
      downtimes: site === "web" ? [] : gaps.downtimes,
    }),
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
