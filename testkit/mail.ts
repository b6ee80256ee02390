/** Cases for mail: one behaviour each. */
import { Buffer } from "node:buffer";
import { madeItem } from "../test/readers/outlook-item-log.ts";
import type { TestCase } from "./case.ts";

const HEAD = "From: Ward Clerk <ward@clinic.example>\nTo: patient@mail.example\nSubject: Your visit\nMessage-ID: <a@clinic.example>\nDate: Fri, 13 Aug 2021 04:12:33 +0100\n";
const TEXT = "Please come on Monday at nine, and bring the letter with you.\n";
const ENVELOPE = "From ward@clinic.example Fri Aug 13 03:12:33 2021\n";
const TOLD = {
  time: "2021-08-13T03:12:33Z",
  channel: "Mail",
  fields: { FromAddress: "ward@clinic.example", Subject: "Your visit", "Message-ID": "<a@clinic.example>" },
};
const RECORDED = (record: string) => ({ ...TOLD, record });

function mail(name: string, why: string, rest: Omit<TestCase, "name" | "why" | "format">): TestCase {
  return { name: `mail/${name}`, why, format: "mail", ...rest };
}

const multipart = (boundary: string, ...parts: readonly string[]) =>
  `Content-Type: multipart/mixed; boundary="${boundary}"\n\n${parts.map((part) => `--${boundary}\n${part}\n`).join("")}--${boundary}--\n`;
const inside = `Content-Type: message/rfc822\n\n${HEAD.replace("Your visit", "Inside")}\n${TEXT}`;
const encoded = `Content-Type: message/rfc822; name=a.eml\nContent-Transfer-Encoding: base64\n\n${Buffer.from(`${HEAD.replace("Your visit", "Inside")}\n${TEXT}`).toString("base64")}`;

/** A winmail.dat of a file and a subject: attributes with their length, and a sum that nobody checks. */
function envelope(): Buffer {
  const attribute = (level: number, id: number, value: Buffer) => {
    const head = Buffer.alloc(9);
    head.writeUInt8(level, 0);
    head.writeUInt32LE(id, 1);
    head.writeUInt32LE(value.length, 5);
    return Buffer.concat([head, value, Buffer.alloc(2)]);
  };
  return Buffer.concat([
    Buffer.from("789f3e220100", "hex"),
    attribute(1, 0x18004, Buffer.from("Wrapped\0")),
    attribute(2, 0x69002, Buffer.alloc(14)),
    attribute(2, 0x18010, Buffer.from("invoice.doc\0")),
    attribute(2, 0x6800f, Buffer.from("made up")),
  ]);
}

/** Multiparts that are opened; the message itself is the 32nd level. */
const LEVELS_READ = 31;
const marks = (level: number) => String(level).padStart(80, "b");
const levelOf = (level: number) => `Content-Type: multipart/mixed; boundary=${marks(level)}\n\n--${marks(level)}\n`;
/** Where the content of a level begins. */
const levelAt = (level: number) => HEAD.length + level * levelOf(0).length + levelOf(0).indexOf("--b");

export const MAIL_CASES: readonly TestCase[] = [
  mail("plain", "one message; its body is no field", {
    events: [{ ...TOLD, record: "1", fields: { ...TOLD.fields, Body: null, BodySize: TEXT.length, Recipients: ["patient@mail.example"] } }],
    body: `${HEAD}\n${TEXT}`,
  }),
  mail("way", "the servers that it passed; the first address of the internet, and what the topmost check found", {
    events: [
      {
        fields: {
          ExternalAddress: "203.0.113.9",
          OldestAddress: "198.51.100.7",
          HopAddresses: ["10.0.0.7", "203.0.113.9", "198.51.100.7"],
          Spf: "fail",
          "X-Originating-IP": "[192.0.2.1]",
          "X-MS-Exchange-Organization-AuthAs": "Anonymous",
        },
      },
    ],
    body: `Received: from MX2 (10.0.0.7) by MX1 with SMTP; Fri, 13 Aug 2021 03:12:40 +0000\nReceived: from a.example (a.example [203.0.113.9]) by MX2; Fri, 13 Aug 2021 03:12:39 +0000\nReceived: from pc (unknown [198.51.100.7]) by a.example; Fri, 13 Aug 2021 03:12:33 +0000\nAuthentication-Results: MX1; spf=fail smtp.mailfrom=x\nAuthentication-Results: forged; spf=pass\nX-Originating-IP: [192.0.2.1]\nX-MS-Exchange-Organization-AuthAs: Anonymous\n${HEAD}\n${TEXT}`,
  }),
  mail("thread", "what it continues: references, Outlook's index, and the quoted text", {
    events: [
      {
        fields: {
          References: ["<a@x>", "<b@x>"],
          ThreadCreated: "2021-08-13T03:33:38Z",
          ThreadReplies: ["2021-08-13T04:33:37Z"],
          QuotedFrom: ["Ann Doe"],
          QuotedSent: ["Thursday"],
          QuotedSubject: ["My visit"],
        },
      },
    ],
    body: `${HEAD}References: <a@x>\n\t<b@x>\nThread-Index: ${Buffer.from("01d78ff400e500112233445566778899aabbccddeeff00021863a0", "hex").toString("base64")}\n\n${TEXT}\nFrom: Ann Doe\nSent: Thursday\nTo: Ward\nSubject: My visit\n\nI should like to come on Monday.\n`,
  }),
  mail("attachment", "a file by its decoded name, size and hash; where the body links to", {
    events: [
      {
        fields: {
          Attachments: ["é.zip"],
          AttachmentTypes: ["application/zip"],
          AttachmentSizes: [5],
          AttachmentSha256: ["2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"],
          LinkHosts: ["evil.example"],
        },
      },
    ],
    body: `${HEAD}${multipart("b", "Content-Type: text/html\n\n<a href='https://bank.example@evil.example/x'>bank</a>", "Content-Type: application/zip\nContent-Disposition: attachment; filename*=utf-8''%C3%A9.zip\nContent-Transfer-Encoding: base64\n\naGVsbG8=")}`,
  }),
  mail("message-inside", "a message that was forwarded as a file is a row of its own", {
    events: [RECORDED("1"), { record: "1.1", fields: { Subject: "Inside" } }],
    body: `${HEAD}${multipart("b", "Content-Type: text/plain\n\nSee below.", inside)}`,
  }),
  mail("message-encoded", "a message inside that was encoded is opened all the same", {
    events: [RECORDED("1"), { record: "1.1", fields: { Subject: "Inside" } }],
    body: `${HEAD}${multipart("b", encoded)}`,
  }),
  mail("boundary-of-outer", "an outer boundary ends what is open within", {
    events: [{ fields: { Attachments: ["x"] } }],
    body: `${HEAD}${multipart("b", "Content-Type: multipart/mixed; boundary=c\n\n--c\nContent-Type: text/plain\n\nHi", "Content-Type: a/b; name=x\n\ny")}`,
  }),
  mail("cut", "a copy that stopped within a part", {
    events: [{ fields: { Attachments: ["x"], AttachmentSizes: [3] } }],
    flaws: [`${`${HEAD}Content-Type: multipart/mixed; boundary="b"\n\n`.length} multipart without its end`],
    body: `${HEAD}Content-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: a/b; name=x\n\ncut`,
  }),
  mail("nested-bomb", "multiparts without end: the limit says so", {
    events: 1,
    flaws: [
      `${levelAt(LEVELS_READ)} levels over the limit`,
      ...Array.from({ length: LEVELS_READ }, (_, level) => `${levelAt(level)} multipart without its end`),
    ],
    body: HEAD + Array.from({ length: 200 }, (_, level) => levelOf(level)).join(""),
  }),
  mail("no-zone", "a date without a zone is UTC, and that is said", {
    events: [{ time: "2021-08-13T04:12:33Z" }],
    assumptions: ["zone UTC"],
    body: `${HEAD.replace(" +0100", "")}\n${TEXT}`,
  }),
  mail("zone-of-case", "a date without a zone is in that of the case file; one with a zone is not", {
    zone: "Europe/Guernsey",
    events: [{ time: "2021-08-13T03:12:33Z" }, { time: "2021-08-13T03:12:33Z" }],
    assumptions: ["zone Europe/Guernsey"],
    body: `${ENVELOPE}${HEAD.replace(" +0100", "")}\n${TEXT}\n${ENVELOPE}${HEAD}\n${TEXT}`,
  }),
  mail("no-date", "a date that is none: undated, never dropped", {
    events: [{ time: null }],
    flaws: ["0 date"],
    body: `${HEAD.replace("Fri, 13 Aug 2021 04:12:33 +0100", "soon")}\n${TEXT}`,
  }),
  mail("character-set", "a character set that nobody knows is said", {
    events: 1,
    flaws: [`${`${HEAD}Content-Type: text/plain; charset=x-nobody\n\n`.length} character set`],
    body: `${HEAD}Content-Type: text/plain; charset=x-nobody\n\n${TEXT}`,
  }),
  mail("two-senders", "a field that stands twice is a list; the first sender is the one that counts", {
    events: [{ fields: { From: ["Ward Clerk <ward@clinic.example>", "x@evil.example"], FromAddress: "ward@clinic.example" } }],
    body: `${HEAD}From: x@evil.example\n\n${TEXT}`,
  }),
  mail("name-of-ours", "a field of the mail cannot pass for one of ours", {
    events: [{ fields: { ExternalAddress: null, header_ExternalAddress: "203.0.113.9" } }],
    body: `${HEAD}ExternalAddress: 203.0.113.9\n\n${TEXT}`,
  }),
  mail("strange-line", "a line among the fields that is none", {
    events: [TOLD],
    flaws: [`${HEAD.length} header line`],
    body: `${HEAD}what is this\nX-Mailer: y\n\n${TEXT}`,
  }),
  mail("mailbox", "two messages, each at its line; a line of prose that begins with From is none", {
    events: [RECORDED("1"), RECORDED("2")],
    body: `${ENVELOPE}${HEAD}\nFrom here on:\nFrom Monday to Friday\nWard: open\n\n${ENVELOPE}${HEAD}\n${TEXT}`,
  }),
  mail("mailbox-crlf", "lines that end with CRLF, and the short line of some clients", {
    events: [RECORDED("1"), RECORDED("2")],
    body: `From -\n${HEAD}\n${TEXT}\nFrom - Fri Aug 13 03:12:33 2021\n${HEAD}\n${TEXT}`.replaceAll("\n", "\r\n"),
  }),
  mail("content-length", "a length in the mail decides nothing: what stands behind is read", {
    events: [RECORDED("1"), RECORDED("2")],
    body: `${ENVELOPE}${HEAD}Content-Length: 99999\n\n${TEXT}\n${ENVELOPE}${HEAD}\n${TEXT}`,
  }),
  mail("mailbox-cut", "a mailbox that stopped in the first lines of a message", {
    events: 1,
    flaws: [`${`${ENVELOPE}${HEAD}\n${TEXT}\n`.length} message`],
    body: `${ENVELOPE}${HEAD}\n${TEXT}\n${ENVELOPE}Retur`,
  }),
  mail("winmail", "Outlook's own envelope: the file in it", {
    events: [{ fields: { Attachments: ["winmail.dat", "invoice.doc"], AttachmentSizes: [envelope().length, 7] } }],
    body: `${HEAD}${multipart("b", `Content-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64\n\n${envelope().toString("base64")}`)}`,
  }),
  mail("winmail-alone", "the envelope as a mail program saved it", {
    events: [{ record: "1", time: null, fields: { Subject: "Wrapped", Attachments: ["invoice.doc"] } }],
    body: envelope(),
  }),
  mail("item", "an Outlook item with a file and a message inside", {
    events: [
      { record: "1", time: "2021-12-02T09:00:00.0000000Z", fields: { Subject: "Odd mail 0", Recipients: ["clerk@clinic.example"], Attachments: ["invoice.zip", "Odd mail 1"], AttachmentSizes: [5_000, 1_000] } },
      { record: "1.1", fields: { Subject: "Odd mail 1" } },
    ],
    body: madeItem(1),
  }),
  mail("item-chain", "an Outlook item whose directory points at itself", {
    events: [{ fields: { Subject: "Odd mail 0", Attachments: null } }],
    flaws: ["0 directory", "9216 directory"],
    body: looped(),
  }),
  mail("data-file", "a PST is known, kept, and said to be unread", {
    events: 0,
    flaws: ["0 Outlook data file"],
    body: Buffer.concat([Buffer.from("!BDN\0\0\0\0SM"), Buffer.alloc(600)]),
  }),
  {
    name: "mail/http-head",
    why: "the head of a web page is no mail",
    format: "none",
    events: 0,
    body: "Date: Fri, 13 Aug 2021 04:12:33 GMT\nContent-Type: text/html\nServer: x\n\n<html>",
  },
  {
    name: "mail/colons",
    why: "text that merely has colons is no mail",
    format: "none",
    events: 0,
    body: "Name: x\nSubject: y\nTo: z\n\ntext\n",
  },
];

/** The sectors of the directory in a circle. */
function looped(): Uint8Array {
  const item = Buffer.from(madeItem(1));
  const directory = item.readUInt32LE(48);
  item.writeUInt32LE(directory, 512 + directory * 4);
  return new Uint8Array(item);
}
