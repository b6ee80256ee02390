/** What is to be said of a host besides its updates: support, age of what is known, builds that contradict each other or cannot be read. */
import { type Day, formatDay } from "../../base/day.ts";
import { count, list, listFirst } from "../../engines/wording/index.ts";
import type { Catalogue } from "../../model/catalogue.ts";
import type { Observation } from "../../model/observation.ts";
import type { BuildSpan, HostRemark } from "../../model/patch.ts";
import type { JudgedUpdate } from "./judge.ts";
import type { HostCase } from "./host-case.ts";

/** All remarks on one product of one host. */
export function remarksOn(hostCase: HostCase, wentBack: Day | null): HostRemark[] {
  return [
    ...contradictory(hostCase),
    ...backward(hostCase, wentBack),
    ...unsupported(hostCase),
    ...stale(hostCase),
    ...future(hostCase),
  ];
}

/** Where sources of the catalogue disagree on the host's own CU, or on something that is not shown to be fixed there. */
export function differing(
  { book, standing }: HostCase,
  judged: readonly JudgedUpdate[],
  conflicts: Catalogue["conflicts"],
): HostRemark[] {
  const unit = book.units.get(standing.points[0]?.third ?? -1);
  const open = judged.filter(({ state }) => state !== "fixed");
  const named = (about: string) => {
    const words = new Set(about.split(/[ ,]+/));
    return (
      (unit !== undefined && about.startsWith(book.product.name) && words.has(unit.name)) ||
      open.some(({ states }) => states.some(({ id }) => words.has(id)))
    );
  };
  return conflicts
    .filter(({ about }) => named(about))
    .map(({ about, what }) => ({
      kind: "sources-differ",
      text: `Sources of the catalogue differ on ${about}: ${what}`,
      at: [],
    }));
}

/** The builds over time; a span is what one source showed. */
export function spansOf({ seen }: HostCase): BuildSpan[] {
  const end = Number.POSITIVE_INFINITY;
  return seen
    .flatMap(({ observation, first, last }) =>
      observation.build === null
        ? []
        : [
            {
              build: observation.build,
              first,
              last,
              strength: observation.strength,
              revisionStrength: observation.revisionStrength,
              observation,
            },
          ],
    )
    .sort((a, b) => (a.first ?? end) - (b.first ?? end) || (a.last ?? end) - (b.last ?? end));
}

function contradictory({ standing, book }: HostCase): HostRemark[] {
  if (standing.points.length < 2) return [];
  const told = standing.by.slice(0, 4).map(({ observation }) => {
    const { build, source } = observation;
    return `${build?.text ?? ""} (${source})`;
  });
  const day = standing.day === null ? "without a time" : `on ${formatDay(standing.day)}`;
  return [
    {
      kind: "contradiction",
      text: `Strong observations of ${book.product.name} ${day} contradict each other: ${list(told)}. What only one of them holds is unknown.`,
      at: standing.by.map(({ observation }) => observation.last.at),
    },
  ];
}

function backward({ book }: HostCase, since: Day | null): HostRemark[] {
  if (since === null) return [];
  return [
    {
      kind: "went-back",
      text: `The build of ${book.product.name} went back: on ${formatDay(since)} it was lower than before, and what a higher one had closed was open again.`,
      at: [],
    },
  ];
}

function unsupported({ book, standing, asOf }: HostCase): HostRemark[] {
  const { product, units } = book;
  const at = standing.by.slice(0, 1).map(({ observation }) => observation.last.at);
  const told: HostRemark[] = [];
  if (product.supportEnds !== null && product.supportEnds < asOf) {
    const paid = product.paidSupportEnds;
    const more =
      paid === null || paid < asOf
        ? ""
        : ` Whoever pays for extended updates gets them until ${formatDay(paid)}.`;
    told.push({
      kind: "unsupported",
      text: `${product.name} has had no updates for everybody since ${formatDay(product.supportEnds)}.${more}`,
      at,
    });
  }
  const unit = units.get(standing.points[0]?.third ?? -1);
  const newest = book.releases
    .filter(({ kind, released }) => kind === "SU" && released.latest <= asOf)
    .reduce<{ update: string; day: Day } | null>(
      (max, { update, released }) =>
        max === null || released.latest > max.day ? { update, day: released.latest } : max,
      null,
    );
  if (unit === undefined || newest === null || unit.released.latest > newest.day) return told;
  const isServed = unit.releases.some(
    ({ update, released }) => update === newest.update || released.latest >= newest.day,
  );
  if (!isServed)
    told.push({
      kind: "unsupported",
      text: `${unit.name} of ${product.name} gets no security updates any more: ${newest.update} of ${formatDay(newest.day)} was not made for it. Windows Update and WSUS offer nothing to such a server, and it looks compliant.`,
      at,
    });
  return told;
}

function stale({ standing, book, asOf, terms }: HostCase): HostRemark[] {
  const { day, revisionDay, revisionStrength } = standing;
  const { name } = book.product;
  if (standing.by.length === 0) return [];
  const at = standing.by.slice(0, 1).map(({ observation }) => observation.last.at);
  const told = (text: string): HostRemark[] => [{ kind: "stale", text, at }];
  const isOld = (seen: Day) => asOf - seen > terms.staleAfterDays;
  const ago = (seen: Day) =>
    `on ${formatDay(seen)}, ${count(asOf - seen, "day")} before ${formatDay(asOf)}`;
  if (day === null) return told(`When ${name} was seen so is not known: the record has no time.`);
  if (isOld(day))
    return told(`${name} was seen last ${ago(day)}: what was installed since then is unknown.`);
  return revisionStrength === "strong" && revisionDay !== null && isOld(revisionDay)
    ? told(
        `The last number of ${name} was proven last ${ago(revisionDay)}: which security updates were installed since then is unknown.`,
      )
    : [];
}

function future({ seen, asOf }: HostCase): HostRemark[] {
  const later = seen.filter(({ first, lastBy }) => first !== null && lastBy === null);
  const [first] = later;
  return first === undefined
    ? []
    : [
        {
          kind: "future",
          text: `${count(later.length, "observation")} of later days (${first.first === null ? "" : `from ${formatDay(first.first)}`}) ${later.length === 1 ? "does" : "do"} not count for ${formatDay(asOf)}.`,
          at: later.slice(0, 3).map(({ observation }) => observation.first.at),
        },
      ];
}

/** Builds that cannot be compared with anything, each kind of trouble in a sentence. */
export function unfitRemarks(unfit: readonly Observation[]): HostRemark[] {
  const texts = (wanted: boolean) => {
    const own = unfit.filter(({ build }) => (build?.numbers === null) === wanted);
    return [...new Set(own.map(({ product, build }) => `${product} ${build?.text ?? ""}`.trim()))];
  };
  const at = unfit.slice(0, 3).map(({ last }) => last.at);
  const unread = texts(true);
  const unlisted = texts(false);
  return [
    ...(unread.length === 0
      ? []
      : [
          {
            kind: "not-comparable",
            text: `No build that can be compared: ${shown(unread)}.`,
            at,
          } as const,
        ]),
    ...(unlisted.length === 0
      ? []
      : [
          {
            kind: "unknown-product",
            text: `In no catalogue here: ${shown(unlisted)}. \`breakwater catalogue add\` takes one that knows it.`,
            at,
          } as const,
        ]),
  ];
}

const SHOWN_MAX = 5;

function shown(texts: readonly string[]): string {
  return listFirst(texts, SHOWN_MAX);
}
