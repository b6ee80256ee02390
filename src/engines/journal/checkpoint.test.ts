import { expect, test } from "vitest";
import { fromHex, toHex, utf8 } from "../../base/bytes.ts";
import { ticksFromMillis } from "../../base/time.ts";
import type { JournalEntry } from "../../model/act.ts";
import {
  formatEntry,
  keyIdOf,
  leafHash,
  originOf,
  parseCheckpoint,
  parseEntry,
  signCheckpoint,
  signerOf,
  splitNotes,
  verifyCheckpoint,
  verifyMessage,
} from "./index.ts";

const VAULT = "0123456789abcdef0123456789abcdef";
const ORIGIN = originOf(VAULT);
// The seed and public key of test 1 in RFC 8032 section 7.1.
const SEED = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
const PUBLIC = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
const SIGNER = signerOf(fromHex(SEED) ?? new Uint8Array());

test("the key of RFC 8032 is derived as it states", () => {
  expect(toHex(SIGNER.publicKey)).toBe(PUBLIC);
});

test("a signed note of the Go checksum database verifies, and its key id is ours", () => {
  // The example of golang.org/x/mod/sumdb/note: an independent implementation of signed notes.
  const key = new Uint8Array(Buffer.from("ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "base64"));
  const signature = Buffer.from(
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=",
    "base64",
  );
  expect(key[0]).toBe(1);
  expect(toHex(keyIdOf("PeterNeumann", key.subarray(1)))).toBe("c74f20a3");
  expect(toHex(signature.subarray(0, 4))).toBe("c74f20a3");
  const text = utf8(
    "If you think cryptography is the answer to your problem,\n" +
      "then you don't know what your problem is.\n",
  );
  expect(verifyMessage(key.subarray(1), text, signature.subarray(4))).toBe(true);
});

test("golden bytes of a checkpoint", () => {
  const checkpoint = signCheckpoint(ORIGIN, 1, leafHash(""), SIGNER);
  expect(checkpoint.text).toBe(
    "breakwater/0123456789abcdef0123456789abcdef\n" +
      "1\n" +
      "bjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0=\n" +
      "\n" +
      "— breakwater/0123456789abcdef0123456789abcdef Q27bEcuTycp7yI2Kdt13Atru0cFp7rekI4e6nZNQmBuyKfX0ikig8UMP5+STsHJ3NKGed9yw5w7/dyWh0vHR8//nxw4=\n",
  );
});

test("a checkpoint reads back, and only in its one spelling", () => {
  const { text } = signCheckpoint(ORIGIN, 1000, leafHash("x"), SIGNER);
  const read = parseCheckpoint(text);
  expect(read?.text).toBe(text);
  expect(read !== null && verifyCheckpoint(read, ORIGIN, SIGNER.publicKey)).toBe(true);
  const others = [
    text.replace("\n1000\n", "\n01000\n"),
    text.replace("\n1000\n", "\n 1000\n"),
    text.replace("—", "-"),
    text.replaceAll("\n", "\r\n"),
    `${text}\n`,
    text.slice(0, -1),
    text.replace("=\n\n", "=\nextension\n\n"),
    "",
  ];
  for (const other of others) expect(parseCheckpoint(other)).toBeNull();
});

test("any other byte in a checkpoint breaks it", () => {
  const bytes = Buffer.from(signCheckpoint(ORIGIN, 1000, leafHash("x"), SIGNER).text);
  for (let at = 0; at < bytes.length; at++)
    for (const flip of [1, 0x20, 0x80]) {
      const altered = Buffer.from(bytes);
      altered[at] = (altered[at] ?? 0) ^ flip;
      const read = parseCheckpoint(altered.toString("utf8"));
      expect(read !== null && verifyCheckpoint(read, ORIGIN, SIGNER.publicKey)).toBe(false);
    }
});

test("another key, and another journal, do not verify", () => {
  const other = signerOf(leafHash("another seed"));
  const checkpoint = signCheckpoint(ORIGIN, 3, leafHash("x"), other);
  expect(verifyCheckpoint(checkpoint, ORIGIN, other.publicKey)).toBe(true);
  expect(verifyCheckpoint(checkpoint, ORIGIN, SIGNER.publicKey)).toBe(false);
  expect(verifyCheckpoint(checkpoint, originOf("f".repeat(32)), other.publicKey)).toBe(false);
});

test("a file of notes is cut at whole notes, the rest is told apart", () => {
  const one = signCheckpoint(ORIGIN, 1, leafHash("a"), SIGNER).text;
  const two = signCheckpoint(ORIGIN, 2, leafHash("b"), SIGNER).text;
  const bytes = utf8(one + two.slice(0, 30));
  const pieces = [...splitNotes(bytes)];
  expect(pieces.map(({ offset, whole }) => ({ offset, whole }))).toEqual([
    { offset: 0, whole: true },
    { offset: utf8(one).length, whole: false },
  ]);
});

const ENTRY: JournalEntry = {
  index: 12,
  kind: "evidence-sealed",
  time: ticksFromMillis(Date.UTC(2021, 7, 13, 4, 12, 5, 678)) ?? failed(),
  actor: "00112233445566778899aabbccddeeff",
  subject: "000102030405060708090a0b0c0d0e0f",
  body: null,
  sealed: {
    object: "000102030405060708090a0b0c0d0e0f",
    sizeBytes: 110,
    sha256: "53e197b9c8a94e67aaf111fb1f07d40a33f5a25e46a2be28a0aaffae0893f5f0",
    hmac: "f134ce347c401ba03e8341450e732ebe2aabd1bcec4d086dab8a8ceaf435d6d1",
  },
};

function failed(): never {
  throw new Error("no time");
}

test("golden bytes of an entry", () => {
  expect(formatEntry(ENTRY)).toBe(
    '{"actor":"00112233445566778899aabbccddeeff","body":null,"index":12,"kind":"evidence-sealed",' +
      '"sealed":{"hmac":"f134ce347c401ba03e8341450e732ebe2aabd1bcec4d086dab8a8ceaf435d6d1",' +
      '"object":"000102030405060708090a0b0c0d0e0f",' +
      '"sha256":"53e197b9c8a94e67aaf111fb1f07d40a33f5a25e46a2be28a0aaffae0893f5f0","sizeBytes":110},' +
      '"subject":"000102030405060708090a0b0c0d0e0f","time":"2021-08-13T04:12:05.6780000Z"}',
  );
  expect(toHex(leafHash(formatEntry(ENTRY)))).toBe(
    "b725eddabe515b44731ffa5b1e0fa5fba68bdcd552709a933d5207a01c06a32f",
  );
  expect(parseEntry(formatEntry(ENTRY))).toEqual(ENTRY);
});

test("an entry has one spelling", () => {
  const line = formatEntry(ENTRY);
  for (const other of [
    ` ${line}`,
    line.replace('"index":12', '"index":12.0'),
    line.replace('"index":12', '"index":-1'),
    line.replace('"body":null,', ""),
    line.replace("evidence-sealed", "evidence-burnt"),
    line.replace("05.6780000Z", "05.678Z"),
    line.replace("05.6780000Z", "05.6780000+00:00"),
    line.replace('{"actor"', '{"zeal":1,"actor"'),
    line.replace("00112233", "0011223G"),
    line.replace('"body":null', '"body":{}'),
    `${line}${" ".repeat(5000)}`,
    "[]",
    "null",
    "",
  ])
    expect(parseEntry(other)).toBeNull();
});
