/** What hostile mails may cost. */
import { expect, test } from "vitest";
import { utf8 } from "../../../base/bytes.ts";
import { memorySource } from "../../../base/source.ts";
import { NO_EVIDENCE } from "../../../model/evidence.ts";
import { textOfHtml } from "./html.ts";
import { findQuotes } from "./quote.ts";
import { mailReader } from "./read.ts";
import { textOfRtf } from "./rtf.ts";

const place = { evidence: NO_EVIDENCE, member: "", file: "" };
const HEAD = "From: a@b.example\r\nMessage-ID: <1@b.example>\r\n";
const read = (text: string) => [
  ...mailReader.read(memorySource(utf8(text)), { place, host: null, zone: null, skewMillis: 0 }),
];

test("quotes that never close in tag after tag", { timeout: 5_000 }, () => {
  expect(textOfHtml("<a '>'".repeat(100_000)).length).toBeGreaterThan(0);
  expect(textOfHtml(`<a title="x > y">kept</a>`)).toBe("kept");
});

test("blanks without end in the name of an encoding", { timeout: 5_000 }, () => {
  expect(read(`${HEAD}Content-Transfer-Encoding: a${" ".repeat(300_000)}b\r\n\r\nx`)).toHaveLength(
    1,
  );
  const [batch] = read(`${HEAD}Content-Transfer-Encoding: base64 (so)\r\n\r\neA==\r\n`);
  expect(batch?.kind === "batch" && batch.field(0, "BodySize")).toBe(1);
});

test("dashes without end in a quote", { timeout: 5_000 }, () => {
  const line = `> a${"-".repeat(990)}b\n`;
  expect(findQuotes(line.repeat(10_000)).length).toBe(1);
});

test("parts beyond the limit are one flaw, whatever is wrong with them", () => {
  const parts = "--b\nno field\n".repeat(10_000);
  const pieces = read(`${HEAD}Content-Type: multipart/mixed; boundary=b\r\n\r\n${parts}`);
  const flaws = pieces.filter(({ kind }) => kind === "flaw");
  expect(flaws.length).toBeLessThan(2_100);
});

test("a \\uc below zero hides no text", () => {
  expect(textOfRtf("{\\rtf1\\uc-9\\u65 hidden words}").text).toBe("Ahidden words");
});
