import fc from "fast-check";
import { expect, test } from "vitest";
import { parseDateText } from "./date-text.ts";

// biome-ignore format: one line for each way of writing
test.each([
  ["2021-08-13T04:12:33.5+01:00", "2021-08-13T04:12:33.5+01:00"],
  [" 2021-08-13", "2021-08-13"],
  ["2021-8-3 4:12", "2021-08-03T04:12:00"],
  ["2021/08/13 04:12:33 UTC", "2021-08-13T04:12:33Z"],
  ["2021-08-13 04:12:33 +0100", "2021-08-13 04:12:33 +0100"],
  ["2021-08-13 04:12:33 +01", "2021-08-13T04:12:33+01:00"],
  ["13 Aug 2021 04:12:33", "2021-08-13T04:12:33"],
  ["13-Aug-21", "2021-08-13"],
  ["Fri, 13 Aug 2021 04:12:33 +0000", "2021-08-13T04:12:33+0000"],
  ["13 August 2021, 04:12:33", "2021-08-13T04:12:33"],
  ["Aug 3, 2021 4:12:33 PM", "2021-08-03T16:12:33"],
  ["Friday, August 13, 2021 12:12:33 AM", "2021-08-13T00:12:33"],
  ["Aug 13, 2021 @ 04:12:33.123", "2021-08-13T04:12:33.123"],
  ["Fri Aug 13 04:12:33 2021", "2021-08-13T04:12:33"],
  ["Tue Aug  3 04:12:33 UTC 2021", "2021-08-03T04:12:33Z"],
  ["20210813", "2021-08-13"],
  ["20210813-041233", "2021-08-13T04:12:33"],
  ["20210813041233.500000+060", "2021-08-13T04:12:33.500000+01:00"],
  ["20210813041233.500000-330", "2021-08-13T04:12:33.500000-05:30"],
  ["/Date(1628827953123)/", "2021-08-13T04:12:33.123Z"],
  ["01d78ff869ff5e80", "2021-08-13T04:05:12.3723904Z"],
])("%s is told", (text, iso) => {
  expect(parseDateText(text)).toEqual({ kind: "told", iso });
});

// biome-ignore format: one line for each way of writing
test.each([
  ["03/04/2021", 3, 4, ""],
  ["3.4.21 7:05", 3, 4, "T07:05:00"],
  ["8/13/2021 4:12:33\u202fPM", 8, 13, "T16:12:33"],
  ["\u200e13/08/2021, 04:12:33.5 Z", 13, 8, "T04:12:33.5Z"],
  ["03-04-2021T04:12:33+01:00", 3, 4, "T04:12:33+01:00"],
])("of %s the month is open", (text, first, second, rest) => {
  expect(parseDateText(text)).toMatchObject({ kind: "open", first, second, year: 2021, rest });
});

// biome-ignore format: one line for each way of being none
test.each([
  "", "soon", "2021", "32/01/2021", "01/02-2021", "03/04/2021 25", "2021-02-30 4:00", "13 Août 2021", "31 Feb 2021",
  "03/04/2021 24:00", "03/04/2021 23:60", "03/04/2021 13:00 PM", "03/04/2021 00:10 AM", "20211301", "20210813041233", "/Date(x)/", "01d78ff869ff5e8", "Mon Abc 13 04:12:33 2021",
])("'%s' is no date", (text) => {
  expect(parseDateText(text)).toBeNull();
});

test("property: no text throws or takes long, long ones are refused at once", () => {
  const almost = fc.stringMatching(
    /^[0-9]{1,4}[./-][0-9]{1,2}[./-][0-9]{1,4}[ T,]{0,9}[0-9:.APMZ+ -]{0,30}$/,
  );
  fc.assert(
    fc.property(fc.oneof(almost, fc.string({ maxLength: 80 })), (text) => {
      parseDateText(text);
    }),
  );
  expect(parseDateText(` `.repeat(1_000_000))).toBeNull();
  expect(parseDateText(`1/1/2021${" ".repeat(50)}x`)).toBeNull();
});
