/** What can have left: by address of an intruder, what servers sent there, as far as logs state it. A bound, never a count of mails. */
import type { Dossier } from "../../model/dossier.ts";
import type { Taking } from "../../model/taking.ts";
import { chips, type RecordIndex } from "./citations.ts";
import { firstOf, LIMITS } from "./limits.ts";
import { html, type SafeHtml } from "./markup.ts";
import { brief } from "./patch-words.ts";
import { table, type Column } from "./table.ts";
import { counted, grouped, size, timeElement } from "./words.ts";

const COLUMNS: readonly Column[] = [
  { head: "Address" },
  { head: "First and last (UTC)" },
  { head: "Requests", kind: "num" },
  { head: "Answered", kind: "num" },
  { head: "Sent", kind: "num" },
  { head: "Items", kind: "num" },
  { head: "By way and mailbox", kind: "wide" },
  { head: "Records" },
];

/** The table, the most bytes first; null where no address is an intruder's. */
export function takingsPart({ takings }: Dossier, index: RecordIndex): SafeHtml | null {
  if (takings.length === 0) return null;
  const { shown, note } = firstOf(takings, LIMITS.takings, "address");
  const rows = shown.map((taking, at) => ({
    id: `taking-${at + 1}`,
    cells: cellsOf(taking, index),
  }));
  return html`<h3 id="takings">What can have left</h3>
<p>What servers sent to addresses of an intruder. It is a bound and no count of mails: over these requests no more than this can have left. Where no log states bytes there is no bound, and what an answer held, no log says. A request that stands in several logs counts once.</p>
${table("Sent to addresses of an intruder, the most first", COLUMNS, rows)}${note}`;
}

function cellsOf(taking: Taking, index: RecordIndex) {
  const { client, host, first, last, digits, requests, answered, at } = taking;
  return [
    html`${brief(client, 80)}<span class="why">from ${host === "" ? "a host that is not named" : host}</span>`,
    html`${timeElement(first, digits)}<br>${timeElement(last, digits)}`,
    grouped(requests),
    grouped(answered),
    sentCell(taking),
    taking.items === null ? "not stated" : grouped(taking.items),
    partsCell(taking),
    chips(index, at),
  ];
}

function sentCell({ sentBytes, withoutBytes }: Taking): SafeHtml {
  if (sentBytes === null) return html`no log states bytes`;
  const unsaid =
    withoutBytes === 0
      ? null
      : html`<span class="why">and ${counted(withoutBytes, "answer")} of which no log states bytes</span>`;
  return html`${size(sentBytes)}${unsaid}`;
}

function partsCell({ parts, mailboxes }: Taking): SafeHtml {
  const shown = parts
    .slice(0, LIMITS.parts)
    .map(({ what, requests, answered, sentBytes, items }) => {
      const bytes = sentBytes === null ? "bytes not stated" : size(sentBytes);
      const told = items === null ? "" : `, ${counted(items, "item")}`;
      return html`<li>${brief(what, 80)}: ${bytes}${told} <span class="soft">(${grouped(answered)} of ${counted(requests, "request")} answered)</span></li>`;
    });
  const more = parts.length - shown.length;
  const rest = more === 0 ? null : html`<li>${counted(more, "further way")}</li>`;
  return html`<ul class="plain">${shown}${rest}</ul>${mailboxLine(mailboxes)}`;
}

function mailboxLine(mailboxes: readonly string[]): SafeHtml | null {
  if (mailboxes.length === 0) return null;
  const named = mailboxes.slice(0, LIMITS.mailboxes).map((name) => brief(name, 80));
  const more = mailboxes.length - named.length;
  return html`<span class="why">${counted(mailboxes.length, "mailbox")} named: ${named.join(", ")}${more === 0 ? "" : ` and ${grouped(more)} more`}</span>`;
}
