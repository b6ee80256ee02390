/**
 * The appendix: every record that a statement leads to, decoded whole, with the command that opens it again.
 * Refuses to let one record fill the page: field text has a budget, and what is cut is said.
 */
import { canonicalJson, visible } from "../../base/text.ts";
import type { Dossier } from "../../model/dossier.ts";
import type { Event, FieldValue } from "../../model/event.ts";
import type { NumberedRecord, RecordIndex } from "./citations.ts";
import { LIMITS } from "./limits.ts";
import { html, type SafeHtml } from "./markup.ts";
import { termList } from "./table.ts";
import { counted, grouped, isoTime } from "./words.ts";

const BUDGET_MIN = 600;
const BUDGET_MAX = 40_000;
/** What a name, its tags and its blanks cost besides the value. */
const FIELD_COST = 60;

/** All records of the index in order of time. */
export function recordsSection(dossier: Dossier, index: RecordIndex): SafeHtml {
  const budget = Math.min(
    BUDGET_MAX,
    Math.max(BUDGET_MIN, Math.floor(LIMITS.fieldText / Math.max(1, index.size))),
  );
  const distinct = new Set(dossier.records.map(({ key }) => key)).size;
  const note =
    distinct === index.size
      ? null
      : html`<p class="note">${grouped(index.size)} of ${counted(distinct, "record")}, those that statements lead to first; dossier.json beside this page holds the others.</p>`;
  const records = [...index.values()].map((record) => recordOf(record, budget));
  return html`<section id="records" class="sheet" aria-labelledby="records-head">
<h2 id="records-head">Records</h2>
<p>${counted(index.size, "record")} in order of time, as the reader found them. Control, zero-width and direction characters are shown as <code>\\u{…}</code>. Times have the precision of the source.</p>
${note}${index.size === 0 ? html`<p class="note">No statement leads to a record.</p>` : records}</section>`;
}

function recordOf({ event, number, anchor, cited }: NumberedRecord, budget: number): SafeHtml {
  const { ticks, digits, host, channel, provider, eventId, zoneAssumed, place, record, offset } =
    event;
  const back = cited.map(({ anchor: to, label }) => html`<li><a href="#${to}">${label}</a></li>`);
  return html`<article class="record" id="${anchor}" aria-labelledby="${anchor}-head">
<h3 id="${anchor}-head"><span class="number">R${number}</span> <span class="time">${isoTime(ticks, digits)}</span> <span class="soft">${host === "" ? "host not named" : host}</span></h3>
${termList([
  ["Channel", channel === "" ? null : channel],
  ["Event", eventId < 0 ? null : html`${eventId} <span class="soft">${provider}</span>`],
  ["Zone", zoneAssumed === null ? null : html`${zoneAssumed} <span class="soft">assumed</span>`],
  ["File", html`<span class="file">${place.file}</span>`],
  ["Member", place.member === "" ? null : html`<span class="file">${place.member}</span>`],
  ["Record", record],
  ["Byte", String(offset)],
  ["Evidence", html`<code class="hash">${place.evidence}</code>`],
])}
${fieldList(event, budget)}
<p class="open-again"><span class="soft">Open it again</span> <code>${commandFor(event)}</code></p>
${back.length === 0 ? null : html`<div class="cited"><span class="soft">Cited in</span><ul>${back}</ul></div>`}
</article>`;
}

/** Fields as found, until the budget of escaped characters is spent. */
function fieldList(event: Event, budget: number): SafeHtml | null {
  const names = Object.keys(event.fields);
  const rows: SafeHtml[] = [];
  let left = budget;
  for (const name of names) {
    if (left < FIELD_COST) break;
    const label = fitting(visible(name), left);
    const value = fitting(valueText(event.fields[name] ?? null), left);
    left -= FIELD_COST + label.cost + value.cost;
    const more = value.cut === 0 ? null : html` <em>… ${grouped(value.cut)} characters more</em>`;
    rows.push(
      html`<div><dt>${label.text}</dt><dd>${value.text === "" ? html`<em>empty</em>` : html`<code class="value">${value.text}</code>`}${more}</dd></div>`,
    );
  }
  if (rows.length === 0) return null;
  const missing = names.length - rows.length;
  const cut =
    missing === 0
      ? null
      : html`<p class="note">${counted(missing, "more field")}; the record itself holds them.</p>`;
  return html`<dl class="fields">${rows}</dl>${cut}`;
}

function valueText(value: FieldValue): string {
  return visible(typeof value === "string" ? value : canonicalJson(value));
}

/** As much of a text as fits once it is escaped, and how much of it does not. */
function fitting(text: string, budget: number): { text: string; cost: number; cut: number } {
  let cost = 0;
  let end = 0;
  while (end < text.length) {
    const step = /[&<>"'`]/.test(text.charAt(end)) ? 6 : 1;
    if (cost + step > budget) break;
    cost += step;
    end++;
  }
  return { text: text.slice(0, end), cost, cut: text.length - end };
}

/** The command that prints the record from the original file, quoted for a POSIX shell. */
function commandFor({ place, offset }: Event): string {
  const inside = `!/${place.member}`;
  const path =
    place.member !== "" && place.file.endsWith(inside)
      ? place.file.slice(0, -inside.length)
      : place.file;
  const safe = path.startsWith("-") ? `./${path}` : path;
  const quoted = /^[\w./:@%+-]+$/.test(safe) ? safe : `'${safe.replaceAll("'", `'\\''`)}'`;
  return `breakwater events ${quoted} | grep -F '"offset":${String(offset)},'`;
}
