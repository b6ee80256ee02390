/** How updates, exposures and verdicts are written: one spelling for the drawing, the tables and the lists. */
import { type Day, formatDay, toDay } from "../../base/day.ts";
import { shorten, visible } from "../../base/text.ts";
import type { Severity } from "../../model/catalogue.ts";
import type { Strength } from "../../model/observation.ts";
import type { Exposure, HostPatches, PatchItem, Verdict } from "../../model/patch.ts";
import { html, type SafeHtml } from "./markup.ts";
import { badge } from "./table.ts";
import { counted, grouped } from "./words.ts";

/** `2021-04-13`, or that nobody knows it. */
export function dayText(day: Day | null): string {
  return day === null ? "day not known" : formatDay(day);
}

/** A day that never breaks across lines. */
export function dayElement(day: Day | null): SafeHtml {
  return html`<span class="time">${dayText(day)}</span>`;
}

/** `128 days`, or `100 to 128 days` where the records leave a choice. */
export function daysText(daysMin: number, daysMax: number): string {
  return daysMin === daysMax
    ? counted(daysMax, "day")
    : `${grouped(daysMin)} to ${counted(daysMax, "day")}`;
}

/** An exposure in whole sentences: how long, until when, how much of it while others were being attacked through it. */
export function exposureText(exposure: Exposure): string {
  const { from, daysMin, daysMax, daysWithoutFix } = exposure;
  const before =
    daysWithoutFix > 0
      ? ` Before that, ${counted(daysWithoutFix, "day")} without any fix in existence.`
      : "";
  const used =
    exposure.exploitedDaysMax > 0
      ? ` Of these, ${exploitedText(exposure)} after its exploitation had begun.`
      : "";
  return `${daysText(daysMin, daysMax)}: from ${formatDay(from)}, when a fix existed, ${endText(exposure)}.${used}${before}`;
}

/** Open to the end is only what a record of the last day shows: what was not looked at since is possible, not sure. */
function endText({ from, to, daysMin, daysMax }: Exposure): string {
  if (to !== null)
    return to[0] === to[1]
      ? `to ${formatDay(to[1])}, when it was there`
      : `last seen without it on ${formatDay(to[0])}, first seen with it on ${formatDay(to[1])}`;
  if (daysMin === daysMax) return "and open on the day for which this is told";
  const end = "possibly to the day for which this is told";
  return daysMin > 0
    ? `surely to ${dayText(toDay(from + daysMin))}, ${end}`
    : `${end}; no record since then shows it`;
}

/** The days of overlap with exploitation. */
export function exploitedText({ exploitedDaysMin, exploitedDaysMax }: Exposure): string {
  return daysText(exploitedDaysMin, exploitedDaysMax);
}

/** A text that may come from anybody and be of any length, as the page shows it; dossier.json has it whole. */
export function brief(text: string, charsMax = 600): string {
  return shorten(visible(text), charsMax);
}

/** Host and product as a label names them: one short, visible line. */
export function shownName({ host, product }: HostPatches): string {
  const name = brief(host, 60);
  return `${name === "" ? "Host not named" : name}${product === "" ? "" : `, ${brief(product, 60)}`}`;
}

const UNNAMED = "update without a number";

/** `KB5001779 Apr21SU`; one of the two where it has no more. */
export function fullName({ kb, update }: PatchItem): string {
  const name = `${kb} ${update}`.trim();
  return name === "" ? UNNAMED : brief(name, 60);
}

/** The verdict as a label: a word, a shape and a colour. */
export function verdictBadge(verdict: Verdict): SafeHtml {
  return badge(`verdict verdict-${verdict}`, verdict);
}

/** A rating as a label. */
export function rankBadge(rank: Severity): SafeHtml {
  return badge(`rank-${rank}`, rank);
}

const STRENGTHS: Readonly<Record<Strength, string>> = {
  strong: "strong",
  weak: "weak",
  none: "proves nothing",
};

/** How much a build proves: of the cumulative update, and of the security update where that differs. */
export function strengthText(strength: Strength, revisionStrength: Strength): string {
  return strength === revisionStrength
    ? STRENGTHS[strength]
    : `${STRENGTHS[strength]} for the cumulative update, ${revisionStrength === "none" ? "no proof" : revisionStrength} for the security update`;
}
