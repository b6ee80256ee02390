/** The marks of a strip: what became public on which day, and who claimed what. Each has a shape of its own, so that grey paper tells them apart. */
import { type Day, dayOfTicks, formatDay } from "../../base/day.ts";
import { shorten, visible } from "../../base/text.ts";
import type { PatchItem, PublicFact } from "../../model/patch.ts";
import { LIMITS } from "./limits.ts";
import { html, type SafeHtml } from "./markup.ts";

/** What a mark stands for. */
export type MarkKind = "released" | "published" | "exploited" | "listed" | "claimed";

/** One mark on one day; `tip` says what, in one line. */
export interface Mark {
  readonly kind: MarkKind;
  readonly day: Day;
  readonly tip: string;
}

const KINDS: readonly MarkKind[] = ["released", "published", "exploited", "listed", "claimed"];
const NAMES: Readonly<Record<MarkKind, string>> = {
  released: "update released",
  published: "vulnerability published",
  exploited: "exploitation reported",
  listed: "listed as exploited",
  claimed: "claim made",
};
const OF_FACT: ReadonlyMap<PublicFact["what"], MarkKind> = new Map([
  ["fix released", "released"],
  ["published", "published"],
  ["exploitation reported", "exploited"],
  ["listed as exploited", "listed"],
]);

/** The marks of an update up to a day, one for each kind and day, in order of time. */
export function marksOf({ released, known, claims }: PatchItem, asOf: Day): readonly Mark[] {
  const facts = known.flatMap(({ day, what, text }) => {
    const kind = OF_FACT.get(what);
    return kind === undefined ? [] : [{ kind, day, text }];
  });
  const said = claims.flatMap(({ at, by, claim }) => {
    const day = at === null ? null : dayOfTicks(at);
    return day === null
      ? []
      : [{ kind: "claimed" as const, day, text: `${by ?? "somebody"}: ${claim}` }];
  });
  const release = released === null ? [] : [{ kind: "released" as const, day: released, text: "" }];
  const all = [...release, ...facts, ...said].filter(({ day }) => day <= asOf);
  const grouped = Map.groupBy(all, ({ kind, day }) => `${day} ${kind}`);
  const marks = [...grouped.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const texts = group.map(({ text }) => text).filter((text) => text !== "");
    const what = shorten(visible(texts.join("; ")), 160);
    const tip = `${formatDay(first.day)} ${NAMES[first.kind]}${what === "" ? "" : `: ${what}`}`;
    return [{ kind: first.kind, day: first.day, tip }];
  });
  return marks
    .toSorted((a, b) => a.day - b.day || KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind))
    .slice(0, LIMITS.patchDetails);
}

/** One mark in a drawing. */
export function exposureMark(kind: MarkKind, x: number, y: number, tip: string): SafeHtml {
  return html`<g class="mark plain">${shape(kind, x, y)}<title>${tip}</title></g>`;
}

function shape(kind: MarkKind, x: number, y: number): SafeHtml {
  switch (kind) {
    case "released":
      return html`<path d="M${x} ${y + 4.5}l-4.6 -8.4h9.2z"/>`;
    case "published":
      return html`<circle class="hollow" cx="${x}" cy="${y}" r="3.6"/>`;
    case "exploited":
      return html`<path d="M${x} ${y - 5}l5 5l-5 5l-5 -5z"/>`;
    case "listed":
      return html`<path d="M${x - 4} ${y - 4}h8v8h-8z"/>`;
    case "claimed":
      return html`<path class="hollow" d="M${x - 3} ${y + 5}v-9.5h7l-2 2.7l2 2.7h-7"/>`;
  }
}

const SWATCHES: readonly (readonly [string, string])[] = [
  ["seen-strong", "build seen, strong"],
  ["seen-weak", "build seen, weak or in part"],
  ["open-sure", "surely without the update"],
  ["open-possible", "possibly without it"],
  ["used-sure", "surely after exploitation had begun"],
  ["used-possible", "possibly after it had begun"],
];

/** What bars and marks mean. */
export const EXPOSURE_KEY: SafeHtml = html`<ul class="key">${SWATCHES.map(
  ([kind, words]) =>
    html`<li><svg viewBox="0 0 12 12" aria-hidden="true">${swatch(kind)}</svg> ${words}</li>`,
)}${KINDS.map(
  (kind) =>
    html`<li><svg viewBox="0 0 12 12" aria-hidden="true"><g class="mark plain">${shape(kind, 6, 6)}</g></svg> ${NAMES[kind]}</li>`,
)}</ul>`;

function swatch(kind: string): SafeHtml {
  switch (kind) {
    case "used-sure":
      return html`<rect class="used-sure" y="4" width="12" height="4"/>`;
    case "used-possible":
      return html`<rect class="used-possible" y="5" width="12" height="2"/>`;
    default:
      return html`<rect class="${kind}" x=".5" y="1" width="11" height="10"/>`;
  }
}
