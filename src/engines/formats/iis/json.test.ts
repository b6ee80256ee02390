/** The fast printer against JSON.stringify, on lines that nobody would log. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { concatBytes, utf8 } from "../../../base/bytes.ts";
import { JsonBytes } from "../../../base/json-bytes.ts";
import { memorySource } from "../../../base/source.ts";
import type { Batch } from "../../../model/event.ts";
import type { EvidenceHash, Setting } from "../../../model/evidence.ts";
import { writeRpsCat } from "../rps-cat.ts";
import { iisReader } from "./read.ts";

const SETTING: Setting = {
  place: { evidence: "0".repeat(64) as EvidenceHash, member: "", file: "u_ex.log" },
  host: null,
  zone: null,
  skewMillis: 0,
};

const ID = "0A1B2C3D-8f1e-4a52-9d3c-00000000FFFF";
const NAMES = [
  "date",
  "time",
  "time-taken",
  "s-sitename",
  "s-computername",
  "s-port",
  "sc-status",
  "cs-uri-stem",
  "cs-uri-query",
  "cs-uri",
  "c-uri",
  "cs(User-Agent)",
  "cs-username",
  "Side",
  "EndTime",
  "RequestId",
  "RpsCatSid",
  'q"\\uote',
  "caf\u00e9",
  "10",
  "__proto__",
];
const TOKEN = writeRpsCat('"m\u00fcller"@clinic.example', "S-1-5-21-1-2-3-500");
const VALUES = [
  `a=b&X-Rps-CAT=${TOKEN}&c=d`,
  `x-rps-cat=${encodeURIComponent(TOKEN)}`,
  `X-Rps-CAT=${TOKEN.slice(0, 60)}`,
  "-",
  "--",
  "-x",
  "",
  "0",
  "00",
  "007",
  "443",
  "444",
  "999999999999999",
  "1234567890123456",
  "-5",
  "1e3",
  "W3SVC1",
  "w3svc2",
  "W3SVC7",
  "/owa/a.aspx",
  "a+b++c",
  '"',
  "\\",
  "abc\\def",
  "abcd\u0001efgh\u001f\t",
  "\u007f\u0080",
  "caf\u00e9+\u4e2d\u{1f600}",
  "\u2028",
  `&cafeReqId=${ID};`,
  `cafeReqId=${ID}`,
  `cafeReqId=${ID}0`,
  `cafeReqId=${ID}-`,
  `cafeReqId=${ID}\u00e9`,
  `cafeReqId=${ID.slice(0, -1)}`,
  `cafeReqId=x&cafeReqId=${ID}`,
  "CLINIC\\user",
];
const text = fc.oneof(
  { arbitrary: fc.constantFrom(...VALUES).map(utf8), weight: 3 },
  fc.uint8Array({ maxLength: 40 }).map((drawn) => {
    // What ends a column or a line stays out; the rest is any byte, valid UTF-8 or not.
    const odd = new Set([0, 10, 13, 32]);
    return drawn.map((byte) => (odd.has(byte) ? 0x92 : byte));
  }),
);
const sound: Readonly<Record<string, string>> = { date: "2021-08-12", time: "09:14:04" };
const log = fc.shuffledSubarray(NAMES, { minLength: 2 }).chain((names) => {
  const value = (name: string) =>
    fc.oneof({ arbitrary: text, weight: 1 }, fc.constant(utf8(sound[name] ?? "-")));
  const row = fc
    .tuple(...names.map(value))
    .map((values) =>
      concatBytes(values.flatMap((one, at) => (at === 0 ? [one] : [utf8(" "), one]))),
    )
    .filter((line) => line[0] !== 35);
  return fc
    .array(row, { minLength: 1, maxLength: 8 })
    .map((rows) =>
      concatBytes([
        utf8(`#Fields: ${names.join(" ")}\r\n`),
        ...rows.flatMap((line) => [line, utf8("\r\n")]),
      ]),
    );
});

/** By way of strings; in the order of names(), where an object would put `10` first. */
function printNaively(batch: Batch, row: number): string {
  const fields = batch
    .names(row)
    .map((name) => `${JSON.stringify(name)}:${JSON.stringify(batch.field(row, name))}`);
  return `{${fields.join(",")}}`;
}

function printed(bytes: Uint8Array, setting: Setting): [naive: string[], fast: string[]] {
  const out = new JsonBytes();
  const naive: string[] = [];
  const fast: string[] = [];
  for (const piece of iisReader.read(memorySource(bytes), setting)) {
    if (piece.kind === "flaw") continue;
    for (let row = 0; row < piece.length; row++) {
      naive.push(printNaively(piece, row));
      // Not from the start, and without cleaning up: what was there before must not show.
      const from = out.length % 50_000;
      out.length = from;
      piece.putFields(row, out);
      fast.push(new TextDecoder("utf-8", { fatal: true }).decode(out.written().subarray(from)));
    }
  }
  return [naive, fast];
}

const settings: readonly Setting[] = [
  SETTING,
  { ...SETTING, zone: "Europe/Guernsey" },
  { ...SETTING, place: { ...SETTING.place, file: "W3SVC2/u_ex.log" }, skewMillis: 1_500 },
];

test("the fields as bytes are those of JSON.stringify", () => {
  let rows = 0;
  fc.assert(
    fc.property(log, fc.constantFrom(...settings), (bytes, setting) => {
      const [naive, fast] = printed(bytes, setting);
      rows += naive.length;
      expect(fast).toEqual(naive);
    }),
    { numRuns: 1_500, seed: 8 },
  );
  expect(rows).toBeGreaterThan(3_000);
});

test("rows asked in any order, and a value that fills a line", () => {
  const query = (at: number) => (at % 3 === 0 ? "-" : `a=${at}&cafeReqId=${ID}`);
  const rows = Array.from({ length: 40 }, (_, at) => `/${at} ${query(at)} x\r\n`);
  const wide = `/ - ${"\u0001".repeat(60_000)}\r\n/ - ${"\u00e9".repeat(30_000)}\r\n`;
  const bytes = utf8(`#Fields: cs-uri-stem cs-uri-query cs-username\r\n${rows.join("")}${wide}`);
  const [naive, fast] = printed(bytes, SETTING);
  expect(fast).toEqual(naive);
  for (const piece of iisReader.read(memorySource(bytes), SETTING)) {
    if (piece.kind === "flaw") throw new Error(piece.what);
    const order = Array.from({ length: piece.length }, (_, at) => (at * 29) % piece.length);
    for (const row of order) {
      const out = new JsonBytes();
      piece.putFields(row, out);
      expect(new TextDecoder().decode(out.written())).toBe(naive[row]);
    }
  }
});
