/**
 * The first question in sentences: what was missing on which host since when, which claims do not hold, and what nobody can tell.
 * Refuses to say "patched" of a host that nothing shows.
 */
import { type Day, dayOfTicks, formatDay } from "../../base/day.ts";
import { TICKS_PER_DAY, readableTime, toTicks } from "../../base/time.ts";
import { count, listFirst, lowerFirst, spell } from "../../engines/wording/index.ts";
import type { Claim } from "../../model/claim.ts";
import type { Answer, Statement } from "../../model/dossier.ts";
import type { Assumption } from "../../model/evidence.ts";
import type { HostPatches, PatchItem, PatchReport } from "../../model/patch.ts";
import { who } from "./held-claims.ts";
import { nameOf } from "./items.ts";

/** What a page can show; the others are in dossier.json. */
const STATEMENTS_MAX = 200;
const NAMED_MAX = 6;

/** What besides the report is to be said: what was taken for granted to read the claims, and what limits left out. */
export interface AnswerMatter {
  readonly claims: readonly Claim[];
  readonly assumed: readonly Assumption[];
  readonly limits: readonly string[];
}

/** Answers the first question from a report. */
export function answerPatched(
  report: PatchReport,
  { claims, assumed, limits }: AnswerMatter,
): Answer {
  const statements = [
    ...report.items.filter(({ verdict }) => verdict === "contradicted").map(tellContradicted),
    ...tellExcuses(report.items),
    ...byHost(report, "missing").map(tellMissing),
    ...report.contradictions
      .filter(({ kind, isPast }) => kind === "claim-claim" || isPast === true)
      .map(tellContradiction),
    ...report.contradictions
      .filter(({ kind }) => kind === "observation-observation")
      .map(tellContradiction),
    ...report.items
      .filter(({ verdict, claims: said }) => verdict === "unverified" && said.length > 0)
      .map(tellUnverified),
    ...report.measured.map(({ claim, reads, verdict, why }) => ({
      text: `${who(claim)}: “${claim.claim}” (${reads}): ${VERDICT_WORDS[verdict]}. ${why}`,
      basis: "derived" as const,
      at: [],
    })),
    ...report.hosts.filter(isShown).map(tellHost),
  ];
  const left = statements.length - STATEMENTS_MAX;
  return {
    question: "patched",
    asked: "Were we patched?",
    state: stateOf(report, claims),
    headline: headlineOf(report, claims),
    statements: statements.slice(0, STATEMENTS_MAX),
    unknown: [
      ...readingsOf(assumed, (what) => what === "day-order"),
      ...byHost(report, "unknown").map(tellUnknown),
      ...(report.hosts.some(isShown)
        ? []
        : [
            "What was installed. File versions on the disk of each server, or a build line in its own logs, would tell.",
          ]),
      ...withoutInventory(report),
      ...report.unknown,
      ...(left > 0 ? [`${count(left, "further statement")}: dossier.json holds them.`] : []),
      ...readingsOf(assumed, (what) => what !== "day-order"),
      ...limits,
    ],
  };
}

const VERDICT_WORDS = {
  agrees: "the records bear it out",
  contradicted: "contradicted",
  unknown: "unverified",
} as const;

function isShown({ build }: HostPatches): boolean {
  return build !== "";
}

function stateOf({ hosts, items }: PatchReport, claims: readonly Claim[]): Answer["state"] {
  if (!hosts.some(isShown) && claims.length === 0) return "not-yet";
  const isWhole = hosts.every(({ strength }) => strength === "strong");
  return isWhole && items.every(({ verdict }) => verdict !== "unknown" && verdict !== "unverified")
    ? "answered"
    : "partly";
}

function headlineOf({ asOf, hosts, items }: PatchReport, claims: readonly Claim[]): string {
  const shown = hosts.filter(isShown);
  if (shown.length === 0 && claims.length === 0)
    return "Not yet answered. No record here shows what was installed, and no claim was handed in.";
  if (shown.length === 0)
    return `No record here shows what was installed: ${count(claims.length, "claim")} ${claims.length === 1 ? "stands" : "stand"} alone, unverified.`;
  const lacking = items.filter(({ vulnerabilities }) =>
    vulnerabilities.some(({ state }) => state === "missing"),
  );
  const open = lacking.flatMap(({ vulnerabilities }) =>
    vulnerabilities.filter(({ state }) => state === "missing"),
  );
  const critical = open.filter(({ rank }) => rank === "critical").length;
  const on = new Set(lacking.map(({ host }) => host)).size;
  const contradicted = items.filter(({ verdict }) => verdict === "contradicted").length;
  const day = formatDay(asOf);
  const lacks =
    lacking.length === 0
      ? `As of ${day} no observation shows an update missing on ${count(shown.length, "host")}.`
      : `No: as of ${day} ${count(lacking.length, "update")} ${lacking.length === 1 ? "was" : "were"} missing on ${count(on, "host")}, with fixes of ${count(open.length, "vulnerability", "vulnerabilities")}, ${critical} of them critical there.`;
  const said =
    contradicted === 0
      ? ""
      : ` ${count(contradicted, "claim")} of an update ${contradicted === 1 ? "is" : "are"} contradicted by what the host itself shows.`;
  return `${lacks}${said}`;
}

function byHost(
  { items }: PatchReport,
  verdict: PatchItem["verdict"],
): readonly (readonly PatchItem[])[] {
  const wanted = items.filter((item) => item.verdict === verdict);
  return [...Map.groupBy(wanted, ({ host, product }) => `${host}\n${product}`).values()];
}

function tellContradicted(item: PatchItem): Statement {
  const [claim] = item.claims;
  const said = claim === undefined ? "A claim" : `${who(claim)} claimed${saidOn(claim)}`;
  const what = claim === undefined ? "" : `: ${nameOf(item)} ${claim.claim}`;
  const proof = claim === undefined || claim.reference === "" ? "" : ` (${claim.reference})`;
  return {
    text: `${said} of ${hostOf(item)}${what}${proof}. The host shows ${item.build}${on(item.observedAt)}: ${lowerFirst(item.why)}.${exposed(item)}`,
    basis: "derived",
    at: item.at,
  };
}

function tellMissing(items: readonly PatchItem[]): Statement {
  const [first] = items;
  if (first === undefined) return { text: "", basis: "derived", at: [] };
  const open = items.flatMap(({ vulnerabilities }) => vulnerabilities);
  const critical = open.filter(({ rank }) => rank === "critical").length;
  const worst = items.map((item) => {
    const since = item.exposure === null ? "" : ` since ${formatDay(item.exposure.from)}`;
    return `${nameOf(item)} (${item.rank}${since})`;
  });
  return {
    text: `${hostOf(first)}, ${first.product} ${first.build}${on(first.observedAt)}: ${count(items.length, "update")} missing, with fixes of ${count(open.length, "vulnerability", "vulnerabilities")}, ${critical} of them critical there: ${listFirst(worst, NAMED_MAX)}.`,
    basis: "derived",
    at: first.at,
  };
}

function tellContradiction({ text, at }: PatchReport["contradictions"][number]): Statement {
  return { text, basis: "derived", at };
}

function tellUnverified(item: PatchItem): Statement {
  const [claim] = item.claims;
  const said = claim === undefined ? "Somebody claims" : `${who(claim)} claimed${saidOn(claim)}`;
  const missing =
    claim === undefined || claim.lacks.length === 0
      ? ""
      : ` It does not say ${claim.lacks.join(", nor ")}.`;
  return {
    text: `${said} of ${hostOf(item)}: ${nameOf(item)} ${claim?.claim ?? ""}. Unverified: ${lowerFirst(item.why)}.${missing}`,
    basis: "claimed",
    at: item.at,
  };
}

/** What was seen: the ground that everything above stands on. */
function tellHost(told: HostPatches): Statement {
  const { host, product, build, observedAt, decidedBy, strength, revisionStrength, remarks } = told;
  const proves =
    revisionStrength === strength
      ? strength
      : `${strength} for the cumulative update, ${revisionStrength === "none" ? "worth nothing" : revisionStrength} for the security update`;
  const from = decidedBy === null ? "" : ` by ${decidedBy.source} (${proves})`;
  const why = decidedBy === null ? "" : ` ${decidedBy.basis}`;
  const assumed = assumedHost(decidedBy?.hostAssumedFrom ?? "");
  return {
    text: `${hostOf({ host })}: ${product} ${build}${from}${on(observedAt)}.${why}${assumed}${remarks
      .filter(({ kind }) => kind !== "sources-differ")
      .map(({ text }) => ` ${text}`)
      .join("")}`,
    basis: "observed",
    at: decidedBy === null ? [] : [decidedBy.last.at],
  };
}

function assumedHost(folder: string): string {
  return folder === ""
    ? ""
    : " The record names no host; it is taken for the only one that is named in its folder.";
}

function tellUnknown(items: readonly PatchItem[]): string {
  const [first] = items;
  if (first === undefined) return "";
  const whys = [...new Set(items.map(({ why }) => why))].slice(0, 3);
  const names = items.map((item) => nameOf(item));
  return `Whether ${hostOf(first)} has ${listFirst(names, NAMED_MAX)}: ${lowerFirst(whys.join("; "))}.`;
}

function withoutInventory({ hosts }: PatchReport): string[] {
  const unseen = hosts.filter(({ remarks }) => remarks.some(({ kind }) => kind === "no-inventory"));
  if (unseen.length === 0) return [];
  const names = unseen.map(({ host }) => spell(host));
  return [
    `What is installed on ${listFirst(names, NAMED_MAX)}: logs name ${unseen.length === 1 ? "it" : "them"}, and no inventory does.`,
  ];
}

/** What was taken for granted to read the claims: dates with two readings come first, since they may turn an order around. */
function readingsOf(
  assumed: readonly Assumption[],
  isAsked: (what: Assumption["what"]) => boolean,
): string[] {
  return assumed
    .filter(({ what }) => isAsked(what))
    .map(
      ({ file, what, value, why }) =>
        `Whether ${file} is read as it was meant: ${what.replace("-", " ")} ${value} (${why}).`,
    );
}

/** A bare date is a day, not its first moment; what was written in another way is shown as it was written. */
function saidOn({ at, atText }: Claim): string {
  const day = at === null ? null : dayOfTicks(at);
  if (day === null)
    return atText === ""
      ? ", at a time that is not stated,"
      : `, at a time that cannot be read (${atText}),`;
  const told = formatDay(day);
  return ` on ${told}${atText.startsWith(told) || atText === "" ? "" : ` (written ${atText})`}`;
}

/** A day whose hour nobody knows stands as its first moment: then the day alone is told. */
function on(observedAt: bigint | null): string {
  const ticks = observedAt === null ? null : toTicks(observedAt);
  const day = ticks === null ? null : dayOfTicks(ticks);
  if (ticks === null || day === null) return ", undated";
  return ` on ${ticks % TICKS_PER_DAY === 0n ? formatDay(day) : readableTime(ticks)}`;
}

function hostOf({ host }: { readonly host: string }): string {
  return host === "" ? "a host that is not named" : host;
}

/** Said once: the same ways hold for most of them. */
function tellExcuses(items: readonly PatchItem[]): Statement[] {
  const ways = [...new Set(items.flatMap(({ excuses }) => excuses))];
  return ways.length === 0
    ? []
    : [{ text: `How such claims go wrong honestly: ${ways.join(" ")}`, basis: "derived", at: [] }];
}

function exposed({ exposure }: PatchItem): string {
  if (exposure === null) return "";
  const { from, daysMin, daysMax, exploitedDaysMin, exploitedDaysMax, to } = exposure;
  const days = range(daysMin, daysMax);
  const used =
    exploitedDaysMax === 0
      ? ""
      : `, ${range(exploitedDaysMin, exploitedDaysMax)} of them while it was used in attacks`;
  const end = to === null ? "still open" : `until ${ended(to)}`;
  return ` Exposed since ${formatDay(from)}, ${end}: ${days} days${used}.`;
}

function ended([earliest, latest]: readonly [Day, Day]): string {
  return earliest === latest
    ? formatDay(latest)
    : `some day from ${formatDay(earliest)} to ${formatDay(latest)}`;
}

function range(min: number, max: number): string {
  return min === max ? `${min}` : `${min} to ${max}`;
}
