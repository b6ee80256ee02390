/**
 * The rule for builds once more, as plainly as it can be said: loops over the lines of knowledge/catalogue/exchange.json, for every
 * build, every vulnerability and the days around each release, against what the program says.
 */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { z } from "zod";
import { type Day, formatDay, toDay } from "../../base/day.ts";
import { judge } from "./judge.ts";
import { SHIPPED, dayOf } from "./patched.test-data.ts";
import { makeBooks } from "./release-book.ts";

const ids = z.array(z.string());
const FILE = z.object({
  releases: z.array(
    z.object({
      build: z.string(),
      product: z.string(),
      kind: z.enum(["CU", "SU", "HU"]),
      released: z.string(),
      fixes: ids,
      impliesEarlier: z.boolean().default(true),
      unsettled: z.object({ cves: ids }).nullish(),
    }),
  ),
  vulnerabilities: z.array(z.object({ id: z.string(), requires: z.object({}).nullish() })),
});
const file = FILE.parse(
  JSON.parse(
    readFileSync(new URL("../../../knowledge/catalogue/exchange.json", import.meta.url), "utf8"),
  ),
);
const rows = file.releases.map((release) => {
  const [, , third = 0, fourth = 0] = release.build.split(".").map(Number);
  return { ...release, third, fourth, day: lastDayOf(release.released) };
});
type Row = (typeof rows)[number];

/** `2013-08` counts from the last day of the month. */
function lastDayOf(text: string): number {
  if (text.length === 10) return dayOf(text);
  const [year = 0, month = 0] = text.split("-").map(Number);
  return Date.UTC(year, month, 0) / 86_400_000;
}

/** The rule, literally. Null: the fix is not out on that day. */
function lacks(
  own: readonly Row[],
  id: string,
  third: number,
  fourth: number,
  day: number,
): string | null {
  const fixing = own.filter(({ fixes }) => fixes.includes(id));
  if (!fixing.some((row) => row.day <= day)) return null;
  const unit = own.filter((row) => row.third === third);
  const within = fixing.filter((row) => row.third === third).map((row) => row.fourth);
  if (within.length > 0) {
    const held = unit.filter((row) => row.fourth <= fourth).sort((a, b) => a.fourth - b.fourth);
    if (fourth < Math.min(...within))
      return held.some(({ unsettled }) => unsettled?.cves.includes(id)) ? "unknown" : "missing";
    const last = held.at(-1);
    if (last !== undefined && !last.impliesEarlier && !last.fixes.includes(id)) return "unknown";
    return "fixed";
  }
  const [firstDay, firstThird] = [
    Math.min(...fixing.map((row) => row.day)),
    Math.min(...fixing.map((row) => row.third)),
  ];
  if (third < firstThird) return "missing";
  if (unit.length === 0) return "unknown";
  const unitDay = (unit.find(({ kind }) => kind === "CU") ?? unit[0])?.day ?? 0;
  // Newer than every unit that was ever given the fix: the maker lists it as not affected, whenever it came out.
  const isBeyond = third > Math.max(...fixing.map((row) => row.third));
  return unitDay < firstDay && !isBeyond ? "missing" : "fixed";
}

const books = [...makeBooks(SHIPPED).values()].filter(({ releases }) => releases.length > 0);
const requires = new Set(file.vulnerabilities.filter((each) => each.requires).map(({ id }) => id));

test.each(books.map((book) => [book.product.name, book] as const))(
  "%s: every build, on the days around each release",
  (name, book) => {
    const own = rows.filter(({ product }) => product === name);
    const points = new Map(
      own.flatMap(({ third, fourth }) =>
        [
          [third, fourth],
          [third, fourth - 1],
          [third, fourth + 1],
          [third - 1, fourth],
          [third + 1, 0],
          [third, 9_999],
        ].map(([a = 0, b = 0]) => [`${a}.${b}`, { third: a, fourth: Math.max(0, b) }] as const),
      ),
    );
    const days = [...new Set(own.flatMap(({ day }) => [day - 1, day]))]
      .map((day) => toDay(day))
      .filter((day): day is Day => day !== null);
    const wrong: string[] = [];
    let compared = 0;
    // Each build on a few of the days, each day with a few of the builds: all of them on all days take minutes.
    [...points.values()].forEach(({ third, fourth }, at) => {
      for (const day of days.filter((_, nth) => (nth + at) % 30 === 0 || nth === days.length - 1)) {
        const standing = {
          points: [{ third, fourth }],
          strength: "strong",
          revisionStrength: "strong",
          by: [],
          day: null,
          revisionDay: null,
          notAfter: null,
          newerWeak: null,
        } as const;
        const said = new Map(
          judge(book, [], standing, new Set(), day).flatMap(({ states }) =>
            states.map(({ id, state }) => [String(id), state]),
          ),
        );
        for (const { vulnerability } of book.fixes) {
          const rule = lacks(own, vulnerability.id, third, fourth, day);
          const expected = rule === "fixed" && requires.has(vulnerability.id) ? "unknown" : rule;
          compared++;
          if ((said.get(vulnerability.id) ?? null) !== expected)
            wrong.push(
              `${third}.${fourth} ${vulnerability.id} ${formatDay(day)}: ${said.get(vulnerability.id)}, by the rule ${expected}`,
            );
        }
      }
    });
    expect(wrong.slice(0, 20)).toEqual([]);
    expect(compared).toBeGreaterThan(1_000);
  },
);

// The maker lists older units alone as affected; by their days these came out before the fix, so the clause decides and not the days.
test("the clause for units beyond every fixed one decides what is named here, and no more", () => {
  const decided = rows.flatMap(({ product, third, kind, day }) => {
    const fixes = rows.filter((row) => row.product === product);
    const known = new Set(fixes.flatMap((row) => row.fixes));
    return kind !== "CU"
      ? []
      : [...known]
          .filter((id) => {
            const fixing = fixes.filter((row) => row.fixes.includes(id));
            return fixing.every((row) => row.third < third && row.day > day);
          })
          .map((id) => `${product} ${third} ${id}`);
  });
  expect(decided).toMatchInlineSnapshot(`
    [
      "Exchange Server 2013 1263 CVE-2017-0110",
      "Exchange Server 2013 1320 CVE-2017-8559",
      "Exchange Server 2013 1320 CVE-2017-8560",
      "Exchange Server 2013 1320 CVE-2017-8621",
      "Exchange Server 2013 1497 ADV190018",
      "Exchange Server 2016 669 CVE-2017-0110",
      "Exchange Server 2016 1034 CVE-2017-8559",
      "Exchange Server 2016 1034 CVE-2017-8560",
      "Exchange Server 2016 1034 CVE-2017-8621",
      "Exchange Server 2016 1591 CVE-2018-8265",
      "Exchange Server 2016 1591 CVE-2018-8448",
      "Exchange Server 2016 1779 ADV190018",
      "Exchange Server 2019 397 ADV190018",
    ]
  `);
});
