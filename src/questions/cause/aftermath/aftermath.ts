/**
 * How far, and still in? Of each host that somebody broke into, what was changed since: found, clean, or not looked at, and over what.
 * A pure function; order of evidence and of reading decides nothing. Refuses to say whose change it was: that is for a person.
 */
import { TICKS_PER_DAY, UNDATED, isPlausible } from "../../../base/time.ts";
import { byCodeUnits, shorten, visible } from "../../../base/text.ts";
import type { Sign, SignsState } from "../../../engines/lookout/index.ts";
import { nameHosts, spell } from "../../../engines/wording/index.ts";
import type { Aftermath, AftermathCheck, Change } from "../../../model/aftermath.ts";
import type { CaseFile } from "../../../model/case-file.ts";
import type { Cause, FirstExploitation } from "../../../model/cause.ts";
import type { Coverage, SourceCoverage } from "../../../model/coverage.ts";
import type { Detection, DetectionId } from "../../../model/detection.ts";
import { type CoverMatter, type Stretch, countsOn, coverOf, endOf } from "./cover.ts";
import { PRELUDE } from "../first-exploitation.ts";
import { byChange, type Changed, joinLogs } from "./changes.ts";
import { changesDetected } from "./detected.ts";
import { signId } from "./rows.ts";
import type { AftermathTerms, ChangeSign, Check } from "./terms.ts";
import { turnedOffIn } from "./turned-off.ts";
import { isClean, type JudgedState, whyOf } from "./words.ts";

/** What the question is put to. */
export interface AftermathMatter {
  readonly cause: Pick<Cause, "first" | "ownTests">;
  readonly coverage: Pick<Coverage, "sources">;
  readonly changes: SignsState;
  /** What befell sensors: a log whose auditing was turned off proves no absence. */
  readonly signs: Pick<SignsState, "signs">;
  readonly detections: readonly Detection[];
  /** Whose stated test a detection is (testsOf). */
  readonly tests: ReadonlyMap<DetectionId, string>;
  readonly caseFile: Pick<CaseFile, "hosts">;
  readonly terms: AftermathTerms;
}

/** Changes that one check lists; all of them are counted. */
const CHANGES_MAX = 20;
/** A path and a command line are longer than a name. */
const WHAT_CHARS_MAX = 240;
/** An attempt that got less far, so shortly before, may have got further where logs have holes. */
const LEAD = 30n * TICKS_PER_DAY;

/** Of one host, all that its checks are put to. */
interface HostMatter extends AftermathMatter {
  readonly first: FirstExploitation;
  readonly time: Stretch;
  readonly addresses: ReadonlySet<string>;
  readonly nameOf: (host: string) => string;
  readonly turnedOffAt: CoverMatter["turnedOffAt"];
  readonly byCheck: ReadonlyMap<string, readonly Sign[]>;
}

/** One for each host with a first exploitation, the earliest first; none where there is none. */
export function aftermathsOf(matter: AftermathMatter): readonly Aftermath[] {
  const { cause, coverage, changes, detections, caseFile } = matter;
  if (cause.first.length === 0) return [];
  const seen = [...coverage.sources, ...changes.signs, ...detections].map(({ host }) => host);
  const nameOf = nameHosts(
    caseFile.hosts,
    new Set([...seen, ...cause.first.map(({ host }) => host)]),
  );
  const turnedOffAt = turnedOffIn(matter.signs, nameOf);
  const byCheck = Map.groupBy(changes.signs, ({ sign }) => sign);
  return cause.first
    .toSorted((a, b) =>
      a.at.first < b.at.first ? -1 : a.at.first > b.at.first ? 1 : byCodeUnits(a.host, b.host),
    )
    .map((first) => {
      const { host, at } = first;
      const from = lookedAtFrom(first);
      const end = endOf(coverage.sources, host, nameOf) ?? at.last;
      const time = { from, to: end > at.first ? end : at.first };
      const addresses = addressesOf(host, caseFile);
      const own = { ...matter, first, time, addresses, nameOf, turnedOffAt, byCheck };
      return {
        host,
        since: at.first,
        checks: matter.terms.checks.map((check) => judge(check, own)),
      };
    });
}

/**
 * From when on changes are looked at: the first exploitation; where earlier traces and a hole in the logs between contest its date,
 * from those traces on, thirty days at the most.
 */
function lookedAtFrom({ at, earlier, hiddenBy }: FirstExploitation): bigint {
  const from = earlier
    .filter(({ last }) => last > at.first - LEAD)
    .map(({ first }) => (first > at.first - LEAD ? first : at.first - LEAD))
    .reduce((a, b) => (b < a ? b : a), at.first);
  return hiddenBy.some(({ gap }) => gap.to > from && gap.from < at.first) ? from : at.first;
}

function hostsOf(role: string, { caseFile }: HostMatter): readonly string[] {
  return caseFile.hosts.filter(({ roles }) => roles.includes(role)).map(({ name }) => name);
}

function addressesOf(host: string, { hosts }: AftermathMatter["caseFile"]): ReadonlySet<string> {
  const own = hosts.filter(({ name }) => name === host);
  return new Set(own.flatMap(({ addresses }) => addresses));
}

function judge(check: Check, matter: HostMatter): AftermathCheck {
  const { first, time, coverage, nameOf, changes: state } = matter;
  const all = check.signs
    .flatMap((sign, at) => changesOf(sign, signId(check.id, at), matter))
    .sort(byChange);
  const changes = joinLogs(all);
  const leftOut = check.signs.reduce(
    (sum, _, at) => sum + (state.uncounted.get(signId(check.id, at)) ?? 0),
    0,
  );
  const undated = check.signs
    .flatMap((sign, at) => signsOn(sign, signId(check.id, at), matter))
    .filter(({ last }) => last === UNDATED).length;
  const cover = coverOf(check.witnesses, {
    host: first.host,
    time,
    sources: coverage.sources,
    nameOf,
    hostsOf: (role) => hostsOf(role, matter),
    isAudited: auditedBy(check, matter),
    turnedOffAt: matter.turnedOffAt,
  });
  const listed = changes.slice(0, CHANGES_MAX).map((change) => toldOf(change, matter));
  return {
    id: check.id,
    about: check.about,
    what: check.what,
    state: stateOf({ changes, leftOut, undated, cover, since: first.at.first }),
    changes: listed,
    changesTotal: changes.length,
    over: cover.over,
    why: whyOf({ check, changes, leftOut, undated, cover, time, since: first.at.first }),
  };
}

function stateOf(judged: JudgedState): AftermathCheck["state"] {
  if (judged.changes.length > 0) return "found";
  return isClean(judged) ? "clean" : "not-looked-at";
}

/** A log in which any such record stands, of whatever time, had its auditing on. */
function auditedBy(check: Check, { byCheck, nameOf }: HostMatter): CoverMatter["isAudited"] {
  const logs = new Set(
    check.signs.flatMap((_, at) =>
      (byCheck.get(signId(check.id, at)) ?? []).map((sign) => logKey(sign, nameOf)),
    ),
  );
  return (source) => logs.has(logKey(source, nameOf));
}

function logKey(
  { host, channel }: Pick<SourceCoverage, "host" | "channel">,
  nameOf: (host: string) => string,
): string {
  return JSON.stringify([nameOf(host), channel.toLowerCase()]);
}

function changesOf(sign: ChangeSign, id: string, matter: HostMatter): Changed[] {
  if (sign.where.kind === "detection") return changesDetected(sign, matter);
  return signsOn(sign, id, matter).flatMap((seen): Changed[] => {
    const when = timeOf(seen, matter.time.from - PRELUDE);
    if (when === null) return [];
    const what = sign.from === undefined ? seen.of : `${filledFrom(sign.says)} (${seen.of})`;
    const { by, digits, channel } = seen;
    const host = matter.nameOf(seen.host);
    const { ticks, at, words } = when;
    return [{ ticks, digits, host, what: `${what}${words}`, by, at, channel }];
  });
}

/** The signs of one kind that count for the host, of all times. */
function signsOn(
  sign: ChangeSign,
  id: string,
  { first, nameOf, addresses, byCheck }: HostMatter,
): readonly Sign[] {
  return (byCheck.get(id) ?? []).filter((seen) => {
    const host = nameOf(seen.host);
    // What no record places on a host may be this one's: left out, it would be gone in silence.
    const counts = host === "" || countsOn(sign.on, host, first.host);
    return counts && (sign.from === undefined || isFrom(seen.of, addresses));
  });
}

function isFrom(address: string, addresses: ReadonlySet<string>): boolean {
  return addresses.has(address.replace(/^::ffff:/i, ""));
}

/** Where a sign is kept by its address alone, its text has no fields. */
function filledFrom(says: string): string {
  return says.replace(/ ?\{[^{}]*\}/g, "");
}

/** When a sign shows a change in the time that is asked about; null where it does not, or has no time. */
function timeOf(
  { first, last, digits, at, lastAt, bucket }: Sign,
  from: bigint,
): { readonly ticks: bigint; readonly words: string; readonly at: Change["at"] } | null {
  if (first === UNDATED || !isPlausible(last) || last < from) return null;
  if (first < from) {
    const words = bucket === UNDATED ? `, as already from ${spell(first, digits)} on` : "";
    return { ticks: last, words, at: lastAt };
  }
  const words = last === first ? "" : `, until ${spell(last, digits)}`;
  return { ticks: first, words, at };
}

/** A change as it is told: in one visible line, with the date and the test that bear on it. */
function toldOf(change: Changed, { first, cause }: HostMatter): Change {
  const { ticks, digits, host, what, by, at } = change;
  const test = cause.ownTests.find(
    (own) => own.host === host && ticks >= own.first && ticks <= own.last,
  );
  const before =
    ticks < first.at.first - PRELUDE
      ? " (before the first exploitation that shows, while its date is contested)"
      : "";
  const during =
    test === undefined ? "" : ` (during the test that the case file states: ${spell(test.who)})`;
  return {
    ticks,
    digits,
    host,
    at,
    what: `${shorten(visible(what), WHAT_CHARS_MAX)}${before}${during}`,
    by: spell(by),
  };
}
