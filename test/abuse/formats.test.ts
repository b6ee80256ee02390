/**
 * Abuse cases 9 and 11 to 17: files made to lead a parser in circles, to have it fetch or run something, or to pass for
 * something else. What has no reader is kept sealed and unread; that nothing opens it is what these tests hold.
 */
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { crc32, deflateSync } from "node:zlib";
import { expect, test } from "vitest";
import {
  CHUNK_BYTES,
  CHUNK_FLAGS,
  CHUNK_HEADER_CHECKSUM,
  CHUNK_NAME_TABLE,
  CHUNK_RECORDS,
  CHUNK_RECORDS_CHECKSUM,
  CHUNK_FREE_OFFSET,
  CHUNK_TEMPLATE_TABLE,
  FILE_HEADER_BYTES,
  INSTANCE_DEFINITION,
  NAME_BUCKETS,
  TEMPLATE_BODY,
  TEMPLATE_BUCKETS,
  Token,
} from "../../src/engines/formats/evtx/layout.ts";
import { evtxFile } from "../../src/engines/formats/evtx/write.ts";
import { writeZip } from "../containers/write-zip.ts";
import { madeEvents } from "../readers/evtx-log.ts";
import { madePlaso } from "../readers/plaso-log.ts";
import { shared } from "../shared.ts";
import { SOUND_LOG, filesBelow, htmlOf, investigateBeside, text } from "./hostile-case.ts";

const EVENTS = 40;

/** A sound log, and one of its chunks changed by `damage`, with checksums that fit again. */
function evtxWith(damage: (chunk: Buffer) => void): Buffer {
  const file = Buffer.from(evtxFile(madeEvents(EVENTS, 7)));
  const chunk = file.subarray(FILE_HEADER_BYTES, FILE_HEADER_BYTES + CHUNK_BYTES);
  damage(chunk);
  const free = chunk.readUInt32LE(CHUNK_FREE_OFFSET);
  chunk.writeUInt32LE(crc32(chunk.subarray(CHUNK_RECORDS, free)), CHUNK_RECORDS_CHECKSUM);
  const sum = crc32(
    chunk.subarray(CHUNK_NAME_TABLE, CHUNK_RECORDS),
    crc32(chunk.subarray(0, CHUNK_FLAGS)),
  );
  chunk.writeUInt32LE(sum, CHUNK_HEADER_CHECKSUM);
  return file;
}

/** Makes every chain of a table end in itself. */
function closeChains(chunk: Buffer, table: number, buckets: number): number {
  let count = 0;
  for (let bucket = 0; bucket < buckets; bucket++) {
    const at = chunk.readUInt32LE(table + 4 * bucket);
    if (at === 0) continue;
    chunk.writeUInt32LE(at, at);
    count++;
  }
  return count;
}

/** Offsets of the templates that the chunk's table begins its chains with. */
function templatesOf(chunk: Buffer): readonly number[] {
  return Array.from({ length: TEMPLATE_BUCKETS }, (_, bucket) =>
    chunk.readUInt32LE(CHUNK_TEMPLATE_TABLE + 4 * bucket),
  ).filter((at) => at !== 0);
}

/** Has a template begin with an instance of another: the places of their definitions. */
function holdInstance(chunk: Buffer, template: number, other: number): void {
  const body = template + TEMPLATE_BODY + 4;
  chunk[body] = Token.instance;
  chunk.writeUInt32LE(other, body + INSTANCE_DEFINITION);
}

test("abuse 9: EVTX whose chains, templates and records point in circles", async () => {
  const hostile = {
    "chains.evtx": evtxWith((chunk) => {
      const names = closeChains(chunk, CHUNK_NAME_TABLE, NAME_BUCKETS);
      expect(names + closeChains(chunk, CHUNK_TEMPLATE_TABLE, TEMPLATE_BUCKETS)).toBeGreaterThan(9);
    }),
    "template-in-itself.evtx": evtxWith((chunk) => {
      for (const at of templatesOf(chunk)) holdInstance(chunk, at, at);
    }),
    "templates-in-a-ring.evtx": evtxWith((chunk) => {
      const ring = templatesOf(chunk);
      expect(ring.length).toBeGreaterThan(1);
      ring.forEach((at, index) => holdInstance(chunk, at, ring[(index + 1) % ring.length] ?? at));
    }),
    "record-without-length.evtx": evtxWith((chunk) => chunk.writeUInt32LE(0, CHUNK_RECORDS + 4)),
    "record-beyond.evtx": evtxWith((chunk) => chunk.writeUInt32LE(0xffff_fff0, CHUNK_RECORDS + 4)),
    "free-before-records.evtx": evtxWith((chunk) =>
      chunk.writeUInt32LE(CHUNK_RECORDS, CHUNK_FREE_OFFSET),
    ),
  };
  await investigateBeside(hostile, ({ accounts, flaws }) => {
    // A chain is never followed, so a ring of one costs nothing.
    expect(accounts).toContain(`chains.evtx | read | evtx | ${EVENTS}`);
    expect(flaws.filter((flaw) => flaw.startsWith("chains.evtx"))).toEqual([]);
    for (const name of Object.keys(hostile).slice(1)) {
      expect(accounts.join("\n")).toContain(`${name} | read | evtx`);
      expect(flaws.join("\n")).toContain(`${name} | `);
    }
    // A template in a circle costs its fields; the records are there, with their times.
    for (const name of ["template-in-itself.evtx", "templates-in-a-ring.evtx"]) {
      expect(accounts).toContain(`${name} | read | evtx | ${EVENTS}`);
      expect(flaws).toContain(`${name} | template (record 2) | a circle`);
    }
    expect(flaws.join("\n")).toContain("free-before-records.evtx | free space offset | 512");
  });
});

/** Kept, never opened: by name, content, and the case that it is. */
const UNREAD: Readonly<Record<string, Readonly<Record<string, Uint8Array>>>> = {
  "11: a docx and an xlsx with an external entity": {
    "xxe.docx": document("word/document.xml"),
    "xxe.xlsx": document("xl/workbook.xml"),
  },
  "15: an image of 40,000 million pixels": { "flood.png": pixelFlood(200_000) },
  "16: a PDF that launches a program": {
    "launch.pdf": text(
      "%PDF-1.7\n1 0 obj<</Type/Catalog/OpenAction<</S/Launch/F(cmd.exe)>>/AA<</O<</S/JavaScript/JS(app.alert(1))>>>>>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n",
    ),
  },
};

/** A document whose XML names a file and an address outside of it. */
function document(part: string): Buffer {
  const xml = `<?xml version="1.0"?><!DOCTYPE d [<!ENTITY f SYSTEM "file:///etc/passwd"><!ENTITY n SYSTEM "http://127.0.0.1:9/x">]><d>&f;&n;</d>`;
  return writeZip([
    { name: "[Content_Types].xml", bytes: text(xml) },
    { name: part, bytes: text(xml) },
  ]);
}

function nestedMail(depth: number): Buffer {
  const heads = Array.from(
    { length: depth },
    (_, at) => `Content-Type: multipart/mixed; boundary="b${at}"\r\n\r\n--b${at}\r\n`,
  );
  return text(`From: a@evil.example\r\nMIME-Version: 1.0\r\n${heads.join("")}end\r\n`);
}

/** A sound PNG of few bytes that says it is `side` pixels wide and high. */
function pixelFlood(side: number): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(side, 0);
  head.writeUInt32BE(side, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const part = (kind: string, data: Uint8Array) => {
    const bytes = Buffer.concat([Buffer.alloc(4), text(kind), data, Buffer.alloc(4)]);
    bytes.writeUInt32BE(data.length, 0);
    bytes.writeUInt32BE(crc32(bytes.subarray(4, -4)), bytes.length - 4);
    return bytes;
  };
  const pixels = deflateSync(Buffer.alloc(1 << 20), { level: 9 });
  return Buffer.concat([
    Buffer.from("89504e470d0a1a0a", "hex"),
    part("IHDR", head),
    part("IDAT", pixels),
    part("IEND", Buffer.alloc(0)),
  ]);
}

test.each(Object.entries(UNREAD))("abuse %s: kept sealed, unread, and said", async (_, files) => {
  await investigateBeside(files, ({ accounts, flaws, vault, dossier, evidence }) => {
    expect([...accounts].sort()).toEqual(
      Object.keys(files)
        .map((name) => `${name} | unread | - | 0`)
        .sort(),
    );
    expect(flaws).toEqual([]);
    const html = htmlOf(dossier);
    for (const [name, bytes] of Object.entries(files)) {
      expect(html).toContain(name);
      // No file of the vault holds any of its plain bytes: nothing has opened it.
      const part = Buffer.from(bytes).subarray(0, 64);
      expect(filesBelow(vault).filter((path) => readFileSync(path).includes(part))).toEqual([]);
      const kept = dossier.evidence.find(({ evidence: one }) => one.file === join(evidence, name));
      expect(kept?.evidence).toMatchObject({
        sizeBytes: bytes.length,
        holding: { kind: "sealed" },
      });
    }
  });
});

/** What each hostile mail comes to: its rows, and the flaw that says why it has no more. */
const MAILS: Readonly<Record<string, readonly [bytes: Uint8Array, rows: number, flaw: string]>> = {
  "9: a PST whose blocks point at themselves": [
    Buffer.concat([text("!BDN"), Buffer.alloc(60_000, 0x40)]),
    0,
    "Outlook data file",
  ],
  "12: MIME nested 3,000 deep": [nestedMail(3000), 1, "levels over the limit"],
  "13: a header of 50 MB": [
    Buffer.concat([text("From: a@evil.example\r\nSubject: "), Buffer.alloc(50 << 20, 0x41)]),
    1,
    "header",
  ],
  "13: encoded words without end": [
    text(`From: a@evil.example\r\nSubject: ${"=?utf-8?B?PT91dGYtOD9C?=\r\n ".repeat(100_000)}\r\n`),
    1,
    "header",
  ],
  "14: winmail.dat that ends in the midst of an attribute": [
    Buffer.concat([Buffer.from("789f3e220100", "hex"), Buffer.alloc(4000, 1)]),
    1,
    "winmail.dat",
  ],
};

test.each(Object.entries(MAILS))("abuse %s: read as far as it goes, and said", async (_, mail) => {
  const [bytes, rows, flaw] = mail;
  await investigateBeside({ "hostile.eml": bytes }, ({ accounts, flaws, vault }) => {
    expect(accounts).toEqual([`hostile.eml | read | mail | ${rows}`]);
    expect(flaws.join("\n")).toContain(flaw);
    // Depth, parts and headers are limited: what is wrong is told in a few dozen places at the most.
    expect(flaws.length).toBeLessThan(100);
    const part = Buffer.from(bytes).subarray(0, 64);
    expect(filesBelow(vault).filter((path) => readFileSync(path).includes(part))).toEqual([]);
  });
});

/** plaso's record of a Windows event with this XML in it, as in its timelines. */
function plasoWith(xml: string): Buffer {
  const [line = ""] = Buffer.from(madePlaso(1)).toString().split("\n");
  return text(`${JSON.stringify({ ...JSON.parse(line), xml_string: xml })}\n`);
}

function billionLaughs(body: string): string {
  const levels = Array.from(
    { length: 9 },
    (_, at) => `<!ENTITY l${at + 1} "${`&l${at};`.repeat(10)}">`,
  );
  return `<!DOCTYPE e [<!ENTITY l0 "lol">${levels.join("")}]>${body}`;
}

test("abuse 11: XML in evidence resolves nothing: no file, no address, no laughs", {
  timeout: 60_000,
}, async () => {
  let calls = 0;
  const server = createServer((socket) => {
    calls++;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = address !== null && typeof address === "object" ? address.port : 0;
  const event = (body: string) =>
    `<Event><System><Provider Name="p"/><EventID>1</EventID><Channel>Security</Channel><Computer>mx</Computer></System><EventData><Data>${body}</Data></EventData></Event>`;
  const hostile = {
    "file.jsonl": plasoWith(
      `<!DOCTYPE e [<!ENTITY x SYSTEM "file:///etc/passwd">]>${event("&x;")}`,
    ),
    "address.jsonl": plasoWith(
      `<!DOCTYPE e SYSTEM "http://127.0.0.1:${port}/e.dtd" [<!ENTITY x SYSTEM "http://127.0.0.1:${port}/x">]>${event("&x;")}`,
    ),
    "laughs.jsonl": plasoWith(billionLaughs(event("&l9;"))),
    "deep.jsonl": plasoWith(`${"<a>".repeat(100_000)}${"</a>".repeat(100_000)}`),
    "wide.jsonl": plasoWith(event(`${"<a/>".repeat(100_000)}`)),
  };
  try {
    await investigateBeside(hostile, ({ accounts, flaws, vault }) => {
      for (const name of Object.keys(hostile)) {
        expect(accounts).toContain(`${name} | read | plaso | 1`);
        expect(flaws.filter((flaw) => flaw.startsWith(`${name} | event XML`))).toHaveLength(1);
      }
      expect(filesBelow(vault).filter((path) => readFileSync(path).includes("root:x:0:0"))).toEqual(
        [],
      );
    });
    expect(calls).toBe(0);
  } finally {
    server.close();
  }
});

test("abuse 17: polyglots are what their first bytes say; a name never decides", async () => {
  const evtx = Buffer.from(evtxFile(madeEvents(EVENTS, 7)));
  const log = text(SOUND_LOG.replaceAll("2021-08-13", "2021-08-14"));
  const zip = writeZip([{ name: "inner.log", bytes: text(SOUND_LOG.replaceAll("-08-", "-09-")) }]);
  const hostile = {
    "zip-behind.evtx": Buffer.concat([evtx, zip]),
    "really.evtx": text("%PDF-1.7\n%%EOF\n"),
    "setup.exe": log,
    "picture.png": writeZip([
      { name: "other.log", bytes: text(SOUND_LOG.replaceAll("-08-", "-07-")) },
    ]),
    "self-extracting.zip": Buffer.concat([text("MZ"), Buffer.alloc(2000), zip]),
    "log.zip": text(SOUND_LOG.replaceAll("-08-", "-06-")),
  };
  await investigateBeside(hostile, ({ accounts, flaws }) => {
    expect([...accounts].sort()).toEqual([
      "log.zip | read | iis | 2",
      "picture.png | opened | zip | 0",
      "picture.png!/other.log | read | iis | 2",
      "really.evtx | unread | - | 0",
      "self-extracting.zip | unread | - | 0",
      "setup.exe | read | iis | 2",
      `zip-behind.evtx | read | evtx | ${EVENTS}`,
    ]);
    // The log's own content stands; that something else is behind it is said.
    expect(flaws.filter((flaw) => flaw.startsWith("zip-behind.evtx")).length).toBeGreaterThan(0);
  });
});

const YAUZL = shared("hostile", "zip-yauzl");

test.skipIf(YAUZL === null)("abuse 17: a zip by its content whatever it is called", async () => {
  const bytes = readFileSync(join(YAUZL ?? "", "unicode-path-extra-field.zip"));
  await investigateBeside({ "Security.evtx": bytes }, ({ accounts }) => {
    expect(accounts[0]).toBe("Security.evtx | opened | zip | 0");
  });
});
