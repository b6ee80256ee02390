/** The clock of the evidence, beside the legal ones: what is not here, until when it can still be had, and what it would decide. */
import type { Dossier } from "../../model/dossier.ts";
import type { DyingSource, DyingState } from "../../model/dying.ts";
import { chips, type RecordIndex } from "./citations.ts";
import { firstOf, LIMITS } from "./limits.ts";
import { html, type SafeHtml } from "./markup.ts";
import { badge, table, type Column } from "./table.ts";
import { longTime, span, timeElement } from "./words.ts";

const STATES: Readonly<Record<DyingState, string>> = {
  going: "being deleted",
  waiting: "can be had",
  open: "no known end",
  gone: "gone by its lifetime",
  never: "never recorded",
  held: "here",
};
/** Each state looks like the legal clock that it resembles. */
const LOOKS: Readonly<Record<DyingState, string>> = {
  going: "clock-overdue",
  waiting: "clock-running",
  open: "clock-no-limit",
  gone: "clock-met-late",
  never: "clock-not-started",
  held: "clock-met",
};

/** Everything that is not wholly here, what can still be had first, then by how much it would decide. */
export function dyingPart(dossier: Dossier, index: RecordIndex): SafeHtml {
  const { window, sources, asOf } = dossier.dying;
  const head = html`<h3 id="dying">Evidence that does not wait, as of ${longTime(asOf)}</h3>`;
  if (window === null)
    return html`${head}<p class="note">No record, window or suspicion says which time is asked about.</p>`;
  const open = sources.filter(({ state }) => state !== "held");
  const about = html`<p>The time asked about: ${longTime(window.from)} to ${longTime(window.to)} (${window.why}).</p>`;
  if (open.length === 0)
    return html`${head}${about}<p class="note">Nothing that is usually there is missing in it.</p>`;
  const columns: readonly Column[] = [
    { head: "Evidence" },
    { head: "State" },
    { head: "Deleted from, last by (UTC)" },
    { head: "Would decide", kind: "wide" },
    { head: "What that rests on", kind: "wide" },
    { head: "Oldest here (UTC)" },
  ];
  const { shown, note } = firstOf(open, LIMITS.dying, "kind of evidence", open.length);
  const rows = shown.map((source) => ({ cells: cellsOf(source, asOf, index) }));
  return html`${head}${about}${table("Not here, or not wholly: what can still be had first, then by how much it would decide", columns, rows)}${note}`;
}

function cellsOf(source: DyingSource, asOf: bigint, index: RecordIndex) {
  const { host, what, state, begins, gone, decides, why, oldest, oldestAt } = source;
  return [
    html`${what}<span class="why">${host === "" ? "host not named" : host}</span>`,
    badge(LOOKS[state], STATES[state]),
    begins === null || gone === null
      ? "not known"
      : html`${timeElement(begins)}<br>${timeElement(gone)}<span class="why">${leftOf(state, gone, asOf)}</span>`,
    decides,
    why,
    oldestAt === null ? "none" : html`${timeElement(oldest)} ${chips(index, [oldestAt])}`,
  ];
}

function leftOf(state: DyingState, gone: bigint, asOf: bigint): string {
  return state === "gone" ? `${span(gone, asOf)} ago` : `${span(asOf, gone)} left`;
}
