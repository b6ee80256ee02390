/**
 * Which hosts and updates the page shows, and under which anchors: the worst hosts first, and of each what is not fixed or came late.
 * Everything else is counted; dossier.json holds it.
 */
import { byCodeUnits } from "../../base/text.ts";
import type { HostPatches, PatchItem, PatchReport } from "../../model/patch.ts";
import { LIMITS } from "./limits.ts";

/** One product on one host, with its updates. */
export interface ShownHost {
  readonly host: HostPatches;
  readonly anchor: string;
  /** Not fixed, the worst verdict first. */
  readonly unfixed: readonly ShownItem[];
  /** How many more of them there are. */
  readonly more: number;
  /** Fixed past the deadline; a part of `fixed`. */
  readonly late: readonly PatchItem[];
  readonly fixed: number;
}

/** One update, and where it stands on the page. */
export interface ShownItem {
  readonly item: PatchItem;
  readonly anchor: string;
}

/** What the page shows of a report. */
export interface ShownPatches {
  /** Hosts of which something is not fixed, or is to be said. */
  readonly hosts: readonly ShownHost[];
  /** Such hosts that are left out. */
  readonly furtherHosts: number;
  /** Updates that somebody claims something of. */
  readonly claimed: readonly PatchItem[];
}

/** Chooses what is shown; the same report gives the same choice. */
export function shownPatches(report: PatchReport): ShownPatches {
  const byHost = Map.groupBy(report.items, ({ host, product }) => nameOf(host, product));
  const open = report.hosts
    .filter((host) => isOpen(host, byHost.get(nameOf(host.host, host.product)) ?? []))
    .toSorted(worstFirst);
  const hosts = open.slice(0, LIMITS.patchHosts).map((host, at) => {
    const items = byHost.get(nameOf(host.host, host.product)) ?? [];
    return shownHost(host, items, `updates-${at + 1}`);
  });
  return {
    hosts,
    furtherHosts: open.length - hosts.length,
    claimed: report.items.filter(({ claims }) => claims.length > 0),
  };
}

function shownHost(host: HostPatches, items: readonly PatchItem[], anchor: string): ShownHost {
  const unfixed = items.filter(({ verdict }) => verdict !== "fixed");
  const shown = unfixed.slice(0, LIMITS.patchItems);
  const fixed = items.filter(({ verdict }) => verdict === "fixed");
  return {
    host,
    anchor,
    unfixed: shown.map((item, at) => ({ item, anchor: `${anchor}-${at + 1}` })),
    more: unfixed.length - shown.length,
    late: fixed.filter(({ deadline }) => deadline !== null && deadline.daysLate > 0),
    fixed: fixed.length,
  };
}

function isOpen({ remarks }: HostPatches, items: readonly PatchItem[]): boolean {
  return remarks.length > 0 || items.some(({ verdict }) => verdict !== "fixed");
}

function worstFirst(a: HostPatches, b: HostPatches): number {
  return (
    b.critical - a.critical ||
    b.unfixed - a.unfixed ||
    b.unknown - a.unknown ||
    byCodeUnits(a.host, b.host) ||
    byCodeUnits(a.product, b.product)
  );
}

function nameOf(host: string, product: string): string {
  return JSON.stringify([host, product]);
}
