/**
 * Rungs that only a tie shows: a cmdlet under the intruder's account, a page on disk, a page that was written and then ran. Refuses what a
 * name alone would show: whoever probes can write any account into a request, and a page that ran before it was written is another's.
 */
import { RUNGS, type Rung } from "../../../model/cause.ts";
import type { EventKey } from "../../../model/event.ts";
import { higherRung } from "../traces.ts";
import type { JoinRecord } from "./record.ts";
import { tellTie } from "./tell-tie.ts";
import { ACCOUNT_WITHIN, EXPORT_WITHIN, lowest, type Tie } from "./ties.ts";

/** How much higher a record stands than any rule says, and the tie that shows it. */
export interface Raised {
  readonly rung: Rung;
  readonly joinedBy: string;
}

const REACHED = RUNGS.indexOf("reached");
const EXECUTED = RUNGS.indexOf("executed");
/** IIS writes times to the second, the start as well as how long it took. */
const ROUNDED = 2 * 10_000_000;

/** Adds the records of one way that ties show on a higher rung than their rules. */
export function raiseRungs(
  { records, ties }: { readonly records: readonly JoinRecord[]; readonly ties: readonly Tie[] },
  raised: Map<EventKey, Raised>,
): void {
  if (!records.some(({ rung }) => rankOf(rung) >= REACHED)) return;
  const shownBy = judgeTies(records);
  for (const tie of ties)
    for (const at of [tie.earlier, tie.later]) {
      const record = records[at];
      if (record === undefined || record.rung === "used") continue;
      const rung = shownBy(record, tie);
      if (rung === null || rankOf(rung) <= rankOf(raisedRung(record, raised))) continue;
      raised.set(record.detection.at.key, { rung, joinedBy: tellTie(tie, records) });
    }
}

/** The rung of a record with what its ties show. */
export function raisedRung(
  { rung, detection }: JoinRecord,
  raised: ReadonlyMap<EventKey, Raised>,
): Rung | null {
  return higherRung(rung, raised.get(detection.at.key)?.rung ?? null);
}

/** Its place among the rungs, the lowest 0; -1 for none. */
export function rankOf(rung: Rung | null): number {
  return rung === null ? -1 : RUNGS.indexOf(rung);
}

/** What a tie shows of one of its records, on a way on which somebody got further than a probe; null where it shows nothing. */
function judgeTies(records: readonly JoinRecord[]): (record: JoinRecord, tie: Tie) => Rung | null {
  const written = writtenPages(records);
  const seen = new Set(
    records
      .filter(({ where, rung }) => where === "file" && rankOf(rung) >= EXECUTED)
      .flatMap(({ pages }) => pages),
  );
  const isOpen = ({ where, rung }: JoinRecord) => where === "cmdlet" && rankOf(rung) < EXECUTED;
  const isIntruders = records.some(isOpen) ? intrudersAmong(records) : () => false;
  const isUse = ({ end }: JoinRecord, page: string) =>
    end + ROUNDED >= (written.get(page) ?? Number.POSITIVE_INFINITY);
  return (record, { kind, name }) => {
    switch (record.where) {
      case "cmdlet":
        return isOpen(record) && isIntruders(record, kind, name) ? "executed" : null;
      case "file":
        if (kind !== "page") return null;
        // A second log of the same file shows nothing that the first has not.
        if (record.compiled === null) return seen.has(name) ? null : "executed";
        return isUse(record, name) ? "used" : null;
      case "page":
        return kind === "page" && record.isAnswered && isUse(record, name) ? "used" : null;
      case "front end":
      case "HttpProxy":
      case "back end":
      case "process":
        return null;
    }
  };
}

/** When each page was on disk at the latest: by the first file, or the first cmdlet that succeeded in writing it. */
function writtenPages(records: readonly JoinRecord[]): ReadonlyMap<string, number> {
  const written = new Map<string, number>();
  for (const { where, rung, pages, time } of records)
    if (where === "file" || (where === "cmdlet" && rankOf(rung) >= EXECUTED))
      for (const page of pages) if (!written.has(page)) written.set(page, time);
  return written;
}

/**
 * Whether a cmdlet is the intruder's: close to it a record that got further than a probe names the same account; or the same directory or
 * export, and no other account.
 */
function intrudersAmong(
  records: readonly JoinRecord[],
): (record: JoinRecord, kind: Tie["kind"], name: string) => boolean {
  const shown = records.filter(({ rung }) => rankOf(rung) >= REACHED);
  const byName = Map.groupBy(
    shown.flatMap((record) => namesOf(record).map((name) => ({ name, record }))),
    ({ name }) => name,
  );
  return (own, kind, name) => {
    if (kind !== "account" && kind !== "directory" && kind !== "mailbox") return false;
    const within = kind === "mailbox" ? EXPORT_WITHIN : ACCOUNT_WITHIN;
    const known = byName.get(`${kind} ${name}`) ?? [];
    const next = lowest(known.length, (at) => (known[at]?.record.time ?? 0) >= own.time);
    return known
      .slice(Math.max(0, next - 1), next + 1)
      .some(
        ({ record }) =>
          Math.abs(record.time - own.time) <= within &&
          (kind === "account" || !isAnothers(own, record)),
      );
  };
}

function namesOf({ accounts, directory, exportOf }: JoinRecord): readonly string[] {
  return [
    ...accounts.map((account) => `account ${account}`),
    ...(directory === null ? [] : [`directory ${directory}`]),
    ...(exportOf === null ? [] : [`mailbox ${exportOf}`]),
  ];
}

/** Both name accounts, and none that is the same. */
function isAnothers(a: JoinRecord, b: JoinRecord): boolean {
  const names = a.accounts.length > 0 && b.accounts.length > 0;
  return names && !a.accounts.some((account) => b.accounts.includes(account));
}
