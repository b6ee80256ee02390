/**
 * The calendar of missed signals as a drawing: one small grid a month, Monday first, so that months wrap on a phone. The height of a bar
 * and the number beside it carry the meaning, never colour alone; the table below says the same in words.
 */
import { type Day, formatDay, toDay } from "../../base/day.ts";
import { LEVELS, type Level } from "../../model/detection.ts";
import type { MissedSignals, SignalDay } from "../../model/missed-signals.ts";
import { LIMITS } from "./limits.ts";
import { html, type SafeHtml } from "./markup.ts";
import type { Lack, MissingLogs } from "./missed-coverage.ts";
import { counted } from "./words.ts";

const [CELL, STEP, HEAD, LEFT] = [22, 24, 34, 2];
const MONTHS =
  "January February March April May June July August September October November December".split(
    " ",
  );
const WEEKDAYS = "MTWTFSS".split("");
/** 1 January 1970 was a Thursday. */
const FIRST_WEEKDAY = 3;
/** How high the bar of a day stands, by its gravest signal. */
const HEIGHTS: Readonly<Record<Level, number>> = {
  informational: 2,
  low: 3,
  medium: 5,
  high: 7,
  critical: 10,
};

/** One month of the calendar: its days, by their place in it. */
interface Month {
  readonly year: number;
  /** 0 to 11. */
  readonly month: number;
  readonly days: readonly Day[];
}

/** The months as drawings in one list, with what each shows as its name; months in which nothing is are left out beyond a limit. */
export function calendarDrawing(missed: MissedSignals, logs: MissingLogs): SafeHtml {
  const days = new Map(missed.days.map((day) => [day.day, day]));
  const months = monthsOf(missed.from, missed.until);
  const told =
    months.length <= LIMITS.months
      ? months
      : months.filter(
          (month, at) => at === months.length - 1 || month.days.some((day) => days.has(day)),
        );
  // The end of the calendar is the discovery, and never left out.
  const shown =
    told.length <= LIMITS.months ? told : [...told.slice(0, LIMITS.months - 1), ...told.slice(-1)];
  const hidden = months.length - shown.length;
  const note =
    hidden === 0
      ? null
      : html`<p class="note">${counted(hidden, "month")} of ${months.length} not drawn${told.length === shown.length ? ": nothing was visible in them" : ", those without any signal first"}.</p>`;
  return html`<figure class="calendar">${KEY}<ul class="months">${shown.map((month) => monthDrawing(month, days, missed, logs))}</ul>${note}</figure>`;
}

function monthsOf(from: Day, until: Day): Month[] {
  const months: { year: number; month: number; days: Day[] }[] = [];
  for (let count: number = from; count <= until; count++) {
    const day = toDay(count);
    if (day === null) continue;
    const [year, month] = formatDay(day).split("-").map(Number);
    const last = months.at(-1);
    if (last !== undefined && last.year === year && last.month === (month ?? 1) - 1)
      last.days.push(day);
    else months.push({ year: year ?? 0, month: (month ?? 1) - 1, days: [day] });
  }
  return months;
}

function monthDrawing(
  { year, month, days }: Month,
  signals: ReadonlyMap<Day, SignalDay>,
  missed: MissedSignals,
  logs: MissingLogs,
): SafeHtml {
  const name = `${MONTHS[month] ?? ""} ${year}`;
  const told = days.flatMap((day) => signals.get(day) ?? []);
  const lacking = days.filter((day) => logs.lackOn(day) !== null).length;
  const gravest = LEVELS.findLast((level) => told.some((day) => gravestOf(day) === level));
  const summary = `${name}: ${gravest === undefined ? "nothing visible" : `something visible on ${counted(told.length, "day")}, at most ${gravest}`}${lacking === 0 ? "" : `; logs missing on ${counted(lacking, "day")}`}${missed.discovered !== null && days.includes(missed.discovered) ? `; discovered on ${formatDay(missed.discovered)}` : ""}`;
  const [first, last] = [days[0] ?? missed.from, days.at(-1) ?? missed.until];
  const monday = first - weekdayOf(first);
  const cells = days.map((day) => {
    const place = day - monday;
    const [x, y] = [LEFT + (place % 7) * STEP, HEAD + Math.floor(place / 7) * STEP];
    return cell(day, x, y, {
      signals: signals.get(day) ?? null,
      lack: logs.lackOn(day),
      isDiscovery: day === missed.discovered,
    });
  });
  const weeks = Math.floor((last - monday) / 7) + 1;
  const heads = WEEKDAYS.map(
    (letter, at) =>
      html`<text class="axis small" x="${LEFT + at * STEP + CELL / 2}" y="${HEAD - 5}" text-anchor="middle">${letter}</text>`,
  );
  return html`<li><svg viewBox="0 0 ${LEFT * 2 + 7 * STEP - 2} ${HEAD + weeks * STEP}" role="img" aria-label="${summary}"><text class="label" x="${LEFT}" y="13">${name}</text>${heads}${cells}</svg></li>`;
}

function weekdayOf(day: number): number {
  return (((day + FIRST_WEEKDAY) % 7) + 7) % 7;
}

/** What one day shows. */
interface Shown {
  readonly signals: SignalDay | null;
  readonly lack: Lack;
  readonly isDiscovery: boolean;
}

function cell(day: Day, x: number, y: number, { signals, lack, isDiscovery }: Shown): SafeHtml {
  const level = signals === null ? null : gravestOf(signals);
  const alarms = signals?.signals.some((signal) => signal.alarms) === true;
  const isAnswered = signals?.signals.every(({ answered }) => answered?.inTime === true) === true;
  const tip = [
    formatDay(day),
    level === null ? "nothing visible" : `${counted(countOf(signals), "detection")}, ${level}`,
    alarms ? "a tool said it by itself" : "",
    isAnswered ? "answered in time" : "",
    lack === "hole" ? "a log is silent" : lack === "no-log" ? "no log" : "",
    isDiscovery ? "discovered" : "",
  ];
  const bar = level === null ? null : html`<g class="${level}">${barOf(level, x, y)}</g>`;
  return html`<g><title>${tip.filter((part) => part !== "").join(", ")}</title><rect class="${lack === null ? "day-cell" : `day-cell ${lack}`}" x="${x}" y="${y}" width="${CELL}" height="${CELL}"/>${bar}<text class="axis small${level === null ? "" : " told"}" x="${x + 3}" y="${y + 9}">${Number(formatDay(day).slice(8))}</text>${alarms ? alarmMark(x + CELL - 5, y + 5.5) : null}${isAnswered ? html`<path class="day-answered" d="M${x + 12} ${y + 9}l2.4 2.6l4 -5"/>` : null}${isDiscovery ? html`<rect class="day-found" x="${x - 0.5}" y="${y - 0.5}" width="${CELL + 1}" height="${CELL + 1}"/>` : null}</g>`;
}

function barOf(level: Level, x: number, y: number): SafeHtml {
  const height = HEIGHTS[level];
  return html`<rect class="day-wash" x="${x}" y="${y}" width="${CELL}" height="${CELL}"/><rect class="day-bar" x="${x}" y="${y + CELL - height}" width="${CELL}" height="${height}"/>`;
}

function alarmMark(x: number, y: number): SafeHtml {
  return html`<path class="day-alarm" d="M${x} ${y - 3.6}l3.4 3.6l-3.4 3.6l-3.4 -3.6z"/>`;
}

/** The level of the gravest signal; signals stand gravest first. */
export function gravestOf({ signals }: SignalDay): Level | null {
  return signals[0]?.level ?? null;
}

function countOf(day: SignalDay | null): number {
  return (day?.signals ?? []).reduce((sum, { count }) => sum + count, 0);
}

const HATCH: SafeHtml = html`<defs><pattern id="hatch-missed" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="ground" width="5" height="5"/><path class="hatch-missed" d="M0 0V5"/></pattern><pattern id="hatch-no-log" width="5" height="5" patternUnits="userSpaceOnUse"><rect class="ground" width="5" height="5"/><path class="hatch-missed" d="M0 0L5 5M5 0L0 5"/></pattern></defs>`;

function keyItem(inner: SafeHtml, text: string): SafeHtml {
  return html`<li><svg viewBox="-1 -1 ${CELL + 2} ${CELL + 2}" aria-hidden="true">${inner}</svg> ${text}</li>`;
}

const CELL_FRAME = html`<rect class="day-cell" width="${CELL}" height="${CELL}"/>`;

/** What the cells mean; brings the hatchings of all months. */
const KEY: SafeHtml = html`<ul class="key days-key">${(["critical", "high", "medium", "low"] as const).map((level) => keyItem(html`${level === "critical" ? HATCH : null}${CELL_FRAME}<g class="${level}">${barOf(level, 0, 0)}</g>`, level))}${keyItem(html`${CELL_FRAME}${alarmMark(CELL / 2, CELL / 2)}`, "a tool said it by itself")}${keyItem(html`${CELL_FRAME}<path class="day-answered" d="M6 11l4 4l6 -8"/>`, "answered in time")}${keyItem(html`<rect class="day-cell hole" width="${CELL}" height="${CELL}"/>`, "a log is silent")}${keyItem(html`<rect class="day-cell no-log" width="${CELL}" height="${CELL}"/>`, "no log at all")}${keyItem(html`<rect class="day-found" width="${CELL}" height="${CELL}"/>`, "discovered")}</ul>`;
