import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { utf8 } from "../../../base/bytes.ts";
import { unpackRtf } from "./compressed-rtf.ts";
import { textOfHtml } from "./html.ts";
import { collectHosts } from "./links.ts";
import { findQuotes } from "./quote.ts";
import { textOfRtf } from "./rtf.ts";
import { Base64Sink, Content, QuotedSink, type Sink } from "./transfer.ts";

const SAID = "I should like to come on Monday at nine, if that is free.";
const hash = (text: string) =>
  createHash("sha256")
    .update(text.toLowerCase().replaceAll(/[^a-z0-9]/g, ""))
    .digest("hex");

/** From, sent and subject of each quote, and whether its text is the one above. */
function told(body: string): readonly string[] {
  return findQuotes(body).map(({ from, sent, subject, sha256 }) =>
    [from, sent, subject, sha256 === hash(SAID) ? "same" : sha256 === "" ? "short" : "other"].join(
      " | ",
    ),
  );
}

test("quotes: the same text is known again however a client quotes it", () => {
  const cases = [
    [
      `Yes.\n\nOn Fri, 13 Aug 2021 at 04:12, Ann Doe <ann@x.example> wrote:\n> ${SAID}\n`,
      "Ann Doe <ann@x.example> | Fri, 13 Aug 2021 at 04:12 |  | same",
    ],
    [
      `Yes.\n\nOn Aug 13, 2021, at 4:12 PM, Ann Doe\n<ann@x.example> wrote:\n\n> I should like to come on\n> Monday at nine, if that is free.\n`,
      "Ann Doe <ann@x.example> | Aug 13, 2021, at 4:12 PM |  | same",
    ],
    [
      `Ja.\n\nAm 13.08.2021 um 04:12 schrieb Ann Doe:\n> ${SAID}`,
      "Ann Doe | 13.08.2021 um 04:12 |  | same",
    ],
    [
      `Oui.\n\nLe ven. 13 août 2021 à 04:12, Ann Doe <ann@x.example> a écrit :\n> ${SAID}`,
      "Ann Doe <ann@x.example> | ven. 13 août 2021 à 04:12 |  | same",
    ],
    [
      `Yes.\n\n-----Original Message-----\nFrom: Ann Doe\nSent: 13 August 2021 04:12\nTo: Ward\nSubject: My visit\n\n${SAID}\n`,
      "Ann Doe | 13 August 2021 04:12 | My visit | same",
    ],
    [
      `Ja.\n\n________________________________\nVon: Ann Doe <ann@x.example>\nGesendet: Freitag, 13. August 2021 04:12\nAn: Ward\nBetreff: Mein Besuch\n\n${SAID}\n`,
      "Ann Doe <ann@x.example> | Freitag, 13. August 2021 04:12 | Mein Besuch | same",
    ],
    [
      `*From:* Ann Doe\n*Sent:* Friday\n*To:* Ward;\n Clerk\n*Subject:* My visit\n\n${SAID}`,
      "Ann Doe | Friday | My visit | same",
    ],
    [`Look:\n> ${SAID}\nNo.\n`, " |  |  | same"],
  ] as const;
  for (const [body, expected] of cases) expect(told(body), `${body}`).toEqual([expected]);
});

test("quotes within quotes are apart, and answers between the lines belong to none", () => {
  const body = `Top.\nOn Mon, 2 Aug 2021 at 10:00, B <b@x> wrote:\n> What about the second of the two appointments?\nMiddle.\n> See below.\n>\n> On Sun, 1 Aug 2021 at 09:00, A <a@x> wrote:\n>> ${SAID}\n`;
  expect(told(body)).toEqual([
    "B <b@x> | Mon, 2 Aug 2021 at 10:00 |  | other",
    "A <a@x> | Sun, 1 Aug 2021 at 09:00 |  | same",
  ]);
  expect(findQuotes(body)[0]?.sha256).toBe(
    hash("What about the second of the two appointments? See below."),
  );
});

test("what merely looks like a quote is none", () => {
  const bodies = [
    "From: a\n",
    "To: everyone\nSubject: lunch\n",
    "He wrote:\n",
    "On Monday we met.\n",
    "Date: today\nTo: you\n",
    "",
  ];
  expect(bodies.flatMap(told)).toEqual([]);
  expect(told("> short")).toEqual([" |  |  | short"]);
});

test("HTML: lines of blocks, quotes by depth, nothing of styles, scripts and comments", () => {
  const html = `<style>p{}</style><script>if(a<b)</script><!-- <p>no</p> --><p>One&nbsp;&amp;<br>two &#x41;<a title="a > b" href='x'>link</a></p><blockquote>Quoted<blockquote><div>twice</div></blockquote></blockquote>1 < 2 <`;
  expect(textOfHtml(html).split("\n")).toEqual([
    "One &",
    "two Alink",
    "> Quoted",
    ">> twice",
    "1 < 2 <",
  ]);
  expect(
    told(
      textOfHtml(
        `<p>Yes</p><div><b>From:</b> Ann<br><b>Sent:</b> Friday<br><b>To:</b> W<br><b>Subject:</b> S</div><p>${SAID}</p>`,
      ),
    ),
  ).toEqual(["Ann | Friday | S | same"]);
});

test("HTML that is made to be slow is read at the same pace", () => {
  for (const part of ["<a ", '<a "', "<!-", "<style", "&#", "<blockquote>", "</"]) {
    const html = part.repeat(Math.ceil(1_048_576 / part.length));
    expect(textOfHtml(html).length, `${part}`).toBeLessThanOrEqual(html.length + 100);
  }
});

test("links: hosts, behind what hides them, and no namespaces", () => {
  const found = new Set<string>();
  const text = `http://Good.example@evil.example:8080/x https://a.example. (ftp://b.example) xmlns:v="http://schemas.example/v" "-//W3C//DTD HTML//EN" "http://www.w3.example/x" http://[2001:db8::1]/ javascript://c http:// "https://d.example"`;
  collectHosts(text, found, 10);
  expect([...found]).toEqual([
    "evil.example",
    "a.example",
    "b.example",
    "[2001:db8::1]",
    "d.example",
  ]);
});

test("RTF: text, characters of code pages, and the HTML inside", () => {
  const plain =
    "{\\rtf1\\ansi\\ansicpg1251{\\fonttbl{\\f0 Arial;}}\\pard \\'cf\\'f0 \\u8211?x\\par{\\*\\unknown no}{\\pict 00}\\{y\\}\\par}";
  expect(textOfRtf(plain)).toEqual({ kind: "plain", text: "Пр –x\n{y}\n" });
  const wrapped =
    "{\\rtf1\\ansi\\fromhtml1 {\\*\\htmltag64 <p>}\\htmlrtf {\\f0 \\htmlrtf0 Hi{\\*\\htmltag84 &nbsp;}\\htmlrtf \\'a0}\\htmlrtf0 {\\*\\htmltag72 </p>}}";
  expect(textOfRtf(wrapped)).toEqual({ kind: "html", text: "<p>Hi&nbsp;</p>" });
});

test("compressed RTF: the examples of its specification", () => {
  const simple =
    "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0";
  expect(Buffer.from(unpackRtf(Buffer.from(simple, "hex"))?.bytes ?? []).toString("latin1")).toBe(
    "{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n",
  );
  const crossing = "1a0000001c0000004c5a4675e2d44b51410004205758595a0d6e7d010eb0";
  expect(Buffer.from(unpackRtf(Buffer.from(crossing, "hex"))?.bytes ?? []).toString("latin1")).toBe(
    "{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}",
  );
  expect(unpackRtf(utf8("short"))).toBe(null);
});

/** What a decoder makes of bytes that come in slabs of `size`. */
function decoded(make: (to: Sink) => Sink, text: string, size: number): string {
  const content = new Content(1_000, true);
  const sink = make(content);
  const bytes = Buffer.from(text, "latin1");
  for (let at = 0; at < bytes.length; at += size)
    sink.write(bytes, at, Math.min(at + size, bytes.length));
  sink.end();
  expect(content.sha256()).toBe(createHash("sha256").update(content.kept()).digest("hex"));
  return Buffer.from(content.kept()).toString("latin1");
}

test("transfer encodings: the same in slabs of any size", () => {
  const base64 = [
    ["aGVsbG8=", "hello"],
    ["aGVs\r\nbG8", "hello"],
    ["aGVsbG8=aGk=", "hellohi"],
    ["a*G!Vs", "hel"],
    ["", ""],
    ["QQ==", "A"],
  ] as const;
  const quoted = [
    ["a=3Db=\r\nc=\nd", "a=bcd"],
    ["=e4=E4", "\u00e4\u00e4"],
    ["=zz=", "=zz"],
    ["a=4", "a=4"],
    ["a=\r", "a"],
    ["x=\ry", "xy"],
  ] as const;
  for (const size of [1, 2, 3, 100]) {
    for (const [text, expected] of base64)
      expect(
        decoded((to) => new Base64Sink(to), text, size),
        `${text}`,
      ).toBe(expected);
    for (const [text, expected] of quoted)
      expect(
        decoded((to) => new QuotedSink(to), text, size),
        `${text}`,
      ).toBe(expected);
  }
});
