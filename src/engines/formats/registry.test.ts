import { expect, test } from "vitest";
import { utf8 } from "../../base/bytes.ts";
import { makeFormats } from "./registry.ts";

const FORMATS = makeFormats([]);

test("each format has one card, and a reader behind it", async () => {
  const ids = FORMATS.cards.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(typeof (await FORMATS.load(id)).read).toBe("function");
  for (const { reads, spec } of FORMATS.cards) expect([reads, spec]).not.toContain("");
});

test("the kind is told by content", () => {
  expect(
    FORMATS.recognise(utf8("#Software: Microsoft Internet Information Services 10.0\r\n")),
  ).toBe("iis");
  expect(FORMATS.recognise(utf8('{"EventID":1,"Channel":"Security"}\n'))).toBe("windows-json");
  expect(FORMATS.recognise(utf8("ElfFile\0"))).toBe("evtx");
  expect(FORMATS.recognise(utf8("#Software: Microsoft HTTP API 2.0\r\n"))).toBe("iis");
  expect(FORMATS.recognise(utf8("HTTP/1.1 200 OK\r\nServer: nginx\r\n"))).toBe("http-headers");
});

test("what no reader knows is nobody's", () => {
  const others = [
    "",
    "hello\n",
    "PK\u0003\u0004",
    "date,time,cs-method\n",
    "#!/bin/sh\n# cs-method\n",
  ];
  expect(others.filter((text) => FORMATS.recognise(utf8(text)) !== null)).toEqual([]);
});
