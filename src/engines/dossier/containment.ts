/** What people did to throw an intruder out, and how each act was verified. */
import type { Containment } from "../../model/containment.ts";
import type { Dossier } from "../../model/dossier.ts";
import { firstOf, LIMITS } from "./limits.ts";
import { html, type SafeHtml } from "./markup.ts";
import { brief } from "./patch-words.ts";
import { table, type Column } from "./table.ts";
import { timeElement } from "./words.ts";

const COLUMNS: readonly Column[] = [
  { head: "What was done" },
  { head: "To what" },
  { head: "When (UTC)" },
  { head: "By" },
  { head: "How it was verified", kind: "wide" },
  { head: "Recorded (UTC)" },
];

/** The acts in order of recording; where a host was broken into and nobody did anything, that is said. */
export function containmentPart({ containment, cause }: Dossier): SafeHtml | null {
  const head = html`<h3 id="containment">What was done to throw them out</h3>`;
  if (containment.length === 0)
    return cause.first.length === 0
      ? null
      : html`${head}<p class="note">No act of containment is recorded.</p>`;
  const { shown, note } = firstOf(containment, LIMITS.containment, "act");
  const rows = shown.map((act) => ({ cells: cellsOf(act) }));
  return html`${head}${table("Acts of containment, as people stated them", COLUMNS, rows)}${note}`;
}

function cellsOf({ kind, subject, at, by, verified, note, recordedAt }: Containment) {
  const how =
    verified === "" ? html`<span class="nobody">nobody said how</span>` : html`${brief(verified)}`;
  return [
    kind,
    brief(subject, 200),
    timeElement(at),
    brief(by, 120),
    html`${how}${note === "" ? null : html`<span class="why">${brief(note)}</span>`}`,
    timeElement(recordedAt),
  ];
}
