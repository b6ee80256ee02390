/** What the evidence covers: strips of time by source with their holes, the same as tables, and what is absent. */
import { UNDATED } from "../../base/time.ts";
import type { Gap, LogCleared, SourceCoverage } from "../../model/coverage.ts";
import { clockTables } from "./coverage-clocks.ts";
import type { Dossier } from "../../model/dossier.ts";
import { axisOver, type Axis } from "./axis.ts";
import { chips, type RecordIndex } from "./citations.ts";
import { axisMarks, drawing, LANE_LEFT, LANE_RIGHT, laneLabel } from "./drawing.ts";
import { firstOf, LIMITS } from "./limits.ts";
import { html, type SafeHtml } from "./markup.ts";
import { table, type Column } from "./table.ts";
import { counted, grouped, isoTime, longTime, span, spaced, timeElement } from "./words.ts";

const STRIP_HEIGHT = 36;
const STRIPS_MAX = 24;

/** Drawing, sources, gaps, emptied logs, expected evidence. */
export function coveragePart(dossier: Dossier, index: RecordIndex): SafeHtml {
  const { sources, cleared, expected, limits } = dossier.coverage;
  return html`<h3 id="coverage">What the evidence covers</h3>
<p>“Not seen” means not seen in these sources, in these stretches of time.</p>
${sources.length === 0 ? html`<p class="note">No source could be read.</p>` : html`${strips(dossier)}${sourceTable(sources)}`}
${gapTable(sources, index)}${clearedTable(cleared, index)}${clockTables(dossier.coverage, index)}${expectedTable(expected)}
${limits.map((limit) => html`<p class="note">${limit}</p>`)}`;
}

function strips(dossier: Dossier): SafeHtml | null {
  const { sources, cleared } = dossier.coverage;
  // What has no time has no place on the axis; the table counts it.
  const dated = sources.filter(({ first }) => first !== UNDATED);
  const shown = dated.slice(0, STRIPS_MAX);
  const times = [
    ...shown.flatMap(({ first, last }) => [first, last]),
    ...cleared.map(({ ticks }) => ticks),
  ];
  const axis = axisOver(times, dossier.asOf, LANE_LEFT, LANE_RIGHT);
  if (axis === null) return null;
  const height = shown.length * STRIP_HEIGHT + 30;
  const hidden = dated.length - shown.length;
  const undated = sources.length - dated.length;
  const gaps = shown.reduce((sum, source) => sum + source.gaps.length, 0);
  const description = `${counted(shown.length, "source")} from ${longTime(axis.from)} to ${longTime(axis.to)} with ${counted(gaps, "gap")}, hatched.${hidden === 0 ? "" : ` ${counted(hidden, "further source")} only in the table.`}${undated === 0 ? "" : ` ${counted(undated, "source")} without a time only in the table.`}${axis.outside === 0 ? "" : ` ${counted(axis.outside, "time")} before 1990 or after the day for which this is told, drawn at the edge.`} The tables below say the same.`;
  const hatch = html`<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="ground" width="6" height="6"/><path class="hatch" d="M0 0V6"/></pattern></defs>`;
  const rows = shown.map((source, at) => stripOf(axis, source, cleared, at));
  return drawing({
    id: "coverage-drawing",
    title: "Coverage by host and source",
    description,
    height,
    inner: html`${hatch}${axisMarks(axis, height - 22)}${rows}`,
    key: COVERAGE_KEY,
  });
}

function stripOf(
  axis: Axis,
  source: SourceCoverage,
  cleared: readonly LogCleared[],
  at: number,
): SafeHtml {
  const top = at * STRIP_HEIGHT + 6;
  const bar = (from: bigint, to: bigint, kind: string, tip: string) => {
    const x = axis.x(from);
    const width = Math.max(1.5, Math.round((axis.x(to) - x) * 10) / 10);
    return html`<rect class="${kind}" x="${x}" y="${top}" width="${width}" height="16" rx="2"><title>${tip}</title></rect>`;
  };
  const gaps = source.gaps
    .slice(0, LIMITS.gaps)
    .map((gap) =>
      bar(
        gap.from,
        gap.to,
        "gap",
        `${spaced(gap.kind)}: ${isoTime(gap.from)} to ${isoTime(gap.to)}`,
      ),
    );
  const own = cleared.filter(({ host, log }) => host === source.host && log === source.channel);
  const marks = own.map(
    ({ ticks }) =>
      html`<path class="cleared" d="M${axis.x(ticks) - 4} ${top + 4}l8 8m0 -8l-8 8"><title>emptied ${isoTime(ticks)}</title></path>`,
  );
  const name = `${source.format} ${source.channel}`.trim();
  return html`${laneLabel(source.host, top + 8, name)}${bar(source.first, source.last, "covered", `${isoTime(source.first)} to ${isoTime(source.last)}`)}${gaps}${marks}`;
}

const COVERAGE_KEY: SafeHtml = html`<ul class="key"><li><svg viewBox="0 0 12 12" aria-hidden="true"><rect class="covered" width="12" height="12" rx="2"/></svg> records</li><li><svg viewBox="0 0 12 12" aria-hidden="true"><rect class="gap" width="12" height="12" rx="2"/></svg> gap</li><li><svg viewBox="0 0 12 12" aria-hidden="true"><path class="cleared" d="M2 2l8 8m0 -8l-8 8"/></svg> emptied</li></ul>`;

function sourceTable(sources: readonly SourceCoverage[]): SafeHtml {
  const columns: readonly Column[] = [
    { head: "Host" },
    { head: "Source" },
    { head: "First (UTC)" },
    { head: "Last (UTC)" },
    { head: "Events", kind: "num" },
    { head: "Undated", kind: "num" },
    { head: "Gaps", kind: "num" },
    { head: "How it forgets", kind: "wide" },
  ];
  const { shown, note } = firstOf(sources, LIMITS.sources, "source");
  const rows = shown.map(
    ({ host, format, channel, first, last, events, undated, gaps, rotation }) => ({
      cells: [
        host === "" ? "not named" : host,
        `${format} ${channel}`.trim(),
        timeElement(first),
        timeElement(last),
        grouped(events),
        grouped(undated),
        grouped(gaps.length),
        rotation === null ? "" : `${spaced(rotation.kind)}: ${rotation.why}`,
      ],
    }),
  );
  return html`${table("Sources and the time they cover", columns, rows)}${note}`;
}

function gapTable(sources: readonly SourceCoverage[], index: RecordIndex): SafeHtml | null {
  const gaps = sources.flatMap((source) => source.gaps.map((gap) => ({ source, gap })));
  if (gaps.length === 0) return null;
  const columns: readonly Column[] = [
    { head: "Host and source" },
    { head: "Silent (UTC)" },
    { head: "Length" },
    { head: "Kind" },
    { head: "Why it counts", kind: "wide" },
    { head: "Before, after" },
  ];
  const { shown, note } = firstOf(gaps, LIMITS.gaps, "gap");
  const rows = shown.map(({ source, gap }) => ({ cells: gapCells(source, gap, index) }));
  return html`${table("Gaps: stretches in which a source is silent although it should not be", columns, rows)}${note}`;
}

function gapCells({ host, channel }: SourceCoverage, gap: Gap, index: RecordIndex) {
  return [
    `${host} ${channel}`.trim(),
    html`${timeElement(gap.from)}<br>${timeElement(gap.to)}`,
    span(gap.from, gap.to),
    spaced(gap.kind),
    gap.why,
    chips(index, [gap.before, gap.after]),
  ];
}

function clearedTable(cleared: readonly LogCleared[], index: RecordIndex): SafeHtml | null {
  if (cleared.length === 0) return null;
  const columns: readonly Column[] = [
    { head: "Host" },
    { head: "Log" },
    { head: "Emptied (UTC)" },
    { head: "By" },
    { head: "Record" },
  ];
  const { shown, note } = firstOf(cleared, LIMITS.gaps, "emptied log");
  const rows = shown.map(({ host, log, ticks, digits, by, at }) => ({
    cells: [
      host,
      log,
      timeElement(ticks, digits),
      by === "" ? "not named" : by,
      chips(index, [at]),
    ],
  }));
  return html`${table("Logs that somebody emptied", columns, rows)}${note}`;
}

function expectedTable(expected: Dossier["coverage"]["expected"]): SafeHtml | null {
  if (expected.length === 0) return null;
  const columns: readonly Column[] = [
    { head: "Host" },
    { head: "Expected" },
    { head: "What it would decide, and why it may be gone", kind: "wide" },
  ];
  const rows = expected.map(({ host, what, why }) => ({ cells: [host, what, why] }));
  return html`${table("Evidence that is expected of these hosts and is not here", columns, rows)}`;
}
