/** One item for each update on a host: verdict, exposure, what was known, and what it rests on. */
import { type Day, dayOfTicks, formatDay } from "../../base/day.ts";
import { spell } from "../../engines/wording/index.ts";
import type { Claim } from "../../model/claim.ts";
import type { Contradiction, Deadline, PatchItem, PublicFact } from "../../model/patch.ts";
import { readClaim } from "./claim-words.ts";
import {
  type Course,
  type Sightline,
  courseOf,
  exposureOf,
  follow,
  publicFacts,
} from "./exposure.ts";
import { type Held, disagreement, holdClaims, isLater, who } from "./held-claims.ts";
import { type HostCase, buildText, byMaking } from "./host-case.ts";
import { namesProduct } from "./hosts.ts";
import { type JudgedUpdate, worstOf } from "./judge.ts";
import { type SeenBuild, earliestOf } from "./sightline.ts";
import { type PatchTerms, dueOf } from "./terms.ts";

/** What every host shares that an update is judged on. */
export interface UpdateFacts {
  readonly known: readonly PublicFact[];
  readonly course: Course;
  readonly due: Omit<Deadline, "daysLate"> | null;
}

/** What was known of an update by a day. */
export function factsOfUpdate(judged: JudgedUpdate, terms: PatchTerms, asOf: Day): UpdateFacts {
  return {
    known: publicFacts(judged.fixes, nameOf(judged), asOf),
    course: courseOf(judged.fixes, asOf),
    due: dueOf(terms, judged.released, urgentFrom(judged, asOf)),
  };
}

/** An item, what cannot both be so, and since when it was open again, if it was. */
export interface MadeItem {
  readonly item: PatchItem;
  readonly contradictions: readonly Contradiction[];
  readonly reopened: Day | null;
}

/** The item of one judged update. */
export function makeItem(
  hostCase: HostCase,
  judged: JudgedUpdate,
  { known, course, due: dueAtFirst }: UpdateFacts,
): MadeItem {
  const { host, book, standing, lists, terms, asOf, at } = hostCase;
  const line = follow(judged.fixes, undisputed(hostCase, judged), asOf);
  // What a host had and lost was not late before it lost it.
  const due =
    line.reopened === null ? dueAtFirst : dueOf(terms, line.reopened, urgentFrom(judged, asOf));
  const claims = claimsOn(hostCase, judged);
  const isListed = lists.some(({ kb, strength }) => strength === "weak" && judged.kbs.includes(kb));
  const isElsewhere = claims.some(
    (claim) =>
      claim.host === "" && hostCase.mayHold.has(`${book.product.name}\n${claim.kb.toUpperCase()}`),
  );
  const held = holdClaims(claims, { judged, standing, line, isListed, isElsewhere });
  const isOpen = judged.state === "missing";
  const item: PatchItem = {
    host,
    product: book.product.name,
    build: buildText(standing),
    observedAt: hostCase.observedAt,
    strength: judged.strength,
    kb: judged.kb,
    kbs: judged.kbs,
    update: judged.update,
    vulnerabilities: judged.states,
    severity: judged.severity,
    rank: judged.rank,
    released: judged.released,
    verdict: held.verdict,
    requires: judged.requires,
    claims: withFirst(claims, held.contradicted),
    excuses: held.verdict === "contradicted" && isOpen ? excusesOf(hostCase, judged) : NONE,
    exposure: exposureOf(course, line, isOpen, asOf),
    known,
    deadline:
      due === null
        ? null
        : { ...due, daysLate: Math.max(0, (line.lastMissing ?? due.due) - due.due) },
    why: held.why,
    at,
  };
  const contradictions =
    claims.length === 0 ? NONE : contradictionsOf(hostCase, judged, held, line, claims);
  return { item, contradictions, reopened: line.reopened };
}

/** The sightings that tell of an update's time: not those that contradict each other on it. */
function undisputed({ seen, standing }: HostCase, { state }: JudgedUpdate): readonly SeenBuild[] {
  const isDisputed = state === "unknown" && standing.points.length > 1;
  return isDisputed ? seen.filter((each) => !standing.by.includes(each)) : seen;
}

/** The claims, those that are contradicted before the others. */
function withFirst(claims: readonly Claim[], contradicted: readonly Claim[]): readonly Claim[] {
  if (contradicted.length === 0) return claims;
  const first = new Set(contradicted);
  return [...contradicted, ...claims.filter((claim) => !first.has(claim))];
}

/** One for all: most items have none. */
const NONE: readonly never[] = [];

/** `KB5001779 (Apr21SU)`. */
export function nameOf({ kb, update }: { readonly kb: string; readonly update: string }): string {
  return kb === "" ? update : update === "" ? kb : `${kb} (${update})`;
}

function claimsOn({ claims, book }: HostCase, { names }: JudgedUpdate): readonly Claim[] {
  if (claims.every(({ named }) => named.size === 0)) return NONE;
  const groups = claims.flatMap(({ named }) => [...names].flatMap((name) => named.get(name) ?? []));
  return groups.length === 0
    ? NONE
    : groups.filter(({ product }) => namesProduct(book.product, product)).sort(byMaking);
}

/** Since when it was urgent; null: never. A rating counts from the day on which what it rates was named; what a chain lends is nobody's rating. */
function urgentFrom({ released, fixes }: JudgedUpdate, asOf: Day): Day | null {
  const since = fixes.flatMap(({ vulnerability }) => {
    const { severities, published, exploitations, kev } = vulnerability;
    return [
      ...(worstOf(severities) === "critical" ? [published ?? released] : []),
      ...exploitations.map(({ reported }) => reported),
      ...(kev === null ? [] : [kev.added]),
    ];
  });
  return earliestOf(since.filter((day) => day <= asOf));
}

/** The honest ways in which a claim of this update on this host goes wrong. */
function excusesOf({ terms, book, standing }: HostCase, { fixes }: JudgedUpdate): string[] {
  const third = standing.points[0]?.third ?? -1;
  const hasPackage = fixes.some(({ lowest }) => lowest.has(third));
  return terms.excuses
    .filter(({ products, when }) => {
      const isMeant =
        products.length === 0 || products.some((name) => namesProduct(book.product, name));
      return isMeant && (when === "always" || !hasPackage);
    })
    .map(({ text }) => text);
}

function contradictionsOf(
  hostCase: HostCase,
  judged: JudgedUpdate,
  held: Held,
  line: Sightline,
  claims: readonly Claim[],
): Contradiction[] {
  const what = nameOf(judged);
  const { host, at } = hostCase;
  const shown = shows(hostCase);
  const told: Contradiction[] = held.contradicted.map((claim) => ({
    kind: "claim-observation",
    host,
    text: `${who(claim)} claims of ${what}: ${spell(claim.claim)}. ${shown} ${held.why}.`,
    at,
  }));
  const between = disagreement(claims, what);
  if (between !== null) told.push({ kind: "claim-claim", host, text: `${between}.`, at: [] });
  return [...told, ...refuted(hostCase, what, held, line, claims)];
}

/** `MX1 shows 15.1.2044.4 on 2021-08-20 (Inventory).` */
function shows({ host, standing, observedAt }: HostCase): string {
  const { observation } = standing.by[0] ?? {};
  const day = observedAt === null ? null : dayOfTicks(observedAt);
  const on = day === null ? ", undated" : ` on ${formatDay(day)}`;
  return observation === undefined
    ? ""
    : `${host === "" ? "The host" : spell(host)} shows ${spell(observation.build?.text ?? "")}${on} (${spell(observation.source)}).`;
}

/** A claim that was not so when it was made, though it is today. */
function refuted(
  { host, at }: HostCase,
  what: string,
  { verdict, contradicted }: Held,
  line: Sightline,
  claims: readonly Claim[],
): Contradiction[] {
  const { lastMissing } = line;
  if (verdict !== "fixed" || lastMissing === null) return [];
  const early = claims.filter((claim) => {
    const isPositive = readClaim(claim.claim, "named").says === "installed";
    return (
      isPositive &&
      claim.at !== null &&
      claim.host !== "" &&
      isLater(line, claim) &&
      !contradicted.includes(claim)
    );
  });
  return early.map((claim) => ({
    kind: "claim-observation",
    isPast: true,
    host,
    text: `${who(claim)} claims of ${what}: ${spell(claim.claim)}. It was seen missing after that, on ${formatDay(lastMissing)}, and is there today.`,
    at,
  }));
}
