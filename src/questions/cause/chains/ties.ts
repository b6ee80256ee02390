/**
 * Which records belong together because of what both name: a request, a page, a process, an account, a client, one after the other.
 * Each tie leads to the nearest earlier record with the same name, so that there are no more ties than names: linear after a sort.
 * Refuses a name alone where it is worth little: an account, an address and a page asked for in vain hold for a while only.
 */
import type { JoinRecord } from "./record.ts";
import { compiledName } from "./web-path.ts";

/** What two records share; the strongest first. */
export const TIES = [
  "request id",
  "page",
  "process",
  "directory",
  "mailbox",
  "account",
  "client",
  "use",
  "time",
] as const;
export type TieKind = (typeof TIES)[number];

/** Two records, by their places in the order of time, and what both name. */
export interface Tie {
  readonly kind: TieKind;
  readonly earlier: number;
  readonly later: number;
  readonly name: string;
}

const SECOND = 10_000_000;
const HOUR = 3600 * SECOND;
const DAY = 24 * HOUR;

/** Cmdlets run while the session is open that a request opened. */
export const ACCOUNT_WITHIN = 300 * SECOND;
/** A request to export is removed when it is done, or to hide that it was. */
export const EXPORT_WITHIN = DAY;
/** A visit: requests of one client with no longer pause between them. */
const VISIT_WITHIN = HOUR;
/** A worker starts a program while it answers; IIS knows the start of a request to the second. */
const PROCESS_WITHIN = 2 * SECOND;
/** A page is compiled, then called, by the same request. */
const COMPILED_WITHIN = 10 * SECOND;
/** Setting the address of a virtual directory writes its file at once or in the next requests of the same tool. */
const UNNAMED_WITHIN = 60 * SECOND;
/** Requests that are compared with one program: those that end next after it. */
const COMPARED_MAX = 64;

/** All ties among records of one host in order of time. */
export function tiesOf(records: readonly JoinRecord[]): readonly Tie[] {
  const ties: Tie[] = [];
  tieNames(records, ties);
  tiePages(records, ties);
  tieProcesses(records, ties);
  tieUnnamed(records, ties);
  return ties;
}

/** Programs that two logs tell of, by their places: one process id within seconds, in two channels. Each is in one pair. */
export function pairsOf(
  records: readonly JoinRecord[],
  ties: readonly Tie[],
): readonly { readonly first: number; readonly second: number }[] {
  const paired = new Set<number>();
  return ties.flatMap(({ kind, earlier, later }) => {
    const [a, b] = [records[earlier]?.detection, records[later]?.detection];
    if (kind !== "process" || a === undefined || b === undefined) return [];
    if (a.channel === b.channel || paired.has(earlier) || paired.has(later)) return [];
    paired.add(earlier).add(later);
    return [{ first: earlier, second: later }];
  });
}

/** Names that hold for a while after each record that has them. */
const NAMES: readonly {
  readonly kind: TieKind;
  /** null: always. */
  readonly within: number | null;
  readonly nameOf: (record: JoinRecord) => string | number | readonly string[] | null;
}[] = [
  // A request's name is good for a day already (traces.ts).
  { kind: "request id", within: null, nameOf: ({ requestId }) => requestId },
  { kind: "account", within: ACCOUNT_WITHIN, nameOf: ({ accounts }) => accounts },
  { kind: "client", within: VISIT_WITHIN, nameOf: ({ client }) => client },
  { kind: "mailbox", within: EXPORT_WITHIN, nameOf: ({ exportOf }) => exportOf },
  { kind: "directory", within: ACCOUNT_WITHIN, nameOf: ({ directory }) => directory },
  { kind: "process", within: PROCESS_WITHIN, nameOf: ({ processId }) => processId },
];

function tieNames(records: readonly JoinRecord[], ties: Tie[]): void {
  for (const { kind, within, nameOf } of NAMES) {
    const last = new Map<string | number, number>();
    const tie = (name: string | number, later: number) => {
      const earlier = last.get(name);
      last.set(name, later);
      if (earlier === undefined) return;
      if (within === null || apart(records, earlier, later) <= within)
        ties.push({ kind, earlier, later, name: String(name) });
    };
    for (const [at, record] of records.entries()) {
      const name = nameOf(record);
      if (name === null) continue;
      if (typeof name !== "object") tie(name, at);
      else for (const one of name) tie(one, at);
    }
  }
}

/** Pages: whoever names one stays with it, but for those who asked in vain, who may have guessed. */
function tiePages(records: readonly JoinRecord[], ties: Tie[]): void {
  const firm = new Map<string, number>();
  const vain = new Map<string, number>();
  const made = new Map<string, { readonly at: number; readonly page: string }>();
  const compilations = new Map<string, number>();
  const push = (
    earlier: number | undefined,
    later: number,
    name: string,
    within: number | null,
  ) => {
    if (earlier !== undefined && (within === null || apart(records, earlier, later) <= within))
      ties.push({ kind: "page", earlier, later, name });
  };
  for (const [at, { pages, isInVain, compiled }] of records.entries()) {
    for (const page of pages) {
      push(vain.get(page), at, page, VISIT_WITHIN);
      push(firm.get(page), at, page, isInVain ? VISIT_WITHIN : null);
      (isInVain ? vain : firm).set(page, at);
      if (isInVain) continue;
      const name = compiledName(page);
      push(compilations.get(name), at, page, null);
      made.set(name, { at, page });
    }
    if (compiled === null) continue;
    const source = made.get(compiled);
    push(source?.at, at, source?.page ?? "", null);
    push(compilations.get(compiled), at, compiled, null);
    compilations.set(compiled, at);
  }
}

/** Programs of the web server's worker, to the request that was being answered, or the page just compiled. */
function tieProcesses(records: readonly JoinRecord[], ties: Tie[]): void {
  const uses = records
    .map((record, at) => ({ record, at }))
    .filter(
      ({ record }) => record.compiled !== null || (record.pages.length > 0 && record.isAnswered),
    )
    .map(({ record, at }) => ({
      at,
      name: record.pages[0] ?? record.compiled ?? "",
      from: record.start - PROCESS_WITHIN,
      to: record.end + (record.compiled === null ? PROCESS_WITHIN : COMPILED_WITHIN),
    }))
    .sort((a, b) => a.to - b.to || a.at - b.at);
  for (const [at, { isWorkersChild, time }] of records.entries()) {
    if (!isWorkersChild) continue;
    const next = lowest(uses.length, (use) => (uses[use]?.to ?? 0) >= time);
    const use = uses.slice(next, next + COMPARED_MAX).find(({ from }) => from <= time);
    if (use === undefined) continue;
    const [earlier, later] = use.at < at ? [use.at, at] : [at, use.at];
    ties.push({ kind: "use", earlier, later, name: use.name });
  }
}

/** Pages written shortly behind a cmdlet that writes a file without naming it. */
function tieUnnamed(records: readonly JoinRecord[], ties: Tie[]): void {
  let writer: number | null = null;
  for (const [at, record] of records.entries()) {
    if (record.writesUnnamed) writer = at;
    const isWritten = record.where === "file" && record.pages.length > 0;
    if (writer !== null && isWritten && apart(records, writer, at) <= UNNAMED_WITHIN)
      ties.push({ kind: "time", earlier: writer, later: at, name: "" });
  }
}

function apart(records: readonly JoinRecord[], earlier: number, later: number): number {
  return (records[later]?.time ?? 0) - (records[earlier]?.time ?? 0);
}

/** The lowest index below `length` for which `is` holds; once it does, it does for all behind. */
export function lowest(length: number, is: (index: number) => boolean): number {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (is(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
