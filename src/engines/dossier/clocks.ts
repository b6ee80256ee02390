/** Duties and their clocks: due time, what is left of it, who stated what, and the lines of a first notice. */
import type { Clock, ClockState, Confidence, IncidentEvent } from "../../model/duty.ts";
import type { Dossier } from "../../model/dossier.ts";
import { firstOf, LIMITS } from "./limits.ts";
import { html, type SafeHtml } from "./markup.ts";
import { badge, table, termList, type Column } from "./table.ts";
import { isoTime, longTime, spaced, span } from "./words.ts";

const STATES: Readonly<Record<ClockState, string>> = {
  "not-started": "not started",
  running: "running",
  met: "met",
  "met-late": "met late",
  overdue: "overdue",
  "no-limit": "as soon as practicable",
};

const CONFIDENCES: Readonly<Record<Confidence, string>> = {
  A: "A: read in the law itself",
  B: "B: from a regulator's or law firm's summary",
  C: "C: to be checked by counsel",
};

/** Clocks as cards, standing duties as a table, and the acts that all of it was counted from. */
export function clocksPart(dossier: Dossier): SafeHtml {
  const { clocks, incident, asOf } = dossier;
  if (clocks.length === 0) {
    return html`<h3 id="clocks">Clocks</h3><p class="note">The case names no law, so no clock can be told.</p>${actTable(incident)}`;
  }
  const standing = clocks.filter(isStanding);
  const cards = clocks.filter((clock) => !isStanding(clock));
  return html`<h3 id="clocks">Clocks, as of ${longTime(asOf)}</h3>
<div class="clocks">${cards.map((clock, at) => card(clock, at, asOf))}</div>
${standingTable(standing)}${actTable(incident)}`;
}

/** A duty that nothing starts and nothing ends. */
function isStanding({ state, startedBy, due, notice }: Clock): boolean {
  return state === "no-limit" && startedBy === null && due === null && notice.length === 0;
}

function card(clock: Clock, at: number, asOf: bigint): SafeHtml {
  const { title, lawName, cite, state, standard, regulator, channel } = clock;
  return html`<article class="clock ${state}" aria-labelledby="clock-${at + 1}">
<h4 id="clock-${at + 1}">${title}</h4>
<p class="soft">${lawName}, ${cite}</p>
<p class="due">${badge(`clock-${state}`, STATES[state])} ${dueLine(clock, asOf)}</p>
<p>${standard}.</p>
${termList([
  ["Regulator", html`${regulator}<span class="why">${channel}</span>`],
  [
    "Runs from",
    clock.startedBy === null ? "nothing stated yet" : actLine(clock.startedBy, clock.zone),
  ],
  ["Met by", clock.metBy === null ? "nothing stated yet" : actLine(clock.metBy, clock.zone)],
  [
    "Disputed",
    clock.disputed.length === 0
      ? null
      : html`<ul>${clock.disputed.map((act) => html`<li>${actLine(act, clock.zone)}</li>`)}</ul>`,
  ],
  ["Exception", clock.exception],
  ["In phases", clock.phased],
  [
    "Confidence",
    html`${CONFIDENCES[clock.confidence]}<span class="why">${clock.source}, as of ${clock.asOf}</span>`,
  ],
])}
${remarks(clock)}${notice(clock)}
</article>`;
}

function dueLine(clock: Clock, asOf: bigint): SafeHtml {
  const { due, state, metBy, startedBy, zone } = clock;
  if (due === null) {
    const since =
      startedBy === null || state !== "no-limit"
        ? ""
        : `for ${span(startedBy.at, asOf)} since awareness`;
    return html`<span>${since}</span>`;
  }
  const left = leftOf(state, due, metBy, asOf);
  return html`<strong>${left}</strong> <span>Due ${longTime(due, zone)}</span>`;
}

function leftOf(state: ClockState, due: bigint, metBy: IncidentEvent | null, asOf: bigint): string {
  switch (state) {
    case "running":
      return `${span(asOf, due)} left.`;
    case "overdue":
      return `Overdue by ${span(due, asOf)}.`;
    case "met":
    case "met-late":
      if (metBy === null) return "";
      return `${span(metBy.at, due)} ${state === "met" ? "before" : "after"} the limit.`;
    case "not-started":
    case "no-limit":
      return "";
  }
}

function actLine(act: IncidentEvent, zone: string): SafeHtml {
  const note = act.note === "" ? null : html`<span class="why">${act.note}</span>`;
  return html`${longTime(act.at, zone)}, stated by ${act.by}${note}`;
}

function remarks({ remarks: all }: Clock): SafeHtml | null {
  return all.length === 0
    ? null
    : html`<ul class="remarks">${all.map((remark) => html`<li>${remark}</li>`)}</ul>`;
}

function notice({ notice: lines }: Clock): SafeHtml | null {
  if (lines.length === 0) return null;
  const rows = lines.map(
    ({ text, answer, known }) =>
      html`<div class="${known ? "known" : "awaited"}"><dt>${text}</dt><dd>${answer}</dd></div>`,
  );
  return html`<div class="notice"><p>A notice sent now would say</p><dl class="terms">${rows}</dl></div>`;
}

function standingTable(standing: readonly Clock[]): SafeHtml | null {
  if (standing.length === 0) return null;
  const columns: readonly Column[] = [
    { head: "Duty", kind: "wide" },
    { head: "Law" },
    { head: "Standard", kind: "wide" },
    { head: "Confidence" },
  ];
  const rows = standing.map(({ title, lawName, cite, standard, confidence }) => ({
    cells: [title, `${lawName}, ${cite}`, standard, confidence],
  }));
  return table("Duties without a clock", columns, rows);
}

function actTable(incident: readonly IncidentEvent[]): SafeHtml {
  if (incident.length === 0)
    return html`<p class="note">Nobody has stated an act: no suspicion, no awareness, no notice.</p>`;
  const columns: readonly Column[] = [
    { head: "Act" },
    { head: "Stated time (UTC)" },
    { head: "By" },
    { head: "Recorded (UTC)" },
    { head: "Note", kind: "wide" },
  ];
  const { shown, note } = firstOf(incident, LIMITS.gaps, "act");
  const rows = shown.map(({ kind, at, by, recordedAt, note: said, law }) => ({
    cells: [
      law === null ? spaced(kind) : `${spaced(kind)} (${law})`,
      isoTime(at),
      by,
      isoTime(recordedAt),
      said,
    ],
  }));
  return html`${table("What people stated, in the order of the journal; nothing is ever overwritten", columns, rows)}${note}`;
}
