/**
 * The ways in: records of one host that ties hold together, as chains of links. A chain must have got as far as something executed, and an
 * address that is nobody's (isNobodys) joins nobody. Pure: the order of its input does not matter (docs/design/cause.md).
 */
import { count } from "../../../engines/wording/index.ts";
import { byCodeUnits } from "../../../base/text.ts";
import type { Chain } from "../../../model/cause.ts";
import type { EventKey } from "../../../model/event.ts";
import type { Trace } from "../traces.ts";
import { linksOf } from "./links.ts";
import { type Raised, raiseRungs, raisedRung, rankOf } from "./raise.ts";
import { type JoinRecord, recordOf } from "./record.ts";
import { pairsOf, type Tie, tiesOf } from "./ties.ts";

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

/** Records of one host that ties hold together, in order of time. */
interface Way {
  readonly records: readonly JoinRecord[];
  readonly ties: readonly Tie[];
}

/** Follows traces in order of time from source to source. Those of stated tests are in no chain and raise nothing. */
export function followTraces(
  traces: readonly Trace[],
  isNobodys: (address: string) => boolean,
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
    for (const way of waysOf(recordsOf(own, isNobodys))) {
      raiseRungs(way, raised);
      namePrograms(way, programs);
      const rungs = way.records.map((record) => raisedRung(record, raised));
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
  isNobodys: (address: string) => boolean,
): readonly JoinRecord[] {
  const byPlace = Map.groupBy(traces, ({ detection }) => detection.at.key);
  const records: JoinRecord[] = [];
  for (const own of byPlace.values()) {
    const record = recordOf(own, isNobodys);
    if (record !== null) records.push(record);
  }
  return records;
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
  const members = new Map<number, JoinRecord[]>();
  /** Of each record its place on its own way. */
  const placed = new Int32Array(records.length);
  for (const [at, record] of records.entries()) {
    const root = rootOf(at);
    const own = members.get(root) ?? [];
    members.set(root, own);
    placed[at] = own.push(record) - 1;
  }
  return [...tiesByRoot].map(([root, own]) => ({
    records: members.get(root) ?? [],
    ties: own.map(({ kind, name, earlier, later }) => ({
      kind,
      name,
      earlier: placed[earlier] ?? 0,
      later: placed[later] ?? 0,
    })),
  }));
}

function namePrograms({ records, ties }: Way, programs: Map<EventKey, string>): void {
  for (const { first, second } of pairsOf(records, ties)) {
    const [a, b] = [records[first]?.detection.at.key, records[second]?.detection.at.key];
    if (a === undefined || b === undefined) continue;
    programs.set(a, `process ${a}`).set(b, `process ${a}`);
  }
}

/** By the highest rung, then by time, host and what stands first. */
function byGravity(a: Chain, b: Chain): number {
  const highest = ({ links }: Chain) => Math.max(...links.map(({ rung }) => rankOf(rung)));
  const first = ({ links }: Chain) => links[0]?.ticks ?? 0n;
  if (highest(a) !== highest(b)) return highest(b) - highest(a);
  if (first(a) !== first(b)) return first(a) < first(b) ? -1 : 1;
  return byCodeUnits(a.host, b.host) || byCodeUnits(keyOf(a), keyOf(b));
}

function keyOf({ links }: Chain): string {
  return links[0]?.at[0]?.key ?? "";
}
