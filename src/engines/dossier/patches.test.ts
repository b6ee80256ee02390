import fc from "fast-check";
import { expect, test } from "vitest";
import { everywhere } from "../../../test/web/case-variants.ts";
import { inventedDossier } from "../../../test/web/invented-case.ts";
import { inventedPatches } from "../../../test/web/invented-patches.ts";
import { toDay } from "../../base/day.ts";
import { known } from "../../base/assert.ts";
import type { Dossier } from "../../model/dossier.ts";
import type { PatchItem, PatchReport } from "../../model/patch.ts";
import { renderDossierHtml, renderDossierJson } from "./index.ts";
import { datedPatches } from "./patches-json.ts";

const INVENTED = inventedPatches();
const [CONTRADICTED] = INVENTED.items;
const [MAIL] = INVENTED.hosts;

function of(patches: Partial<PatchReport>): Dossier {
  return { ...inventedDossier(), patches: { ...INVENTED, ...patches } };
}

/** The first question's section alone. */
function section(dossier: Dossier): string {
  const page = new TextDecoder().decode(renderDossierHtml(dossier));
  return page.slice(
    page.indexOf('<section id="question-1"'),
    page.indexOf('<section id="question-2"'),
  );
}

/** The report with its one contradicted item changed. */
function withItem(change: Partial<PatchItem>): Dossier {
  return of({ items: [{ ...known(CONTRADICTED, "an item"), ...change }] });
}

function rects(page: string, kind: string): { x: number; width: number }[] {
  return [
    ...page.matchAll(
      new RegExp(`<rect class="${kind}" x="([\\d.]+)" y="[\\d.]+" width="([\\d.]+)"`, "g"),
    ),
  ].map(([, x, width]) => ({ x: Number(x), width: Number(width) }));
}

test("a report about nothing adds nothing", () => {
  const text = section(of({ hosts: [], items: [], measured: [], contradictions: [], unknown: [] }));
  expect(text).not.toMatch(/Exposure, host by host|Claims beside observations|What is not fixed/);
});

test("a claim stands beside what the record shows, with its verdict, its days and the honest ways in which it goes wrong", () => {
  const text = section(of({}));
  const row = known(
    /<tr><th scope="row"[^>]*><span class="title">KB5001779 Apr21SU.*?<\/tr>/s.exec(text),
    "row",
  )[0];
  expect(row).toContain("“installed”, Harbour IT Services (invented), ");
  expect(row).toContain("ticket 4711");
  expect(row).toContain("15.1.2044.4");
  expect(row).toContain("evidence/inventory.csv, record 2, byte 77");
  expect(row).toContain(">contradicted<");
  expect(row).toContain("241 to 249 days");
  expect(row).toContain('href="#excuse-1"');
  expect(text).toContain('id="excuse-1"');
  expect(text).toContain("started by hand without elevation");
});

test("an exposure is open to the end only where a record of the last day shows it", () => {
  const base = known(CONTRADICTED?.exposure ?? null, "exposure");
  const told = (daysMin: number, to: typeof base.to = null) =>
    section(withItem({ exposure: { ...base, to, daysMin, daysMax: 249 } }));
  expect(told(241)).toContain("surely to 2021-12-10, possibly to the day for which this is told.");
  expect(told(249)).toContain("and open on the day for which this is told.");
  expect(told(0)).toContain("no record since then shows it.");
  const end = known(toDay(base.from + 249), "day");
  expect(told(249, [end, end])).toContain("to 2021-12-18, when it was there.");
});

test("what a statement lacks is said, and a time that nobody stated is none", () => {
  const text = section(of({}));
  expect(text).toContain(
    "“installed”, somebody, at a time not stated. It does not say when it was said.",
  );
});

test("the rank that a chain lends, what else a fix needs and what is disputed stand beside the maker's rating", () => {
  const text = section(of({}));
  const row = known(
    /<tr><th[^>]*><span class="time">CVE-2021-31207.*?<\/tr>/s.exec(text),
    "row",
  )[0];
  expect(row).toContain(">moderate<");
  expect(row).toContain(">critical<");
  expect(row).toContain("lent by the chain ProxyShell");
  expect(text).toContain("Needs as well: The schema of Active Directory must be extended as well.");
  expect(text).toContain("Disputed: One source sets the first fix at the July update");
});

test("what became public in one way on one day is one line, and a source is named once", () => {
  const fact = (id: string) =>
    ({
      day: INVENTED.asOf,
      what: "exploitation reported",
      text: `${id}: used by 2021-01-03 (maker)`,
    }) as const;
  const text = section(withItem({ known: [fact("CVE-1"), fact("CVE-2")] }));
  expect(text).toContain(
    '2021-12-18</span> exploitation reported<span class="soft">: CVE-1, CVE-2: used by 2021-01-03 (maker)</span>',
  );
});

test("statements that measure, contradictions, remarks, deadlines and the next step are shown", () => {
  const text = section(of({}));
  expect(text).toContain("no update for 13 months");
  expect(text).toContain("claim against claim");
  expect(text).toContain("<strong>unsupported:</strong>");
  expect(text).toContain("missed by 247 days");
  expect(text).toContain("CU22, then Nov21SU");
  expect(text).toContain("Before that, 58 days without any fix in existence.");
});

test("the bar of an exposure is as long as its days, the sure part and the possible part apart", () => {
  const asOf = known(toDay(INVENTED.asOf), "day");
  const from = known(toDay(asOf - 100), "day");
  const at = (days: number) => known(toDay(from + days), "day");
  const base = known(CONTRADICTED?.exposure ?? null, "exposure");
  const text = section(
    of({
      hosts: [{ ...known(MAIL, "host"), spans: [] }],
      items: [
        {
          ...known(CONTRADICTED, "item"),
          released: from,
          known: [],
          exposure: {
            ...base,
            from,
            to: [at(40), at(60)],
            daysMin: 40,
            daysMax: 60,
            exploitedDaysMin: 10,
            exploitedDaysMax: 35,
          },
        },
      ],
    }),
  );
  // 750 drawing units for 100 days, from 190 on; the key repeats each kind without a place of its own.
  expect(rects(text, "open-sure")[0]).toEqual({ x: 190, width: 300 });
  expect(rects(text, "open-possible")[0]).toEqual({ x: 490, width: 150 });
  expect(rects(text, "used-sure")[0]).toEqual({ x: 415, width: 75 });
  expect(rects(text, "used-possible")[0]).toEqual({ x: 377.5, width: 262.5 });
});

test("what became public after the day for which this is told is not drawn", () => {
  const later = known(toDay(INVENTED.asOf + 30), "day");
  const fact = { day: later, what: "listed as exploited", text: "later" } as const;
  expect(section(withItem({ known: [fact], claims: [] }))).not.toContain("<title>2022-01-17");
});

test("builds that differ in zeros alone share a lane, and what has no day is counted", () => {
  const host = known(MAIL, "host");
  const [span] = host.spans;
  const padded = {
    ...known(span, "span"),
    build: { text: "15.01.1979.003", numbers: [15, 1, 1979, 3] },
  };
  const text = section(of({ hosts: [{ ...host, spans: [...host.spans, padded] }] }));
  expect(text.match(/>build 15\.1\.1979\.3</g)).toHaveLength(1);
  expect(text).toContain("2 builds seen;");
  expect(text).toContain("1 observation without a day is not drawn.");
});

test("ten thousand hosts: the twelve worst are shown, the others are counted, and nothing takes long", () => {
  const host = known(MAIL, "host");
  const hosts = Array.from({ length: 10_000 }, (_, n) => ({ ...host, host: `H${n}`, critical: n }));
  const items = hosts.flatMap((one) =>
    INVENTED.items.slice(0, 7).map((item) => ({ ...item, host: one.host })),
  );
  const dossier = of({ hosts, items });
  const start = performance.now();
  const text = section(dossier);
  expect(performance.now() - start).toBeLessThan(2000);
  expect(text.match(/<figure>/g)).toHaveLength(12);
  expect(text).toContain("And 9,988 further hosts: dossier.json holds them.");
  expect(text).toContain(">H9999 <");
  expect(text).not.toContain('>H0 <span class="soft">');
  expect(text).toContain("The first 300 of 50,000 claimed updates");
  expect(text.length).toBeLessThan(3_000_000);
});

test("a host of very many updates shows twenty rows and says how many more there are", () => {
  const item = known(CONTRADICTED, "item");
  const items = Array.from({ length: 50 }, (_, n) => ({ ...item, kb: `KB${n}` }));
  const text = section(of({ items }));
  expect(text.match(/class="grid" x1="0"/g)).toHaveLength(20);
  expect(text).toContain("30 further updates not fixed: dossier.json has them.");
});

test("JSON: days are dates, times are ISO, and what is fixed is there too", () => {
  const { patches } = JSON.parse(new TextDecoder().decode(renderDossierJson(of({})))).dossier;
  expect(patches.as_of).toBe("2021-12-18");
  expect(patches.items_total).toBe(INVENTED.items.length);
  expect(patches.items[0]).toMatchObject({
    verdict: "contradicted",
    observed_at: "2021-12-10T11:20:00Z",
    released: "2021-04-13",
    exposure: { from: "2021-04-13", to: null, days_min: 241, exploited_days_max: 134 },
    deadline: { due: "2021-04-15", days_late: 247 },
    known: expect.arrayContaining([
      expect.objectContaining({ day: "2021-07-13", what: "published" }),
    ]),
    claims: [expect.objectContaining({ at: "2021-04-22T00:00:00Z", at_text: "2021-04-22" })],
  });
  expect(patches.items.some(({ verdict }: { verdict: string }) => verdict === "fixed")).toBe(true);
  expect(patches.items.at(-2).exposure.to).toEqual(["2020-10-15", "2020-11-26"]);
  expect(patches.hosts[0].spans[0]).toMatchObject({ first: "2020-08-20", kind: "server-log" });
  expect(patches.hosts[0].spans.at(-1).first).toBe(null);
});

test("JSON: too many updates are cut, those that are fixed first, and the total is said", () => {
  const [missing, fixed] = [known(INVENTED.items[4], "item"), known(INVENTED.items[6], "item")];
  const items = [fixed, missing, fixed, missing, fixed];
  expect(datedPatches({ ...INVENTED, items }, 3)).toMatchObject({
    itemsTotal: 5,
    items: [{ verdict: "missing" }, { verdict: "missing" }, { verdict: "fixed" }],
  });
});

test("hostile text in every field of the report stays text", () => {
  const plain = section(everywhere(of({}), "plain"));
  fc.assert(
    fc.property(fc.string({ unit: "binary", minLength: 1 }), (noise) => {
      const hostile = `</title></svg><script>alert(1)</script>"'${noise}`;
      const text = section(everywhere(of({}), hostile));
      const tags = (page: string) => page.match(/<\/?[a-z]\w*/g);
      expect(tags(text)).toEqual(tags(plain));
      expect(text).not.toMatch(/<script|\u202e/);
    }),
    { numRuns: 40 },
  );
});

test("findings about updates stand under this question, those of defences under theirs", () => {
  const dossier = of({});
  const [seen] = dossier.findings;
  const told = {
    ...known(seen, "finding"),
    question: "patched" as const,
    title: "KB5001779 (Apr21SU): claim and observation contradict each other",
    detections: [],
  };
  const findings = [...dossier.findings, told];
  const text = section({ ...dossier, findings });
  expect(text).toContain(
    "<p>1 finding. Every one is open until a named person answers it: 1 open.</p>",
  );
  expect(text).toContain(`<tr id="finding-${findings.length}">`);
  expect(text).not.toContain("Web shell written and used</span>");
  expect(section(dossier)).not.toContain("Findings about updates");
});

test("a claim of a megabyte is cut on the page and whole beside it", () => {
  const long = "<".repeat(1_000_000);
  const item = known(CONTRADICTED, "item");
  const [claim] = item.claims;
  const claims = [{ ...known(claim, "claim"), claim: long, by: long, reference: long }];
  const dossier = of({
    items: [{ ...item, claims, why: long }],
    contradictions: INVENTED.contradictions.map((one) => ({ ...one, text: long })),
  });
  expect(section(dossier).length).toBeLessThan(100_000);
  const { patches } = JSON.parse(new TextDecoder().decode(renderDossierJson(dossier))).dossier;
  expect(patches.items[0].claims[0].claim).toBe(long);
});

test("days beyond reason and a report out of order still make a page", () => {
  const [past, future] = [known(toDay(-134_774), "day"), known(toDay(2_932_896), "day")];
  const base = known(CONTRADICTED?.exposure ?? null, "exposure");
  const text = section(
    withItem({
      released: future,
      exposure: {
        ...base,
        from: past,
        to: [future, past],
        daysMin: -5,
        daysMax: 1e9,
        exploitedDaysMin: 1e9,
      },
      known: [{ day: past, what: "published", text: "" }],
    }),
  );
  expect(text).not.toMatch(/NaN|Infinity|width="-/);
  expect(text).toContain("at the edge");
});
