/** The calendar of missed signals: what was visible before the discovery, in which tool, and who answered; drawn, and day by day as a table. */
import { formatDay } from "../../base/day.ts";
import type { Dossier } from "../../model/dossier.ts";
import type { MissedSignals, Signal, SignalDay } from "../../model/missed-signals.ts";
import { chips, dayAnchor, type RecordIndex } from "./citations.ts";
import { findingLink, type FindingPlaces } from "./finding-links.ts";
import { firstOf, LIMITS } from "./limits.ts";
import { html, type SafeHtml } from "./markup.ts";
import { calendarDrawing } from "./missed-calendar.ts";
import { type MissingLogs, missingLogs } from "./missed-coverage.ts";
import { brief, dayElement } from "./patch-words.ts";
import { badge, tableHead, wideRegion, type Column } from "./table.ts";
import { counted, grouped, timeElement } from "./words.ts";

const COLUMNS: readonly Column[] = [
  { head: "Day" },
  { head: "Level" },
  { head: "What was visible", kind: "wide" },
  { head: "Where" },
  { head: "Detections", kind: "num" },
  { head: "Finding" },
  { head: "Answered" },
  { head: "Records" },
];

/** The calendar, or that there is none. */
export function missedPart(dossier: Dossier, index: RecordIndex, places: FindingPlaces): SafeHtml {
  const { missed, coverage } = dossier;
  const head = html`<h3 id="missed">What was visible before anybody knew</h3>`;
  if (missed === null)
    return html`${head}<p class="note">Nothing that was found is a sign of an intrusion before a discovery, so there is no day on which one was missed.</p>`;
  const logs = missingLogs(coverage.sources, missed.from, missed.until);
  return html`${head}<p>${summaryOf(missed)}</p>${calendarDrawing(missed, logs)}${logNotes(logs)}${dayTable(missed, index, places)}`;
}

/** The numbers of the answer's statements; days of nothing but probes, which say less, come last. */
function summaryOf({ from, until, discovered, days }: MissedSignals): string {
  const end = discovered === null ? formatDay(until) : `the discovery on ${formatDay(until)}`;
  const open =
    discovered === null
      ? `Nobody has recorded when it was discovered: told up to ${formatDay(until)}. `
      : "";
  const graver = days.filter(({ signals }) => signals.some(({ rung }) => rung !== "probed"));
  const probes = days.length - graver.length;
  const loud = graver.filter(({ signals }) => signals.some(({ alarms }) => alarms)).length;
  const [first] = graver;
  const more =
    first === undefined
      ? ""
      : `From ${formatDay(first.day)} to ${end} (${counted(until - first.day + 1, "day")}) more than probes was visible on ${counted(graver.length, "day")}, on ${grouped(loud)} of them because a tool said it by itself. `;
  const less =
    probes === 0
      ? ""
      : `On ${counted(probes, first === undefined ? "day" : "further day")} from ${formatDay(from)} to ${end} nothing but probes was visible, which any server on the internet receives. `;
  return `${open}${more}${less}Counted are detections; copies of one record count once.`;
}

/** Which logs the hatching is about, and which ones begin too late to say anything of the first days. */
function logNotes({ holes, late }: MissingLogs): SafeHtml | null {
  const silent = logList(
    "Hatched, because a log is silent: nothing seen there is not nothing there.",
    holes.map(({ log, from, to }) => ({
      log,
      when: html`${dayElement(from)} to ${dayElement(to)}`,
    })),
  );
  const byDay = [...Map.groupBy(late, ({ from }) => from)];
  const begins = logList(
    "Logs that begin later say nothing of the days before:",
    byDay.map(([from, logs]) => ({
      log: listed(logs.map(({ log }) => log)),
      when: html`from ${dayElement(from)}`,
    })),
  );
  return silent === null && begins === null
    ? null
    : html`<div class="log-notes">${silent}${begins}</div>`;
}

function logList(
  what: string,
  logs: readonly { readonly log: string; readonly when: SafeHtml }[],
): SafeHtml | null {
  if (logs.length === 0) return null;
  const rest = "the table of sources has the others";
  const { shown, note } = firstOf(logs, LIMITS.missedLogs, "line", logs.length, rest);
  const items = shown.map(({ log, when }) => html`<li>${brief(log, 300)}: ${when}</li>`);
  return html`<p>${what}</p><ul>${items}</ul>${note}`;
}

function listed(logs: readonly string[]): string {
  const named = logs.slice(0, LIMITS.references).join(", ");
  const more = logs.length - LIMITS.references;
  return more > 0 ? `${named} and ${counted(more, "other")}` : named;
}

/** One body a day, which its first cell names. */
function dayTable({ days }: MissedSignals, index: RecordIndex, places: FindingPlaces): SafeHtml {
  const { shown, note } = firstOf(days, LIMITS.missedDays, "day");
  const caption =
    "What was visible, day by day, and who answered; what no tool said by itself, only somebody who looked could see";
  const bodies = shown.map((day) => bodyOf(day, index, places));
  return html`${wideRegion(caption, html`<table class="day-table"><caption>${caption}</caption>${tableHead(COLUMNS)}${bodies}</table>`)}${note}`;
}

function bodyOf({ day, signals }: SignalDay, index: RecordIndex, places: FindingPlaces): SafeHtml {
  const shown = signals.slice(0, LIMITS.daySignals);
  const more = signals.length - shown.length;
  const rest =
    more === 0
      ? null
      : html`<tr><td colspan="${COLUMNS.length - 1}" class="note">${counted(more, "further signal")} of this day in dossier.json.</td></tr>`;
  const rows = shown.length + (rest === null ? 0 : 1);
  const head = html`<th scope="rowgroup" rowspan="${rows}">${dayElement(day)}</th>`;
  const lines = shown.map(
    (signal, at) => html`<tr>${at === 0 ? head : null}${signalCells(signal, index, places)}</tr>`,
  );
  return html`<tbody id="${dayAnchor(day)}">${lines}${rest}</tbody>`;
}

function signalCells(signal: Signal, index: RecordIndex, places: FindingPlaces): SafeHtml {
  const { level, rung, what, tool, alarms, host, count, finding, at } = signal;
  const reached = rung === null ? null : html` <span class="soft">(${rung})</span>`;
  const on = host === "" ? "" : `, ${brief(host, 80)}`;
  const told = alarms ? html`<span class="why">said it by itself</span>` : null;
  return html`<td>${badge(`level ${level}`, level)}</td><td class="wide">${brief(what, 200)}${reached}</td><td>${brief(tool, 80)}${on}${told}</td><td class="num">${grouped(count)}</td><td>${findingLink(places, finding)}</td><td>${answeredCell(signal)}</td><td>${chips(index, at)}</td>`;
}

function answeredCell({ answered }: Signal): SafeHtml {
  if (answered === null) return html`<span class="nobody">by nobody</span>`;
  const { by, at, inTime } = answered;
  return html`${brief(by, 80)}<span class="why">${timeElement(at)}${inTime ? "" : ", after the discovery"}</span>`;
}
