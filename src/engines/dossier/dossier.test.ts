import fc from "fast-check";
import { expect, test } from "vitest";
import { everywhere, largeDossier } from "../../../test/web/case-variants.ts";
import { inventedDossier } from "../../../test/web/invented-case.ts";
import { UNDATED } from "../../base/time.ts";
import type { Dossier } from "../../model/dossier.ts";
import { axisOver } from "./axis.ts";
import { renderDossierHtml, renderDossierJson } from "./index.ts";
import { html } from "./markup.ts";

function page(dossier: Dossier): string {
  return new TextDecoder().decode(renderDossierHtml(dossier));
}

const EMPTY: Dossier = {
  ...inventedDossier(),
  caseName: "",
  answers: [],
  evidence: [],
  flaws: [],
  flawsTotal: 0,
  findings: [],
  detectionsTotal: 0,
  cause: {
    timeline: [],
    ladders: [],
    chains: [],
    first: [],
    unjudged: [],
    ownTests: [],
    limits: [],
  },
  coverage: { sources: [], cleared: [], skews: [], clockChanges: [], expected: [], limits: [] },
  missed: null,
  takings: [],
  aftermaths: [],
  containment: [],
  canaries: [],
  deliveries: [],
  incident: [],
  clocks: [],
  dying: { asOf: 0n, window: null, sources: [] },
  records: [],
};

test("golden: the invented case, to be judged by a person when it changes", async () => {
  await expect(page(inventedDossier())).toMatchFileSnapshot(
    "../../../testkit/dossier/invented-case.html",
  );
});

test("the same dossier gives the same bytes", () => {
  expect(renderDossierHtml(inventedDossier())).toEqual(renderDossierHtml(inventedDossier()));
  expect(renderDossierJson(inventedDossier())).toEqual(renderDossierJson(inventedDossier()));
});

test("a case with nothing in it is said in whole sentences", () => {
  const text = page(EMPTY);
  expect(text).toContain("Unnamed case");
  expect(text.match(/does not answer this question yet/g)).toHaveLength(10);
  expect(text).toContain("The case names no law");
  expect(text).toContain("No evidence was taken in");
  expect(text).not.toMatch(/undefined|NaN|\[object/);
});

test("a source without a time is in the table and has no place on the axis", () => {
  const { coverage, ...rest } = inventedDossier();
  const [source] = coverage.sources;
  if (source === undefined) throw new Error("the invented case has sources");
  const undated = { ...source, host: "NOTIME", first: UNDATED, last: UNDATED, gaps: [] };
  const text = page({ ...rest, coverage: { ...coverage, sources: [source, undated] } });
  expect(text.match(/class="covered" x/g)).toHaveLength(1);
  expect(text).toContain("1 source without a time only in the table.");
  expect(text).toMatch(/<th scope="row"[^>]*>NOTIME</);
});

test("a case that is not invented carries no banner", () => {
  expect(page(inventedDossier())).toContain('class="banner"');
  expect(page({ ...inventedDossier(), synthetic: false })).not.toContain('class="banner"');
});

test("a bad year stays below 10 MB and 2 s, and every cut list says its total", () => {
  const dossier = largeDossier();
  const start = performance.now();
  const text = page(dossier);
  expect(performance.now() - start).toBeLessThan(2000);
  expect(text.length).toBeLessThan(10_000_000);
  expect(text).toContain("The first 1,000 of 5,000 findings");
  expect(text).toContain("The first 200 of 20,000 flaws");
  expect(text).toContain("3,000 records");
});

test("even the costliest characters in every field keep the page below 10 MB", () => {
  const fields = Object.fromEntries(
    Array.from({ length: 200 }, (_, n) => [`field${n}`, '"\u202e'.repeat(2000)]),
  );
  const records = largeDossier().records.map((event) => ({ ...event, fields }));
  const text = page({ ...inventedDossier(), records });
  expect(text.length).toBeLessThan(10_000_000);
  expect(text).toContain("more fields; the record itself holds them");
});

test("a reference whose record is not here is written out, never a dead link", () => {
  const text = page({ ...inventedDossier(), records: [] });
  expect(text).toContain("evidence/W3SVC1/u_ex210813.log, record 4001, byte 1,849");
  expect(text).not.toContain('href="#r-');
});

test("a record without a time says so", () => {
  const dossier = inventedDossier();
  const records = dossier.records.map((event) => ({ ...event, ticks: UNDATED }));
  expect(page({ ...dossier, records })).toContain('<span class="time">no time</span>');
});

test("the command to open a record is quoted for a shell", () => {
  const dossier = everywhere(inventedDossier(), "-it's; rm -rf $(x)");
  expect(page(dossier)).toContain(
    "breakwater events &#39;./-it&#39;\\&#39;&#39;s; rm -rf $(x)&#39; |",
  );
});

test("JSON: every time is ISO with its source's digits, every length is in seconds", () => {
  const text = new TextDecoder().decode(renderDossierJson(inventedDossier()));
  const { dossier, version } = JSON.parse(text);
  expect(version).toBe(1);
  expect(dossier.as_of).toBe("2021-12-18T09:00:00.0000000Z");
  expect(dossier.records[0]).toMatchObject({ time: "2021-08-07T22:14:08Z", event_id: -1 });
  expect(dossier.records[0].fields["cs(User-Agent)"]).toContain("Mozilla");
  expect(dossier.coverage.sources[0].rhythm_seconds).toBe(21_600);
  expect(dossier.findings).toHaveLength(inventedDossier().findings.length);
});

test("JSON: hostile keys and unseen characters read back as they were found", () => {
  const fields = JSON.parse('{"__proto__":"x","\\u009b":"\\u202e\\ud800","constructor":1}');
  const dossier = inventedDossier();
  const records = dossier.records.map((event) => ({ ...event, fields }));
  const text = new TextDecoder().decode(renderDossierJson({ ...dossier, records }));
  expect(text).not.toMatch(/[\u009b\u202e]/);
  expect(Object.entries(JSON.parse(text).dossier.records[0].fields)).toEqual(
    expect.arrayContaining(Object.entries(fields)),
  );
});

test("no text can leave its slot", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const inside = html`<p title="${text}">${text}</p>`.toString();
      const value = inside.slice('<p title="'.length, inside.indexOf('">'));
      expect(inside).toBe(`<p title="${value}">${value}</p>`);
      expect(value).not.toMatch(/[<>"'`\p{Cc}\p{Cf}]|&(?!(?:amp|lt|gt|quot|#39|#96);)/u);
    }),
  );
});

test("a clock that was never set does not squeeze the axis", () => {
  const day = 864_000_000_000n;
  const asOf = 19_000n * day;
  const axis = axisOver(
    [-100_000n * day, 18_900n * day, 18_910n * day, 30_000n * day],
    asOf,
    0,
    100,
  );
  expect(axis).toMatchObject({ from: 18_900n * day, to: 18_910n * day, outside: 2 });
  expect([axis?.x(0n), axis?.x(18_905n * day), axis?.x(30_000n * day)]).toEqual([0, 50, 100]);
});

test("an axis has a handful of round marks at every length, from a second to centuries", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 10_000_000n, max: 3_000_000_000_000_000n }), (length) => {
      const asOf = 17_000_000_000_000_000n;
      const axis = axisOver([asOf - length, asOf], asOf, 0, 1000);
      expect(axis?.marks.length).toBeLessThanOrEqual(10);
      expect(new Set(axis?.marks.map(({ label }) => label)).size).toBe(axis?.marks.length);
    }),
  );
});
