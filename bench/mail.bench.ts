/** Mail to rows: a mailbox of small mails, text alone, and large files, beside the least that any reader must do. */
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import type { Source } from "../src/base/source.ts";
import { mailReader } from "../src/engines/formats/mail/read.ts";
import { madeMailbox } from "../test/readers/mail-log.ts";
import { NO_SETTING } from "../test/readers/trials.ts";
import { FULL, ledger, measure } from "./measure.ts";

const COPIES = FULL ? 24 : 2;
const HEAD =
  "From ward@clinic.example Fri Aug 13 03:12:33 2021\nFrom: Ward <ward@clinic.example>\nSubject: made up\nMessage-ID: <a@clinic.example>\nDate: Fri, 13 Aug 2021 04:12:33 +0100\n";

/** The same mailbox over and over: a large one in little memory. */
function repeated(mailbox: Uint8Array): Source {
  const size = mailbox.length;
  return {
    byteLength: size * COPIES,
    read(start, end) {
      const bytes = new Uint8Array(end - start);
      for (let at = 0; at < bytes.length; ) {
        const part = mailbox.subarray((start + at) % size).subarray(0, bytes.length - at);
        bytes.set(part, at);
        at += part.length;
      }
      return bytes;
    },
  };
}

function readRows(source: Source): string {
  let rows = 0;
  for (const piece of mailReader.read(source, NO_SETTING)) {
    if (piece.kind === "flaw") throw new Error(piece.what);
    rows += piece.length;
  }
  return `${rows}`;
}

/** The least: every byte read and hashed once. */
function hashBytes(source: Source): string {
  const hash = createHash("sha256");
  for (let at = 0; at < source.byteLength; at += 1_048_576)
    hash.update(source.read(at, Math.min(at + 1_048_576, source.byteLength)));
  return hash.digest("hex");
}

const LINE =
  "The results of the blood test are in, and the surgery will call about what comes next.\n";

/** Mails of plain text, 100 KB each: letters, and long threads. */
function texts(count: number): Uint8Array {
  const body = LINE.repeat(1_150);
  return new TextEncoder().encode(`${HEAD}\n${body}\n`.repeat(count));
}

/** Mails with a file of 1 MB each. */
function files(count: number): Uint8Array {
  const lines =
    Buffer.alloc(1_000_000, "made up bytes ")
      .toString("base64")
      .match(/.{1,76}/g) ?? [];
  const part = `Content-Type: application/zip; name=a.zip\nContent-Transfer-Encoding: base64\n\n${lines.join("\n")}\n`;
  const mail = `${HEAD}Content-Type: multipart/mixed; boundary=b\n\n--b\n\nHi\n--b\n${part}--b--\n`;
  return new TextEncoder().encode(mail.repeat(count));
}

test("mail: mailboxes to rows", () => {
  const work = (name: string, source: Source, run: (from: Source) => string) =>
    measure(`${name} (${Math.round(source.byteLength / 1e6)} MB)`, () => ({
      amount: source.byteLength,
      result: run(source),
    }));
  const small = repeated(madeMailbox(FULL ? 600 : 20));
  const text = repeated(texts(FULL ? 20 : 1));
  const large = repeated(files(FULL ? 4 : 1));
  const mails = work("mail, small mails to rows", small, readRows);
  const plain = work("mail, texts to rows", text, readRows);
  const attached = work("mail, files to rows", large, readRows);
  const least = work("mail, bytes hashed", large, hashBytes);
  expect(Number(readRows(small))).toBe((FULL ? 600 : 20) * COPIES);
  expect(Number(readRows(text))).toBe((FULL ? 20 : 1) * COPIES);
  const ratio = (of: { readonly perSecond: number }) =>
    Number((of.perSecond / least.perSecond).toFixed(3));
  ledger(mails, { of_hashing: ratio(mails) });
  ledger(plain, { of_hashing: ratio(plain) });
  ledger(attached, { of_hashing: ratio(attached) });
});
