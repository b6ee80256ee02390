/**
 * What befell the sensors of each host: turned off and on again, failed, aged, told to record less. One finding for each sensor of a
 * host. Refuses a finding for a sensor that only came back, and for failures on fewer days than are worth a word.
 */
import { TICKS_PER_DAY, UNDATED, readableSpan } from "../../base/time.ts";
import { byCodeUnits } from "../../base/text.ts";
import type { Sign, SignsState } from "../../engines/lookout/index.ts";
import { count, list, nameHosts, spell } from "../../engines/wording/index.ts";
import type { CaseHost } from "../../model/case-file.ts";
import type { Finding } from "../../model/finding.ts";
import { byTicks, graver, sensorFinding } from "./protection-finding.ts";
import type { ProtectionTerms, SignKind } from "./protection-terms.ts";

const TOLD_MAX = 4;

/** The findings; `hosts` are the case file's. Order of signs and of reading decides nothing. */
export function protectionFindings(
  { signs }: SignsState,
  { signs: kinds }: Pick<ProtectionTerms, "signs">,
  hosts: readonly CaseHost[],
): readonly Finding[] {
  const kindOf = new Map(kinds.map((kind) => [kind.id, kind]));
  const nameOf = nameHosts(
    hosts,
    signs.map(({ host }) => host),
  );
  const seen = signs.flatMap((sign) => {
    const kind = kindOf.get(sign.sign);
    return kind === undefined ? [] : [{ kind, sign: { ...sign, host: nameOf(sign.host) } }];
  });
  const bySensor = Map.groupBy(seen, ({ kind, sign }) => JSON.stringify([sign.host, kind.sensor]));
  return [...bySensor.values()].flatMap(findingOfSensor).sort((a, b) => byCodeUnits(a.id, b.id));
}

interface Seen {
  readonly kind: SignKind;
  readonly sign: Sign;
}

/** What one kind of sign comes to: a sentence, and the signs that carry it. */
interface Part {
  readonly kind: SignKind;
  readonly text: string;
  readonly signs: readonly Sign[];
}

function findingOfSensor(seen: readonly Seen[]): Finding[] {
  const ordered = seen.toSorted((a, b) => bySign(a.sign, b.sign));
  const byKind = Map.groupBy(ordered, ({ kind }) => kind.id);
  const parts = [...byKind.values()]
    .flatMap((own) => partOf(own, ordered))
    .sort((a, b) => byCodeUnits(a.kind.id, b.kind.id));
  const [one] = parts;
  if (one === undefined) return [];
  const worst = parts.reduce((a, b) =>
    graver(a.kind.level, b.kind.level) === a.kind.level ? a : b,
  );
  const signs = parts.flatMap((part) => part.signs).sort(bySign);
  const dated = signs.filter(({ first }) => first !== UNDATED);
  const host = signs[0]?.host ?? "";
  const ends = dated.map(({ last }) => last).sort(byTicks);
  const { sensor } = one.kind;
  return [
    sensorFinding({
      kind: "protection",
      rule: "protection/sensor",
      title: `${sensor.slice(0, 1).toUpperCase()}${sensor.slice(1)} ${worst.kind.says}`,
      level: worst.kind.level,
      host,
      thing: sensor,
      marks: parts.flatMap(marksOf),
      firstSeen: dated[0]?.first ?? UNDATED,
      lastSeen: ends.at(-1) ?? UNDATED,
      counts: { signs: signs.length },
      examples: signs.map(({ at }) => at),
      why: parts.map(({ text }) => text).join("; "),
    }),
  ];
}

/** One a sign; of ages one a day, however often they were told. */
function marksOf({ kind, signs }: Part): string[] {
  return signs.map(({ of, by, bucket }) =>
    JSON.stringify([kind.id, kind.effect === "aged" ? "" : of, by, String(bucket)]),
  );
}

/** Signs of one kind; `all` are those of its sensor, among which are those that it came back. */
function partOf(own: readonly Seen[], all: readonly Seen[]): Part[] {
  const kind = own[0]?.kind;
  if (kind === undefined) return [];
  const signs = own.map(({ sign }) => sign);
  switch (kind.effect) {
    case "on":
      return [];
    case "off":
      return [{ kind, signs, text: `${kind.says}${byWhom(signs)} ${stretchesOf(signs, all)}` }];
    case "aged":
      return [{ kind, signs, text: agesOf(kind, signs) }];
    case "same":
      return sameOf(kind, signs);
    case "failed":
    case "changed":
    case "deleted": {
      const days = new Set(signs.map(({ first }) => first / TICKS_PER_DAY)).size;
      if (days < (kind.daysMin ?? 1)) return [];
      const times = kind.daily === true ? `on ${count(days, "day")}` : count(signs.length, "time");
      return [{ kind, signs, text: `${kind.says} ${times}${byWhom(signs)}, ${fromTo(signs)}` }];
    }
  }
}

/** From when until when it was off, each thing that the signs name by itself. */
function stretchesOf(offs: readonly Sign[], all: readonly Seen[]): string {
  const things = Map.groupBy(offs, ({ of }) => thingOf(of));
  const told = [...things]
    .toSorted(([a], [b]) => byCodeUnits(a, b))
    .flatMap(([thing, own]) => {
      const ons = all.filter(
        ({ kind, sign }) => kind.effect === "on" && thingOf(sign.of) === thing,
      );
      const name = thing === "" ? "" : `${spell(thing)}: `;
      return stretches(
        own,
        ons.map(({ sign }) => sign),
      ).map((stretch) => `${name}${stretch}`);
    });
  const more = told.length > TOLD_MAX ? [count(told.length - TOLD_MAX, "further time")] : [];
  return list([...told.slice(0, TOLD_MAX), ...more]);
}

function stretches(offs: readonly Sign[], ons: readonly Sign[]): string[] {
  const told: string[] = [];
  let until: bigint | null = null;
  for (const { first, digits } of offs) {
    // Said twice while it was off: one stretch.
    if (until !== null && first <= until && first !== UNDATED) continue;
    const on = first === UNDATED ? undefined : ons.find((sign) => sign.first >= first);
    if (on === undefined) {
      const when = first === UNDATED ? "at an unknown time" : `at ${spell(first, digits)}`;
      return [...told, `${when}, and nothing shows that it came back on`];
    }
    until = on.first;
    told.push(
      `from ${spell(first, digits)} to ${spell(on.first, on.digits)} (${readableSpan(on.first - first)})`,
    );
  }
  return told;
}

/** Two values of one setting are one thing. */
function thingOf(of: string): string {
  return of.replace(/ = 0x[0-9a-f]{1,8}$/i, "").toLowerCase();
}

function agesOf(kind: SignKind, signs: readonly Sign[]): string {
  const ages = signs.map(({ of }) => Number(of)).filter((age) => Number.isFinite(age));
  const never = ages.length < signs.length ? ", and on some days never renewed" : "";
  const days = new Set(signs.map(({ bucket }) => bucket)).size;
  const most = ages.length === 0 ? "" : `, up to ${count(Math.max(...ages), "day")} old`;
  return `${kind.says} on ${count(days, "day")}${most}${never}, ${fromTo(signs)}`;
}

/** Versions that stayed for longer than they should. */
function sameOf(kind: SignKind, signs: readonly Sign[]): Part[] {
  const daysMax = Math.max(
    ...kind.where.map((where) => (where.kind === "version" ? where.daysMax : 0)),
  );
  const old = signs.filter(
    ({ first, last, channel, of }) =>
      last - first > BigInt(daysMax) * TICKS_PER_DAY &&
      // A version that comes back after others is no proof that nothing was renewed.
      !signs.some(
        (other) =>
          other.channel === channel && other.of !== of && other.first > first && other.first < last,
      ),
  );
  const told = old
    .slice(0, TOLD_MAX)
    .map(
      ({ of, first, last }) =>
        `${of} from ${spell(first)} to ${spell(last)} (${readableSpan(last - first)})`,
    );
  return old.length === 0 ? [] : [{ kind, signs: old, text: `${kind.says}: ${list(told)}` }];
}

function fromTo(signs: readonly Sign[]): string {
  const dated = signs.filter(({ first }) => first !== UNDATED);
  const [first] = dated;
  const last = dated
    .map((sign) => sign.last)
    .sort(byTicks)
    .at(-1);
  if (first === undefined || last === undefined) return "at an unknown time";
  return first.first === last
    ? `at ${spell(last, first.digits)}`
    : `from ${spell(first.first, first.digits)} to ${spell(last, first.digits)}`;
}

function byWhom(signs: readonly Sign[]): string {
  const names = [...new Set(signs.map(({ by }) => by))].filter((by) => by !== "").sort(byCodeUnits);
  if (names.length === 0) return "";
  const more = names.length > TOLD_MAX ? [count(names.length - TOLD_MAX, "other")] : [];
  return ` by ${list([...names.slice(0, TOLD_MAX).map((name) => spell(name)), ...more])}`;
}

function bySign(a: Sign, b: Sign): number {
  return (
    byTicks(a.first, b.first) ||
    byCodeUnits(a.sign, b.sign) ||
    byCodeUnits(a.of, b.of) ||
    byCodeUnits(a.by, b.by) ||
    byCodeUnits(a.at.key, b.at.key)
  );
}
