/**
 * Claims held against observations, per host, per fix, as of a day. Refuses to answer per farm, and to decide for a host what only
 * another one shows (docs/design/patched.md).
 */
import { known } from "../../base/assert.ts";
import { type Day, dayOfTicks } from "../../base/day.ts";
import { byCodeUnits } from "../../base/text.ts";
import { toVulnerabilityId } from "../../engines/formats/index.ts";
import { nameHosts } from "../../engines/wording/index.ts";
import type { CaseHost } from "../../model/case-file.ts";
import { type Catalogue, type Product, SEVERITIES } from "../../model/catalogue.ts";
import type { Claim } from "../../model/claim.ts";
import type { Observation } from "../../model/observation.ts";
import {
  type Contradiction,
  type HostPatches,
  type HostRemark,
  type MeasuredClaim,
  type NextStep,
  type PatchItem,
  type PatchReport,
  VERDICTS,
} from "../../model/patch.ts";
import { aloneItems, unfitting, untimely } from "./claimed-alone.ts";
import {
  type HostCase,
  type HostClaims,
  NOWHERE,
  buildText,
  byMaking,
  byObservation,
  indexClaims,
  isBy,
  makeHostCase,
} from "./host-case.ts";
import { lineOf } from "./hosts.ts";
import { type UpdateFacts, factsOfUpdate, makeItem } from "./items.ts";
import { type JudgedUpdate, judge } from "./judge.ts";
import { fairly, measure } from "./measured.ts";
import { nextStepOf } from "./next-step.ts";
import { type NumberedGroup, groupNumbered, groupsNamed, numberedItems } from "./numbered.ts";
import { type ReleaseBook, daysUpTo, makeBooks } from "./release-book.ts";
import { differing, remarksOn, spansOf, unfitRemarks } from "./remarks.ts";
import { type Standing, earliestOf } from "./sightline.ts";
import type { PatchTerms } from "./terms.ts";
import { twoNames, unseen, withoutInventory } from "./unseen-hosts.ts";

/** What is asked, and of what. */
export interface PatchQuestion {
  readonly catalogue: Catalogue;
  /** With the hosts' one name each. */
  readonly observations: readonly Observation[];
  readonly claims: readonly Claim[];
  /** Those of the case file. */
  readonly hosts: readonly CaseHost[];
  /** Hosts that logs speak of. */
  readonly seenHosts: readonly string[];
  readonly terms: PatchTerms;
  readonly asOf: Day;
}

/** Answers for every host. */
export function reportPatches(question: PatchQuestion): PatchReport {
  return new Asking(question).report();
}

/** What observations and claims there are of one host, by product. */
interface HostMatters {
  readonly host: string;
  readonly cases: readonly HostCase[];
  readonly claims: readonly HostClaims[];
  readonly lists: readonly Observation[];
  readonly remarks: readonly HostRemark[];
}

/** What hosts of the same build share. */
interface Shared {
  readonly facts: readonly UpdateFacts[];
  readonly next: NextStep | null;
}

/** One question while it is answered: what hosts share is judged once. */
class Asking {
  readonly #question: PatchQuestion;
  readonly #books: ReadonlyMap<string, ReleaseBook>;
  readonly #bookOfBuild = new Map<string, ReleaseBook | null>();
  readonly #judged = new Map<string, readonly JudgedUpdate[]>();
  readonly #shared = new Map<readonly JudgedUpdate[], Shared>();
  readonly #differences = new Map<readonly JudgedUpdate[], readonly HostRemark[]>();
  readonly #numbered = new Map<Product, readonly NumberedGroup[]>();
  readonly #noted = new Set<readonly JudgedUpdate[]>();
  readonly #mayHold = new Set<string>();
  readonly #hosts: HostPatches[] = [];
  readonly #items: PatchItem[] = [];
  readonly #measured: MeasuredClaim[] = [];
  readonly #contradictions: Contradiction[] = [];
  readonly #held = new Set<Claim>();

  constructor(question: PatchQuestion) {
    this.#question = question;
    this.#books = makeBooks(question.catalogue);
  }

  report(): PatchReport {
    const { observations, catalogue, asOf, hosts, seenHosts } = this.#question;
    const { past, later } = this.#claims();
    const byHost = Map.groupBy(observations, ({ host }) => host);
    const claimed = Map.groupBy(past, ({ host }) => host);
    const general = indexClaims(claimed.get("") ?? []);
    const names = [...new Set([...byHost.keys(), ...claimed.keys()])]
      .filter((name) => name !== "" || byHost.has(name))
      .sort(byCodeUnits);
    const remarks = twoNames(names);
    const matters = names.map((host) => {
      const own = host === "" ? [] : [indexClaims(claimed.get(host) ?? [])];
      return this.#gather(host, byHost.get(host) ?? [], [...own, general], remarks.get(host) ?? []);
    });
    if (general.named.size > 0)
      for (const { cases } of matters) for (const each of cases) this.#noteHeld(each);
    for (const each of matters) this.#tell(each);
    const seen = seenHosts.map(nameHosts(hosts, byHost.keys()));
    for (const host of withoutInventory(seen, byHost)) this.#hosts.push(unseen(host));
    const newest = catalogue.sources.reduce((max, { day }) => Math.max(max, day), 0);
    return {
      asOf,
      hosts: this.#hosts,
      items: this.#items,
      measured: fairly(this.#measured),
      contradictions: this.#contradictions,
      unknown: [
        ...untimely(later, asOf),
        ...unfitting(past.filter((claim) => !this.#held.has(claim))),
      ],
      catalogueAgeDays: newest === 0 ? 0 : Math.max(0, asOf - newest),
    };
  }

  /** Claims with the one name of their host, in the order in which they were made: those up to the day, and the others. */
  #claims(): { readonly past: readonly Claim[]; readonly later: readonly Claim[] } {
    const { claims, hosts, observations, asOf } = this.#question;
    const nameOf = nameHosts(hosts, [
      ...observations.map(({ host }) => host),
      ...claims.map(({ host }) => host),
    ]);
    const named = claims.map((claim) => ({ ...claim, host: nameOf(claim.host) })).sort(byMaking);
    const isLater = ({ at }: Claim) => {
      const day = at === null ? null : dayOfTicks(at);
      return day !== null && day > asOf;
    };
    return { past: named.filter((claim) => !isLater(claim)), later: named.filter(isLater) };
  }

  #gather(
    host: string,
    observations: readonly Observation[],
    claims: readonly HostClaims[],
    remarks: readonly HostRemark[],
  ): HostMatters {
    const { terms, asOf } = this.#question;
    const proving = observations.filter(({ strength }) => strength !== "none").sort(byObservation);
    const [unfit, lists] = [new Array<Observation>(), new Array<Observation>()];
    const builds = new Map<ReleaseBook, Observation[]>();
    for (const observation of proving) {
      const { build, kb } = observation;
      if (build === null) {
        if (kb !== "" && isBy(observation, asOf)) lists.push(observation);
        continue;
      }
      const book = this.#bookOf(observation);
      const own = book === null ? unfit : (builds.get(book) ?? []);
      own.push(observation);
      if (book !== null) builds.set(book, own);
    }
    const configured = new Set(
      lists.flatMap(({ kind, kb }) =>
        kind === "configuration" ? (toVulnerabilityId(kb) ?? []) : [],
      ),
    );
    const matter = { host, claims, lists, configured, mayHold: this.#mayHold, terms, asOf };
    return {
      host,
      claims,
      lists,
      cases: [...builds]
        .sort(([a], [b]) => byCodeUnits(a.product.name, b.product.name))
        .map(([book, own]) => makeHostCase({ ...matter, book }, own)),
      remarks: [...unfitRemarks(unfit), ...remarks],
    };
  }

  #bookOf({ build, product }: Observation): ReleaseBook | null {
    const numbers = build?.numbers ?? null;
    if (numbers === null) return null;
    const key = `${numbers.join(".")} ${product}`;
    const before = this.#bookOfBuild.get(key);
    if (before !== undefined) return before;
    const line = lineOf(this.#question.catalogue.products, numbers, product);
    const book = line === null ? null : (this.#books.get(line.name) ?? null);
    if (this.#bookOfBuild.size < REMEMBERED_MAX) this.#bookOfBuild.set(key, book);
    return book;
  }

  /** Notes what this host has, or may have: whoever names no host may have meant it. */
  #noteHeld(hostCase: HostCase): void {
    const { book } = hostCase;
    const judged = this.#judge(hostCase, hostCase.standing, this.#question.asOf);
    if (this.#noted.has(judged)) return;
    this.#noted.add(judged);
    const missing = new Set(
      judged.flatMap(({ state, names }) => (state === "missing" ? [...names] : [])),
    );
    for (const { names } of judged)
      for (const name of names)
        if (!missing.has(name)) this.#mayHold.add(`${book.product.name}\n${name}`);
  }

  #tell(matters: HostMatters): void {
    const { host, cases, claims, remarks } = matters;
    const items = cases.flatMap((hostCase, at) =>
      this.#tellProduct(hostCase, at === 0 ? remarks : []),
    );
    if (cases.length === 0) {
      items.push(...this.#byNumber(matters, null));
      this.#hosts.push({ ...unseen(host), remarks });
    }
    for (const item of items) for (const claim of item.claims) this.#held.add(claim);
    const alone = claims.flatMap(({ all }) =>
      all.filter((claim) => claim.kb !== "" && claim.host === host && !this.#held.has(claim)),
    );
    const left = host === "" ? [] : aloneItems(host, alone);
    for (const { claims: own } of left) for (const claim of own) this.#held.add(claim);
    items.push(...left);
    for (const item of items.sort(byWeight)) this.#items.push(item);
  }

  #tellProduct(hostCase: HostCase, more: readonly HostRemark[]): PatchItem[] {
    const { host, book, standing, observedAt, asOf } = hostCase;
    const judged = this.#judge(hostCase, standing, asOf);
    const { facts, next } = this.#share(hostCase, judged);
    const made = judged.map((update, at) =>
      makeItem(hostCase, update, known(facts[at], "every update has its facts")),
    );
    const items = [...made.map(({ item }) => item), ...this.#byNumber(hostCase, book.product)];
    const measured = measure(hostCase, (then, day) => this.#judge(hostCase, then, day));
    for (const { claim } of measured.measured) this.#held.add(claim);
    this.#measured.push(...measured.measured);
    const wentBack = earliestOf(made.map(({ reopened }) => reopened));
    const remarks = [
      ...remarksOn(hostCase, wentBack),
      ...this.#differing(hostCase, judged),
      ...more,
    ];
    for (const { contradictions } of made) this.#contradictions.push(...contradictions);
    this.#contradictions.push(
      ...measured.contradictions,
      ...remarks.flatMap(({ kind, text, at }) =>
        kind === "contradiction"
          ? [{ kind: "observation-observation" as const, host, text, at }]
          : [],
      ),
    );
    this.#hosts.push({
      host,
      product: book.product.name,
      build: buildText(standing),
      observedAt,
      decidedBy: standing.by[0]?.observation ?? null,
      strength: standing === NOWHERE ? "none" : standing.strength,
      revisionStrength: standing.revisionStrength,
      spans: spansOf(hostCase),
      ...countsOf(items),
      next,
      remarks,
    });
    return items;
  }

  /** Hosts of one build differ from others alike. */
  #differing(hostCase: HostCase, judged: readonly JudgedUpdate[]): readonly HostRemark[] {
    const before = this.#differences.get(judged);
    if (before !== undefined) return before;
    const told = differing(hostCase, judged, this.#question.catalogue.conflicts);
    if (this.#differences.size < REMEMBERED_MAX) this.#differences.set(judged, told);
    return told;
  }

  #byNumber(
    { host, lists, claims }: Pick<HostMatters, "host" | "lists" | "claims">,
    product: Product | null,
  ): PatchItem[] {
    const { catalogue, asOf } = this.#question;
    if (product === null)
      return numberedItems(
        { host, product, lists, claims, asOf },
        groupsNamed(catalogue, lists, claims),
      );
    const groups = this.#numbered.get(product) ?? groupNumbered(catalogue, product);
    this.#numbered.set(product, groups);
    return numberedItems({ host, product, lists, claims, asOf }, groups);
  }

  /** Hosts with the same build are judged once; between two releases nothing changes. */
  #judge({ book, configured }: HostCase, standing: Standing, day: Day): readonly JudgedUpdate[] {
    if (standing === NOWHERE) return [];
    const { points, strength, revisionStrength, newerWeak } = standing;
    const days = [day, standing.day, standing.revisionDay, standing.notAfter].map((each) =>
      daysUpTo(book, each),
    );
    const hint = newerWeak === null ? null : [newerWeak.point, newerWeak.observation.source];
    const isDated = standing.day !== null;
    const key = JSON.stringify([
      book.product.name,
      // Scores are of the day that is asked about.
      day === this.#question.asOf,
      isDated,
      points,
      strength,
      revisionStrength,
      hint,
      days,
      [...configured].sort(byCodeUnits),
    ]);
    const before = this.#judged.get(key);
    if (before !== undefined) return before;
    const judged = judge(book, this.#question.catalogue.chains, standing, configured, day);
    if (this.#judged.size < REMEMBERED_MAX) this.#judged.set(key, judged);
    return judged;
  }

  #share({ book, standing, terms, asOf }: HostCase, judged: readonly JudgedUpdate[]): Shared {
    const before = this.#shared.get(judged);
    if (before !== undefined) return before;
    const facts = judged.map((update) => factsOfUpdate(update, terms, asOf));
    const shared = {
      facts,
      next: standing === NOWHERE ? null : nextStepOf(book, standing, judged, asOf),
    };
    if (this.#shared.size < REMEMBERED_MAX) this.#shared.set(judged, shared);
    return shared;
  }
}

/** Builds that a forged log names must not fill the memory. */
const REMEMBERED_MAX = 4_096;

function countsOf(
  items: readonly PatchItem[],
): Pick<HostPatches, "unfixed" | "critical" | "unknown"> {
  let [unfixed, critical, unknown] = [0, 0, 0];
  for (const { vulnerabilities } of items)
    for (const { state, rank } of vulnerabilities) {
      if (state === "missing") unfixed++;
      if (state === "missing" && rank === "critical") critical++;
      if (state === "unknown") unknown++;
    }
  return { unfixed, critical, unknown };
}

function byWeight(a: PatchItem, b: PatchItem): number {
  return (
    byCodeUnits(a.host, b.host) ||
    byCodeUnits(a.product, b.product) ||
    VERDICTS.indexOf(a.verdict) - VERDICTS.indexOf(b.verdict) ||
    SEVERITIES.indexOf(b.rank) - SEVERITIES.indexOf(a.rank) ||
    (a.released ?? 0) - (b.released ?? 0) ||
    byCodeUnits(a.kb, b.kb) ||
    byCodeUnits(a.update, b.update) ||
    byCodeUnits(a.vulnerabilities[0]?.id ?? "", b.vulnerabilities[0]?.id ?? "")
  );
}
