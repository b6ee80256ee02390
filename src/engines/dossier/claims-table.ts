/**
 * Claims beside observations, row by row: who said what, what the record shows, and the honest ways in which such a claim goes wrong.
 * Refuses to count what anybody says as an observation.
 */
import type { Claim } from "../../model/claim.ts";
import type { Contradiction, MeasuredClaim, PatchItem } from "../../model/patch.ts";
import { chips, type RecordIndex } from "./citations.ts";
import { firstOf, LIMITS } from "./limits.ts";
import { html, type SafeHtml } from "./markup.ts";
import { brief, dayElement, daysText, fullName, verdictBadge } from "./patch-words.ts";
import { badge, table, type Column } from "./table.ts";
import { counted, isoTime, timeElement } from "./words.ts";

const CLAIMS_SHOWN = 3;

const COLUMNS: readonly Column[] = [
  { head: "Host and update" },
  { head: "What is claimed", kind: "wide" },
  { head: "What the record shows", kind: "wide" },
  { head: "Verdict" },
  { head: "Exposure" },
  { head: "How it may have gone wrong" },
];

/** Every claim of an update beside what the records show of it; null where nobody claims anything. */
export function claimsTable(items: readonly PatchItem[], index: RecordIndex): SafeHtml | null {
  if (items.length === 0) return null;
  const { shown, note } = firstOf(items, LIMITS.patchRows, "claimed update");
  const excuses = [...new Set(shown.flatMap((item) => item.excuses))].slice(0, LIMITS.patchDetails);
  const rows = shown.map((item) => ({ cells: cellsOf(item, excuses, index) }));
  return html`${table("Each claim, and what the records show of it", COLUMNS, rows)}${note}${excuseList(excuses)}`;
}

function cellsOf(item: PatchItem, excuses: readonly string[], index: RecordIndex) {
  const { host, verdict, exposure, claims } = item;
  const shown = claims.slice(0, CLAIMS_SHOWN).map(claimText);
  const more = claims.length - shown.length;
  return [
    html`<span class="title">${fullName(item)}</span>${host === "" ? "host not named" : host}<span class="why">${item.product}</span>`,
    html`${shown}${more > 0 ? html`<span class="why">and ${counted(more, "more claim")}</span>` : null}`,
    shownBy(item, index),
    verdictBadge(verdict),
    exposure === null
      ? html`<span class="soft">not known</span>`
      : html`${daysText(exposure.daysMin, exposure.daysMax)}<span class="why">since ${dayElement(exposure.from)}</span>`,
    excuseLinks(item, excuses),
  ];
}

/** Who said what, when, where: `“installed”`, somebody, on a day, by a ticket. */
export function claimText(claim: Claim): SafeHtml {
  const { by, reference, lacks, file, record } = claim;
  const lacking =
    lacks.length === 0 ? null : html` It does not say ${brief(lacks.join(", nor "))}.`;
  const told = reference === "" ? null : html`, ${brief(reference)}`;
  const said = claim.claim === "" ? "a word that is empty" : html`“${brief(claim.claim)}”`;
  return html`<span class="said">${said}, ${brief(by ?? "somebody")}, ${whenSaid(claim)}${told}.${lacking}<span class="why">${file}, record ${record}</span></span>`;
}

function whenSaid({ at, atText, digits }: Claim): SafeHtml {
  if (at !== null)
    return atText.includes(":")
      ? timeElement(at, digits)
      : html`<span class="time">${isoTime(at).slice(0, 10)}</span>`;
  return atText === ""
    ? html`at a time not stated`
    : html`at a time that cannot be read (${brief(atText, 60)})`;
}

function shownBy(
  { build, observedAt, strength, why, at }: PatchItem,
  index: RecordIndex,
): SafeHtml {
  const seen = build === "" ? html`no build` : html`<code>${build}</code>`;
  const when = observedAt === null ? html`undated` : timeElement(observedAt);
  const proves = strength === null ? "decides nothing" : strength;
  return html`${seen}, ${when}, ${proves} ${chips(index, at)}<span class="why">${brief(why)}</span>`;
}

function excuseLinks({ excuses }: PatchItem, all: readonly string[]): SafeHtml {
  const own = new Set(excuses);
  const links = all.flatMap((excuse, at) =>
    own.has(excuse) ? [html`<a class="chip" href="#excuse-${at + 1}">${letter(at)}</a>`] : [],
  );
  return html`<span class="chips">${links}</span>`;
}

function excuseList(excuses: readonly string[]): SafeHtml | null {
  if (excuses.length === 0) return null;
  const items = excuses.map(
    (excuse, at) => html`<div id="excuse-${at + 1}"><dt>${letter(at)}</dt><dd>${excuse}</dd></div>`,
  );
  return html`<h4 class="sub">Honest ways in which such a claim goes wrong</h4><dl class="terms excuses">${items}</dl>`;
}

function letter(at: number): string {
  return String.fromCharCode(97 + at);
}

/** Statements that count or measure, held against the records; null where there are none. */
export function measuredTable(measured: readonly MeasuredClaim[]): SafeHtml | null {
  if (measured.length === 0) return null;
  const columns: readonly Column[] = [
    { head: "Statement", kind: "wide" },
    { head: "Understood as" },
    { head: "Held against the records" },
    { head: "Why", kind: "wide" },
  ];
  const { shown, note } = firstOf(measured, LIMITS.patchRows, "statement");
  const rows = shown.map(({ claim, reads, verdict, why }) => ({
    cells: [
      claimText(claim),
      brief(reads),
      badge(`verdict measured-${verdict}`, verdict),
      brief(why),
    ],
  }));
  return html`${table("Statements that count or measure", columns, rows)}${note}`;
}

const BETWEEN: Readonly<Record<Contradiction["kind"], string>> = {
  "claim-observation": "claim against observation",
  "claim-claim": "claim against claim",
  "observation-observation": "observation against observation",
};

/** What cannot both be so; nothing is averaged away. Null where nothing contradicts anything. */
export function contradictionTable(
  contradictions: readonly Contradiction[],
  index: RecordIndex,
): SafeHtml | null {
  if (contradictions.length === 0) return null;
  const columns: readonly Column[] = [
    { head: "Contradiction", kind: "wide" },
    { head: "Between" },
    { head: "Host" },
    { head: "Records" },
  ];
  const { shown, note } = firstOf(contradictions, LIMITS.patchRows, "contradiction");
  const rows = shown.map(({ kind, host, text, at }) => ({
    cells: [brief(text, 1200), BETWEEN[kind], host === "" ? "not named" : host, chips(index, at)],
  }));
  return html`${table("Contradictions: things that cannot both be so", columns, rows)}${note}`;
}
