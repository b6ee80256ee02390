/**
 * How far Exchange's own logs reach back: a month, and in a few stories some saved days of August; and its audit logs, and the
 * logs of the Linux machine. Drawn apart from the story, so that a log more or less leaves the story as it is.
 */
import { COLLECTED_AT, DAY, FIRST_DAY, LAST_DAY, MINUTE, dayOf, on } from "./calendar.ts";
import type { Chance } from "./chance.ts";
import type { SampleGap } from "./gaps.ts";
import type { Plan } from "./plan.ts";

/** Days that Exchange keeps its logs by default. */
const DAYS_KEPT = 30;
/** More than that nobody saved. */
const SAVED_DAYS_MAX = 9;

/** What is left of Exchange's own logs. Days are whole days since 1970 in UTC. */
export interface Keeping {
  /** Days that the server still had. */
  readonly days: readonly number[];
  /** Days that somebody had copied in time; empty in most stories. */
  readonly savedDays: readonly number[];
  /** HttpProxy came by way of a log collector that wrote its own time, ahead by this; 0 where it came from the disk. */
  readonly collectorSkewMillis: number;
}

/** Logs that roll over, by the names of their channels, and whether the saved days hold them too. */
const ROLLING_LOGS: readonly (readonly [channel: string, isSaved: boolean])[] = [
  ["HttpProxy", true],
  ["Ews", true],
  ["MessageTracking", false],
  ["SmtpReceive", false],
  ["SmtpSend", false],
  ["Owa", false],
  ["Ecp", false],
  ["CmdletInfra", false],
];

/** Days that Exchange keeps its audit logs by default. */
const AUDITED_DAYS = 90;
/** Before this nobody had switched the audit of mailboxes on. */
export const MAILBOXES_AUDITED_FROM = on(10, 1);

/** Asked for was what the Management log still shows: the two are to be held against each other. */
export function cmdletsAuditedFrom(managementFrom: number): number {
  return Math.max(managementFrom, COLLECTED_AT - AUDITED_DAYS * DAY);
}

/** What the searches of the audit logs cannot tell. */
export function auditGaps(host: string, managementFrom: number): SampleGap[] {
  const from = FIRST_DAY * DAY;
  const to = cmdletsAuditedFrom(managementFrom);
  return [
    { host, source: "AdminAuditLogEvent", from, to, kind: "not-collected" },
    {
      host,
      source: "MailboxAuditLogEvent",
      from,
      to: MAILBOXES_AUDITED_FROM,
      kind: "not-collected",
    },
  ];
}

/** Full weeks that the Linux machine keeps beside the one that runs. */
export const ROTATED_WEEKS = 14;

/** The Sunday from which the logs of the Linux machine are left. */
export function firstRotatedDay(): number {
  const sunday = LAST_DAY - ((LAST_DAY + 4) % 7);
  return sunday - 7 * ROTATED_WEEKS;
}

/** What the access log of the Linux machine lacks. */
export function rotatedAway(host: string): SampleGap {
  const [from, to] = [FIRST_DAY * DAY, firstRotatedDay() * DAY];
  return { host, source: "access", from, to, kind: "rolled-over" };
}

/** Draws what was kept; `exploitedAt` is null where nothing was exploited. */
export function drawKeeping(chance: Chance, plan: Plan, exploitedAt: number | null): Keeping {
  const days = Array.from({ length: DAYS_KEPT }, (_, at) => LAST_DAY - DAYS_KEPT + 1 + at);
  const isSaved = chance.happens(0.2) && exploitedAt !== null;
  const collected = chance.happens(0.5);
  const ahead = chance.happens(0.7) ? 1 : -1;
  return {
    days,
    savedDays: isSaved ? daysToSave(plan, dayOf(exploitedAt), dayOf(COLLECTED_AT) - DAYS_KEPT) : [],
    collectorSkewMillis: collected ? ahead * 7 * MINUTE : 0,
  };
}

/** The day of the exploitation with its neighbours, and days on which mail was read, before the month that is left. */
function daysToSave(plan: Plan, exploited: number, before: number): number[] {
  const read = plan.steps
    .filter(({ kind }) => kind === "mail-read")
    .map(({ logged }) => dayOf(logged));
  const days = new Set([exploited - 1, exploited, exploited + 1, ...read]);
  return [...days]
    .filter((day) => day < before)
    .sort((left, right) => left - right)
    .slice(0, SAVED_DAYS_MAX);
}

/** What Exchange's own logs lack, as gaps of the host: all before the month that is left, but for the saved days. */
export function rolledOver(host: string, keeping: Keeping, managementFrom: number): SampleGap[] {
  const [first = LAST_DAY] = keeping.days;
  return ROLLING_LOGS.flatMap(([source, isSaved]) => {
    // The remote cmdlets are told from the Management log, and no further back.
    const end = source === "CmdletInfra" ? Math.max(first * DAY, managementFrom) : first * DAY;
    return stretches(isSaved ? keeping.savedDays : [], end).map(
      ([from, to]): SampleGap => ({ host, source, from, to, kind: "rolled-over" }),
    );
  });
}

/** From the first day to `end`, in milliseconds, without the days. */
function stretches(days: readonly number[], end: number): (readonly [number, number])[] {
  const found: (readonly [number, number])[] = [];
  let from = FIRST_DAY * DAY;
  for (const day of days) {
    if (day * DAY > from) found.push([from, day * DAY]);
    from = (day + 1) * DAY;
  }
  return [...found, [from, end]];
}
