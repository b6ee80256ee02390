/** One host in words: what is to be said of it, its next step, and update by update what is not fixed, why, and what was known. */
import type { NextStep, PatchItem, PublicFact, VulnerabilityState } from "../../model/patch.ts";
import { chips, type RecordIndex } from "./citations.ts";
import { firstOf, LIMITS } from "./limits.ts";
import { html, type SafeHtml } from "./markup.ts";
import {
  dayElement,
  brief,
  exposureText,
  fullName,
  rankBadge,
  shownName,
  strengthText,
  verdictBadge,
} from "./patch-words.ts";
import type { ShownHost, ShownItem } from "./patch-shown.ts";
import { rowOf, tableHead, termList, wideRegion, type Column } from "./table.ts";
import { counted, isoTime, prose, spaced } from "./words.ts";

const COLUMNS: readonly Column[] = [
  { head: "Vulnerability" },
  { head: "Rated by the maker" },
  { head: "Rank on this host" },
  { head: "State" },
  { head: "Why", kind: "wide" },
];
/** Vulnerabilities that a sentence names. */
const NAMED_MAX = 12;

/** Remarks, next step, and the updates that are not fixed. */
export function hostUpdates(shown: ShownHost, index: RecordIndex): SafeHtml {
  const { host, anchor, unfixed, more, fixed } = shown;
  const { product, build, observedAt, strength, revisionStrength } = host;
  const seen =
    build === ""
      ? "No record shows its build."
      : `Build ${build}, ${observedAt === null ? "undated" : isoTime(observedAt)} (${strengthText(strength, revisionStrength)}).`;
  const counts = [
    more === 0 ? "" : `${counted(more, "further update")} not fixed: dossier.json has them.`,
    fixed === 0 ? "" : `${counted(fixed, "update")} fixed: dossier.json has the list.`,
  ].filter((text) => text !== "");
  return html`<article class="host-updates" id="${anchor}" aria-labelledby="${anchor}-head">
<h4 id="${anchor}-head">${host.host === "" ? "Host not named" : host.host} <span class="soft">${product}</span></h4>
<p>${prose(seen)}</p>
${remarks(shown, index)}${nextStep(host.next)}${updateTable(shownName(host), unfixed, index)}
${counts.length === 0 ? null : html`<p class="note">${counts.join(" ")}</p>`}</article>`;
}

function remarks({ host }: ShownHost, index: RecordIndex): SafeHtml | null {
  if (host.remarks.length === 0) return null;
  const { shown, note } = firstOf(host.remarks, LIMITS.patchDetails, "remark");
  const items = shown.map(
    ({ kind, text, at }) =>
      html`<li><strong>${spaced(kind)}:</strong> ${prose(brief(text))} ${chips(index, at)}</li>`,
  );
  return html`<ul class="remarks">${items}</ul>${note}`;
}

function nextStep(next: NextStep | null): SafeHtml | null {
  if (next === null) return null;
  const { cu, update, build, kbs, closes, configuration, why } = next;
  const install = [cu, update].filter((name) => name !== "").join(", then ");
  const settings = configuration.map(
    ({ text, closes: ids }) =>
      html`<li>${text} <span class="soft">Closes ${named(ids)}.</span></li>`,
  );
  return html`<div class="next"><p class="next-head">Next step</p>${termList([
    [
      "Install",
      install === "" && build === ""
        ? null
        : html`${install} <span class="soft">${[build, ...kbs].filter((text) => text !== "").join(", ")}</span>`,
    ],
    ["Closes", closes.length === 0 ? null : named(closes)],
    ["Then configure", settings.length === 0 ? null : html`<ul>${settings}</ul>`],
    ["Why", why === "" ? null : why],
  ])}</div>`;
}

/** Ids with commas between them; no line ends inside one. */
function named(ids: readonly string[]): SafeHtml {
  const more = ids.length - NAMED_MAX;
  const shown = ids
    .slice(0, NAMED_MAX)
    .map((id, at) => html`${at === 0 ? "" : ", "}<span class="id">${id}</span>`);
  return html`${shown}${more > 0 ? ` and ${counted(more, "further vulnerability")}` : ""}`;
}

/** One body an update: its heading, what is known of it, and a row for each vulnerability. */
function updateTable(
  name: string,
  unfixed: readonly ShownItem[],
  index: RecordIndex,
): SafeHtml | null {
  if (unfixed.length === 0) return null;
  const bodies = unfixed.map(({ item, anchor }) => {
    const { shown, note } = firstOf(item.vulnerabilities, LIMITS.patchDetails, "vulnerability");
    const left = note === null ? null : html`<tr><td colspan="${COLUMNS.length}">${note}</td></tr>`;
    return html`<tbody>${headOf(item, anchor)}${shown.map((one, at) => vulnerabilityRow(one, shown[at - 1]?.why === one.why))}${left}${factsRow(item, index)}</tbody>`;
  });
  const caption = `${name}: updates that are not shown to be fixed, the worst first`;
  return wideRegion(
    caption,
    html`<table class="updates"><caption>${caption}</caption>${tableHead(COLUMNS)}${bodies}</table>`,
  );
}

function headOf(item: PatchItem, anchor: string): SafeHtml {
  const { kbs, verdict, rank, released } = item;
  const others = kbs.filter((kb) => kb !== item.kb);
  const also =
    others.length === 0 ? null : html` <span class="soft">also ${others.join(", ")}</span>`;
  return html`<tr class="day" id="${anchor}"><th colspan="${COLUMNS.length}" scope="rowgroup">${fullName(item)} ${verdictBadge(verdict)} ${rankBadge(rank)} <span class="released">released ${dayElement(released)}${also}</span></th></tr>`;
}

/** A reason that stands in the row above already is not said again. */
function vulnerabilityRow(state: VulnerabilityState, isSame: boolean): SafeHtml {
  const { id, alias, severity, rank, lentBy, why, requires, disputed, epss } = state;
  return rowOf(COLUMNS, {
    cells: [
      html`<span class="time">${id}</span>${alias === "" ? null : html`<span class="why">${alias}</span>`}`,
      html`${severity}${epss === null ? null : html`<span class="why">EPSS ${epss.score.toFixed(2)} on ${dayElement(epss.day)}</span>`}`,
      html`${rankBadge(rank)}${lentBy === "" ? null : html`<span class="why">lent by the chain ${lentBy}</span>`}`,
      state.state,
      html`${isSame ? html`<span class="soft">the same</span>` : why}${requires === "" ? null : html`<span class="why">Needs as well: ${requires}</span>`}${disputed === "" ? null : html`<span class="why">Disputed: ${disputed}</span>`}`,
    ],
  });
}

/** Under the vulnerabilities: exposure, deadline, what was public on which day, and the records. */
function factsRow(item: PatchItem, index: RecordIndex): SafeHtml {
  const { exposure, deadline, why, known, at } = item;
  const terms = termList([
    ["Verdict", html`${brief(why)} ${chips(index, at)}`],
    ["Exposure", exposure === null ? null : html`${prose(exposureText(exposure))}`],
    [
      "Deadline",
      deadline === null
        ? null
        : html`${dayElement(deadline.due)}, ${deadline.rule}: ${late(deadline.daysLate)}`,
    ],
    ["Public", known.length === 0 ? null : factList(known)],
  ]);
  return html`<tr class="facts"><td colspan="${COLUMNS.length}">${terms}</td></tr>`;
}

function late(daysLate: number): SafeHtml {
  return daysLate > 0
    ? html`<strong>missed by ${counted(daysLate, "day")}</strong>`
    : html`not shown to be missed`;
}

/** `CVE-1: used by …` and `CVE-2: used by …` as `CVE-1, CVE-2: used by …`. */
function together(texts: readonly string[]): string {
  const parts = texts
    .filter((text) => text !== "")
    .map((text) => {
      const colon = text.indexOf(": ");
      return colon < 0 ? [text, ""] : [text.slice(0, colon), text.slice(colon)];
    });
  return [...Map.groupBy(parts, ([, rest]) => rest)]
    .map(([rest, own]) => `${own.map(([of]) => of).join(", ")}${rest}`)
    .join("; ");
}

/** What became public in one way on one day is one line. */
function factList(known: readonly PublicFact[]): SafeHtml {
  const lines = [...Map.groupBy(known, ({ day, what }) => `${day} ${what}`).values()].flatMap(
    ([first, ...others]) => {
      if (first === undefined) return [];
      const text = together([first, ...others].map((fact) => fact.text));
      return [{ ...first, text: brief(text) }];
    },
  );
  const { shown, note } = firstOf(lines, LIMITS.patchDetails, "public fact");
  const items = shown.map(
    ({ day, what, text }) =>
      html`<li>${dayElement(day)} ${what}${text === "" ? null : html`<span class="soft">: ${text}</span>`}</li>`,
  );
  return html`<ol class="public">${items}</ol>${note}`;
}
