/** How far an intruder got on from each host, and what was left behind: every check is clean, found, or was not looked at. */
import type { Aftermath, AftermathCheck, AftermathState, Change } from "../../model/aftermath.ts";
import type { Dossier } from "../../model/dossier.ts";
import { chips, type RecordIndex } from "./citations.ts";
import { firstOf, LIMITS } from "./limits.ts";
import { html, type SafeHtml } from "./markup.ts";
import { brief } from "./patch-words.ts";
import { badge } from "./table.ts";
import { counted, longTime, spaced, timeElement } from "./words.ts";

const ABOUT = [
  ["spread", "How far"],
  ["persistence", "Still in?"],
] as const;
const MEANINGS: Readonly<Record<AftermathState, string>> = {
  found: "records show it",
  clean: "records that would show it were looked at, and do not",
  "not-looked-at": "nothing here would show it",
};
const STATES = ["found", "not-looked-at", "clean"] as const;

/** Each host with two lists; null where no host was broken into. */
export function aftermathsPart({ aftermaths }: Dossier, index: RecordIndex): SafeHtml | null {
  if (aftermaths.length === 0) return null;
  const { shown, note } = firstOf(aftermaths, LIMITS.aftermaths, "host");
  const meanings = STATES.map((state) => html`<li>${stateBadge(state)} ${MEANINGS[state]}</li>`);
  return html`<h3 id="aftermaths">How far, and still in?</h3>
<p>What changed since the first exploitation. Whether the intruder or an administrator changed it, a person must say.</p>
<ul class="key">${meanings}</ul>
${shown.map((aftermath, at) => hostOf(aftermath, at, index))}${note}`;
}

function hostOf({ host, since, checks }: Aftermath, at: number, index: RecordIndex): SafeHtml {
  const anchor = `aftermath-${at + 1}`;
  const lists = ABOUT.map(([about, title]) => {
    const own = checks.filter((check) => check.about === about);
    return html`<div class="checks"><h5 id="${anchor}-${about}">${title}</h5>${own.length === 0 ? html`<p class="note">Nothing was asked.</p>` : html`<p class="soft">${tally(own)}</p><ul class="check-list">${own.map((check) => checkOf(check, index))}</ul>`}</div>`;
  });
  return html`<article class="aftermath" id="${anchor}" aria-labelledby="${anchor}-head"><h4 id="${anchor}-head">${host === "" ? "Host not named" : brief(host, 120)}</h4><p class="soft">Since ${longTime(since)}</p><div class="check-columns">${lists}</div></article>`;
}

function tally(checks: readonly AftermathCheck[]): string {
  return STATES.map((state) => ({
    state,
    count: checks.filter((check) => check.state === state).length,
  }))
    .filter(({ count }) => count > 0)
    .map(({ state, count }) => `${count} ${spaced(state)}`)
    .join(", ");
}

function checkOf(check: AftermathCheck, index: RecordIndex): SafeHtml {
  const { what, state, why, over, changes, changesTotal } = check;
  const { shown, note } = firstOf(
    changes,
    LIMITS.changes,
    "change",
    changesTotal,
    changes.length < changesTotal
      ? `dossier.json beside this page holds the first ${changes.length}, the logs hold the others`
      : undefined,
  );
  const sources = over.slice(0, LIMITS.references);
  const more = over.length - sources.length;
  const looked =
    over.length === 0
      ? null
      : html`<p class="why">Over ${sources.map((text) => brief(text, 200)).join("; ")}${more === 0 ? "" : `; and ${counted(more, "further source")}`}</p>`;
  const list =
    shown.length === 0
      ? null
      : html`<ul class="changes">${shown.map((change) => changeOf(change, index))}</ul>`;
  return html`<li class="check">${stateBadge(state)}<p class="title">${brief(what, 200)}</p>${why === "" ? null : html`<p>${brief(why)}</p>`}${looked}${list}${note}</li>`;
}

function changeOf({ ticks, digits, host, what, by, at }: Change, index: RecordIndex): SafeHtml {
  return html`<li>${timeElement(ticks, digits)} ${brief(what, 300)}${host === "" ? "" : ` on ${brief(host, 80)}`}, ${by === "" ? "nobody named" : `by ${brief(by, 80)}`} ${chips(index, [at])}</li>`;
}

function stateBadge(state: AftermathState): SafeHtml {
  return badge(`found-${state}`, spaced(state));
}
