/**
 * The first question in full: a strip a host, claims beside observations, what contradicts what, and host by host what is not fixed
 * and what to do next. What is fixed is counted; dossier.json has all of it.
 */
import type { Dossier } from "../../model/dossier.ts";
import { type HostPatches, type PatchReport, VERDICTS, type Verdict } from "../../model/patch.ts";
import type { RecordIndex } from "./citations.ts";
import { claimsTable, contradictionTable, measuredTable } from "./claims-table.ts";
import { exposureStrip } from "./exposure-strip.ts";
import { updateFindingsPart } from "./findings.ts";
import { firstOf, LIMITS } from "./limits.ts";
import { html, type SafeHtml } from "./markup.ts";
import { hostUpdates } from "./patch-host.ts";
import { type ShownPatches, shownPatches } from "./patch-shown.ts";
import { brief, dayElement, strengthText, verdictBadge } from "./patch-words.ts";
import { table, type Column } from "./table.ts";
import { counted, grouped, prose, timeElement } from "./words.ts";

/** All parts of the section that have something to say; none for a report about nothing. */
export function patchesPart(dossier: Dossier, index: RecordIndex): readonly SafeHtml[] {
  const { patches, answers } = dossier;
  const shown = shownPatches(patches);
  const said = new Set(answers.flatMap(({ unknown }) => unknown));
  return [
    exposurePart(patches, shown),
    claimsPart(patches, shown, said, index),
    updateFindingsPart(dossier, index),
    hostsPart(patches, shown, index),
  ].filter((part) => part !== null);
}

function exposurePart(report: PatchReport, shown: ShownPatches): SafeHtml | null {
  if (report.hosts.length === 0) return null;
  let drawn = 0;
  const strips = shown.hosts.flatMap((host) => {
    const strip = exposureStrip(host, report.asOf, drawn === 0);
    if (strip !== null) drawn++;
    return strip === null
      ? []
      : [
          html`<h4 class="sub">${host.host.host === "" ? "Host not named" : host.host.host} <span class="soft">${host.host.product}</span></h4>${strip}`,
        ];
  });
  const none = html`<p class="note">No host lacks an update that the records can tell of.</p>`;
  return html`<h3 id="exposure">Exposure, host by host</h3>
<p>How long each host lacked an update that existed, as of ${dayElement(report.asOf)}. Days run from the first fix to the last day on which the host was surely without it, and to the last on which it may have been.</p>
${shown.hosts.length === 0 ? none : strips}${further(shown)}
${hostTable(report.hosts)}
${report.catalogueAgeDays === 0 ? null : html`<p class="note">Held against releases and advisories that were ${counted(report.catalogueAgeDays, "day")} old: what came out since then is not counted.</p>`}`;
}

function further({ furtherHosts }: ShownPatches): SafeHtml | null {
  return furtherHosts === 0
    ? null
    : html`<p class="note">And ${counted(furtherHosts, "further host")}: dossier.json holds them.</p>`;
}

function hostTable(hosts: readonly HostPatches[]): SafeHtml {
  const columns: readonly Column[] = [
    { head: "Host" },
    { head: "Product" },
    { head: "Build" },
    { head: "Last seen (UTC)" },
    { head: "Strength" },
    { head: "Vulnerabilities not fixed", kind: "num" },
    { head: "Of them critical", kind: "num" },
    { head: "Unknown", kind: "num" },
  ];
  const { shown, note } = firstOf(hosts, LIMITS.patchRows, "host");
  const rows = shown.map((one) => ({
    cells: [
      one.host === "" ? "not named" : one.host,
      one.product === "" ? "not known" : one.product,
      one.build === "" ? "not known" : html`<code>${one.build}</code>`,
      one.observedAt === null ? "undated" : timeElement(one.observedAt),
      strengthText(one.strength, one.revisionStrength),
      grouped(one.unfixed),
      grouped(one.critical),
      grouped(one.unknown),
    ],
  }));
  return html`${table("Hosts and what the records show of them", columns, rows)}${note}`;
}

/** `said` is what the answer names as unknown already. */
function claimsPart(
  { measured, contradictions, unknown }: PatchReport,
  { claimed }: ShownPatches,
  said: ReadonlySet<string>,
  index: RecordIndex,
): SafeHtml | null {
  const left = firstOf(
    unknown.filter((text) => !said.has(text)),
    LIMITS.patchRows,
    "open point",
  );
  const undecided =
    left.shown.length === 0
      ? null
      : html`<h4 class="sub">What could not be decided</h4><ul>${left.shown.map((text) => html`<li>${prose(brief(text))}</li>`)}</ul>${left.note}`;
  const parts = [
    claimsTable(claimed, index),
    measuredTable(measured),
    contradictionTable(contradictions, index),
    undecided,
  ].filter((part) => part !== null);
  return parts.length === 0
    ? null
    : html`<h3 id="claims">Claims beside observations</h3>
<p>A claim is what somebody says; an observation is what a record shows. A claim alone is unverified, never passed.</p>
${VERDICT_KEY}${parts}`;
}

const MEANINGS: Readonly<Record<Verdict, string>> = {
  contradicted: "a claim and a strong observation say the opposite",
  missing: "a record shows that it was not there",
  unknown: "the evidence cannot tell",
  unverified: "somebody says so, and no build shows it",
  fixed: "a record shows it",
};

const VERDICT_KEY: SafeHtml = html`<dl class="verdicts">${VERDICTS.map(
  (verdict) => html`<div><dt>${verdictBadge(verdict)}</dt><dd>${MEANINGS[verdict]}</dd></div>`,
)}</dl>
<p class="note">Strong: the software itself shows it, such as the version of a file on the disk. Weak: something that speaks of it, such as a list of updates.</p>`;

function hostsPart(report: PatchReport, shown: ShownPatches, index: RecordIndex): SafeHtml | null {
  if (report.hosts.length === 0) return null;
  return shown.hosts.length === 0
    ? null
    : html`<h3 id="unfixed">What is not fixed, and what to do next</h3>${shown.hosts.map((host) => hostUpdates(host, index))}${further(shown)}`;
}
