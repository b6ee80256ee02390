/**
 * Who the intruders are, as far as the ladder tells: addresses whose requests reached the back end or got further, by a rule that holds that
 * grave, and which belong to no stated test. Refuses addresses that are nobody's or one's own (front doors, hosts, staff): they are named apart.
 */
import { byCodeUnits } from "../../base/text.ts";
import type { CaseFile } from "../../model/case-file.ts";
import { RUNGS, type Rung } from "../../model/cause.ts";
import type { Detection, Level } from "../../model/detection.ts";
import { nameHosts } from "../../engines/wording/index.ts";
import { liesIn } from "./networks.ts";
import { attributeByTime } from "./own-tests.ts";
import { type Trace, higherRung, tracesOf } from "./traces.ts";

/** One address that got in at one host. */
export interface Intruder {
  readonly host: string;
  readonly address: string;
  /** How far it got, at the most. */
  readonly rung: Rung;
}

/** Addresses whose requests got as far, and which are not taken for an intruder's. */
export interface NoIntruder {
  readonly host: string;
  readonly address: string;
  readonly because: "front door" | "staff network";
}

/** What the ladder says of addresses, by host and address in order. */
export interface Intruders {
  readonly intruders: readonly Intruder[];
  readonly leftOut: readonly NoIntruder[];
}

const GRAVE: ReadonlySet<Level> = new Set(["high", "critical"]);
/** As the sources call the client, where a rule or the joining of logs has kept it. */
const CLIENT_FIELDS = ["c-ip", "ClientIpAddress"];
const LOOPBACK = /^(?:127\.|::1$)/;

/** The intruders of all hosts. Hosts have their one names. */
export function intrudersOf(
  detections: readonly Detection[],
  caseFile: Pick<CaseFile, "hosts" | "tests" | "frontDoors" | "staffNetworks">,
): Intruders {
  const nameOf = nameHosts(caseFile.hosts, new Set(detections.map(({ host }) => host)));
  const traces = attributeByTime(tracesOf(detections, caseFile, nameOf));
  const grave = new Set(traces.filter(isGrave).flatMap(({ requestId }) => requestId ?? []));
  const found = new Map<string, Intruder>();
  for (const trace of traces) {
    const { rung, requestId, test, host } = trace;
    if (test !== null || rung === null || rung === "probed") continue;
    if (!isGrave(trace) && (requestId === null || !grave.has(requestId))) continue;
    const address = clientOf(trace);
    if (address === null || isOwnHost(address, caseFile)) continue;
    const key = JSON.stringify([host, address]);
    const known = found.get(key)?.rung ?? null;
    found.set(key, { host, address, rung: higherRung(known, rung) ?? rung });
  }
  return parted(
    [...found].sort(([a], [b]) => byCodeUnits(a, b)).map(([, intruder]) => intruder),
    caseFile,
  );
}

function parted(
  found: readonly Intruder[],
  { frontDoors, staffNetworks }: Pick<CaseFile, "frontDoors" | "staffNetworks">,
): Intruders {
  const intruders: Intruder[] = [];
  const leftOut: NoIntruder[] = [];
  for (const intruder of found) {
    const { host, address } = intruder;
    const lies = (network: string) => liesIn(address, network);
    if (frontDoors.some(lies)) leftOut.push({ host, address, because: "front door" });
    else if (staffNetworks.some(lies)) leftOut.push({ host, address, because: "staff network" });
    else intruders.push(intruder);
  }
  return { intruders, leftOut };
}

/** On a rung from `reached` on, by a rule of level high or critical. */
function isGrave({ rung, detection }: Trace): boolean {
  return rung !== null && RUNGS.indexOf(rung) > 0 && GRAVE.has(detection.level);
}

/** The back end sees the front end's address: it names nobody. */
function clientOf({ detection: { fields, channel } }: Trace): string | null {
  if ((fields["Side"] ?? (channel === "W3SVC2" ? "back-end" : "")) === "back-end") return null;
  for (const name of CLIENT_FIELDS) {
    const value = fields[name];
    if (typeof value === "string" && value !== "" && !LOOPBACK.test(value)) return value;
  }
  return null;
}

function isOwnHost(address: string, { hosts }: Pick<CaseFile, "hosts">): boolean {
  return hosts.some(({ addresses }) => addresses.some((own) => liesIn(address, own)));
}

/** Tells of addresses that many share or that the servers use themselves (front doors, hosts, loopback): they join and name nobody. */
export function nobodysAddresses({
  hosts,
  frontDoors,
}: Pick<CaseFile, "hosts" | "frontDoors">): (address: string) => boolean {
  const known = new Map<string, boolean>();
  return (address) => {
    const told =
      known.get(address) ?? isOwnAddress(address, { hosts, frontDoors, staffNetworks: [] });
    known.set(address, told);
    return told;
  };
}

/** Whether an address is one's own: of a host, a front door or a staff network that the case file names. */
export function isOwnAddress(
  address: string,
  caseFile: Pick<CaseFile, "hosts" | "frontDoors" | "staffNetworks">,
): boolean {
  const { frontDoors, staffNetworks } = caseFile;
  return (
    LOOPBACK.test(address) ||
    isOwnHost(address, caseFile) ||
    [...frontDoors, ...staffNetworks].some((network) => liesIn(address, network))
  );
}
