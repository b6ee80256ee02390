/**
 * The ways in: records of one host that ties hold together, as chains of links, and the rungs that only a tie shows. A chain must have
 * got as far as something executed. Pure: the order of its input does not matter (docs/design/cause.md).
 */
import { count } from "../../../engines/wording/index.ts";
import { byCodeUnits } from "../../../base/text.ts";
import { RUNGS, type Chain, type Rung } from "../../../model/cause.ts";
import type { EventKey } from "../../../model/event.ts";
import { higherRung, type Trace } from "../traces.ts";
import { linksOf } from "./links.ts";
import { type JoinRecord, recordOf } from "./record.ts";
import { pairsOf, type Tie, tiesOf } from "./ties.ts";
import { tellTie } from "./tell-tie.ts";

/** Chains that an answer tells, the gravest and earliest first. */
export const CHAINS_MAX = 50;

/** What following the traces gives. */
export interface Followed {
  readonly chains: readonly Chain[];
  /** Records that stand higher than any rule says, and the tie that shows it. */
  readonly raised: ReadonlyMap<EventKey, Raised>;
  /** Records that are one program in two logs, by a name that only the two have. */
  readonly programs: ReadonlyMap<EventKey, string>;
  readonly limits: readonly string[];
}

export interface Raised {
  readonly rung: Rung;
  readonly joinedBy: string;
}

/** Records of one host that ties hold together, in order of time. */
interface Way {
  readonly records: readonly JoinRecord[];
  readonly ties: readonly Tie[];
}

/** Follows traces in order of time from source to source. Those of stated tests are in no chain and raise nothing. */
export function followTraces(
  traces: readonly Trace[],
  isFrontDoor: (address: string) => boolean,
): Followed {
  const raised = new Map<EventKey, Raised>();
  const programs = new Map<EventKey, string>();
  const chains: Chain[] = [];
  let linksLeftOut = 0;
  const hosts = Map.groupBy(
    traces.filter(({ test }) => test === null),
    ({ host }) => host,
  );
  for (const [host, own] of hosts) {
    for (const way of waysOf(recordsOf(own, isFrontDoor))) {
      raiseRungs(way, raised);
      namePrograms(way, programs);
      const rungs = way.records.map((record) => rungOf(record, raised));
      if (!rungs.some((rung) => rung === "executed" || rung === "used")) continue;
      const { links, leftOut } = linksOf(way.records, way.ties, rungs);
      // Several logs of one antivirus tell the same file: no way in yet.
      if (links.length < 2 || links.every(({ where }) => where === "file")) continue;
      linksLeftOut += leftOut;
      chains.push({ host, links });
    }
  }
  chains.sort(byGravity);
  const chainsLeftOut = chains.length - CHAINS_MAX;
  return {
    chains: chains.slice(0, CHAINS_MAX),
    raised,
    programs,
    limits: [
      ...(chainsLeftOut > 0
        ? [
            `${count(chainsLeftOut, "further chain is", "further chains are")} not told, the least grave; their records stand on the ladders.`,
          ]
        : []),
      ...(linksLeftOut > 0
        ? [
            `${count(linksLeftOut, "link is", "links are")} left out of the chains, those of the lowest rungs first; their records stand on the ladders.`,
          ]
        : []),
    ],
  };
}

/** One record for each place in the evidence, in the order of the traces, which is that of time. */
function recordsOf(
  traces: readonly Trace[],
  isFrontDoor: (address: string) => boolean,
): readonly JoinRecord[] {
  const byPlace = Map.groupBy(traces, ({ detection }) => detection.at.key);
  return [...byPlace.values()].flatMap((own) => recordOf(own, isFrontDoor) ?? []);
}

/** Records that ties hold together; those that nothing holds are on no way. */
function waysOf(records: readonly JoinRecord[]): readonly Way[] {
  const ties = tiesOf(records);
  const roots = Int32Array.from(records, (_, at) => at);
  const rootOf = (at: number): number => {
    let root = at;
    while (roots[root] !== root) root = roots[root] ?? root;
    // Later walks take the short way.
    for (let step = at; step !== root; ) {
      const next = roots[step] ?? root;
      roots[step] = root;
      step = next;
    }
    return root;
  };
  for (const { earlier, later } of ties) {
    const [a, b] = [rootOf(earlier), rootOf(later)];
    roots[Math.max(a, b)] = Math.min(a, b);
  }
  const tiesByRoot = Map.groupBy(ties, ({ earlier }) => rootOf(earlier));
  const members = Map.groupBy(records.keys(), (at) => rootOf(at));
  return [...tiesByRoot].map(([root, own]) => {
    const places = members.get(root) ?? [];
    const placed = new Map(places.map((at, index) => [at, index]));
    return {
      records: places.flatMap((at) => records[at] ?? []),
      ties: own.map((tie) => ({
        ...tie,
        earlier: placed.get(tie.earlier) ?? 0,
        later: placed.get(tie.later) ?? 0,
      })),
    };
  });
}

/** What only a tie shows: a cmdlet under the intruder's account, a page on disk, a page that was written and then ran. */
function raiseRungs({ records, ties }: Way, raised: Map<EventKey, Raised>): void {
  const written = new Set(
    records
      .filter(({ where }) => where === "cmdlet" || where === "file")
      .flatMap(({ pages }) => pages),
  );
  const seen = new Set(
    records
      .filter(({ where, rung }) => where === "file" && rank(rung) >= RUNGS.indexOf("executed"))
      .flatMap(({ pages }) => pages),
  );
  const isIntruders = records.some(({ rung }) => rung !== null && rung !== "probed");
  for (const tie of ties)
    for (const at of [tie.earlier, tie.later]) {
      const record = records[at];
      const rung =
        record === undefined ? null : shownBy(record, tie, { written, seen, isIntruders });
      if (record === undefined || rung === null || rank(rung) <= rank(rungOf(record, raised)))
        continue;
      raised.set(record.detection.at.key, { rung, joinedBy: tellTie(tie, records) });
    }
}

function namePrograms({ records, ties }: Way, programs: Map<EventKey, string>): void {
  for (const { first, second } of pairsOf(records, ties)) {
    const [a, b] = [records[first]?.detection.at.key, records[second]?.detection.at.key];
    if (a === undefined || b === undefined) continue;
    programs.set(a, `process ${a}`).set(b, `process ${a}`);
  }
}

/** What else is on the way: pages written, pages that a rule has seen on disk, and whether anything got further than a probe. */
interface Context {
  readonly written: ReadonlySet<string>;
  readonly seen: ReadonlySet<string>;
  readonly isIntruders: boolean;
}

/** The rung that a tie shows of one of its records; null where it shows none. */
function shownBy(
  record: JoinRecord,
  { kind, name }: Tie,
  { written, seen, isIntruders }: Context,
): Rung | null {
  if (!isIntruders) return null;
  switch (record.where) {
    case "cmdlet":
      return kind === "account" || kind === "directory" || kind === "mailbox" ? "executed" : null;
    case "file":
      if (kind !== "page") return null;
      // A second log of the same file shows nothing that the first has not.
      if (record.compiled === null) return seen.has(name) ? null : "executed";
      return written.has(name) ? "used" : null;
    case "page":
      return kind === "page" && record.isAnswered && written.has(name) ? "used" : null;
    case "front end":
    case "HttpProxy":
    case "back end":
    case "process":
      return null;
  }
}

function rungOf(
  { rung, detection }: JoinRecord,
  raised: ReadonlyMap<EventKey, Raised>,
): Rung | null {
  return higherRung(rung, raised.get(detection.at.key)?.rung ?? null);
}

function rank(rung: Rung | null): number {
  return rung === null ? -1 : RUNGS.indexOf(rung);
}

/** By the highest rung, then by time, host and what stands first. */
function byGravity(a: Chain, b: Chain): number {
  const highest = ({ links }: Chain) => Math.max(...links.map(({ rung }) => rank(rung)));
  const first = ({ links }: Chain) => links[0]?.ticks ?? 0n;
  if (highest(a) !== highest(b)) return highest(b) - highest(a);
  if (first(a) !== first(b)) return first(a) < first(b) ? -1 : 1;
  return byCodeUnits(a.host, b.host) || byCodeUnits(keyOf(a), keyOf(b));
}

function keyOf({ links }: Chain): string {
  return links[0]?.at[0]?.key ?? "";
}
