/**
 * One name for each host. Refuses to guess: two names are one host only where the case file says so, or where
 * they differ in nothing but case (host names ignore case: RFC 4343). `mx1` and `mx1.clinic.example` may differ.
 */
import { byCodeUnits } from "../../base/text.ts";
import type { CaseHost } from "../../model/case-file.ts";

/**
 * Gives the one name of a host: the case file's where a name, alias or address of it fits, otherwise the smallest
 * spelling (by UTF-16 units) among `seen`, so that the order of the evidence decides nothing.
 */
export function nameHosts(
  hosts: readonly CaseHost[],
  seen: Iterable<string>,
): (name: string) => string {
  const names = new Map<string, string>();
  for (const name of seen) {
    const fold = name.toLowerCase();
    const spelt = names.get(fold);
    if (spelt === undefined || byCodeUnits(name, spelt) < 0) names.set(fold, name);
  }
  // Last to first, names after aliases: an alias that two hosts claim belongs to the first of them.
  for (const host of hosts.toReversed())
    for (const alias of [...host.addresses, ...host.aliases])
      names.set(alias.toLowerCase(), host.name);
  for (const host of hosts.toReversed()) names.set(host.name.toLowerCase(), host.name);
  return (name) => names.get(name.toLowerCase()) ?? name;
}
