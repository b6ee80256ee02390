/** Damaged and hostile catalogues: never an error, never more than a limit lets them be. */
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { utf8 } from "../../../base/bytes.ts";
import { parseDay } from "../../../base/day.ts";
import { NO_PART } from "../../../model/catalogue.ts";
import { readCatalogue } from "./read.ts";
import { SAMPLES } from "./samples.test-data.ts";

const DAY = parseDay("2026-11-01");
const whyNot = (bytes: Uint8Array) => {
  const file = readCatalogue(bytes, DAY);
  return file.form === null ? file.why : `read as ${file.form}`;
};

test.each(Object.entries(SAMPLES))(
  "1,000 damaged copies of %s: read in part, or refused in words",
  (_, sample) => {
    const place = fc.nat(sample.length - 1);
    const damage = fc.array(fc.tuple(place, fc.integer({ min: 0, max: 255 })), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(damage, fc.nat(sample.length), (changes, length) => {
        const copy = new Uint8Array(sample);
        for (const [at, byte] of changes) copy[at] = byte;
        const cut = copy.subarray(0, length % 3 === 0 ? length : sample.length);
        const file = readCatalogue(cut, DAY);
        const part = file.form === null ? NO_PART : file.part;
        expect(file.form === null ? file.why.length : part.sources.length).toBeGreaterThan(0);
        expect(file.form === null ? 0 : file.passedOver.examples.length).toBeLessThanOrEqual(5);
        for (const { cvss, epss, kev } of part.vulnerabilities) {
          expect(cvss ?? 0).toBeLessThanOrEqual(10);
          expect(epss?.score ?? 0).toBeLessThanOrEqual(1);
          expect(Number.isInteger(kev?.added ?? 0)).toBe(true);
        }
        for (const { build } of part.releases) expect(build.every(Number.isInteger)).toBe(true);
      }),
      { numRuns: 1_000, seed: 7 },
    );
  },
);

test("any text is read or refused", () => {
  const words = fc.constantFrom(
    "{",
    "}",
    "[",
    '"',
    ",",
    "\n",
    "cveID",
    "dateAdded",
    "cve",
    "epss",
    "asOf:",
    "sources:",
    "- ",
    "\u0000",
    "#model_version:x,score_date:2023-03-07",
    "CVE-2021-34473",
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(words).map((parts) => parts.join("")),
      ),
      (text) => {
        expect(whyNot(utf8(text))).not.toBe("");
      },
    ),
  );
});

test("names that every object inherits are no entries", () => {
  const names = ["__proto__", "constructor", "toString", "hasOwnProperty"];
  const deep = Object.fromEntries(names.map((name) => [name, { cveID: "CVE-2021-34473" }]));
  expect(
    whyNot(utf8(JSON.stringify({ catalogVersion: "1", dateReleased: "2026-11-20", ...deep }))),
  ).toBe("it holds not one entry that can be read");
  const own =
    '{"asOf":"2022-05-03","sources":[{"id":"a","name":"b","date":"2022-05-03"}],"__proto__":{"products":[]}}';
  expect(whyNot(utf8(own))).toContain("__proto__");
  const tree = {
    branches: [
      {
        category: "product_version",
        name: "1.2.3.4",
        product: { product_id: "__proto__", name: "constructor" },
      },
    ],
  };
  const vulnerability = {
    cve: "CVE-2021-34473",
    release_date: "2022-05-01",
    product_status: { fixed: ["__proto__", "toString"] },
  };
  const advisory = {
    document: {
      csaf_version: "2.0",
      tracking: { id: "constructor", current_release_date: "2022-05-01" },
    },
    product_tree: tree,
    vulnerabilities: [vulnerability],
  };
  const file = readCatalogue(utf8(JSON.stringify(advisory)));
  expect(file.form === null ? file.why : file.part.releases.map(({ text }) => text)).toEqual([
    "1.2.3.4",
  ]);
});

test("numbers beyond all measure are passed over", () => {
  const epss =
    "cve,epss,percentile\nCVE-2021-34473,1e999,1\nCVE-2021-31207,-1,1\nCVE-2021-26855,NaN,1\nCVE-2021-27065,0.5,1\n";
  const file = readCatalogue(utf8(epss), DAY);
  expect(
    file.form === null ? file.why : file.part.vulnerabilities.map(({ epss: it }) => it?.score),
  ).toEqual([0.5]);
  const kev = `{"catalogVersion":"1","dateReleased":"99999-01-01","vulnerabilities":[{"cveID":"CVE-2021-34473","dateAdded":"20211-11-03"},{"cveID":1e400}]}`;
  expect(whyNot(utf8(kev))).toContain("not one entry");
});

test.each([
  ["nested too deep", utf8("[".repeat(5_000_000)), "nested deeper than 64"],
  ["nested YAML", utf8(`asOf: 1\nsources:\n${"- ".repeat(10_000)}`), "maxDepth"],
  ["aliases", utf8("asOf: &a [x]\nsources: [*a, *a]\n"), "aliases"],
  ["tags", utf8("asOf: !!js/function 'x'\nsources: 1\n"), "tag"],
  ["keys that stand twice", utf8("asOf: 1\nasOf: 2\nsources: 1\n"), "duplicated"],
  ["too many values", utf8(`[${"0,".repeat(4_000_100)}0]`), "more than 4000000 values"],
  ["a bomb", new Uint8Array(gzipSync(Buffer.alloc(80_000_000))), "once it is unpacked"],
  ["half a gzip", SAMPLES["EPSS_GZIP"]?.subarray(0, 40) ?? new Uint8Array(), "cut or damaged"],
  ["a spreadsheet", utf8("PK\u0003\u0004 rest"), "save it as CSV"],
  ["zeros", new Uint8Array(1_000_000), "in no form that is known"],
  ["nothing", new Uint8Array(), "in no form that is known"],
  ["big-endian UTF-16", new Uint8Array([0xfe, 0xff, 0, 0x7b]), "UTF-16BE"],
])("%s is refused at once", (_, bytes, why) => {
  const began = performance.now();
  expect(whyNot(bytes)).toContain(why);
  expect(performance.now() - began).toBeLessThan(2_000);
});
