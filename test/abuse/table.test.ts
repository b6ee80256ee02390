/** The table in SECURITY.md: every case stands in it once, is tested where it says, and its limits are the real ones. */
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { LIMITS } from "../../src/casework/members/limits.ts";
import { FLAWS_MAX } from "../../src/casework/reading/portion.ts";
import { HEAD_BYTES } from "../../src/engines/formats/index.ts";
import {
  DEPTH_MAX as EVTX_DEPTH_MAX,
  EXPANSION_BYTES_MAX,
} from "../../src/engines/formats/evtx/layout.ts";
import {
  COLUMNS_MAX as IIS_COLUMNS_MAX,
  LINE_BYTES_MAX as IIS_LINE_BYTES_MAX,
} from "../../src/engines/formats/iis/layout.ts";
import * as mail from "../../src/engines/formats/mail/layout.ts";
import { DEPTH_MAX } from "../../src/engines/formats/json/json-value.ts";
import { LINE_BYTES_MAX } from "../../src/engines/formats/text/line-reading.ts";
import { COLUMNS_MAX } from "../../src/engines/formats/csv/grammar.ts";
import { XML_CHARS_MAX } from "../../src/engines/formats/windows-event/xml.ts";

const CASES = 22;
const FOLDER = "test/abuse";
const page = readFileSync("SECURITY.md", "utf8");
const rows = page
  .split("\n")
  .filter((line) => /^\| \d+ \|/.test(line))
  .map((line) => line.slice(2, -2).split(" | "))
  .map(([number = "", , , limit = "", where = ""]) => ({ number: Number(number), limit, where }));

const number = (value: number) => value.toLocaleString("en-GB");
const MEBIBYTE = 2 ** 20;

test("every case is a row, and every row is tested where it says", () => {
  expect(rows.map((row) => row.number)).toEqual(Array.from({ length: CASES }, (_, at) => at + 1));
  for (const row of rows) {
    const tests = readFileSync(join(FOLDER, `${row.where}.test.ts`), "utf8");
    const isNamed = new RegExp(`"(?:abuse )?${row.number}: `).test(tests);
    expect([row.number, isNamed]).toEqual([row.number, true]);
  }
});

test("no test bears a number that is no row", () => {
  const numbers = readdirSync(FOLDER).flatMap((name) =>
    [...readFileSync(join(FOLDER, name), "utf8").matchAll(/"(?:abuse )(\d+): /g)].map(([, one]) =>
      Number(one),
    ),
  );
  expect(numbers.length).toBeGreaterThan(30);
  expect(numbers.filter((one) => one < 1 || one > CASES)).toEqual([]);
});

test("the limits in the table are those of the program", () => {
  const limits = new Map(rows.map((row) => [row.number, row.limit]));
  const { bytesMax, ratioMax, ratioFromBytes, entriesMax, depthMax, childMemoryBytesMax } = LIMITS;
  expect(limits.get(2)).toBe(
    `${bytesMax / 1024 / MEBIBYTE} GiB; ${ratioMax} to 1 from ${ratioFromBytes / MEBIBYTE} MiB on; ${number(entriesMax)} members; ${depthMax} deep; 7-Zip's child ${childMemoryBytesMax / MEBIBYTE} MiB`,
  );
  expect(limits.get(12)).toBe(
    `${mail.DEPTH_MAX} deep; ${number(mail.PARTS_MAX)} parts; ${mail.MESSAGES_MAX} messages in one`,
  );
  expect(limits.get(13)).toBe(
    `${number(mail.HEADERS_BYTES_MAX)} bytes of headers; ${mail.HEADERS_MAX} fields; ${number(mail.FIELD_CHARS_MAX)} characters a field`,
  );
  expect(limits.get(14)).toBe(
    `${mail.LIST_MAX} names; ${number(mail.BODY_BYTES_MAX)} bytes of a body`,
  );
  expect(limits.get(7)).toBe(
    `${number(IIS_LINE_BYTES_MAX)} bytes a line (IIS), ${number(LINE_BYTES_MAX)} (other text)`,
  );
  expect(limits.get(9)).toBe(
    `${EVTX_DEPTH_MAX} deep; ${number(EXPANSION_BYTES_MAX)} bytes expanded a chunk`,
  );
  expect(limits.get(10)).toBe(
    `${number(COLUMNS_MAX)} columns (timelines), ${IIS_COLUMNS_MAX} (IIS)`,
  );
  expect(limits.get(11)).toBe(`${number(XML_CHARS_MAX)} characters an event; ${DEPTH_MAX} deep`);
  expect(limits.get(17)).toBe(`${number(HEAD_BYTES)} bytes of head`);
  expect(page).toContain(
    `at most ${number(FLAWS_MAX)} flaws, and an archive's index ${number(LIMITS.flawsMax)};`,
  );
});
