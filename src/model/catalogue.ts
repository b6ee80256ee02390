/**
 * What makers have released and what is known of it on which day: the measure that builds and claims are held against.
 * Every entry has its source; where sources disagree, both stay.
 */
import type { Day } from "../base/day.ts";

/** `CVE-2021-34473`, or an advisory without a CVE (`ADV190018`), as its publisher writes it. */
export type VulnerabilityId = string & { readonly __brand: "VulnerabilityId" };

/** Ratings from the least to the most; a maker's words are mapped to them, and kept beside. */
export const SEVERITIES = ["none", "low", "moderate", "important", "critical"] as const;

/** One of SEVERITIES. */
export type Severity = (typeof SEVERITIES)[number];

/** A day that a source gives only as a month is an interval; otherwise both are the same. */
export interface DayRange {
  readonly earliest: Day;
  readonly latest: Day;
}

/** A line of builds that one maker keeps up: `Exchange Server 2016`. */
export interface Product {
  readonly name: string;
  /** What observations, claims and numbered updates may call it as well, or begin with: `Exchange Server`. */
  readonly names: readonly string[];
  /** The numbers that every build of it begins with: [15, 1]. Of two that fit, the longer one counts. */
  readonly prefix: readonly number[];
  /** The last day on which the maker gives everybody updates, and the last on which it sells some; null: not known. */
  readonly supportEnds: Day | null;
  readonly paidSupportEnds: Day | null;
}

/** One source asserts a fix, the maker's record does not: never counted as fixed, always shown. */
export interface Dispute {
  readonly fixes: readonly VulnerabilityId[];
  readonly claimedBy: readonly string[];
  readonly against: string;
}

/** One build that was released. */
export interface Release {
  readonly product: string;
  /** Four numbers; those of one cumulative update have the first three in common. */
  readonly build: readonly [number, number, number, number];
  readonly text: string;
  /** `CU17`, `RTM`; "" where the line has no such name. */
  readonly cu: string;
  /** `Mar21SU`; "" for a cumulative update itself. */
  readonly update: string;
  readonly kind: "CU" | "SU" | "HU";
  readonly released: DayRange;
  readonly kbs: readonly string[];
  /** What it fixes first; what came before it in its CU, and with its CU, it holds as well. */
  readonly fixes: readonly VulnerabilityId[];
  /** False: a higher number than those of earlier updates of its CU does not prove them. */
  readonly impliesEarlier: boolean;
  readonly disputes: readonly Dispute[];
  /** Sources set the boundary at this build or at the next one: unknown for both sides. */
  readonly unsettled: { readonly fixes: readonly VulnerabilityId[]; readonly why: string } | null;
  /** The first public mention, where the release day is too early. */
  readonly firstNamed: { readonly day: Day; readonly source: string } | null;
  readonly note: string;
  readonly sources: readonly string[];
}

/** An update that is known by its number alone: which build it makes, no source here says. */
export interface NumberedUpdate {
  readonly kb: string;
  readonly products: readonly string[];
  readonly fixes: readonly VulnerabilityId[];
  readonly supersedes: readonly string[];
  /** The maker's last revision: it was released on this day or before; null: not known. */
  readonly notAfter: Day | null;
  readonly sources: readonly string[];
}

/** Somebody's word that a vulnerability was used, and since when: known only between two days. */
export interface Exploitation {
  /** Null: nothing says from when at the earliest. */
  readonly earliest: Day | null;
  readonly latest: Day;
  /** From which day on the public could know. */
  readonly reported: Day;
  readonly source: string;
}

/** A fix that a build alone does not give. */
export interface Requirement {
  readonly text: string;
  /** The configuration closes it also where no build does. */
  readonly alone: boolean;
  readonly source: string;
}

/** One vulnerability, and what is known of it. */
export interface Vulnerability {
  readonly id: VulnerabilityId;
  readonly title: string;
  /** The name that people use: `ProxyShell`; "" for most. */
  readonly alias: string;
  /** As the maker rates it; two where its bulletin has two. */
  readonly severities: readonly Severity[];
  readonly impact: readonly string[];
  readonly cvss: number | null;
  /** When it was named in public, which may be months after the fix. Null: not known. */
  readonly published: Day | null;
  readonly exploitations: readonly Exploitation[];
  /** In the list of the CISA since this day; the list began on 2021-11-03, so an earlier absence means nothing. */
  readonly kev: {
    readonly added: Day;
    readonly due: Day | null;
    readonly ransomware: string;
  } | null;
  /** Probability of exploitation in the 30 days after `day`, from 0 to 1 (EPSS). */
  readonly epss: { readonly score: number; readonly day: Day } | null;
  readonly requires: Requirement | null;
  readonly note: string;
}

/** Vulnerabilities that work together: none of them alone gives what all of them give. */
export interface Chain {
  readonly name: string;
  readonly links: readonly VulnerabilityId[];
  readonly source: string;
}

/** Where entries come from, and as of when. */
export interface CatalogueSource {
  /** A later edition of the same list has the same id but for the day at its end: `kev-2026-11-20`. */
  readonly id: string;
  /** A list that its publisher keeps up, so that it grows old; false for what was said once. */
  readonly isKept: boolean;
  readonly name: string;
  readonly day: Day;
  /** SHA-256 of the file, where it was handed in; "" where it came with the program. */
  readonly hash: string;
}

/** Everything together, in a stable order. */
export interface Catalogue {
  readonly products: readonly Product[];
  readonly releases: readonly Release[];
  readonly updates: readonly NumberedUpdate[];
  readonly vulnerabilities: ReadonlyMap<VulnerabilityId, Vulnerability>;
  readonly chains: readonly Chain[];
  readonly sources: readonly CatalogueSource[];
  /** Where sources disagree, in sentences. */
  readonly conflicts: readonly { readonly about: string; readonly what: string }[];
  /** What it is known to lack, in sentences. */
  readonly limits: readonly string[];
}

/** What one source says of a vulnerability; what it does not say is absent. */
export type VulnerabilityNews = Pick<Vulnerability, "id"> & Partial<Omit<Vulnerability, "id">>;

/** What one file adds to the catalogue. */
export interface CataloguePart extends Omit<Catalogue, "vulnerabilities"> {
  readonly vulnerabilities: readonly VulnerabilityNews[];
}

/** An empty part, for readers to fill. */
export const NO_PART: CataloguePart = {
  products: [],
  releases: [],
  updates: [],
  vulnerabilities: [],
  chains: [],
  sources: [],
  conflicts: [],
  limits: [],
};
