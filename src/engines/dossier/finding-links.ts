/** Where findings stand on the page, for those who name them by id. Refuses a link to a finding that the page does not show. */
import type { Dossier } from "../../model/dossier.ts";
import { LIMITS } from "./limits.ts";
import { html, type SafeHtml } from "./markup.ts";

/** By id: the number of each finding that is shown. */
export type FindingPlaces = ReadonlyMap<string, number>;

/** The findings that the tables of both questions show. */
export function findingPlaces({ findings }: Dossier): FindingPlaces {
  const shown = { answered: 0, patched: 0 };
  const places = new Map<string, number>();
  for (const [at, { id, question }] of findings.entries())
    if (shown[question]++ < LIMITS.findings && !places.has(id)) places.set(id, at + 1);
  return places;
}

/** `finding 3`, as a link where it is shown. */
export function findingLink(places: FindingPlaces, id: string): SafeHtml {
  const number = places.get(id);
  if (number !== undefined) return html`<a href="#finding-${number}">finding ${number}</a>`;
  return html`<code>${id === "" ? "none" : id}</code>`;
}
