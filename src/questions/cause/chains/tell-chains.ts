/** The ways in as sentences: how many can be followed on a host, and of the gravest the links in order, each with what joins it. */
import { callSource, count, spell } from "../../../engines/wording/index.ts";
import type { Chain, ChainLink } from "../../../model/cause.ts";
import type { Statement } from "../../../model/dossier.ts";

/** Chains told link by link; the dossier holds them all. */
const TOLD_MAX = 3;
const LINKS_TOLD_MAX = 10;
const REFERENCES_MAX = 10;

/** Sentences about chains that stand in their order of gravity. */
export function tellChains(chains: readonly Chain[]): readonly Statement[] {
  const hosts = Map.groupBy(chains, ({ host }) => host);
  return [...hosts].flatMap(([host, own]) => [
    {
      text: `${count(own.length, "way in", "ways in")} can be followed on ${callSource({ host, channel: "" })} from record to record, each joined to another by what both name; a join is an inference, and says what it rests on.`,
      basis: "derived",
      at: own.slice(0, REFERENCES_MAX).flatMap(({ links }) => links[0]?.at.slice(0, 1) ?? []),
    },
    ...own.slice(0, TOLD_MAX).map(tellChain),
  ]);
}

function tellChain({ links }: Chain): Statement {
  const told = links.slice(0, LINKS_TOLD_MAX);
  const more = links.length - told.length;
  const rest = more === 0 ? "" : `; ${count(more, "further link")}`;
  return {
    text: `${told.map(tellLink).join("; ")}${rest}.`,
    basis: "derived",
    at: told.flatMap(({ at }) => at.slice(0, 1)).slice(0, REFERENCES_MAX),
  };
}

function tellLink({
  where,
  what,
  ticks,
  digits,
  count: records,
  rung,
  joinedBy,
}: ChainLink): string {
  const times = records === 1 ? "" : `, ${count(records, "record")}`;
  const join = joinedBy === "" ? "" : `, joined by ${joinedBy}`;
  return `${spell(ticks, digits)} ${where}: ${what} (${rung}${times}${join})`;
}
