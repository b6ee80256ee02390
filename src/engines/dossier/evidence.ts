/** What everything rests on: each file as received with what came of it, and the places nobody could read. */
import type { Dossier, EvidenceAccount } from "../../model/dossier.ts";
import type { Holding } from "../../model/evidence.ts";
import { firstOf, LIMITS } from "./limits.ts";
import { html, type SafeHtml } from "./markup.ts";
import { badge, table, type Column } from "./table.ts";
import { counted, grouped, isoTime, size, spaced } from "./words.ts";

/** The evidence and what had to be assumed to read it. */
export function evidenceSection(dossier: Dossier): SafeHtml {
  const { evidence } = dossier;
  const { shown, note } = firstOf(evidence, LIMITS.evidence, "file");
  const columns: readonly Column[] = [
    { head: "File and SHA-256", kind: "wide" },
    { head: "Size", kind: "num" },
    { head: "Handed in" },
    { head: "Read as" },
    { head: "Events", kind: "num" },
    { head: "Flaws", kind: "num" },
  ];
  const rows = shown.map((account) => ({ cells: evidenceCells(account) }));
  return html`<section id="evidence" class="sheet" aria-labelledby="evidence-head">
<h2 id="evidence-head">Evidence</h2>
<p>${intakeLine(evidence)} The hash is of the file as it was received; <code>sha256sum</code> on the original gives the same.</p>
${evidence.length === 0 ? html`<p class="note">No evidence was taken in.</p>` : table("Evidence as received", columns, rows)}${note}
${assumptionTable(evidence)}</section>`;
}

function intakeLine(evidence: readonly EvidenceAccount[]): string {
  const count = (intake: EvidenceAccount["intake"]) =>
    grouped(evidence.filter((one) => one.intake === intake).length);
  const sizeBytes = evidence.reduce((sum, one) => sum + one.evidence.sizeBytes, 0);
  return `${counted(evidence.length, "file")}, ${size(sizeBytes)}: ${count("read")} read, ${count("unread")} kept unread because no reader knows them, ${count("duplicate")} twice the same.`;
}

/** Where the bytes are, in words. */
function held(holding: Holding): SafeHtml {
  switch (holding.kind) {
    case "sealed":
      return html`sealed as <code>${holding.object}</code>`;
    case "referenced":
      return html`not copied: it lies outside the vault, held to its hash alone`;
    case "log":
      return html`a growing log, sealed in ${counted(holding.segments.length, "segment")}`;
    case "destroyed":
      return html`destroyed ${isoTime(holding.at)}: its key was dropped`;
  }
}

function evidenceCells({ evidence, intake, format, events, flaws }: EvidenceAccount) {
  const { file, hash, sizeBytes, takenAt, by, modifiedAt, holding } = evidence;
  const modified =
    modifiedAt === null ? null : html`<span class="why">last changed ${isoTime(modifiedAt)}</span>`;
  return [
    html`<span class="title file">${file}</span><code class="hash">${hash}</code><span class="why">${held(holding)}</span>`,
    size(sizeBytes),
    html`${by}<span class="why">${isoTime(takenAt)}</span>${modified}`,
    html`${format ?? "not known"} ${badge(`intake-${intake}`, intake)}`,
    grouped(events),
    flaws === 0 ? "0" : html`<a href="#flaws">${grouped(flaws)}</a>`,
  ];
}

function assumptionTable(evidence: readonly EvidenceAccount[]): SafeHtml {
  const all = evidence.flatMap(({ assumptions }) => assumptions);
  if (all.length === 0)
    return html`<p class="note">Nothing had to be assumed to read the evidence.</p>`;
  const columns: readonly Column[] = [
    { head: "File" },
    { head: "Assumed" },
    { head: "Value" },
    { head: "Why", kind: "wide" },
  ];
  const { shown, note } = firstOf(all, LIMITS.gaps, "assumption");
  const rows = shown.map(({ file, what, value, why }) => ({
    cells: [html`<span class="file">${file}</span>`, what, value, why],
  }));
  return html`<h3>Assumptions</h3><p>Where one of these is wrong, what follows from that file is wrong with it. The case file can settle each.</p>${table("What was taken for granted in order to read a file", columns, rows)}${note}`;
}

/** Places that could not be read: where, what a sound file has there, what was found. */
export function flawsSection(dossier: Dossier): SafeHtml {
  const { flaws, flawsTotal } = dossier;
  const { shown, note } = firstOf(flaws, LIMITS.flaws, "flaw", flawsTotal);
  const columns: readonly Column[] = [
    { head: "File" },
    { head: "Byte", kind: "num" },
    { head: "What" },
    { head: "A sound file has", kind: "wide" },
    { head: "Found", kind: "wide" },
  ];
  const rows = shown.map(({ place, offset, what, need, have }) => ({
    cells: [
      html`<span class="file">${place.file}</span>`,
      grouped(offset),
      spaced(what),
      need,
      html`<code class="value">${have.slice(0, 300)}</code>`,
    ],
  }));
  const body =
    flawsTotal === 0
      ? html`<p class="note">Every byte of the evidence that a reader knows could be read.</p>`
      : html`${note}${table("Places that could not be read", columns, rows)}`;
  return html`<section id="flaws" aria-labelledby="flaws-head">
<h2 id="flaws-head">What could not be read</h2>
<p>${counted(flawsTotal, "place")} in the evidence. Nothing is skipped in silence: what follows may be missing from every answer above.</p>
${body}</section>`;
}
