import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { utf8 } from "../../../base/bytes.ts";
import { type Day, formatDay, parseDay } from "../../../base/day.ts";
import { type CatalogueFile, readCatalogue } from "./read.ts";
import {
  CSAF_APPLIANCE,
  CSAF_MSRC,
  EPSS,
  EPSS_GZIP,
  KEV_CSV,
  KEV_JSON,
  MSRC_CSV,
  OWN_YAML,
} from "./samples.test-data.ts";

const DAY = parseDay("2026-11-01");

function understood(file: CatalogueFile) {
  if (file.form === null) throw new Error(file.why);
  return file;
}

function whyNot(file: CatalogueFile): string {
  return file.form === null ? file.why : `read as ${file.form}`;
}

const shown = (day: Day | null | undefined) => (day == null ? null : formatDay(day));
const sourcesOf = (file: CatalogueFile) =>
  understood(file).part.sources.map(({ id, day }) => `${id} ${formatDay(day)}`);

test("the list of the CISA as JSON: its day, when each was added, what cannot be read", () => {
  const { form, part, passedOver } = understood(readCatalogue(KEV_JSON));
  expect(form).toBe("kev");
  expect(part.sources).toMatchObject([
    { id: "kev-2026-11-20", name: "CISA known exploited vulnerabilities, 2026.11.20", hash: "" },
  ]);
  expect(part.vulnerabilities).toEqual([
    {
      id: "CVE-2021-34473",
      title: "Mail server runs what it is sent",
      kev: { added: parseDay("2021-11-03"), due: parseDay("2021-11-17"), ransomware: "Known" },
    },
  ]);
  expect(passedOver).toEqual({
    count: 2,
    examples: [
      "vulnerabilities[1] (CVE-2021-31207): 'soon' is no day",
      "vulnerabilities[2]: 'GHSA-1' is no id such as CVE-2021-34473",
    ],
  });
});

test("the list as CSV: of the day that is stated; the reading of its dates is told", () => {
  expect(readCatalogue(KEV_CSV)).toEqual({
    form: null,
    why: "it does not say of which day it is",
    lacksDay: true,
  });
  const file = readCatalogue(KEV_CSV, DAY);
  expect(sourcesOf(file)).toEqual(["kev-2026-11-01 2026-11-01"]);
  const { part } = understood(file);
  expect(part.vulnerabilities.map(({ kev }) => [shown(kev?.added), shown(kev?.due)])).toEqual([
    ["2021-11-03", "2021-11-17"],
    ["2022-03-04", null],
  ]);
  expect(part.limits).toEqual([
    "Dates are read month-first: 11/3/2021 is 3 November 2021; the other reading is 11 March 2021 (nothing in the file decides; its maker writes the month first).",
  ]);
});

test("dates of a list that was saved in another country are read as the list itself decides", () => {
  const text = "cveID,dateAdded\nCVE-2021-34473,13/04/2021\nCVE-2021-31207,03/05/2021\n";
  const { part } = understood(readCatalogue(utf8(text), DAY));
  expect(part.vulnerabilities.map(({ kev }) => shown(kev?.added))).toEqual([
    "2021-04-13",
    "2021-05-03",
  ]);
});

test.each([
  ["plain", EPSS],
  ["packed", EPSS_GZIP],
])("scores of EPSS, %s", (_, bytes) => {
  const file = understood(readCatalogue(bytes));
  const day = parseDay("2023-03-07");
  expect(file.part.vulnerabilities).toEqual([
    { id: "CVE-2021-34473", epss: { score: 0.97344, day } },
    { id: "CVE-2021-31207", epss: { score: 0.00095, day } },
  ]);
  expect(file.part.sources).toMatchObject([{ name: "EPSS scores, model v2023.03.01", day }]);
  expect(file.passedOver.examples).toEqual([
    "line 5: no id such as CVE-2021-34473",
    "line 6 (CVE-2021-1234): no score from 0 to 1",
  ]);
});

test("an export of MSRC: builds are releases, numbers alone are updates, the earliest day of a build counts", () => {
  const { form, part, passedOver } = understood(readCatalogue(MSRC_CSV, DAY));
  expect(form).toBe("msrc");
  expect(
    part.releases.map(({ product, cu, text, update, released, kbs, fixes }) => [
      `${product} ${cu} ${text} ${update}`,
      shown(released.earliest),
      kbs,
      fixes,
    ]),
  ).toEqual([
    [
      "Exchange Server 2016 CU19 15.1.2176.12 KB5001779",
      "2021-04-13",
      ["KB5001779"],
      ["CVE-2021-34473", "CVE-2021-28480"],
    ],
    [
      "Exchange Server SE RTM 15.2.2562.1 KB5001780",
      "2021-04-13",
      ["KB5001780"],
      ["CVE-2021-28480"],
    ],
    [
      "Windows 10 Version 1809  10.0.17763.3287 KB5016623",
      "2022-08-09",
      ["KB5016623"],
      ["CVE-2022-30133"],
    ],
  ]);
  expect(part.updates).toEqual([
    {
      kb: "KB4013429",
      products: ["Windows Server 2016 (Server Core installation)"],
      fixes: ["CVE-2017-0144"],
      supersedes: ["KB3213986"],
      notAfter: parseDay("2017-03-14"),
      sources: ["msrc-2026-11-01"],
    },
  ]);
  expect(part.vulnerabilities).toContainEqual({
    id: "CVE-2021-28480",
    title: "",
    severities: ["critical", "moderate"],
    impact: ["Remote Code Execution", "Spoofing"],
    cvss: 9.8,
    published: parseDay("2021-04-13"),
    exploitations: [],
  });
  expect(passedOver.examples).toEqual([
    "line 7: 'Nothing' is no id such as CVE-2021-34473",
    "line 8 (CVE-2022-24765): of Git for Windows 2.35 neither a build of four numbers nor the number of an update",
  ]);
});

test("an advisory of MSRC: what fixes, since when, who says that it was exploited", () => {
  const { form, part, passedOver } = understood(readCatalogue(CSAF_MSRC));
  expect(form).toBe("csaf");
  expect(part.sources).toMatchObject([
    {
      id: "msrc_CVE-2021-34473",
      name: "The maker's response centre: Mail server remote code execution",
    },
  ]);
  expect(part.releases).toMatchObject([
    { product: "Exchange Server 2016", cu: "CU19", text: "15.1.2176.12", kbs: ["KB5001779"] },
  ]);
  expect(shown(part.releases[0]?.released.latest)).toBe("2021-04-13");
  expect(part.updates).toMatchObject([{ kb: "KB4013429", products: ["Windows Server 2012 R2"] }]);
  const day = parseDay("2021-08-25");
  expect(part.vulnerabilities).toEqual([
    {
      id: "CVE-2021-34473",
      title: "Mail server remote code execution",
      severities: ["critical"],
      impact: ["Remote Code Execution"],
      cvss: 9.1,
      published: parseDay("2021-07-13"),
      exploitations: [
        {
          earliest: null,
          latest: day,
          reported: day,
          source: "The maker's response centre, msrc_CVE-2021-34473",
        },
      ],
    },
  ]);
  expect(passedOver.count).toBe(0);
});

test("an advisory of another maker: a range's end, a group, a date that is no number of an update", () => {
  const { part } = understood(readCatalogue(CSAF_APPLIANCE));
  expect(part.releases).toMatchObject([
    {
      product: "Gate 100",
      text: "9.1.4.2",
      kbs: [],
      update: "security update",
      fixes: ["CVE-2022-12345"],
    },
  ]);
  expect(part.releases).toHaveLength(1);
  expect(part.vulnerabilities).toMatchObject([{ severities: ["important"], cvss: 7.5 }]);
});

test("the rating of an advisory on several vulnerabilities is that of the worst: it counts for none of them", () => {
  const vulnerabilities = [
    { cve: "CVE-2022-10001", scores: [{ cvss_v3: { baseScore: 9.9, baseSeverity: "CRITICAL" } }] },
    { cve: "CVE-2022-10002", threats: [{ category: "impact", details: "Low" }] },
    { cve: "CVE-2022-10003" },
    { title: "Of no id" },
  ];
  const tracking = { id: "A-1", current_release_date: "2022-05-02T00:00:00Z" };
  const document = { csaf_version: "2.0", aggregate_severity: { text: "Critical" }, tracking };
  const file = readCatalogue(utf8(JSON.stringify({ document, vulnerabilities })));
  const { part, passedOver } = understood(file);
  expect(passedOver.examples).toEqual(["vulnerabilities[3]: neither a CVE nor an advisory's id"]);
  expect(part.vulnerabilities.map(({ severities }) => severities)).toEqual([
    ["critical"],
    ["low"],
    [],
  ]);
});

test("a user's own, in YAML: three numbers, a month, a vulnerability that is only named", () => {
  const { form, part } = understood(readCatalogue(OWN_YAML));
  expect(form).toBe("own");
  expect(part.products).toMatchObject([{ name: "Gate 100", names: ["Gate"], prefix: [9, 1] }]);
  expect(part.releases).toMatchObject([
    { text: "9.1.4", build: [9, 1, 4, 0] },
    { text: "9.1.10.2", build: [9, 1, 10, 2], cu: "9.1.10", impliesEarlier: true },
  ]);
  expect(Object.values(part.releases[0]?.released ?? {}).map(shown)).toEqual([
    "2022-02-01",
    "2022-02-28",
  ]);
  expect(part.vulnerabilities).toMatchObject([
    { id: "CVE-2022-12345", severities: ["critical"], cvss: 9.8 },
    { id: "CVE-2022-54321" },
  ]);
});

test("what comes with the program is read", () => {
  const folder = "knowledge/catalogue";
  const names = readdirSync(folder).filter((name) => name.endsWith(".json"));
  expect(names.length).toBeGreaterThan(0);
  for (const name of names)
    expect(understood(readCatalogue(readFileSync(join(folder, name)))).form).toBe("own");
});

const own = (more: object) =>
  utf8(
    JSON.stringify({
      asOf: "2022-05-03",
      sources: [{ id: "a", name: "b", date: "2022-05-03" }],
      ...more,
    }),
  );
const release = { build: "9.1.4.2", product: "Gate", kind: "SU", released: "2022-05-01" };

test.each([
  [{ relases: [] }, "there is no such key: relases"],
  [{ asOf: "3/5/2022" }, "asOf: '3/5/2022': not a day such as 2021-04-13"],
  [{ asOf: undefined }, "asOf: is missing"],
  [
    { releases: [release, { ...release, build: "9.1" }] },
    "releases[1] (9.1): build: '9.1': not three or four numbers such as 15.1.2044.4",
  ],
  [
    { releases: [{ ...release, relased: 1 }] },
    "releases[0] (9.1.4.2): there is no such key: relased",
  ],
  [
    { releases: [{ ...release, fixes: ["CVE-2021-34473", "CVE-21-1"] }] },
    "releases[0] (9.1.4.2): fixes.1: 'CVE-21-1': not an id such as CVE-2021-34473",
  ],
  [
    { products: [{ name: "Gate", builds: "9.2" }], releases: [release] },
    "releases[0] (9.1.4.2): builds of Gate begin with 9.2",
  ],
  [
    { releases: [release, { ...release, build: "09.01.004.2" }] },
    "releases: Gate 9.1.4.2 is listed twice",
  ],
  [
    { vulnerabilities: [{ id: "CVE-2021-34473", cvss: 11 }] },
    "vulnerabilities[0] (CVE-2021-34473): cvss",
  ],
  [{}, "it holds not one entry that can be read"],
])("%j is refused, and it is said what is wrong and where", (more, why) => {
  expect(whyNot(readCatalogue(own(more)))).toContain(why);
});

test("a catalogue in UTF-16 with a mark, as Windows saves one, is the same", () => {
  const text = Buffer.from(
    new TextDecoder("utf-8", { ignoreBOM: true }).decode(MSRC_CSV),
    "utf16le",
  );
  expect(readCatalogue(new Uint8Array(text), DAY)).toEqual(readCatalogue(MSRC_CSV, DAY));
});

test("cells parted by semicolons are the same", () => {
  const commas = "cveID,dateAdded,vulnerabilityName\nCVE-2021-34473,2021-11-03,Runs\n";
  expect(readCatalogue(utf8(commas.replaceAll(",", ";")), DAY)).toEqual(
    readCatalogue(utf8(commas), DAY),
  );
});
