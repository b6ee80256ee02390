/** The ways in as sentences: how many can be followed on a host, and of the gravest the first link of each rung; the dossier draws them all. */
import { callSource, count, list, spell } from "../../../engines/wording/index.ts";
import type { Chain, ChainLink } from "../../../model/cause.ts";
import type { Statement } from "../../../model/dossier.ts";

/** Chains with a sentence of their own. */
const TOLD_MAX = 3;
const REFERENCES_MAX = 10;

/** Sentences about chains that stand in their order of gravity. */
export function tellChains(chains: readonly Chain[]): readonly Statement[] {
  const hosts = Map.groupBy(chains, ({ host }) => host);
  return [...hosts].flatMap(([host, own]) => [
    {
      text: `${count(own.length, "way in", "ways in")} can be followed on ${callSource({ host, channel: "" })} from record to record. Each record is joined to another by what both name, or, where that is said, by the time alone: an inference, and no record's own word.`,
      basis: "derived",
      at: own.slice(0, REFERENCES_MAX).flatMap(({ links }) => links[0]?.at.slice(0, 1) ?? []),
    },
    ...own.slice(0, TOLD_MAX).map(tellChain),
  ]);
}

function tellChain({ links }: Chain): Statement {
  const firsts = links.filter(
    ({ rung }, at) => links.findIndex((link) => link.rung === rung) === at,
  );
  const places = new Set(links.map(({ where }) => where));
  return {
    text: `${firsts.map(tellLink).join("; ")}. These are the first of each rung, of ${count(links.length, "link")} over ${list([...places])}.`,
    basis: "derived",
    at: firsts.flatMap(({ at }) => at.slice(0, 1)),
  };
}

function tellLink({ where, what, ticks, digits, rung, joinedBy }: ChainLink): string {
  const join = joinedBy === "" ? "" : `, joined by ${joinedBy}`;
  return `${spell(ticks, digits)} ${where}: ${what} (${rung}${join})`;
}
