/** Clocks of sources: how far apart they are estimated to be, and clocks that were set. Refuses to correct: it shows what to state. */
import { readableSpan, TICKS_PER_MILLISECOND } from "../../base/time.ts";
import type {
  ClockChange,
  Coverage,
  HostSkew,
  SkewEstimate,
  SourceName,
} from "../../model/coverage.ts";
import { chips, type RecordIndex } from "./citations.ts";
import { firstOf, LIMITS } from "./limits.ts";
import { html, type SafeHtml } from "./markup.ts";
import { table, type Column } from "./table.ts";
import { counted, grouped, timeElement } from "./words.ts";

/** Estimates of skew, sources that nothing joins, and changes of clocks. */
export function clockTables(coverage: Coverage, index: RecordIndex): SafeHtml {
  return html`${skewTable(coverage.skews, index)}${changeTable(coverage.clockChanges, index)}`;
}

function skewTable(skews: readonly HostSkew[], index: RecordIndex): SafeHtml | null {
  if (skews.length === 0) return null;
  const columns: readonly Column[] = [
    { head: "Host" },
    { head: "Source" },
    { head: "Is ahead of" },
    { head: "By" },
    { head: "Told from", kind: "wide" },
    { head: "To put into the case file", kind: "wide" },
    { head: "Records" },
  ];
  const all = skews.flatMap(({ host, estimates }) =>
    estimates.map((estimate) => ({ host, estimate })),
  );
  const { shown, note } = firstOf(all, LIMITS.gaps, "estimate");
  const rows = shown.map(({ host, estimate }) => ({ cells: skewCells(host, estimate, index) }));
  const unjoined = skews.reduce((sum, own) => sum + own.unjoined, 0);
  const rest =
    unjoined === 0
      ? null
      : html`<p class="note">Not estimated for ${counted(unjoined, "source")}: nothing in them stands in another source of the same host. Their clocks are taken as they are.</p>`;
  if (all.length === 0) return rest;
  return html`${table("Clocks of sources, held against each other: estimated, and nothing is corrected by it", columns, rows)}${note}${rest}`;
}

function skewCells(host: string, estimate: SkewEstimate, index: RecordIndex) {
  const { ahead, against, aheadMillis, spreadMillis, joins, statedMillis, line } = estimate;
  const from =
    against === null
      ? `the last change of ${counted(joins, "file")}`
      : `${grouped(joins)} requests that stand in both`;
  const stated =
    statedMillis === 0 ? "" : `; the case file states ${millis(statedMillis)}, taken off already`;
  return [
    host === "" ? "not named" : host,
    nameOf(ahead),
    against === null ? "its files’ last change" : nameOf(against),
    millis(aheadMillis),
    `${from}; half of the differences lie within ${millis(spreadMillis)}${stated}`,
    line === null ? "nothing" : html`<code>${line}</code>`,
    chips(index, estimate.at),
  ];
}

function changeTable(changes: readonly ClockChange[], index: RecordIndex): SafeHtml | null {
  if (changes.length === 0) return null;
  const columns: readonly Column[] = [
    { head: "Host" },
    { head: "Recorded (UTC)" },
    { head: "Clock before and after (UTC)" },
    { head: "Jump" },
    { head: "By", kind: "wide" },
    { head: "Record" },
  ];
  const { shown, note } = firstOf(changes, LIMITS.gaps, "change");
  const rows = shown.map(({ host, ticks, digits, from, to, by, at }) => ({
    cells: [
      host,
      timeElement(ticks, digits),
      html`${timeElement(from)}<br>${timeElement(to)}`,
      `${to > from ? "forward" : "back"} ${millis(millisBetween(from, to))}`,
      by === "" ? "not named" : by,
      chips(index, [at]),
    ],
  }));
  return html`${table("Clocks that were set", columns, rows)}${note}`;
}

function millisBetween(from: bigint, to: bigint): number {
  return Math.abs(Number(to - from)) / Number(TICKS_PER_MILLISECOND);
}

function nameOf({ format, channel }: SourceName): string {
  return `${format} ${channel}`.trim();
}

/** `420 s`, `1 hour`, `31 ms`. */
function millis(value: number): string {
  if (Math.abs(value) < 1000) return `${Math.round(value)} ms`;
  if (Math.abs(value) < 120_000) return `${(value / 1000).toFixed(1)} s`;
  const length = readableSpan(BigInt(Math.round(value)) * TICKS_PER_MILLISECOND);
  return value < 0 ? `-${length}` : length;
}
