/**
 * What became of every fix on every host: claims held against observations, day by day. The shapes behind `patches`, the dossier's
 * section and the findings. Per host, never per farm; unknown is a value.
 */
import type { Day } from "../base/day.ts";
import type { Severity, VulnerabilityId } from "./catalogue.ts";
import type { Claim } from "./claim.ts";
import type { EventReference } from "./event.ts";
import type { Build, Observation, Strength } from "./observation.ts";

/**
 * fixed, missing: a record shows it; contradicted: a claim and a strong observation say the opposite; unverified: a claim, or a list
 * of updates, says so and no build does; unknown: the evidence cannot tell.
 */
export const VERDICTS = ["contradicted", "missing", "unknown", "unverified", "fixed"] as const;

/** One of VERDICTS; the worst first. */
export type Verdict = (typeof VERDICTS)[number];

/** What a build itself says of a vulnerability. */
export type FixState = "fixed" | "missing" | "unknown";

/** The time during which a host lacked a fix that existed. Days count from the first day to the last, the last not included. */
export interface Exposure {
  /** The first day on which a fix existed for the product. */
  readonly from: Day;
  /** The last day on which the host was seen without it, and the first on which it was seen with it; null: still open. */
  readonly to: readonly [earliest: Day, latest: Day] | null;
  readonly daysMin: number;
  readonly daysMax: number;
  /** Days of the surely open time after exploitation surely had begun. */
  readonly exploitedDaysMin: number;
  /** Days of the possibly open time after exploitation may have begun. */
  readonly exploitedDaysMax: number;
  /** Days from publication, or from exploitation, to the first fix: nobody could have been patched. */
  readonly daysWithoutFix: number;
}

/** What the public could know of a vulnerability from a day on. */
export interface PublicFact {
  readonly day: Day;
  readonly what: "fix released" | "published" | "exploitation reported" | "listed as exploited";
  readonly text: string;
}

/** One vulnerability on one host, as of a day. */
export interface VulnerabilityState {
  readonly id: VulnerabilityId;
  readonly alias: string;
  readonly state: FixState;
  /** As the maker rates it; and as it counts on this host, where a chain lends it more. */
  readonly severity: Severity;
  readonly rank: Severity;
  /** The chain that lends the rank; "" where none does. */
  readonly lentBy: string;
  readonly why: string;
  readonly requires: string;
  readonly disputed: string;
  /** How likely exploitation was held to be, by the as-of day: a number of EPSS and its day; null: none was handed in. */
  readonly epss: { readonly score: number; readonly day: Day } | null;
}

/** One update on one host: the vulnerabilities of it that share a verdict. */
export interface PatchItem {
  readonly host: string;
  readonly product: string;
  readonly build: string;
  /** Ticks of the deciding observation; null: undated, or none. */
  readonly observedAt: bigint | null;
  /** Of the deciding observation, for this update; null where none decides. */
  readonly strength: "strong" | "weak" | null;
  /** The update that brought the fix first, as the maker numbers it; "" where it has no number. */
  readonly kb: string;
  /** All numbers of it, for each cumulative update its own. */
  readonly kbs: readonly string[];
  /** `Apr21SU`, `CU21`. */
  readonly update: string;
  readonly vulnerabilities: readonly VulnerabilityState[];
  /** The worst rating of the maker, and the worst rank on this host. */
  readonly severity: Severity;
  readonly rank: Severity;
  readonly released: Day | null;
  readonly verdict: Verdict;
  readonly requires: readonly string[];
  /** The claim that it was held against, the first one; all of them. */
  readonly claims: readonly Claim[];
  /** The honest ways in which such a claim goes wrong, for a contradiction. */
  readonly excuses: readonly string[];
  readonly exposure: Exposure | null;
  readonly known: readonly PublicFact[];
  readonly deadline: Deadline | null;
  readonly why: string;
  readonly at: readonly EventReference[];
}

/** By when an update was to be installed by a stated rule, and by how many days that was missed. */
export interface Deadline {
  readonly rule: string;
  readonly due: Day;
  /** Days past due, on the as-of day or on the day that it was surely installed; 0: in time. */
  readonly daysLate: number;
}

/** A stretch of days during which a host showed one build. */
export interface BuildSpan {
  readonly build: Build;
  /** Null: undated. */
  readonly first: Day | null;
  readonly last: Day | null;
  readonly strength: Strength;
  readonly revisionStrength: Strength;
  readonly observation: Observation;
}

/** What to do next on a host. */
export interface NextStep {
  /** `CU21`; "" where the installed one still gets updates. */
  readonly cu: string;
  readonly update: string;
  readonly build: string;
  readonly kbs: readonly string[];
  readonly closes: readonly VulnerabilityId[];
  /** What it leaves open, until the configuration below is made. */
  readonly configuration: readonly {
    readonly text: string;
    readonly closes: readonly VulnerabilityId[];
  }[];
  readonly why: string;
}

/** One product on one host, as of a day. */
export interface HostPatches {
  readonly host: string;
  readonly product: string;
  /** As the deciding observation writes it; "" where nothing shows one. */
  readonly build: string;
  readonly observedAt: bigint | null;
  /** What `build` and the strengths rest on; null where nothing shows a build. */
  readonly decidedBy: Observation | null;
  readonly strength: Strength;
  readonly revisionStrength: Strength;
  /** The builds over time, the earliest first; undated ones last. */
  readonly spans: readonly BuildSpan[];
  readonly unfixed: number;
  readonly critical: number;
  readonly unknown: number;
  readonly next: NextStep | null;
  /** In sentences: end of support, an old observation, a build that went back, two observations of one day that differ. */
  readonly remarks: readonly HostRemark[];
}

/** What is to be said of a host besides its updates. */
export interface HostRemark {
  readonly kind:
    | "unsupported"
    | "stale"
    | "went-back"
    | "contradiction"
    | "not-comparable"
    | "future"
    | "unknown-product"
    | "two-names"
    | "sources-differ"
    | "no-inventory";
  readonly text: string;
  readonly at: readonly EventReference[];
}

/** A statement that counts or measures, and what the records make of it. */
export interface MeasuredClaim {
  readonly claim: Claim;
  /** As it is understood: `4 updates missing`, `no update for 13 months`. */
  readonly reads: string;
  /** Whether strong observations bear it out. */
  readonly verdict: "agrees" | "contradicted" | "unknown";
  readonly why: string;
}

/** Two things that cannot both be so. */
export interface Contradiction {
  readonly kind: "claim-observation" | "claim-claim" | "observation-observation";
  /** True where the claim was wrong when it was made, and what it says is so today: then no item is contradicted. */
  readonly isPast?: boolean;
  readonly host: string;
  readonly text: string;
  readonly at: readonly EventReference[];
}

/** The whole answer as data. */
export interface PatchReport {
  readonly asOf: Day;
  readonly hosts: readonly HostPatches[];
  /** By host, then the worst verdict and rank first. */
  readonly items: readonly PatchItem[];
  readonly measured: readonly MeasuredClaim[];
  readonly contradictions: readonly Contradiction[];
  /** Claims that no host or update fits, and what else could not be decided, in sentences. */
  readonly unknown: readonly string[];
  /** Days since the newest source of the catalogue that was handed down. */
  readonly catalogueAgeDays: number;
}
