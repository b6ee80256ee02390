import { expect, test } from "vitest";
import { utf8 } from "../../../base/bytes.ts";
import { formatTicks } from "../../../base/time.ts";
import { parseMailboxes } from "./address.ts";
import { authenticationOf } from "./authentication.ts";
import { charsetOfCodePage, decodeCharset } from "./charset.ts";
import { parseParametrised } from "./content-type.ts";
import { parseMailDate } from "./date.ts";
import { decodeWords } from "./encoded-word.ts";
import { parseHeaders } from "./header-block.ts";
import { isExternal, parseReceived, spellHop } from "./received.ts";
import { parseThreadIndex } from "./thread-index.ts";

test("encoded words, joined where a client cut a character in two", () => {
  const cases = [
    ["=?utf-8?Q?caf=C3=A9_au_lait?=", "café au lait"],
    ["=?ISO-8859-1?B?Zm/8?=", "foü"],
    ["a =?utf-8?Q?b?= =?utf-8?Q?c?= d", "a bc d"],
    ["=?utf-8?Q?=C3?= =?utf-8?Q?=BC?=", "ü"],
    ["=?utf-8?X?a?=", "=?utf-8?X?a?="],
    ["1 =? 2", "1 =? 2"],
    ["=?utf-8*en?Q?hi?=", "hi"],
  ] as const;
  for (const [text, expected] of cases) expect(decodeWords(text), `${text}`).toBe(expected);
});

test("character sets by the names that mail uses", () => {
  expect(decodeCharset(Uint8Array.of(0x92), "windows-1252").text).toBe("\u2019");
  expect(decodeCharset(Uint8Array.of(0x92), "").text).toBe("\u2019");
  expect(decodeCharset(utf8("é"), "us-ascii").text).toBe("é");
  expect(decodeCharset(utf8("Hi +AOk- +-"), "UTF-7").text).toBe("Hi é +");
  expect(decodeCharset(utf8("a"), "x-nobody")).toEqual({ text: "a", isKnown: false });
  expect(decodeCharset(utf8("a"), "constructor").isKnown).toBe(false);
  expect([932, 1251, 28592, 65001, 7].map(charsetOfCodePage)).toEqual([
    "shift_jis",
    "windows-1251",
    "iso-8859-2",
    "utf-8",
    "windows-1252",
  ]);
});

test("mailboxes: quotes, comments, groups, routes, and no address at all", () => {
  const cases = [
    ["Ann <a@x.example>, b@y.example", ["Ann a@x.example", " b@y.example"]],
    ['"Doe, \\"J\\"" <j@x.example>', ['Doe, "J" j@x.example']],
    ["a@x.example (Ann (A.))", ["Ann (A.) a@x.example"]],
    ["Team: a@x, b@x;, c@x", [" a@x", " b@x", " c@x"]],
    ["<@r.example:a@x.example>", [" a@x.example"]],
    ["undisclosed-recipients:;", []],
    ["Nobody", ["Nobody "]],
    ["=?utf-8?Q?M=C3=BCller?= <m@x", ["Müller m@x"]],
    ['"a@bank.example" <b@evil.example>', ["a@bank.example b@evil.example"]],
  ] as const;
  for (const [text, expected] of cases)
    expect(
      parseMailboxes(text).map(({ name, address }) => `${name} ${address}`),
      `${text}`,
    ).toEqual(expected);
});

test("dates: as they should be, as they were, and as programs write them", () => {
  const cases = [
    ["Fri, 13 Aug 2021 04:12:33 +0100", "2021-08-13T03:12:33Z true"],
    ["13 Aug 21 04:12 EST", "2021-08-13T09:12:00Z true"],
    ["Fri Aug 13 04:12:33 2021", "2021-08-13T04:12:33Z false"],
    ["Fri, 13 Aug 2021 04:12:33 -0000 (no zone)", "2021-08-13T04:12:33Z true"],
    ["Fri, 13 Aug 2021 4:2:3 GMT+0200", "2021-08-13T02:02:03Z true"],
    ["Fri, 13 Aug 102 04:12:33 Z", "2002-08-13T04:12:33Z true"],
    ["Fri, 13 Aug 2021 04:12:33 XYZ", "2021-08-13T04:12:33Z false"],
    ["2021-08-13 04:12:33 +0000", "2021-08-13T04:12:33Z true"],
    ["31 Feb 2021 04:12:33 +0000", null],
    ["Whenever", null],
    ["13 Aug 2021", null],
  ] as const;
  for (const [text, expected] of cases) {
    const read = parseMailDate(text);
    expect(read === null ? null : `${formatTicks(read.ticks, 0)} ${read.zoned}`, `${text}`).toBe(
      expected,
    );
  }
});

test("parameters: quoted, continued, encoded, and without their semicolon", () => {
  const name = (text: string) => parseParametrised(text).parameters.get("filename");
  expect(parseParametrised('Multipart/Mixed; boundary="a;b" (note)')).toEqual({
    value: "multipart/mixed",
    parameters: new Map([["boundary", "a;b"]]),
  });
  expect(name("attachment; filename*=utf-8'en'%C3%A9%20x.zip")).toBe("é x.zip");
  expect(name("attachment; filename*0*=iso-8859-1''%E9; filename*1=a; filename*2*=%E9.zip")).toBe(
    "éaé.zip",
  );
  expect(name('attachment; filename="=?utf-8?B?w6k=?=.zip"')).toBe("é.zip");
  expect(name("attachment; filename=a b.zip")).toBe("a b.zip");
  expect(parseParametrised("multipart/mixed boundary=x").parameters.get("boundary")).toBe("x");
});

test("header fields: folded, in 8 bits, and lines that are none", () => {
  const flaws: string[] = [];
  const block = utf8("From x\nSubject: a\n\tb\nX-É: no\nTo : c\nnonsense\nCc: d\n");
  const headers = parseHeaders(block, 100, (offset, { what, have }) =>
    flaws.push(`${offset} ${what} ${have}`),
  );
  expect(headers).toEqual([
    { name: "Subject", value: "a\tb" },
    { name: "To", value: "c" },
    { name: "Cc", value: "d" },
  ]);
  expect(flaws.length).toBe(1);
});

test("hops: who handed over to whom, and from which address", () => {
  const cases = [
    [
      "from a.example (b.example [203.0.113.9])\r\n by MX1 (10.0.0.5) with Microsoft SMTP Server (TLS) id 15.1; Fri, 13 Aug 2021 04:12:33 +0000",
      "2021-08-13T04:12:33Z from a.example [203.0.113.9] by MX1 with Microsoft SMTP Server",
    ],
    [
      "from x (2603:10a6:206::17) by y with HTTPS; Fri, 13 Aug 2021 04:12:33 +0000",
      "2021-08-13T04:12:33Z from x [2603:10a6:206::17] by y with HTTPS",
    ],
    ["(qmail 12 invoked by uid 0); 13 Aug 2021 04:12:33 -0000", "2021-08-13T04:12:33Z"],
    ["from [10.0.0.1] (unknown [198.51.100.7]) by z", "from [10.0.0.1] [198.51.100.7] by z"],
    ["", ""],
  ] as const;
  for (const [text, expected] of cases)
    expect(spellHop(parseReceived(text)), `${text}`).toBe(expected);
  const addresses = [
    "10.1.2.3",
    "172.16.0.1",
    "100.64.0.1",
    "fe80::1",
    "::1",
    "x",
    "203.0.113.9",
    "172.32.0.1",
    "2603::1",
  ];
  expect(addresses.filter(isExternal)).toEqual(["203.0.113.9", "172.32.0.1", "2603::1"]);
});

test("of several authentication results the topmost speaks", () => {
  const values = [
    "mx.example; spf=softfail (x) smtp.mailfrom=y; dkim=none; dmarc=fail action=none",
    "evil; spf=pass",
  ];
  expect(authenticationOf(values)).toEqual({
    spf: "softfail",
    dkim: "none",
    dmarc: "fail",
    by: "mx.example",
  });
  expect(authenticationOf([])).toEqual({ spf: "", dkim: "", dmarc: "", by: "" });
});

test("conversation index: both forms of its beginning, and its answers one behind another", () => {
  const guid = "00112233445566778899aabbccddeeff";
  const parse = (text: string) => parseThreadIndex(Buffer.from(text, "hex"));
  expect(parse(`01d78ff400e5${guid}00021863a00002186380`)).toEqual({
    created: "2021-08-13T03:33:38Z",
    guid,
    replies: ["2021-08-13T04:33:37Z", "2021-08-13T05:33:37Z"],
  });
  expect(parse(`0101d78ff400${guid}`)?.created).toBe("2021-08-13T03:33:36Z");
  expect(parse(guid)).toBe(null);
});
