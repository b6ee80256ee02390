/** The first sheet: which case, told for which moment, by which program, out of which vault. */
import type { Dossier } from "../../model/dossier.ts";
import { html, type SafeHtml } from "./markup.ts";
import { termList } from "./table.ts";
import { counted, isoTime, longTime } from "./words.ts";

/** Title, banner of a synthetic case, and the facts that identify this dossier. */
export function cover(dossier: Dossier): SafeHtml {
  const { caseName, asOf, program, vault, evidence } = dossier;
  return html`<header class="cover" id="top">
<p class="kind">Breakwater dossier</p>
<h1>${caseName === "" ? "Unnamed case" : caseName}</h1>
<p class="lead">Five questions that a board, a regulator and a patient ask, answered from the evidence at hand. Every statement leads to the record behind it.</p>
${termList([
  ["As of", html`${longTime(asOf)} <span class="soft">${isoTime(asOf)}</span>`],
  ["Looked at only", dossier.window === null ? null : windowText(dossier.window)],
  ["Evidence", counted(evidence.length, "file")],
  ["Findings", counted(dossier.findings.length, "finding")],
  ["Written by", program],
  ["Vault", html`<code>${vault.id}</code>`],
  [
    "Journal",
    html`${counted(vault.entries, "entry")}, under a signed checkpoint; see <a href="#verify">how to verify</a>`,
  ],
])}
</header>`;
}

/** Said above everything, on screen and on every printed sheet. */
export function syntheticBanner(dossier: Dossier): SafeHtml | null {
  if (!dossier.synthetic) return null;
  return html`<aside class="banner" aria-label="About this case"><strong>Synthetic.</strong> Everything in this case is invented: no person, place or event in it is real.</aside>`;
}

/** Links to the sections, beside the page or above it. */
export function contents(sections: readonly { anchor: string; title: string }[]): SafeHtml {
  const items = sections.map(
    ({ anchor, title }) => html`<li><a href="#${anchor}">${title}</a></li>`,
  );
  return html`<nav class="contents" aria-label="Sections"><ol>${items}</ol></nav>`;
}

function windowText({ from, to }: NonNullable<Dossier["window"]>): string {
  const since = from === null ? "" : `from ${longTime(from)}`;
  return `${since}${to === null ? "" : ` until ${longTime(to)}`}`.trim();
}
