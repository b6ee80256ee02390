/** What a catalogue holds and how old its sources are, for people and for programs. */
import type { CataloguePart } from "../../model/catalogue.ts";

/** How many entries of each kind a part has. */
export function countsOf(part: CataloguePart) {
  const { vulnerabilities } = part;
  return {
    products: part.products.length,
    releases: part.releases.length,
    updates: part.updates.length,
    vulnerabilities: vulnerabilities.length,
    chains: part.chains.length,
    kev: vulnerabilities.filter(({ kev }) => kev !== undefined && kev !== null).length,
    epss: vulnerabilities.filter(({ epss }) => epss !== undefined && epss !== null).length,
  };
}

const ONE_AND_MORE = [
  ["products", "product", "products"],
  ["releases", "release", "releases"],
  ["updates", "numbered update", "numbered updates"],
  ["vulnerabilities", "vulnerability", "vulnerabilities"],
  ["chains", "chain", "chains"],
  ["kev", "listed as exploited", "listed as exploited"],
  ["epss", "scored by EPSS", "scored by EPSS"],
] as const;

/** The counts that are not zero, in words: `2 releases, 14 vulnerabilities`. */
export function heldWords(counts: ReturnType<typeof countsOf>): string {
  return ONE_AND_MORE.filter(([kind]) => counts[kind] > 0)
    .map(([kind, one, more]) => `${counts[kind]} ${counts[kind] === 1 ? one : more}`)
    .join(", ");
}
