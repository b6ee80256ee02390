import { expect, test } from "vitest";
import { utf8 } from "../../base/bytes.ts";
import { CARDS, loadReader, recogniseFormat } from "./registry.ts";

test("each format has one card, and a reader behind it", async () => {
  const ids = CARDS.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(typeof (await loadReader(id)).read).toBe("function");
  for (const { reads, spec } of CARDS) expect([reads, spec]).not.toContain("");
});

test("the kind is told by content", () => {
  expect(recogniseFormat(utf8("#Software: Microsoft Internet Information Services 10.0\r\n"))).toBe(
    "iis",
  );
  expect(recogniseFormat(utf8('{"EventID":1,"Channel":"Security"}\n'))).toBe("windows-json");
  expect(recogniseFormat(utf8("ElfFile\0"))).toBe("evtx");
});

test("what no reader knows is nobody's", () => {
  const others = [
    "",
    "hello\n",
    "PK\u0003\u0004",
    "date,time,cs-method\n",
    "#Fields: date-time,client-ip\r\n",
    "#Software: Microsoft HTTP API 2.0\r\n#Fields: date time c-ip cs-method\r\n",
    "#!/bin/sh\n# cs-method\n",
  ];
  expect(others.filter((text) => recogniseFormat(utf8(text)) !== null)).toEqual([]);
});
