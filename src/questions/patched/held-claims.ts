/**
 * Claims about one update on one host, held against what its builds show. Refuses a contradiction that is none: a sighting from
 * before the claim cannot contradict it.
 */
import { dayOfTicks, formatDay } from "../../base/day.ts";
import { count, spell } from "../../engines/wording/index.ts";
import type { Claim } from "../../model/claim.ts";
import type { Verdict } from "../../model/patch.ts";
import { readClaim } from "./claim-words.ts";
import { type Sightline, firstMoment, lastMoment } from "./exposure.ts";
import type { JudgedUpdate } from "./judge.ts";
import type { Standing } from "./sightline.ts";

/** What becomes of an update when claims are held against it. */
export interface Held {
  readonly verdict: Verdict;
  readonly why: string;
  /** The claims that a strong observation contradicts. */
  readonly contradicted: readonly Claim[];
}

/** What claims of one update on one host are held against. */
export interface HeldAgainst {
  readonly judged: JudgedUpdate;
  readonly standing: Standing;
  readonly line: Sightline;
  /** A list of updates names it. */
  readonly isListed: boolean;
  /** Another host may have it: a claim that names no host may be meant for that one. */
  readonly isElsewhere: boolean;
}

/** The verdict over what builds show, claims and lists. */
export function holdClaims(claims: readonly Claim[], against: HeldAgainst): Held {
  const { judged, standing, line, isListed, isElsewhere } = against;
  const why = judged.states[0]?.why ?? "";
  const saying = (wanted: string) =>
    claims.filter(({ claim }) => readClaim(claim, "named").says === wanted);
  const positive = saying("installed");
  const isProof = standing.strength === "strong" && judged.strength === "strong";
  if (!isProof || judged.state === "unknown") return weakly(against, why, positive.length > 0);
  if (judged.state === "fixed") {
    const contradicted = saying("missing").filter((claim) => isEarlier(line, claim));
    return { verdict: contradicted.length > 0 ? "contradicted" : "fixed", why, contradicted };
  }
  const meant = positive.filter(({ host }) => host !== "" || !isElsewhere);
  const contradicted = isSeenSince(against) ? meant.filter((claim) => isLater(line, claim)) : [];
  if (contradicted.length > 0)
    return { verdict: "contradicted", why: `${why}${undated(contradicted)}`, contradicted };
  if (meant.length > 0)
    return {
      verdict: "unverified",
      why: `${why}; but it was seen so for the last time before the ${isSeenSince(against) ? "claim" : "update came out"}`,
      contradicted,
    };
  const more = [
    ...(positive.length > meant.length
      ? ["a claim that names no host may be meant for another one"]
      : []),
    ...(isListed ? ["a list of updates names it, which proves nothing"] : []),
  ];
  return { verdict: "missing", why: [why, ...more].join("; "), contradicted };
}

/** Whether the lack was seen on a day on which the update existed; a record without a time may be of such a day. */
function isSeenSince({ judged, standing, line }: HeldAgainst): boolean {
  const seen = line.lastMissing ?? standing.notAfter;
  return seen === null || seen >= judged.released;
}

/** A claim without a day is taken as it is: whoever made it can say since when it was so. */
function undated(contradicted: readonly Claim[]): string {
  return contradicted.every(({ at }) => at === null)
    ? "; the claim says not of which day it is, and is taken for the day of the observation"
    : "";
}

/** Without proof: weak observations and lists make it unverified at best. */
function weakly(
  { judged, standing, isListed }: HeldAgainst,
  why: string,
  isClaimed: boolean,
): Held {
  const contradicted: readonly Claim[] = [];
  const { state, strength } = judged;
  if (standing.strength === "strong" && state === "fixed" && strength === "weak")
    return { verdict: "fixed", why: `${why}, as a log states it`, contradicted };
  if (isClaimed)
    return {
      verdict: "unverified",
      why: `${why}; a claim says that it is installed`,
      contradicted,
    };
  if (isListed)
    return {
      verdict: "unverified",
      why: `${why}; a list of updates names it, which may be wrong`,
      contradicted,
    };
  if (standing.strength === "weak" && state === "fixed")
    return { verdict: "unverified", why: `${why}, as a weak observation states it`, contradicted };
  return { verdict: "unknown", why, contradicted };
}

/** Whether the update was seen missing when the claim had been made, or after; what has no time is taken as such. */
export function isLater({ missingBy, lastMissing }: Sightline, { at }: Claim): boolean {
  return (
    at === null ||
    missingBy === null ||
    lastMissing === null ||
    lastMoment(missingBy, lastMissing) >= at
  );
}

/** Whether the update had been seen installed when somebody still said that it was missing. */
function isEarlier({ fixedBy, firstFixed }: Sightline, { at }: Claim): boolean {
  return (
    at === null || fixedBy === null || firstFixed === null || firstMoment(fixedBy, firstFixed) <= at
  );
}

/** Two people who say the opposite of the same update, in a sentence; null where nobody does. */
export function disagreement(claims: readonly Claim[], what: string): string | null {
  const saying = (wanted: string) =>
    claims.filter(({ claim }) => readClaim(claim, "named").says === wanted);
  const [yes, no] = [saying("installed"), saying("missing")];
  const [a] = yes;
  const [b] = no;
  if (a === undefined || b === undefined) return null;
  const more = yes.length + no.length - 2;
  return `${who(a)} says that ${what} is installed${when(a)}; ${who(b)} says that it is not${when(b)}${more > 0 ? ` (and ${count(more, "further claim")})` : ""}`;
}

/** Who made a claim, as it is told. */
export function who({ by }: Claim): string {
  return by === null ? "Somebody who is not named" : spell(by);
}

function when({ at }: Claim): string {
  const day = at === null ? null : dayOfTicks(at);
  return day === null ? "" : ` (${formatDay(day)})`;
}
