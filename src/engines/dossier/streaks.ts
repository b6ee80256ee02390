/** Streaks as cards: what an antivirus took from one host over weeks, in which bursts, and how long nobody answered. */
import { type Day, formatDay, toDay } from "../../base/day.ts";
import { isPlausible, TICKS_PER_DAY } from "../../base/time.ts";
import type { Dossier } from "../../model/dossier.ts";
import type { FindingCounts, StandingFinding } from "../../model/finding.ts";
import type { MissedSignals } from "../../model/missed-signals.ts";
import { axisOver } from "./axis.ts";
import { axisMarks, drawing, LANE_RIGHT } from "./drawing.ts";
import { findingLink, type FindingPlaces } from "./finding-links.ts";
import { firstOf, LIMITS } from "./limits.ts";
import { html, type SafeHtml } from "./markup.ts";
import { brief } from "./patch-words.ts";
import { badge, termList } from "./table.ts";
import { counted, grouped, timeElement } from "./words.ts";

const [STRIP_TOP, STRIP_BASE, STRIP_LEFT] = [16, 62, 20];
const BAR_WIDTH = 4;

/** What is counted of the files, with the words for it. */
const FILES = [
  ["shells", "page in web folders", "pages in web folders"],
  ["compiled", "compiled piece", "compiled pieces"],
  ["tools", "program or script", "programs and scripts"],
  ["archives", "archive", "archives"],
  ["others", "other", "others"],
] as const;

/** One card for each streak; null where there is none. */
export function streaksPart(dossier: Dossier, places: FindingPlaces): SafeHtml | null {
  const streaks = dossier.findings.filter(({ kind }) => kind === "streak");
  if (streaks.length === 0) return null;
  const { shown, note } = firstOf(streaks, LIMITS.streaks, "streak");
  const cards = shown.map((streak, at) => cardOf(streak, at, dossier, places));
  return html`<h3 id="streaks">Streaks: what was removed again and again</h3>
<p>A removal that succeeded is a beginning, not an end: who wrote the file was not removed with it.</p>
${cards}${note}`;
}

function cardOf(
  streak: StandingFinding,
  at: number,
  { asOf, missed }: Dossier,
  places: FindingPlaces,
): SafeHtml {
  const { title, level, state, host, firstSeen, lastSeen, counts, detections } = streak;
  const head = `streak-${at + 1}-head`;
  return html`<article class="streak" id="streak-${at + 1}" aria-labelledby="${head}">
<h4 id="${head}">${brief(title, 300)}</h4>
<p>${badge(`level ${level}`, level)} ${badge(`state-${state}`, state)} ${findingLink(places, streak.id)}</p>
<p class="headline">${answeredText(streak, asOf)}</p>
${termList([
  ["Host", host === "" ? "not named" : host],
  ["First seen", timeElement(firstSeen)],
  ["Last seen", timeElement(lastSeen)],
  ["Files", filesText(counts)],
  ["Failed actions", grouped(counts["failed"] ?? 0)],
  ["Detections", grouped(detections.length)],
])}
${burstStrip(streak, at, missed, asOf)}</article>`;
}

/** Who answered, or for how long nobody did. */
function answeredText({ answer, firstSeen, owner }: StandingFinding, asOf: bigint): SafeHtml {
  if (answer !== null)
    return html`Answered by ${brief(answer.by, 120)} at ${timeElement(answer.at)}: ${answer.determination.replaceAll("-", " ")}.`;
  const taken = owner === null ? "" : `, though ${brief(owner, 120)} took it`;
  const days =
    isPlausible(firstSeen) && asOf > firstSeen ? (asOf - firstSeen) / TICKS_PER_DAY : null;
  return days === null
    ? html`Answered by nobody${taken}.`
    : html`Answered by nobody for ${counted(Number(days), "day")}${taken}.`;
}

function filesText(counts: FindingCounts): string {
  const parts = FILES.flatMap(([name, one, many]) => {
    const number = counts[name] ?? 0;
    return number === 0 ? [] : [`${grouped(number)} ${number === 1 ? one : many}`];
  });
  const files = counts["files"] ?? 0;
  return parts.length === 0 ? grouped(files) : `${grouped(files)}: ${parts.join(", ")}`;
}

/** A strip of days with a bar for each on which something was told; null where the calendar has none of it. */
function burstStrip(
  streak: StandingFinding,
  at: number,
  missed: MissedSignals | null,
  asOf: bigint,
): SafeHtml | null {
  const days = (missed?.days ?? []).flatMap(({ day, signals }) => {
    const own = signals.filter(({ finding }) => finding === streak.id);
    const count = own.reduce((sum, signal) => sum + signal.count, 0);
    return count === 0 ? [] : [{ day, count }];
  });
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined) return null;
  const times = [first.day, last.day + 1].map(ticksOf);
  const axis = axisOver(times, asOf, STRIP_LEFT, LANE_RIGHT);
  if (axis === null) return null;
  const most = days.reduce((max, { count }) => Math.max(max, count), 1);
  const bars = days.map(({ day, count }) => {
    const height = Math.max(3, Math.round(((STRIP_BASE - STRIP_TOP) * count) / most));
    return html`<rect class="burst" x="${axis.x(ticksOf(day))}" y="${STRIP_BASE - height}" width="${BAR_WIDTH}" height="${height}"><title>${formatDay(day)}: ${counted(count, "detection")}</title></rect>`;
  });
  const quiet = longestQuiet(days.map(({ day }) => day));
  const description = `${counted(days.length, "day")} with detections from ${formatDay(first.day)} to ${formatDay(last.day)}, at most ${grouped(most)} on a day${quiet === null ? "" : `; the longest quiet in between: ${counted(quiet.days, "day")} after ${formatDay(quiet.after)}`}. The table of days above has each of them.`;
  return drawing({
    id: `streak-${at + 1}-days`,
    title: "Days of the streak",
    description,
    height: STRIP_BASE + 24,
    inner: html`${axisMarks(axis, STRIP_BASE + 2)}<line class="lane" x1="${STRIP_LEFT}" x2="${LANE_RIGHT}" y1="${STRIP_BASE}" y2="${STRIP_BASE}"/>${bars}`,
    key: null,
  });
}

function ticksOf(day: number): bigint {
  return BigInt(day) * TICKS_PER_DAY;
}

/** The longest run of days without any; null where two days never lie apart. */
function longestQuiet(days: readonly Day[]): { readonly days: number; readonly after: Day } | null {
  let longest: { days: number; after: Day } | null = null;
  for (const [at, day] of days.entries()) {
    const before = toDay(days[at - 1] ?? day);
    if (before === null || day - before < 2) continue;
    if (longest === null || day - before - 1 > longest.days)
      longest = { days: day - before - 1, after: before };
  }
  return longest;
}
