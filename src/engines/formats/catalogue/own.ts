/**
 * The catalogue in this program's own form, JSON or YAML: what comes with it, and what a user writes for products of his own
 * (docs/formats/catalogue.md). Refuses a file with anything it does not know: a misspelt key would silently lose a fix.
 */
import { z } from "zod";
import { type Day, parseDay, toDay } from "../../../base/day.ts";
import {
  type CataloguePart,
  type DayRange,
  NO_PART,
  type Release,
  SEVERITIES,
} from "../../../model/catalogue.ts";
import { within } from "./json-tree.ts";
import { wordingOf } from "./own-wording.ts";
import { toVulnerabilityId } from "./vulnerability-id.ts";

const day = z.string().transform((text, context): Day => {
  const read = parseDay(text);
  if (read !== null) return read;
  context.addIssue({ code: "custom", message: "not a day such as 2021-04-13" });
  return z.NEVER;
});
/** `2021-04-13`, or `2021-04` for a month. */
const dayRange = z.string().transform((text, context): DayRange => {
  const read = rangeOf(text);
  if (read !== null) return read;
  context.addIssue({ code: "custom", message: "not a day such as 2021-04-13, nor a month" });
  return z.NEVER;
});
const vulnerability = z.string().transform((text, context) => {
  const read = toVulnerabilityId(text);
  if (read !== null) return read;
  context.addIssue({ code: "custom", message: "not an id such as CVE-2021-34473" });
  return z.NEVER;
});
const severity = z
  .string()
  .transform((text) => text.toLowerCase())
  .pipe(z.enum(SEVERITIES));
const texts = z.array(z.string().max(2_000)).default([]);
const text = z.string().max(2_000).default("");
/** Makers of appliances count with three; the last one is 0 then. */
const build = z
  .string()
  .regex(/^\d{1,5}(?:\.\d{1,6}){2,3}$/, "not three or four numbers such as 15.1.2044.4");
/** In YAML numbers are text. */
const score = z.union([
  z.number().min(0).max(10),
  z
    .string()
    .regex(/^(?:10(?:\.0)?|\d(?:\.\d)?)$/, "not a score from 0 to 10")
    .transform(Number),
]);
const prefix = z.string().regex(/^\d{1,5}(?:\.\d{1,6}){0,2}$/, "not one to three numbers");
const fixes = z.array(vulnerability).default([]);

const SCHEMA = z.strictObject({
  about: text,
  asOf: day,
  sources: z
    .array(
      z.strictObject({
        id: z.string().min(1),
        name: z.string().min(1),
        date: day,
        licence: text,
        kept: z.boolean().default(true),
      }),
    )
    .min(1),
  products: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        names: texts,
        builds: prefix,
        supportEnds: day.nullable().default(null),
        paidSupportEnds: day.nullable().default(null),
      }),
    )
    .default([]),
  releases: z
    .array(
      z.strictObject({
        build,
        product: z.string().min(1),
        cu: text,
        update: text,
        kind: z.enum(["CU", "SU", "HU"]),
        released: dayRange,
        dated: text,
        kbs: texts,
        fixes,
        impliesEarlier: z.boolean().default(true),
        disputed: z
          .array(z.strictObject({ cves: fixes, claimedBy: texts, against: text }))
          .default([]),
        unsettled: z.strictObject({ cves: fixes, why: text }).nullable().default(null),
        firstNamed: z.strictObject({ date: day, source: text }).nullable().default(null),
        note: text,
        sources: texts,
      }),
    )
    .default([]),
  updates: z
    .array(
      z.strictObject({
        kb: z.string().min(1),
        products: texts,
        fixes,
        supersedes: texts,
        notAfter: day.nullable().default(null),
        sources: texts,
      }),
    )
    .default([]),
  vulnerabilities: z
    .array(
      z.strictObject({
        id: vulnerability,
        title: text,
        alias: text,
        severities: z.array(severity).default([]),
        impact: texts,
        cvss: score.nullable().default(null),
        published: day.nullable().default(null),
        publishedNote: text,
        exploited: z
          .array(
            z.strictObject({
              earliest: day.nullable(),
              latest: day,
              reported: day,
              source: z.string().min(1),
            }),
          )
          .default([]),
        kev: z
          .strictObject({ added: day, due: day.nullable(), ransomware: z.string().nullable() })
          .nullable()
          .default(null),
        requires: z
          .strictObject({
            text: z.string().min(1),
            source: text,
            alone: z.boolean().default(false),
          })
          .nullable()
          .default(null),
        note: text,
      }),
    )
    .default([]),
  chains: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        links: z.array(vulnerability).min(2),
        source: z.string().min(1),
      }),
    )
    .default([]),
  conflicts: z.array(z.strictObject({ about: z.string(), what: z.string() })).default([]),
  limits: texts,
});

/** The part that a parsed JSON file adds; otherwise the first thing that is wrong with it, in words. */
export function readOwn(json: unknown): CataloguePart | string {
  const parsed = SCHEMA.safeParse(json);
  if (!parsed.success) return wordingOf(json, parsed.error);
  const part = partOf(parsed.data);
  return strayRelease(part) ?? strayListing(part) ?? part;
}

function partOf(data: z.infer<typeof SCHEMA>): CataloguePart {
  return {
    ...NO_PART,
    sources: data.sources.map(({ id, name, date, kept }) => ({
      id,
      name,
      day: date,
      hash: "",
      isKept: kept,
    })),
    products: data.products.map(({ builds, ...product }) => ({
      ...product,
      prefix: builds.split(".").map(Number),
    })),
    releases: data.releases.map(({ disputed, unsettled, firstNamed, note, dated, ...release }) => ({
      ...release,
      text: release.build,
      build: paddedBuild(release.build),
      disputes: disputed.map(({ cves, ...dispute }) => ({ ...dispute, fixes: cves })),
      unsettled: unsettled === null ? null : { fixes: unsettled.cves, why: unsettled.why },
      firstNamed: firstNamed === null ? null : { day: firstNamed.date, source: firstNamed.source },
      note: [note, dated === "" ? "" : `dated ${dated}`].filter((part) => part !== "").join("; "),
    })),
    updates: data.updates,
    vulnerabilities: [
      ...data.vulnerabilities.map(({ exploited, kev, publishedNote, ...entry }) => ({
        ...entry,
        exploitations: exploited,
        kev: kev === null ? null : { ...kev, ransomware: kev.ransomware ?? "" },
        note: [entry.note, publishedNote].filter((part) => part !== "").join("; "),
      })),
      ...namedOnly(data),
    ],
    chains: data.chains,
    conflicts: data.conflicts,
    limits: data.limits,
  };
}

/** Vulnerabilities that are fixed here and described nowhere here: another catalogue may know them. */
function namedOnly({ releases, updates, vulnerabilities }: z.infer<typeof SCHEMA>) {
  const described = new Set(vulnerabilities.map(({ id }) => id));
  const fixed = [...releases, ...updates].flatMap((entry) => entry.fixes);
  return [...new Set(fixed)].filter((id) => !described.has(id)).map((id) => ({ id }));
}

/** A release whose build is of another product: its fixes would be looked for in vain. */
function strayRelease({ products, releases }: CataloguePart): string | null {
  const prefixes = new Map(products.map(({ name, prefix }) => [name, prefix]));
  for (const [at, { product, build, text }] of releases.entries()) {
    const prefix = prefixes.get(product) ?? [];
    if (prefix.some((number, place) => build[place] !== number))
      return `releases[${at}] (${text}): builds of ${product} begin with ${prefix.join(".")}`;
  }
  return null;
}

/** Two entries of one thing would be joined in silence. */
function strayListing({ products, releases, vulnerabilities }: CataloguePart): string | null {
  const keys = [
    ...products.map(({ name }) => `products: ${name}`),
    ...releases.map(({ product, build }) => `releases: ${product} ${build.join(".")}`),
    ...vulnerabilities.map(({ id }) => `vulnerabilities: ${id}`),
  ];
  const seen = new Set<string>();
  const twice = keys.find((key) => seen.size === seen.add(key).size);
  return twice === undefined ? null : `${twice} is listed twice`;
}

/** Whether a parsed JSON file means to be one of ours. */
export function isOwn(json: unknown): boolean {
  return within(json, "asOf") !== undefined || within(json, "sources") !== undefined;
}

function rangeOf(given: string): DayRange | null {
  const exact = parseDay(given);
  if (exact !== null) return { earliest: exact, latest: exact };
  const first = parseDay(`${given}-01`);
  const next = nextMonth(given);
  const after = next === null ? null : parseDay(next);
  const last = after === null ? null : toDay(after - 1);
  return first === null || last === null ? null : { earliest: first, latest: last };
}

function nextMonth(month: string): string | null {
  const match = /^(\d{4})-(\d\d)$/.exec(month);
  if (match === null) return null;
  const [, year = "", number = ""] = match;
  return number === "12"
    ? `${String(Number(year) + 1).padStart(4, "0")}-01-01`
    : `${year}-${String(Number(number) + 1).padStart(2, "0")}-01`;
}

/** The grammar has seen to it that there are three or four numbers: a fourth that is not there is 0. */
function paddedBuild(given: string): Release["build"] {
  const [major = 0, minor = 0, third = 0, fourth = 0] = given.split(".").map(Number);
  return [major, minor, third, fourth];
}
