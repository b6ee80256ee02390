/**
 * What a named person must answer about updates: contradictions, what is missing past its day, claims that nobody verified, hosts
 * out of support or out of sight, catalogues that are old. Refuses a finding for what is merely unknown.
 */
import { createHash } from "node:crypto";
import { type Day, dayOfTicks, formatDay } from "../../base/day.ts";
import { TICKS_PER_DAY, UNDATED } from "../../base/time.ts";
import { count, listFirst, lowerFirst, spell } from "../../engines/wording/index.ts";
import type { CatalogueSource, Severity } from "../../model/catalogue.ts";
import { LEVELS, type Level } from "../../model/detection.ts";
import type { EventReference } from "../../model/event.ts";
import type { Finding } from "../../model/finding.ts";
import type { HostPatches, PatchItem, PatchReport } from "../../model/patch.ts";
import { byCodeUnits } from "../../base/text.ts";
import { who } from "./held-claims.ts";
import { nameOf } from "./items.ts";
import type { PatchTerms } from "./terms.ts";

const EXAMPLES_MAX = 5;
const NAMED_MAX = 6;

/** The findings of a report, the highest level first. */
export function patchFindings(
  report: PatchReport,
  sources: readonly CatalogueSource[],
  terms: PatchTerms,
): readonly Finding[] {
  const { items, hosts, asOf } = report;
  const byHost = [...Map.groupBy(items, ({ host, product }) => `${host}\n${product}`).values()];
  return [
    ...items
      .filter(({ verdict }) => verdict === "contradicted")
      .map((item) => contradicted(item, asOf)),
    ...byHost.flatMap((own) => missing(own, asOf)),
    ...byHost.flatMap((own) => unverified(own, asOf, terms)),
    ...disagreeing(report),
    ...hosts.flatMap((host) => remarked(host, asOf)),
    ...withoutInventory(hosts, asOf),
    ...oldCatalogue(sources, asOf, terms),
  ].sort(byWeight);
}

interface Told {
  readonly rule: string;
  readonly title: string;
  readonly level: Level;
  readonly host: string;
  /** What tells it from others of its rule on the host. */
  readonly thing: string;
  readonly from: Day | null;
  readonly to: Day | null;
  readonly examples: readonly EventReference[];
  readonly why: string;
}

function findingOf({ thing, from, to, ...told }: Told): Finding {
  const id = createHash("sha256")
    .update(JSON.stringify([told.rule, told.host, thing]))
    .digest("hex");
  const ticks = (day: Day | null) => (day === null ? UNDATED : BigInt(day) * TICKS_PER_DAY);
  return {
    ...told,
    question: "patched",
    kind: "patch",
    counts: {},
    id: id.slice(0, 32),
    firstSeen: ticks(from),
    lastSeen: ticks(to ?? from),
    detections: [],
    examples: told.examples.slice(0, EXAMPLES_MAX),
  };
}

function contradicted(item: PatchItem, asOf: Day): Finding {
  const { host, product, claims, exposure, rank, at, why } = item;
  const [claim] = claims;
  const said = claim === undefined ? "A claim" : `${who(claim)} claims: ${spell(claim.claim)}`;
  return findingOf({
    rule: "patched/contradicted",
    title: `${nameOf(item)}: claim and observation contradict each other`,
    level: atLeast(levelOf(rank), "high"),
    host,
    thing: `${product}\n${item.update || item.kb}\n${item.vulnerabilities[0]?.state ?? ""}`,
    from: exposure?.from ?? item.released,
    to: asOf,
    examples: at,
    why: `${said}; but ${lowerFirst(why)}`,
  });
}

/** What is missing past its deadline, of one product on one host. */
function missing(own: readonly PatchItem[], asOf: Day): Finding[] {
  const open = own.filter(({ verdict }) => verdict === "missing");
  const late = open.filter(({ deadline }) => deadline !== null && deadline.daysLate > 0);
  const [first] = late;
  if (first === undefined) return [];
  const worst = late.reduce((a, b) => (rankOf(b.rank) > rankOf(a.rank) ? b : a));
  const froms = late.flatMap(({ exposure }) => (exposure === null ? [] : [exposure.from]));
  return [
    findingOf({
      rule: "patched/missing",
      title: `${first.product}: ${count(late.length, "update")} missing past the day`,
      level: levelOf(worst.rank),
      host: first.host,
      thing: first.product,
      from: froms.reduce<Day | null>((min, day) => (min === null || day < min ? day : min), null),
      to: asOf,
      examples: first.at,
      why: `${named(late)} on ${formatDay(asOf)}; the longest is ${count(Math.max(...late.map(({ deadline }) => deadline?.daysLate ?? 0)), "day")} late`,
    }),
  ];
}

function unverified(
  own: readonly PatchItem[],
  asOf: Day,
  { unverifiedAfterDays }: PatchTerms,
): Finding[] {
  const old = own.filter(({ verdict, claims }) => {
    const days = claims.flatMap(({ at }) => (at === null ? [] : (dayOfTicks(at) ?? [])));
    return (
      verdict === "unverified" &&
      claims.length > 0 &&
      days.every((day) => asOf - day > unverifiedAfterDays)
    );
  });
  const [first] = old;
  if (first === undefined) return [];
  return [
    findingOf({
      rule: "patched/unverified",
      title: `${count(old.length, "claimed update")} that nobody verified`,
      level: "medium",
      host: first.host,
      thing: first.product,
      from: null,
      to: null,
      examples: old.flatMap(({ at }) => at),
      why: `${named(old)}: claimed more than ${count(unverifiedAfterDays, "day")} ago, or nobody says when, and no observation since then shows it`,
    }),
  ];
}

const LEVEL_OF_REMARK: Readonly<Record<string, Level>> = {
  unsupported: "high",
  "went-back": "high",
  contradiction: "medium",
  stale: "low",
};

/** One finding for all remarks of a kind: their words change from day to day, what is to be answered does not. */
function remarked({ host, product, remarks }: HostPatches, asOf: Day): Finding[] {
  return [...Map.groupBy(remarks, ({ kind }) => kind)].flatMap(([kind, own]) => {
    const level = LEVEL_OF_REMARK[kind];
    if (level === undefined) return [];
    return [
      findingOf({
        rule: `patched/${kind}`,
        title: `${product}: ${TITLES[kind] ?? kind}`,
        level,
        host,
        thing: product,
        from: asOf,
        to: null,
        examples: own.flatMap(({ at }) => at),
        why: own.map(({ text }) => text).join(" "),
      }),
    ];
  });
}

/** Claims of a host that contradict each other, and those that were wrong when they were made. */
function disagreeing({ contradictions, asOf }: PatchReport): Finding[] {
  const told = (
    rule: string,
    title: (several: string) => string,
    own: PatchReport["contradictions"],
  ) =>
    [...Map.groupBy(own, ({ host }) => host)].map(([host, ofHost]) => {
      const more = ofHost.length - 1;
      return findingOf({
        rule,
        title: title(count(ofHost.length, "time")),
        level: "medium",
        host,
        thing: "",
        from: asOf,
        to: null,
        examples: ofHost.flatMap(({ at }) => at),
        why: `${ofHost[0]?.text ?? ""}${more > 0 ? ` And ${count(more, "other")}.` : ""}`,
      });
    });
  return [
    ...told(
      "patched/claims-differ",
      (several) => `Claims contradict each other: ${several}`,
      contradictions.filter(({ kind }) => kind === "claim-claim"),
    ),
    ...told(
      "patched/claimed-early",
      (several) => `An update was claimed before it was there: ${several}`,
      contradictions.filter(({ isPast }) => isPast === true),
    ),
  ];
}

const TITLES: Readonly<Record<string, string>> = {
  unsupported: "out of support",
  "went-back": "the build went back",
  contradiction: "observations contradict each other",
  stale: "not seen for long",
};

/** One finding for all of them: hundreds of clients in a log are one gap in the inventory. */
function withoutInventory(hosts: readonly HostPatches[], asOf: Day): Finding[] {
  const unseen = hosts.filter(({ remarks }) => remarks.some(({ kind }) => kind === "no-inventory"));
  if (unseen.length === 0) return [];
  const names = unseen.map(({ host }) => spell(host));
  return [
    findingOf({
      rule: "patched/no-inventory",
      title: `${count(unseen.length, "host")} in logs and in no inventory`,
      level: "low",
      host: "",
      thing: "",
      from: asOf,
      to: null,
      examples: [],
      why: `Nothing here says what is installed on ${listFirst(names, NAMED_MAX)}`,
    }),
  ];
}

function oldCatalogue(
  sources: readonly CatalogueSource[],
  asOf: Day,
  { catalogueOldAfterDays }: PatchTerms,
): Finding[] {
  const newest = newestEditions(sources);
  const old = newest.filter(({ day }) => asOf - day > catalogueOldAfterDays);
  const oldest = old.toSorted((a, b) => a.day - b.day)[0];
  if (oldest === undefined) return [];
  return [
    findingOf({
      rule: "patched/old-catalogue",
      title: `${old.length} of ${count(newest.length, "list")} of the catalogue older than ${count(catalogueOldAfterDays, "day")}`,
      level: "low",
      host: "",
      thing: "",
      from: asOf,
      to: null,
      examples: [],
      why: `The oldest is of ${formatDay(oldest.day)} (${oldest.name}): what was released or exploited since then may be missing here. breakwater catalogue add takes a newer one`,
    }),
  ];
}

/** The newest edition of each list that is kept up. */
function newestEditions(sources: readonly CatalogueSource[]): CatalogueSource[] {
  const lists = Map.groupBy(
    sources.filter(({ isKept }) => isKept),
    ({ id }) => id.replace(/-\d{4}-\d\d-\d\d$/, ""),
  );
  return [...lists.values()].map((editions) => editions.reduce((a, b) => (b.day > a.day ? b : a)));
}

/** `KB5001779 (Apr21SU), KB5003435 (May21SU) and 3 others`. */
function named(items: readonly PatchItem[]): string {
  return listFirst(
    items.map((item) => nameOf(item)),
    NAMED_MAX,
  );
}

function levelOf(rank: Severity): Level {
  switch (rank) {
    case "critical":
      return "critical";
    case "important":
      return "high";
    case "moderate":
      return "medium";
    case "low":
    case "none":
      return "low";
  }
}

function rankOf(rank: Severity): number {
  return LEVELS.indexOf(levelOf(rank));
}

function atLeast(level: Level, floor: Level): Level {
  return LEVELS.indexOf(level) >= LEVELS.indexOf(floor) ? level : floor;
}

function byWeight(a: Finding, b: Finding): number {
  return (
    LEVELS.indexOf(b.level) - LEVELS.indexOf(a.level) ||
    byCodeUnits(a.rule, b.rule) ||
    byCodeUnits(a.host, b.host) ||
    byCodeUnits(a.id, b.id)
  );
}
