/**
 * Several catalogues as one. Refuses to average: what a later source says of a thing that an earlier one left open is taken,
 * what it says otherwise of a release is kept as a conflict, in words.
 */
import { known } from "../../base/assert.ts";
import { byCodeUnits } from "../../base/text.ts";
import type {
  Catalogue,
  CataloguePart,
  Product,
  Release,
  Vulnerability,
  VulnerabilityId,
  VulnerabilityNews,
} from "../../model/catalogue.ts";
import { lineOf } from "./hosts.ts";

/** Parts in the order in which they were handed in: those of the program first. */
export function mergeCatalogues(parts: readonly CataloguePart[]): Catalogue {
  const vulnerabilities = new Map<VulnerabilityId, Vulnerability>();
  const releases = new Map<string, Release>();
  const conflicts: { about: string; what: string }[] = [];
  const stated = unique(parts.flatMap((part) => part.products));
  const products = [...stated, ...linesOf(stated, parts)];
  for (const part of parts) {
    conflicts.push(...part.conflicts);
    for (const news of part.vulnerabilities)
      vulnerabilities.set(news.id, joined(vulnerabilities.get(news.id), news));
    for (const given of part.releases) {
      const product = known(productOf(products, given), "a line was made for every release");
      const release = { ...given, product };
      const key = `${release.product}\n${release.build.join(".")}`;
      const earlier = releases.get(key);
      if (earlier !== undefined) conflicts.push(...differences(earlier, release));
      releases.set(key, earlier === undefined ? release : withMore(earlier, release));
    }
  }
  return {
    products,
    releases: [...releases.values()].sort(byBuild),
    updates: parts.flatMap(({ updates }) => updates),
    vulnerabilities,
    chains: parts.flatMap(({ chains }) => chains),
    sources: parts.flatMap(({ sources }) => sources),
    conflicts,
    limits: parts.flatMap(({ limits }) => limits),
  };
}

/** Lists of makers name each edition of one line of builds; the line is what builds are compared in. */
function productOf(products: readonly Product[], { product, build }: Release): string | null {
  const isNamed = products.some(({ name }) => name === product);
  return isNamed ? product : (lineOf(products, build, product)?.name ?? null);
}

/** Lines for releases of products that no catalogue describes: what shares three numbers is updated together. */
function linesOf(stated: readonly Product[], parts: readonly CataloguePart[]): Product[] {
  const lone = parts
    .flatMap(({ releases }) => releases)
    .filter((release) => productOf(stated, release) === null);
  const lines = new Map<string, Product>();
  for (const { product, build } of lone) {
    const family = product.replace(/^Microsoft /, "").split(" ")[0] ?? product;
    const prefix = build.slice(0, 3);
    const name = `${family} ${prefix.join(".")}`;
    const names = new Set([...(lines.get(name)?.names ?? [family]), product]);
    lines.set(name, { name, names: [...names], prefix, supportEnds: null, paidSupportEnds: null });
  }
  return [...lines.values()];
}

const UNSAID: Omit<Vulnerability, "id"> = {
  title: "",
  alias: "",
  severities: [],
  impact: [],
  cvss: null,
  published: null,
  exploitations: [],
  kev: null,
  epss: null,
  requires: null,
  note: "",
};

/** What is known, and what the news adds: ratings and days stay as first said, lists that are kept up follow the newest. */
function joined(known: Vulnerability | undefined, news: VulnerabilityNews): Vulnerability {
  const { id } = news;
  const before = known ?? { id, ...UNSAID };
  const said = { ...UNSAID, ...news };
  return {
    id,
    title: before.title || said.title,
    alias: before.alias || said.alias,
    severities: before.severities.length > 0 ? before.severities : said.severities,
    impact: before.impact.length > 0 ? before.impact : said.impact,
    cvss: before.cvss ?? said.cvss,
    published: before.published ?? said.published,
    exploitations: [...before.exploitations, ...said.exploitations],
    kev: said.kev ?? before.kev,
    epss: said.epss ?? before.epss,
    requires: before.requires ?? said.requires,
    note: [before.note, said.note].filter((text) => text !== "").join("; "),
  };
}

/** The first source decides the day; fixes that a later one adds are taken, unless the first disputes them. */
function withMore(earlier: Release, later: Release): Release {
  const disputed = new Set([
    ...earlier.disputes.flatMap(({ fixes }) => fixes),
    ...(earlier.unsettled?.fixes ?? []),
  ]);
  const added = later.fixes.filter((id) => !earlier.fixes.includes(id) && !disputed.has(id));
  return {
    ...earlier,
    cu: earlier.cu || later.cu,
    update: earlier.update || later.update,
    kbs: [...new Set([...earlier.kbs, ...later.kbs])],
    fixes: [...earlier.fixes, ...added],
    sources: [...new Set([...earlier.sources, ...later.sources])],
  };
}

function differences(earlier: Release, later: Release) {
  const about = `${earlier.product} ${earlier.text}`;
  const isOtherDay =
    later.released.earliest > earlier.released.latest ||
    later.released.latest < earlier.released.earliest;
  return isOtherDay
    ? [{ about, what: `Two sources date its release differently; the first one handed in counts.` }]
    : [];
}

function unique<T extends { readonly name: string }>(things: readonly T[]): T[] {
  return [...new Map(things.toReversed().map((thing) => [thing.name, thing])).values()].reverse();
}

function byBuild(a: Release, b: Release): number {
  const order = byCodeUnits(a.product, b.product);
  if (order !== 0) return order;
  for (const at of [0, 1, 2, 3] as const) {
    const difference = a.build[at] - b.build[at];
    if (difference !== 0) return difference;
  }
  return 0;
}
