/**
 * Gathers what a maker says row by row (this update for this product fixes that) into releases, numbered updates and
 * vulnerabilities. Refuses to make a release of a build that is not of four numbers.
 */
import type { Day } from "../../../base/day.ts";
import {
  type CatalogueSource,
  type CataloguePart,
  type Exploitation,
  NO_PART,
  type NumberedUpdate,
  type Release,
  SEVERITIES,
  type Severity,
  type VulnerabilityId,
  type VulnerabilityNews,
} from "../../../model/catalogue.ts";

/** One row of a maker. */
export interface StatedFix {
  readonly id: VulnerabilityId;
  /** As the maker names it: `Microsoft Exchange Server 2016 Cumulative Update 19`. */
  readonly product: string;
  /** "" where the maker gives none. */
  readonly kb: string;
  /** As written; what is not of four numbers makes no release. */
  readonly build: string;
  /** The day of the row: the update was out by then. Null: not stated. */
  readonly day: Day | null;
  readonly supersedes: readonly string[];
}

/** What a maker says of a vulnerability besides its fixes. */
export interface StatedVulnerability {
  readonly id: VulnerabilityId;
  readonly title: string;
  readonly severity: string;
  readonly impact: string;
  readonly cvss: number | null;
  readonly published: Day | null;
  readonly exploitation: Exploitation | null;
}

/** Why a fix of a product was not added. */
export function untold(product: string): string {
  return `of ${product || "no product"} neither a build of four numbers nor the number of an update`;
}

interface Gathered {
  readonly product: string;
  readonly cu: string;
  readonly build: Release["build"] | null;
  day: Day | null;
  readonly kbs: Set<string>;
  readonly fixes: Set<VulnerabilityId>;
  readonly supersedes: Set<string>;
}

interface Known {
  title: string;
  readonly severities: Set<Severity>;
  readonly impact: Set<string>;
  cvss: number | null;
  published: Day | null;
  readonly exploitations: Exploitation[];
}

/** Rows of one file, in any order. */
export class FixList {
  readonly #releases = new Map<string, Gathered>();
  readonly #updates = new Map<string, Gathered>();
  readonly #vulnerabilities = new Map<VulnerabilityId, Known>();

  /** Adds a fix; false where neither a build of four numbers with a day nor an update's number says what brings it. */
  addFix(fix: StatedFix): boolean {
    const build = fourNumbers(fix.build);
    const { product, cu } = lineOf(fix.product);
    if (product === "") return false;
    if (build !== null && fix.day !== null) {
      const key = `${product}\n${build.join(".")}`;
      gather(this.#releases, key, { product, cu, build }, fix);
      return true;
    }
    if (fix.kb === "") return false;
    const named = { product: plainName(fix.product), cu, build: null };
    gather(this.#updates, `${fix.kb}\n${named.product}`, named, fix);
    return true;
  }

  /** Adds what is said of a vulnerability: the first title, the earliest day, the highest score, every rating. */
  addVulnerability(stated: StatedVulnerability): void {
    const { id, title, severity, impact, cvss, published, exploitation } = stated;
    const known = this.#vulnerabilities.get(id) ?? {
      title: "",
      severities: new Set(),
      impact: new Set(),
      cvss: null,
      published: null,
      exploitations: [],
    };
    this.#vulnerabilities.set(id, known);
    const rating = severityOf(severity);
    known.title ||= title;
    if (rating !== null) known.severities.add(rating);
    if (impact !== "") known.impact.add(impact);
    if (cvss !== null) known.cvss = Math.max(known.cvss ?? 0, cvss);
    known.published = earlier(known.published, published);
    if (exploitation !== null && known.exploitations.length === 0)
      known.exploitations.push(exploitation);
  }

  /** All of it as a part of this source. */
  part(source: CatalogueSource, limits: readonly string[]): CataloguePart {
    return {
      ...NO_PART,
      sources: [source],
      releases: [...this.#releases.values()].flatMap((gathered) => releaseOf(gathered, source.id)),
      updates: updatesOf(this.#updates, source.id),
      vulnerabilities: [...this.#vulnerabilities].map(([id, known]) => newsOf(id, known)),
      limits,
    };
  }
}

function gather(
  all: Map<string, Gathered>,
  key: string,
  named: Pick<Gathered, "product" | "cu" | "build">,
  { id, kb, day, supersedes }: StatedFix,
): void {
  const found = all.get(key) ?? {
    ...named,
    day: null,
    kbs: new Set(),
    fixes: new Set(),
    supersedes: new Set(),
  };
  all.set(key, found);
  found.day = earlier(found.day, day);
  if (kb !== "") found.kbs.add(kb);
  found.fixes.add(id);
  for (const number of supersedes) found.supersedes.add(number);
}

/** A row is dated by its vulnerability, which may be named months after the fix: the earliest day is the nearest. */
function earlier(left: Day | null, right: Day | null): Day | null {
  if (left === null || right === null) return left ?? right;
  return left < right ? left : right;
}

function releaseOf({ product, cu, build, day, kbs, fixes }: Gathered, source: string): Release[] {
  if (build === null || day === null) return [];
  const [update = "security update"] = kbs;
  return [
    {
      product,
      build,
      text: build.join("."),
      cu,
      update,
      kind: "SU",
      released: { earliest: day, latest: day },
      kbs: [...kbs],
      fixes: [...fixes],
      impliesEarlier: true,
      disputes: [],
      unsettled: null,
      firstNamed: null,
      note: "",
      sources: [source],
    },
  ];
}

/** One number fixes other things on other products: products with the same fixes stand together. */
function updatesOf(gathered: ReadonlyMap<string, Gathered>, source: string): NumberedUpdate[] {
  const updates = new Map<string, NumberedUpdate>();
  for (const { product, kbs, fixes, supersedes, day } of gathered.values()) {
    const [kb = ""] = kbs;
    const sorted = [...fixes].sort();
    const key = `${kb}\n${sorted.join(" ")}\n${[...supersedes].sort().join(" ")}`;
    const found = updates.get(key);
    updates.set(key, {
      kb,
      products: [...(found?.products ?? []), product],
      fixes: sorted,
      supersedes: [...supersedes],
      notAfter: earlier(found?.notAfter ?? null, day),
      sources: [source],
    });
  }
  return [...updates.values()];
}

function newsOf(id: VulnerabilityId, known: Known): VulnerabilityNews {
  const { title, severities, impact, cvss, published, exploitations } = known;
  return {
    id,
    title,
    severities: [...severities],
    impact: [...impact],
    cvss,
    published,
    exploitations,
  };
}

/** The maker's word, or that of CVSS, as one of ours. */
export function severityOf(word: string): Severity | null {
  const text = word.toLowerCase();
  const ours = text === "medium" ? "moderate" : text === "high" ? "important" : text;
  return SEVERITIES.find((severity) => severity === ours) ?? null;
}

/** `15.01.2176.012` as numbers; null where it is not of four. */
export function fourNumbers(text: string): Release["build"] | null {
  const match = /^v?(\d{1,5})\.(\d{1,6})\.(\d{1,6})\.(\d{1,6})$/i.exec(text.trim());
  if (match === null) return null;
  const [major = 0, minor = 0, third = 0, fourth = 0] = match.slice(1).map(Number);
  return [major, minor, third, fourth];
}

/** The numbers of updates in a cell that holds nothing else: `5001779`, `KB5001779; KB5000871`. */
export function updateNumbers(cell: string): readonly string[] {
  const found = cell.matchAll(/(?<![\w.])(?:KB ?)?(\d{6,8})(?![\w.])/gi);
  return [...new Set([...found].map(([, number = ""]) => `KB${number}`))];
}

/** The number of the update that a sentence or an address names; "" where none does: other numbers are dates and versions. */
export function updateNamed(text: string): string {
  const match = /\bKB ?(\d{6,8})\b|\/(?:help|kb)\/(?:kb)?(\d{6,8})\b/i.exec(text);
  return match === null ? "" : `KB${match[1] ?? match[2] ?? ""}`;
}

/** The line of builds and the cumulative update that a maker's name speaks of. */
function lineOf(name: string): { readonly product: string; readonly cu: string } {
  const plain = plainName(name).replace(
    / (?:\(Server Core installation\)|for \S{1,12}-based Systems)/gi,
    "",
  );
  const match = /^(.+?) (?:Cumulative Update (\d{1,3})|(RTM))$/i.exec(plain);
  const line = (match?.[1] ?? plain).replace(/ Subscription Edition$/i, " SE");
  const cu = match === null ? "" : match[2] === undefined ? "RTM" : `CU${match[2]}`;
  return { product: line, cu };
}

function plainName(name: string): string {
  return name
    .replace(/\s+/g, " ")
    .replace(/^ ?Microsoft (?=\S)/i, "")
    .trim();
}
