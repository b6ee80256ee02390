/**
 * Statements that count updates or measure time without them, held against each day that the records cover. Two statements
 * contradict each other where no day bears out both. Refuses to pick a day for a statement that names none.
 */
import { type Day, dayOfTicks, formatDay, toDay } from "../../base/day.ts";
import { count, lowerFirst, spell } from "../../engines/wording/index.ts";
import type { Claim } from "../../model/claim.ts";
import type { Contradiction, FixState, MeasuredClaim } from "../../model/patch.ts";
import { type ClaimReading, readClaim } from "./claim-words.ts";
import { type Sightline, follow } from "./exposure.ts";
import { who } from "./held-claims.ts";
import { namesProduct } from "./hosts.ts";
import type { HostCase } from "./host-case.ts";
import type { JudgedUpdate } from "./judge.ts";
import type { Fix } from "./release-book.ts";
import { type Standing, standingOn } from "./sightline.ts";

/** A statement on a host, the days on which the records bear it out, and those on which they at least do not rule it out. */
interface Borne {
  readonly measured: MeasuredClaim;
  readonly reading: Measuring;
  readonly sure: readonly DaySpan[];
  readonly possible: readonly DaySpan[];
}

type Measuring = Extract<ClaimReading, { readonly says: "count" | "lapse" }>;

/** From a day to another, both included. */
interface DaySpan {
  readonly from: Day;
  readonly to: Day;
}

/** What was so from a day on, until the next one. */
interface State {
  readonly from: Day;
  /** Security updates that were missing, surely and at the most: of some the records cannot tell. */
  readonly missing: readonly [least: number, most: number];
  /** Release of the newest update in the build, at the earliest and at the latest; null: not known. */
  readonly newest: readonly [earliest: Day | null, latest: Day | null];
}

/** Judges the statements that a host's claims make in numbers. */
export function measure(
  hostCase: HostCase,
  judgeOn: JudgeOn,
): {
  readonly measured: readonly MeasuredClaim[];
  readonly contradictions: readonly Contradiction[];
} {
  const said = hostCase.claims
    .flatMap(({ all }) => all)
    .flatMap((claim) => {
      const isMeant = claim.kb === "" && namesProduct(hostCase.book.product, claim.product);
      const reading = isMeant ? readClaim(claim.claim, "") : null;
      return reading?.says === "count" || reading?.says === "lapse" ? [{ claim, reading }] : [];
    });
  if (said.length === 0) return { measured: [], contradictions: [] };
  const states = statesOf(hostCase, judgeOn);
  const borne = said.map(({ claim, reading }) => bear(hostCase, claim, reading, states));
  return {
    measured: borne.map(({ measured }) => measured),
    contradictions: pairs(borne.slice(0, COMPARED_MAX)).flatMap(([a, b]) =>
      between(hostCase.host, a, b),
    ),
  };
}

/** Of thousands of statements on one host the first ones are compared with each other. */
const COMPARED_MAX = 64;

function pairs<T>(things: readonly T[]): (readonly [T, T])[] {
  return things.flatMap((a, at) => things.slice(at + 1).map((b) => [a, b] as const));
}

/** What builds say of every update on a day. */
export type JudgeOn = (standing: Standing, day: Day) => readonly JudgedUpdate[];

/** A statement that names no host may be meant for any: while one host may bear it out, no other contradicts it. */
export function fairly(measured: readonly MeasuredClaim[]): readonly MeasuredClaim[] {
  const borne = new Set(
    measured.filter(({ verdict }) => verdict !== "contradicted").map(({ claim }) => claim),
  );
  return measured.map((each) => {
    const { claim, verdict, why } = each;
    const isOpen = verdict === "contradicted" && claim.host === "" && borne.has(claim);
    return isOpen && !isOfAll(claim)
      ? {
          ...each,
          verdict: "unknown",
          why: `It names no host, and may be meant for another one. ${why}`,
        }
      : each;
  });
}

/** That none is missing is said of every host. */
function isOfAll({ claim }: Claim): boolean {
  const reading = readClaim(claim, "");
  return reading.says === "count" && reading.missing === 0;
}

/** How many updates were missing, over the days from the first sighting to the as-of day. */
function statesOf(hostCase: HostCase, judgeOn: JudgeOn): State[] {
  const { book, seen, asOf } = hostCase;
  const firsts = seen.flatMap(({ first }) => (first === null || first > asOf ? [] : [first]));
  const start = toDay(Math.min(asOf, ...firsts)) ?? asOf;
  const changes = [start, ...firsts, ...book.releases.map(({ released }) => released.latest)];
  const days = [...new Set(changes)].filter((day) => day >= start && day <= asOf);
  const lines = new Map<Fix, Sightline>();
  const lineOf = (fix: Fix): Sightline => {
    const line = lines.get(fix) ?? follow([fix], seen, asOf);
    lines.set(fix, line);
    return line;
  };
  return days
    .sort((a, b) => a - b)
    .flatMap((day) => {
      const standing = standingOn(seen, day);
      if (standing === null) return [];
      const [least, most] = [new Set<string>(), new Set<string>()];
      for (const { isSecurity, update, state, fixes } of judgeOn(standing, day)) {
        if (!isSecurity || state === "fixed") continue;
        for (const fix of fixes) {
          const then = stateAmid(state, day, () => lineOf(fix));
          if (then === "missing") least.add(update);
          if (then !== "fixed") most.add(update);
        }
      }
      const newest = newestIn(hostCase, standing, day);
      return [{ from: day, missing: [least.size, most.size] as const, newest }];
    });
}

/** What the build of a day leaves open, the days around it tell: missing until it was seen so for the last time, then there. */
function stateAmid(state: FixState, day: Day, line: () => Sightline): FixState {
  if (state !== "unknown") return state;
  const { lastMissing, firstFixed, reopened } = line();
  if (reopened !== null) return state;
  if (lastMissing !== null && day <= lastMissing) return "missing";
  return firstFixed !== null && day >= firstFixed ? "fixed" : state;
}

/** When the newest update in the build came out. A number that logs state is the least that it was, one proven later the most. */
function newestIn(
  { book, seen }: HostCase,
  { points, revisionStrength }: Standing,
  day: Day,
): State["newest"] {
  const [point] = points;
  const third = point?.third ?? -1;
  const releases = book.units.get(third)?.releases ?? [];
  const out = releases.filter(({ released }) => released.latest <= day);
  const upTo = (revision: number) =>
    (out.findLast(({ build }) => build[3] <= revision) ?? releases[0])?.released.latest ?? null;
  const least = point?.fourth ?? 0;
  if (revisionStrength === "strong") return [upTo(least), upTo(least)];
  const proven = seen.flatMap(({ observation, point: later, last }) =>
    observation.revisionStrength === "strong" && later.third === third && (last ?? day) >= day
      ? [later.fourth ?? 0]
      : [],
  );
  return [upTo(least), proven.length === 0 ? null : upTo(Math.min(...proven))];
}

function bear(
  { host, asOf, standing }: HostCase,
  claim: Claim,
  reading: Measuring,
  states: readonly State[],
): Borne {
  const spans = (isSure: boolean) =>
    states.flatMap((state, at) => {
      const end = states[at + 1]?.from;
      const last = end === undefined ? asOf : toDay(end - 1);
      return last === null ? [] : within(state, last, reading, isSure);
    });
  const [sure, possible] = [merged(spans(true)), merged(spans(false))];
  const said = claim.at === null ? null : dayOfTicks(claim.at);
  const isBefore = ({ from }: DaySpan) => said === null || from <= said;
  const isKnown = standing.strength === "strong" && states.length > 0;
  const isOpen = !isKnown || possible.some(isBefore);
  const verdict = isKnown && sure.some(isBefore) ? "agrees" : isOpen ? "unknown" : "contradicted";
  const last = states.at(-1);
  return {
    reading,
    sure,
    possible,
    measured: {
      claim,
      reads: `${host === "" ? "" : `${spell(host)}: `}${readsAs(reading)}`,
      verdict,
      why: isKnown
        ? whyOf(reading, { sure, possible }, last, asOf)
        : "No strong observation shows which build was there.",
    },
  };
}

/** The days of one state on which the statement is so: surely, or as far as the records can tell. */
function within(
  { from, missing, newest }: State,
  last: Day,
  reading: Measuring,
  isSure: boolean,
): DaySpan[] {
  if (reading.says === "count") {
    const [least, most] = missing;
    const isAmong = least <= reading.missing && reading.missing <= most;
    return isAmong && (!isSure || least === most) ? [{ from, to: last }] : [];
  }
  const [earliest, latest] = newest;
  const since = isSure ? latest : earliest;
  const reached = since === null ? null : toDay(Math.max(from, since + reading.days));
  return reached !== null && reached <= last ? [{ from: reached, to: last }] : [];
}

function readsAs(reading: Measuring): string {
  if (reading.says === "lapse") return `no update for ${reading.text}`;
  return reading.missing === 0
    ? "no update missing"
    : `${count(reading.missing, "update")} missing`;
}

function whyOf(
  reading: Measuring,
  { sure, possible }: Pick<Borne, "sure" | "possible">,
  last: State | undefined,
  asOf: Day,
): string {
  const borne =
    sure.length > 0
      ? `So ${told(sure)}.`
      : possible.length > 0
        ? `The records neither bear it out nor rule it out ${told(possible)}.`
        : "The records bear it out on no day.";
  if (last === undefined) return borne;
  if (reading.says === "count") {
    const [least, most] = last.missing;
    const number = least === most ? `${least}` : `${least} to ${most}`;
    return `${borne} On ${formatDay(asOf)} ${number === "1" ? "1 was" : `${number} were`} missing.`;
  }
  const [newest] = last.newest;
  return newest === null
    ? borne
    : `${borne} The newest update in the build came out on ${formatDay(newest)}, ${count(Math.max(0, asOf - newest), "day")} before ${formatDay(asOf)}; ${reading.text} are ${count(reading.days, "day")}.`;
}

function told(days: readonly DaySpan[]): string {
  return days
    .map(({ from, to }) =>
      from === to ? `on ${formatDay(from)}` : `from ${formatDay(from)} to ${formatDay(to)}`,
    )
    .join(", ");
}

function merged(days: readonly DaySpan[]): DaySpan[] {
  const joined: DaySpan[] = [];
  for (const span of days) {
    const before = joined.at(-1);
    if (before !== undefined && before.to + 1 >= span.from)
      joined.splice(-1, 1, { from: before.from, to: span.to });
    else joined.push(span);
  }
  return joined;
}

/** A number of missing updates and a time without any, or two numbers of one day, that no day bears out together. */
function between(host: string, a: Borne, b: Borne): Contradiction[] {
  const isSameDay = a.measured.claim.at !== null && a.measured.claim.at === b.measured.claim.at;
  if (a.reading.says === b.reading.says && !isSameDay) return [];
  if (isZero(a.reading) || isZero(b.reading)) return [];
  const meet = a.possible.some((one) =>
    b.possible.some((other) => one.from <= other.to && other.from <= one.to),
  );
  if (meet) return [];
  const quoted = ({ measured }: Borne) =>
    `${who(measured.claim)}: “${spell(measured.claim.claim)}”`;
  return [
    {
      kind: "claim-claim",
      host,
      text: `${quoted(a)}: ${lowerFirst(a.measured.why)} ${quoted(b)}: ${lowerFirst(b.measured.why)} On no day that the records cover can both be so.`,
      at: [],
    },
  ];
}

function isZero(reading: Measuring): boolean {
  return reading.says === "count" && reading.missing === 0;
}
