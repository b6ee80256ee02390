/** How much one page shows. The exact totals are always said, and the JSON twin holds everything. */
import { html, type SafeHtml } from "./markup.ts";
import { counted, grouped } from "./words.ts";

/** Items a list shows at most, unless said otherwise. */
export const LIMITS = {
  timeline: 1000,
  findings: 1000,
  records: 3000,
  flaws: 200,
  evidence: 1000,
  sources: 200,
  dying: 200,
  gaps: 300,
  lanes: 12,
  references: 8,
  /** Months that the calendar draws, days and logs that it lists, and signals of one day. */
  months: 36,
  missedDays: 200,
  missedLogs: 12,
  daySignals: 12,
  streaks: 12,
  chains: 6,
  links: 40,
  takings: 100,
  /** Ways and mailboxes that one address shows. */
  parts: 8,
  mailboxes: 12,
  aftermaths: 8,
  changes: 8,
  containment: 200,
  canaries: 50,
  deliveries: 200,
  patchHosts: 12,
  patchItems: 20,
  patchBuilds: 8,
  /** Rows of the table of claims, and of the table of hosts. */
  patchRows: 300,
  /** Claims, public facts and vulnerabilities that one update shows. */
  patchDetails: 24,
  refusals: 100,
  statements: 300,
  /** Escaped characters of field text over all records, shared evenly; keeps the page below 10 MB. */
  fieldText: 4_000_000,
} as const;

/** The first of a list, and a sentence with the total where some are left out. */
export function firstOf<T>(
  items: readonly T[],
  max: number,
  noun: string,
  total = items.length,
  rest = "dossier.json beside this page holds the others",
): { shown: readonly T[]; note: SafeHtml | null } {
  const shown = items.slice(0, max);
  if (shown.length === total) return { shown, note: null };
  const sentence = `The first ${grouped(shown.length)} of ${counted(total, noun)}; ${rest}.`;
  return { shown, note: html`<p class="note">${sentence}</p>` };
}
