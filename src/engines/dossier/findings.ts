/** Findings: what a named person must answer, the gravest first, each with its example records. */
import { dayOfTicks } from "../../base/day.ts";
import { CHECKS } from "../../model/answer.ts";
import { LEVELS } from "../../model/detection.ts";
import type { Dossier } from "../../model/dossier.ts";
import { FINDING_STATES, type StandingFinding } from "../../model/finding.ts";
import { chips, type RecordIndex } from "./citations.ts";
import { firstOf, LIMITS } from "./limits.ts";
import { html, type SafeHtml } from "./markup.ts";
import { brief, dayElement } from "./patch-words.ts";
import { badge, table, termList, type Column } from "./table.ts";
import { counted, grouped, timeElement } from "./words.ts";

const COLUMNS: readonly Column[] = [
  { head: "Finding", kind: "wide" },
  { head: "Level" },
  { head: "Host" },
  { head: "First and last seen (UTC)" },
  { head: "Detections", kind: "num" },
  { head: "Records" },
];

const UPDATE_COLUMNS: readonly Column[] = [
  { head: "Finding", kind: "wide" },
  { head: "Level" },
  { head: "Host" },
  { head: "From and to" },
  { head: "Records" },
];

/** A finding with the place that citations give it. */
interface Placed {
  readonly finding: StandingFinding;
  readonly at: number;
}

function placedOf({ findings }: Dossier, question: StandingFinding["question"]): readonly Placed[] {
  return findings
    .map((finding, at) => ({ finding, at }))
    .filter(({ finding }) => finding.question === question);
}

/** What a person must answer about updates; null where there is nothing. */
export function updateFindingsPart(dossier: Dossier, index: RecordIndex): SafeHtml | null {
  const placed = placedOf(dossier, "patched");
  if (placed.length === 0) return null;
  const { shown, note } = firstOf(placed, LIMITS.findings, "finding");
  const rows = shown.map(({ finding, at }) => {
    const { firstSeen, lastSeen, host, examples } = finding;
    const until = lastSeen === firstSeen ? null : html`<br>${dayElement(dayOfTicks(lastSeen))}`;
    return {
      id: `finding-${at + 1}`,
      cells: [
        whatOf(finding),
        levelOf(finding),
        host === "" ? "" : host,
        html`${dayElement(dayOfTicks(firstSeen))}${until}`,
        chips(index, examples),
      ],
    };
  });
  return html`<h3 id="findings-updates">Findings about updates</h3>
<p>${counted(placed.length, "finding")}. Every one is open until a named person answers it: ${stateCounts(placed)}.</p>
<p>${levelCounts(placed)}</p>
${note}${table("Findings about updates, each to be answered by a named person", UPDATE_COLUMNS, rows)}`;
}

/** What defences saw, in the order given, with totals by level. */
export function findingsPart(dossier: Dossier, index: RecordIndex): SafeHtml {
  const { detectionsTotal } = dossier;
  const findings = placedOf(dossier, "answered");
  if (findings.length === 0) {
    return html`<h3 id="findings">Findings</h3><p class="note">No rule matched and no antivirus reported anything in the evidence that could be read: ${counted(detectionsTotal, "detection")}.</p>`;
  }
  const { shown, note } = firstOf(findings, LIMITS.findings, "finding");
  const rows = shown.map((placed) => rowOf(placed, index));
  return html`<h3 id="findings">Findings</h3>
<p>${counted(findings.length, "finding")} over ${counted(detectionsTotal, "detection")}. Every one is open until a named person answers it: ${stateCounts(findings)}.</p>
<p>${levelCounts(findings)}</p>
${note}${table("Findings, each to be answered by a named person", COLUMNS, rows)}`;
}

function rowOf({ finding, at }: Placed, index: RecordIndex) {
  const { host, firstSeen, lastSeen, detections, examples } = finding;
  const until = lastSeen === firstSeen ? null : html`<br>${timeElement(lastSeen)}`;
  return {
    id: `finding-${at + 1}`,
    cells: [
      whatOf(finding),
      levelOf(finding),
      host === "" ? "not named" : host,
      html`${timeElement(firstSeen)}${until}`,
      grouped(detections.length),
      chips(index, examples),
    ],
  };
}

function whatOf(finding: StandingFinding): SafeHtml {
  const { title, why, rule } = finding;
  return html`<span class="title">${title}</span><span class="why">${why}</span>${peopleOf(finding)}<span class="why">Rule <code>${rule}</code></span>`;
}

/** What people did about it; null where nobody did anything. */
function peopleOf({ answer, owner, stateWhy, due }: StandingFinding): SafeHtml | null {
  if (answer !== null) {
    const { determination, reason, by, at, checked } = answer;
    const looked = CHECKS.map((check) => `${check} ${checked[check].replaceAll("-", " ")}`);
    return html`<span class="why">Answered by ${brief(by)} at ${timeElement(at)}: ${determination.replaceAll("-", " ")}. ${brief(reason)} (${looked.join(", ")})</span>`;
  }
  const why = stateWhy === "" ? null : html`<span class="why">${brief(stateWhy)}</span>`;
  const taken = owner === null ? null : html`<span class="why">Taken by ${brief(owner)}</span>`;
  const until =
    due === null ? null : html`<span class="why">To be answered by ${timeElement(due)}</span>`;
  return html`${taken}${why}${until}`;
}

function levelOf({ level, state }: StandingFinding): SafeHtml {
  return html`${badge(`level ${level}`, level)} ${badge(`state-${state}`, state)}`;
}

/** `3 open, 1 answered`. */
function stateCounts(findings: readonly Placed[]): string {
  return FINDING_STATES.map((state) => ({
    state,
    count: findings.filter(({ finding }) => finding.state === state).length,
  }))
    .filter(({ count }) => count > 0)
    .map(({ state, count }) => `${grouped(count)} ${state}`)
    .join(", ");
}

function levelCounts(findings: readonly Placed[]): SafeHtml {
  const counts = LEVELS.toReversed().map((level) => ({
    level,
    count: findings.filter(({ finding }) => finding.level === level).length,
  }));
  const present = counts.filter(({ count }) => count > 0);
  return html`<span class="counts">${present.map(({ level, count }) => html`<span>${badge(`level ${level}`, level)} ${grouped(count)}</span>`)}</span>`;
}

/** What ran, what was refused by name, and what had nothing to run on: "no finding" means no more than this. */
export function rulesSection(dossier: Dossier): SafeHtml {
  const { files, rules, run, refused, filters, notHere } = dossier.rules;
  const { shown, note } = firstOf(refused, LIMITS.refusals, "reason");
  const rows = shown.map(({ reason, count }) => ({ cells: [reason, grouped(count)] }));
  const columns: readonly Column[] = [
    { head: "Reason", kind: "wide" },
    { head: "Rules", kind: "num" },
  ];
  const refusals =
    rows.length === 0
      ? html`<p class="note">No rule was refused.</p>`
      : html`${table("Rules that were refused, by reason", columns, rows)}${note}`;
  return html`<section id="rules" aria-labelledby="rules-head">
<h2 id="rules-head">Rules</h2>
<p>What was looked for. A rule that was refused has seen nothing, so its silence says nothing.</p>
${termList([
  ["Rule files", grouped(files)],
  ["Rules in them", grouped(rules)],
  ["Rules that ran", grouped(run)],
  ["Rules with nothing here to run on", grouped(total(notHere))],
  ...(filters === 0 ? [] : [["Filters that change rules", grouped(filters)] as const]),
  ["Rules refused", grouped(total(refused))],
  ["Detections", grouped(dossier.detectionsTotal)],
])}
${refusals}${notHereTable(notHere)}</section>`;
}

function total(groups: readonly { readonly count: number }[]): number {
  return groups.reduce((sum, { count }) => sum + count, 0);
}

/** Rules whose log is not in the evidence, or lacks a column that they need. */
function notHereTable(notHere: Dossier["rules"]["notHere"]): SafeHtml {
  const { shown, note } = firstOf(notHere, LIMITS.refusals, "reason");
  const columns: readonly Column[] = [
    { head: "Reason", kind: "wide" },
    { head: "Evidence that would help", kind: "wide" },
    { head: "Rules", kind: "num" },
  ];
  const rows = shown.map(({ reason, needs, count }) => ({
    cells: [reason, needs, grouped(count)],
  }));
  return rows.length === 0
    ? html``
    : html`${table("Rules that ran and had nothing here to run on, by reason", columns, rows)}${note}`;
}
