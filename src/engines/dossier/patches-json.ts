/**
 * The report on updates as the machine's dossier writes it: days as `2021-04-13`, the observation behind a span by its place alone
 * (observations stand beside it, whole). Very many updates are cut, those that are fixed first, and the total is said.
 */
import { type Day, formatDay } from "../../base/day.ts";
import type { BuildSpan, HostPatches, PatchItem, PatchReport } from "../../model/patch.ts";

/** About 60 MB of JSON and two seconds; `breakwater patches` prints any number of them. */
const ITEMS_MAX = 20_000;

/** The report with its days as texts; times are left for the caller to write. */
export function datedPatches(report: PatchReport, itemsMax = ITEMS_MAX): object {
  const { items } = report;
  return {
    ...report,
    asOf: formatDay(report.asOf),
    hosts: report.hosts.map(datedHost),
    items: kept(items, itemsMax).map(datedItem),
    itemsTotal: items.length,
  };
}

/** In the order given; where there are too many, what is not fixed stays. */
function kept(items: readonly PatchItem[], max: number): readonly PatchItem[] {
  if (items.length <= max) return items;
  const unfixed = items.filter(({ verdict }) => verdict !== "fixed");
  const fixed = items.filter(({ verdict }) => verdict === "fixed");
  return [...unfixed, ...fixed].slice(0, max);
}

/** `digits` serve the times of the same object: a host is observed to the second. */
function datedHost(host: HostPatches): unknown {
  const { decidedBy, spans } = host;
  return {
    ...host,
    digits: 0,
    decidedBy:
      decidedBy === null
        ? null
        : { kind: decidedBy.kind, source: decidedBy.source, at: decidedBy.last.at },
    spans: spans.map(datedSpan),
  };
}

function datedSpan({ first, last, observation, ...span }: BuildSpan): unknown {
  const { kind, source, records } = observation;
  return {
    ...span,
    first: dated(first),
    last: dated(last),
    kind,
    source,
    records,
    at: [observation.first.at, observation.last.at],
  };
}

function datedItem(item: PatchItem): unknown {
  const { exposure, deadline, released, known, vulnerabilities } = item;
  return {
    ...item,
    digits: 0,
    released: dated(released),
    exposure:
      exposure === null
        ? null
        : { ...exposure, from: formatDay(exposure.from), to: exposure.to?.map(formatDay) ?? null },
    deadline: deadline === null ? null : { ...deadline, due: formatDay(deadline.due) },
    known: known.map((fact) => ({ ...fact, day: formatDay(fact.day) })),
    vulnerabilities: vulnerabilities.map(({ epss, ...state }) => ({
      ...state,
      epss: epss === null ? null : { ...epss, day: formatDay(epss.day) },
    })),
  };
}

function dated(day: Day | null): string | null {
  return day === null ? null : formatDay(day);
}
