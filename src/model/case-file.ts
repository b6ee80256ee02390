/** What the people of the case know and no log says: an input, sealed like evidence (decisions 7). */
import type { Escalation } from "./escalation.ts";
import type { DayOrder } from "./evidence.ts";

export interface CaseFile {
  readonly name: string;
  /** Law ids of knowledge/laws that apply; the first is the home jurisdiction. */
  readonly jurisdictions: readonly string[];
  readonly hosts: readonly CaseHost[];
  readonly sources: readonly CaseSource[];
  /** Addresses of load balancers and NAT: a client address that is none of the client's. */
  readonly frontDoors: readonly string[];
  /** Own scanners and contracted tests: who, from where, when. */
  readonly tests: readonly CaseTest[];
  readonly staffNetworks: readonly string[];
  readonly custodians: readonly string[];
  /** By when this provider has updates installed, in days after release; null: as knowledge/patching.json says. */
  readonly patching: { readonly days: number | null; readonly urgentDays: number | null } | null;
  /** Who is told of what nobody answers; null: nobody. */
  readonly escalation: Escalation | null;
  /** Everything in this case is invented; said on every page. */
  readonly synthetic: boolean;
}

export interface CaseHost {
  readonly name: string;
  readonly addresses: readonly string[];
  readonly aliases: readonly string[];
  /** `exchange`, `domain-controller`, `workstation`, …: what a responder expects of it. */
  readonly roles: readonly string[];
}

/** Which files a statement is about, and what it states. The first that fits a file counts, per value. */
export interface CaseSource {
  /** Path pattern over the file as given: `*` within a part, `**` across parts; matched at any depth. */
  readonly files: string;
  readonly host: string | null;
  readonly zone: string | null;
  readonly skewMillis: number | null;
  readonly dayOrder: DayOrder | null;
}

export interface CaseTest {
  readonly who: string;
  readonly addresses: readonly string[];
  readonly from: bigint | null;
  readonly to: bigint | null;
}
