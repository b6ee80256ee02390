/**
 * Streams a day of one IIS log: ordinary traffic drawn line by line, with the story's requests merged in by time.
 * Nothing is held but one line; W3SVC1 and W3SVC2 draw the same day twice, so that their request ids pair up.
 */
import { known } from "../base/assert.ts";
import type { IisLine } from "../engines/formats/index.ts";
import { DAY, HOUR, dateOf, rhythmOf } from "./calendar.ts";
import { Chance, guidOf } from "./chance.ts";
import { DATE, QUERY, TAKEN, TIME, type Habit, type Shape } from "./habit.ts";
import type { Site, WebRequest } from "./plan.ts";

/** How much a server has to do, in requests of the front end. */
export interface Load {
  readonly machinesPerHour: number;
  readonly peoplePerHourAtPeak: number;
}

/** One server's ordinary traffic. */
export interface Traffic {
  readonly seed: number;
  readonly label: string;
  readonly load: Load;
  readonly machines: readonly Habit[];
  readonly people: readonly Habit[];
}

/** Stretches in which the server was down. */
export interface Downtime {
  readonly from: number;
  readonly to: number;
}

/** One log file to be written. */
export interface DayOfLog {
  readonly traffic: Traffic;
  readonly day: number;
  readonly site: Site;
  /** The story's requests of this day and site, by end. */
  readonly planned: readonly WebRequest[];
  readonly server: string;
  /** Added to every time on its way into the log: a wrong clock, or local time. */
  readonly shiftMillis: number;
  readonly downtimes: readonly Downtime[];
}

/** The average over the week of the hourly rhythm: what turns a peak into lines a day. */
const MEAN_RHYTHM = 0.33;
const MACHINE_SHARE = 0.45;

/** Habits and load of a server that gets `requestsPerDay` on an average day. */
export function trafficOf(
  seed: number,
  label: string,
  habits: readonly Habit[],
  requestsPerDay: number,
): Traffic {
  return {
    seed,
    label,
    load: {
      machinesPerHour: (requestsPerDay * MACHINE_SHARE) / 24,
      peoplePerHourAtPeak: (requestsPerDay * (1 - MACHINE_SHARE)) / (24 * MEAN_RHYTHM),
    },
    machines: spread(habits.filter(({ by }) => by === "machines")),
    people: spread(habits.filter(({ by }) => by === "people")),
  };
}

const SLOTS = 16_384;

/** One slot for each share of the weight: drawing a slot draws a habit. */
function spread(habits: readonly Habit[]): Habit[] {
  const total = habits.reduce((sum, { weight }) => sum + weight, 0);
  const slots: Habit[] = [];
  let reached = 0;
  for (const habit of habits) {
    reached += habit.weight;
    while (slots.length < (reached / total) * SLOTS && slots.length < SLOTS) slots.push(habit);
  }
  return slots;
}

const TWO_DIGITS = Array.from({ length: 60 }, (_, value) => String(value).padStart(2, "0"));

/** Writes times as IIS does, each second once. */
export class Stamp {
  date = "";
  time = "";
  /** The time that was set last, with what IIS cuts off. */
  millis = 0;
  #second = -1;
  #day = -1;

  set(millis: number): void {
    this.millis = millis;
    const second = Math.floor(millis / 1000);
    if (second === this.#second) return;
    this.#second = second;
    const day = Math.floor(second / 86_400);
    if (day !== this.#day) this.date = dateOf(day);
    this.#day = day;
    const rest = second - day * 86_400;
    const hour = Math.floor(rest / 3600);
    const minute = Math.floor(rest / 60) % 60;
    this.time = `${TWO_DIGITS[hour]}:${TWO_DIGITS[minute]}:${TWO_DIGITS[rest % 60]}`;
  }
}

/**
 * Lines of a day in the order of their ends. A yielded line is reused: write it before asking for the next.
 * `stamp` tells the time of the line in hand. About 1 M lines a second before they become text.
 */
export function* linesOfDay(log: DayOfLog, stamp = new Stamp()): Generator<IisLine> {
  const { traffic, day, planned, shiftMillis } = log;
  const chance = new Chance(traffic.seed, `${traffic.label}/${day}`);
  const rhythm = rhythmOf(day);
  const down = log.downtimes.filter(({ from, to }) => to > day * DAY && from < (day + 1) * DAY);
  let next = 0;
  for (let at = 0; ; ) {
    const busy =
      (rhythm[Math.min(23, Math.floor(at / HOUR))] ?? 0) * traffic.load.peoplePerHourAtPeak;
    const rate = (busy + traffic.load.machinesPerHour) / HOUR;
    at -= Math.log(1 - chance.real()) / rate;
    if (at >= DAY) break;
    const byPeople = chance.real() * rate * HOUR < busy;
    const slots = byPeople ? traffic.people : traffic.machines;
    const habit = known(slots[chance.next() & (SLOTS - 1)], "every slot has a habit");
    const first = chance.next();
    const second = chance.next();
    const third = chance.next();
    const fourth = chance.next();
    const slow = chance.real() ** 4;
    const end = day * DAY + at;
    for (let due = planned[next]; due !== undefined && due.end <= end; due = planned[++next]) {
      stamp.set(due.end + shiftMillis);
      yield lineOf(due, stamp, log.server);
    }
    const shape = log.site === "back" ? habit.back : habit.front;
    if (shape === null || isDown(down, end)) continue;
    stamp.set(end + shiftMillis);
    const id = guidOf(first, second, third, fourth);
    const taken = habit.takenLeast + Math.floor(slow * (habit.takenMost - habit.takenLeast));
    yield fill(shape, stamp, id, log.site === "back" ? taken - (taken >> 3) : taken);
  }
  for (; next < planned.length; next++) {
    const due = known(planned[next], "inside the list");
    stamp.set(due.end + shiftMillis);
    yield lineOf(due, stamp, log.server);
  }
}

function fill(shape: Shape, stamp: Stamp, id: string, taken: number): IisLine {
  const { line, around } = shape;
  line[DATE] = stamp.date;
  line[TIME] = stamp.time;
  if (around !== null) line[QUERY] = around[0] + id + around[1];
  line[TAKEN] = taken;
  return line;
}

function isDown(downtimes: readonly Downtime[], at: number): boolean {
  for (const { from, to } of downtimes) if (at >= from && at < to) return true;
  return false;
}

function lineOf(request: WebRequest, stamp: Stamp, server: string): IisLine {
  return [
    stamp.date,
    stamp.time,
    server,
    request.method,
    request.stem,
    request.query,
    request.port,
    request.user,
    request.client,
    request.agent,
    request.referer,
    request.status,
    request.substatus,
    request.win32,
    request.takenMillis,
  ];
}
