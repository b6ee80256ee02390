/** The links of one way in: records of one source that did the same on the same rung, each link with what joins it to an earlier one. */
import { spell } from "../../../engines/wording/index.ts";
import type { ChainLink, Rung } from "../../../model/cause.ts";
import { RUNGS } from "../../../model/cause.ts";
import { exampleReferences } from "../ladder.ts";
import type { JoinRecord } from "./record.ts";
import { tellTie } from "./tell-tie.ts";
import { pairsOf, TIES, type Tie } from "./ties.ts";

/** Links that one chain tells; those of the lowest rungs go first. */
export const LINKS_MAX = 40;

const WHO_MAX = 3;
/** What leads to a link that no tie leads to from another one. */
const BETWEEN = "records between them that stand on no rung";

/** Links of records in order of time, `rungs` beside them; a record without a rung tells nothing. */
export function linksOf(
  records: readonly JoinRecord[],
  ties: readonly Tie[],
  rungs: readonly (Rung | null)[],
): { readonly links: readonly ChainLink[]; readonly leftOut: number } {
  const same = records.map(({ where, what }) => `${where}\n${what}`);
  const numbers = new Map<string, number>();
  const similar = new Map<string, number>();
  const numbered = same.map((name, at) => {
    const rung = rungs[at] ?? null;
    if (rung === null) return -1;
    const key = `${rung}\n${name}`;
    const number = numbers.get(key) ?? numbers.size;
    numbers.set(key, number);
    if (!similar.has(name)) similar.set(name, number);
    return number;
  });
  /** Which link a record belongs to, in the order of their first records. One that shows no rung only leads on. */
  const linkOf = numbered.map((number, at) =>
    number >= 0 ? number : (similar.get(same[at] ?? "") ?? -1),
  );
  const joins = joinsOf(linkOf, ties);
  const repeated = new Set(pairsOf(records, ties).flatMap(({ second }) => records[second] ?? []));
  const members = Map.groupBy(records.keys(), (at) => numbered[at] ?? -1);
  const links = [...numbers.values()].flatMap((number) => {
    const own = (members.get(number) ?? []).flatMap((at) => records[at] ?? []);
    const [first, last] = [own[0], own.at(-1)];
    const rung = rungs[members.get(number)?.[0] ?? -1] ?? null;
    if (first === undefined || last === undefined || rung === null) return [];
    const tie = joins.get(number);
    const { ticks, digits } = first.detection;
    return [
      {
        rung,
        where: first.where,
        what: [first.what, ...whoIn(own)].map((text) => spell(text)).join(" "),
        ticks,
        digits,
        last: last.detection.ticks,
        count: own.filter((record) => !repeated.has(record)).length || 1,
        joinedBy: number === 0 ? "" : tie === undefined ? BETWEEN : tellTie(tie, records),
        at: exampleReferences(own.map(({ detection }) => detection)),
      },
    ];
  });
  return withinLimit(links);
}

/** Who the records say it was, each once; more than a few tell nothing. */
function whoIn(records: readonly JoinRecord[]): readonly string[] {
  const who = new Set(records.map((record) => record.who).filter((text) => text !== ""));
  return [...who].slice(0, WHO_MAX);
}

/** For each link its strongest tie to an earlier one; to a later one where nothing else joins it. */
function joinsOf(linkOf: readonly number[], ties: readonly Tie[]): ReadonlyMap<number, Tie> {
  const best = new Map<number, Tie>();
  const onward = new Map<number, Tie>();
  const offer = (to: Map<number, Tie>, link: number, tie: Tie) => {
    const known = to.get(link);
    if (known === undefined || TIES.indexOf(tie.kind) < TIES.indexOf(known.kind)) to.set(link, tie);
  };
  for (const tie of ties) {
    const [a, b] = [linkOf[tie.earlier] ?? -1, linkOf[tie.later] ?? -1];
    if (a < 0 || b < 0 || a === b) continue;
    offer(best, Math.max(a, b), tie);
    offer(onward, Math.min(a, b), tie);
  }
  return new Map([...onward, ...best]);
}

function withinLimit(links: readonly ChainLink[]): {
  readonly links: readonly ChainLink[];
  readonly leftOut: number;
} {
  if (links.length <= LINKS_MAX) return { links, leftOut: 0 };
  const rank = ({ rung }: ChainLink) => RUNGS.indexOf(rung);
  const kept = new Set(links.toSorted((a, b) => rank(b) - rank(a)).slice(0, LINKS_MAX));
  // The first link of each rung is never left out.
  for (const rung of RUNGS) {
    const first = links.find((link) => link.rung === rung);
    if (first !== undefined) kept.add(first);
  }
  const told = links.filter((link) => kept.has(link));
  return { links: told, leftOut: links.length - told.length };
}
