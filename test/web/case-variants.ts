/** The invented case made large, and made hostile: the same shape with other sizes or other texts. */
import { known } from "../../src/base/assert.ts";
import { TICKS_PER_DAY } from "../../src/base/time.ts";
import type { Dossier } from "../../src/model/dossier.ts";
import { eventKey, type EventReference } from "../../src/model/event.ts";
import { inventedDossier } from "./invented-case.ts";

/** The same case at the size of a bad year: 500 entries, 5,000 findings, 3,000 records, 20,000 flaws. */
export function largeDossier(): Dossier {
  const small = inventedDossier();
  const pick = <T>(list: readonly T[], n: number): T => known(list[n % list.length], "item");
  const records = Array.from({ length: 3000 }, (_, n) => {
    const base = pick(small.records, n);
    const offset = base.offset + n * 65_536;
    return {
      ...base,
      offset,
      key: eventKey(base.place, offset),
      ticks: base.ticks + BigInt(n % 90) * TICKS_PER_DAY,
    };
  });
  const point = (n: number): EventReference => {
    const { key, place, record: name, offset } = pick(records, n);
    return { key, evidence: place.evidence, file: place.file, record: name, offset };
  };
  const timeline = Array.from({ length: 500 }, (_, n) => ({
    ...pick(small.cause.timeline, n),
    ticks: pick(records, n * 7).ticks,
    at: [point(n * 7)],
  }));
  return {
    ...small,
    records,
    flaws: Array.from({ length: 20_000 }, (_, n) => ({
      ...pick(small.flaws, n),
      offset: n * 4096,
    })),
    flawsTotal: 20_000,
    findings: Array.from({ length: 5000 }, (_, n) => ({
      ...pick(small.findings, n),
      id: `f-${n}`,
      examples: [point(n), point(n + 1), point(n + 2)],
    })),
    cause: { ...small.cause, timeline: timeline.toSorted((a, b) => (a.ticks < b.ticks ? -1 : 1)) },
  };
}

/** Names of fields whose values are the model's own words; all other texts may come from anybody. */
const OWN_WORDS = new Set(
  "question state basis format intake level rung kind zone confidence verdict severity rank strength revisionStrength about outcome".split(
    " ",
  ),
);

/** The dossier with one text in place of every text that is not a word of the model itself. */
export function everywhere(dossier: Dossier, text: string): Dossier {
  const swap = (value: unknown, name: string): unknown => {
    if (typeof value === "string") return OWN_WORDS.has(name) ? value : text;
    if (Array.isArray(value)) return value.map((item) => swap(item, name));
    if (typeof value !== "object" || value === null) return value;
    const pairs = Object.entries(value).map(([key, inner]) =>
      name === "fields"
        ? [`${key}${text}`, swap(inner, key)]
        : [key, key === "key" ? inner : swap(inner, key)],
    );
    return Object.fromEntries(pairs);
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- same shape, other texts
  return swap(dossier, "") as Dossier;
}
