/** The timeline: drawings by host, and the same entries as a table grouped by day. */
import type { TimelineEntry } from "../../model/cause.ts";
import type { Dossier } from "../../model/dossier.ts";
import { chips, type RecordIndex } from "./citations.ts";
import { timelineDrawings } from "./lanes.ts";
import { firstOf, LIMITS } from "./limits.ts";
import { html, type SafeHtml } from "./markup.ts";
import { badge, rowOf, tableHead, wideRegion, type Column } from "./table.ts";
import { grouped, isoTime, longTime, timeElement } from "./words.ts";

const COLUMNS: readonly Column[] = [
  { head: "Time (UTC)" },
  { head: "Host" },
  { head: "What", kind: "wide" },
  { head: "Reached" },
  { head: "Level" },
  { head: "Records" },
];

/** Drawing, table, and what was left out of both. */
export function timelinePart(dossier: Dossier, index: RecordIndex): SafeHtml {
  const { timeline, limits } = dossier.cause;
  if (timeline.length === 0) {
    return html`<h3 id="timeline">Timeline</h3><p class="note">No event stands on the timeline.</p>`;
  }
  const { shown, note } = firstOf(timeline, LIMITS.timeline, "entry");
  return html`<h3 id="timeline">Timeline</h3>
${timelineDrawings(shown, dossier.asOf)}
${note}${limits.map((limit) => html`<p class="note">${limit}</p>`)}
${entryTable(shown, index)}`;
}

/** One body a day, so that the eye finds the day before the minute. */
function entryTable(entries: readonly TimelineEntry[], index: RecordIndex): SafeHtml {
  const numbered = entries.map((entry, at) => ({ entry, at }));
  const days = Map.groupBy(numbered, ({ entry }) => longTime(entry.ticks).split(",")[0] ?? "");
  const bodies = [...days].map(
    ([day, rows]) =>
      html`<tbody><tr class="day"><th colspan="${COLUMNS.length}" scope="rowgroup">${day}</th></tr>${rows.map(({ entry, at }) => entryRow(entry, at, index))}</tbody>`,
  );
  const caption = "Timeline, grouped by day";
  return wideRegion(
    caption,
    html`<table><caption>${caption}</caption>${tableHead(COLUMNS)}${bodies}</table>`,
  );
}

function entryRow(entry: TimelineEntry, at: number, index: RecordIndex): SafeHtml {
  const { ticks, digits, host, what, rung, level, count, until } = entry;
  const repeated =
    count <= 1
      ? null
      : html`<span class="why">${grouped(count)} times until ${isoTime(until, digits)}</span>`;
  return rowOf(COLUMNS, {
    id: `timeline-${at + 1}`,
    cells: [
      timeElement(ticks, digits),
      host === "" ? "not named" : host,
      html`${what}${repeated}`,
      rung === null ? "" : badge(`rung ${rung}`, rung),
      badge(`level ${level}`, level),
      chips(index, entry.at),
    ],
  });
}
