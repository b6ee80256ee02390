/** Whether the alarm works and reaches somebody: canaries that were set, and messages about what nobody answered. */
import type { Canary } from "../../model/canary.ts";
import type { Dossier } from "../../model/dossier.ts";
import type { Delivery, Recipient } from "../../model/escalation.ts";
import { chips, type RecordIndex } from "./citations.ts";
import { findingLink, type FindingPlaces } from "./finding-links.ts";
import { firstOf, LIMITS } from "./limits.ts";
import { html, type SafeHtml } from "./markup.ts";
import { brief } from "./patch-words.ts";
import { badge, table, type Column } from "./table.ts";
import { span, timeElement } from "./words.ts";

const CANARY_COLUMNS: readonly Column[] = [
  { head: "Mark" },
  { head: "Set (UTC)" },
  { head: "Where" },
  { head: "To be seen by (UTC)" },
  { head: "Seen", kind: "wide" },
];

const DELIVERY_COLUMNS: readonly Column[] = [
  { head: "When (UTC)" },
  { head: "About" },
  { head: "Step", kind: "num" },
  { head: "To", kind: "wide" },
  { head: "What became of it" },
];

/** Canaries as a table; null where nobody set any. */
export function canariesPart({ canaries, asOf }: Dossier, index: RecordIndex): SafeHtml | null {
  if (canaries.length === 0) return null;
  const { shown, note } = firstOf(canaries, LIMITS.canaries, "canary");
  const rows = shown.map((canary, at) => ({
    id: `canary-${at + 1}`,
    cells: canaryCells(canary, asOf, index),
  }));
  return html`<h3 id="canaries">Canaries: does the alarm work?</h3>
${table("Harmless marks that people put where an attack would show", CANARY_COLUMNS, rows)}${note}`;
}

function canaryCells(
  { mark, setAt, by, where, due, seen }: Canary,
  asOf: bigint,
  index: RecordIndex,
) {
  const missing =
    asOf > due
      ? html`${badge("state-unseen", "not seen")}<span class="why">${span(due, asOf)} overdue: this way in is not watched</span>`
      : html`not yet`;
  const shown = seen.slice(0, LIMITS.references);
  const sights = shown.map(
    ({ host, channel, ticks, digits, at }) =>
      html`<li>${brief(`${host} ${channel}`.trim(), 120)} ${timeElement(ticks, digits)} ${chips(index, [at])}</li>`,
  );
  return [
    html`<code class="value">${brief(mark, 80)}</code>`,
    html`${timeElement(setAt)}<span class="why">by ${brief(by, 80)}</span>`,
    brief(where, 200),
    timeElement(due),
    seen.length === 0 ? missing : html`<ul class="plain">${sights}</ul>`,
  ];
}

/** Messages as a table; null where none was sent. */
export function deliveriesPart({ deliveries }: Dossier, places: FindingPlaces): SafeHtml | null {
  if (deliveries.length === 0) return null;
  const { shown, note } = firstOf(deliveries, LIMITS.deliveries, "message");
  const failed = deliveries.filter(({ outcome }) => outcome === "failed").length;
  const rows = shown.map((delivery) => ({ cells: deliveryCells(delivery, places) }));
  return html`<h3 id="deliveries">Who was told</h3>
<p>Messages about findings that nobody had answered${failed === 0 ? "" : `; ${failed} of them did not arrive`}. That one was sent does not mean that it was read.</p>
${table("Messages, in order of time", DELIVERY_COLUMNS, rows)}${note}`;
}

function deliveryCells({ finding, step, to, at, outcome, error }: Delivery, places: FindingPlaces) {
  return [
    timeElement(at),
    findingLink(places, finding),
    step + 1,
    brief(recipientText(to), 200),
    html`${badge(`sent-${outcome}`, outcome)}${error === "" ? null : html`<span class="why">${brief(error, 300)}</span>`}`,
  ];
}

function recipientText(to: Recipient): string {
  switch (to.kind) {
    case "mail":
      return `mail to ${to.to}`;
    case "webhook":
      return `webhook ${originOf(to.url)}`;
    case "syslog":
      return `syslog ${to.host}:${to.port} (${to.transport})`;
  }
}

/** Where a webhook goes, without its path: that is often a password. */
function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : "of no readable address";
}
