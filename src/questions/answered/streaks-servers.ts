/**
 * Which hosts are servers, and what says so: the case file, logs that only servers write, or the system that was seen on them.
 * Refuses to guess from names. A streak is one on any host; on a server it is called and ranked as that.
 */
import type { CaseHost } from "../../model/case-file.ts";
import type { Coverage } from "../../model/coverage.ts";
import type { Observations } from "../../model/observation.ts";
import { nameHosts, spell } from "../../engines/wording/index.ts";
import type { ThreatKnowledge } from "./threats.ts";

/** What servers are told from. */
export interface ServerSigns {
  readonly hosts: readonly CaseHost[];
  readonly coverage: Pick<Coverage, "sources">;
  readonly observations: Pick<Observations, "observations">;
}

/** Each server by its one name, with what says that it is one: the case file first. */
export function serversOf(
  { hosts, coverage, observations }: ServerSigns,
  { servers }: ThreatKnowledge,
): ReadonlyMap<string, string> {
  const seen = [...coverage.sources, ...observations.observations].map(({ host }) => host);
  const nameOf = nameHosts(hosts, new Set(seen));
  const formats = new Set<string>(servers.formats);
  const channels = new Set(servers.channels.map((channel) => channel.toLowerCase()));
  const stated = new Map(hosts.map(({ name, roles }) => [name, roles]));
  const found = new Map<string, string>();
  const add = (host: string, why: string) => {
    // What the case file says of a host is not overruled by a log that lies beside it.
    if (host !== "" && (stated.get(host) ?? []).length === 0 && !found.has(host))
      found.set(host, why);
  };
  for (const [host, roles] of stated) {
    const role = roles.find((each) => !servers.workstationRoles.includes(each.toLowerCase()));
    if (role !== undefined) found.set(host, `its role in the case file is ${spell(role)}`);
  }
  for (const { host, format, channel } of coverage.sources)
    if (formats.has(format) || channels.has(channel.toLowerCase()))
      add(nameOf(host), "logs of it are here that only servers write");
  for (const { host, product } of observations.observations)
    if (/windows server/i.test(product)) add(nameOf(host), "Windows Server was seen on it");
  return found;
}
