/** X-Rps-CAT: tokens of every shape, cut, compressed and hostile. */
import { Buffer } from "node:buffer";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { utf8 } from "../../base/bytes.ts";
import { findRpsCat, readRpsCat, rpsCatAt, writeRpsCat } from "./rps-cat.ts";

const SID = "S-1-5-21-1004336348-1177238915-682003330-500";
const USER = { user: "administrator@clinic.example", sid: SID };
const TOKEN = writeRpsCat(USER.user, SID);
const tokenOf = (text: string) => Buffer.from(text, "latin1").toString("base64");

test("what was written is read, percent-encoded or not", () => {
  expect(readRpsCat(TOKEN)).toEqual(USER);
  expect(readRpsCat(encodeURIComponent(TOKEN))).toEqual(USER);
  expect(TOKEN.startsWith("VgEAVAdXaW5kb3dzQwBBCEtlcmJlcm9zTB")).toBe(true);
});

test("property: what was written is read", () => {
  const name = fc.string({ minLength: 1, maxLength: 60, unit: "grapheme-ascii" });
  fc.assert(
    fc.property(name, fc.nat(), (user, rid) => {
      const sid = `S-1-5-21-1-2-3-${rid}`;
      expect(readRpsCat(writeRpsCat(user, sid))).toEqual({ user, sid });
    }),
  );
});

test("in a query: up to the next parameter, whatever the case of its name", () => {
  for (const query of [`?a=b&X-Rps-CAT=${TOKEN}&Email=x`, `x-rps-cat=${TOKEN}`]) {
    const bytes = utf8(query);
    expect(rpsCatAt(bytes, findRpsCat(bytes, 0, bytes.length), bytes.length)).toEqual(USER);
  }
  expect(findRpsCat(utf8("X-Rps-CA=X-Rps-CAT"), 0, 18)).toBe(-1);
});

test("cut anywhere: never more than it says, and the name as soon as it is whole", () => {
  for (let length = 0; length < TOKEN.length; length++) {
    const read = readRpsCat(TOKEN.slice(0, length));
    expect([null, USER.user]).toContain(read?.user ?? null);
    expect([null, SID]).toContain(read?.sid ?? null);
  }
  expect(readRpsCat(TOKEN.slice(0, 80))).toEqual({ user: USER.user, sid: null });
});

test("compressed", () => {
  const plain = Buffer.from(TOKEN, "base64");
  const head = 14;
  const packed = Buffer.concat([plain.subarray(0, head - 1), Buffer.from([1])]);
  const whole = Buffer.concat([packed, gzipSync(plain.subarray(head))]).toString("base64");
  expect(readRpsCat(whole)).toEqual(USER);
  const bomb = Buffer.concat([packed, gzipSync(Buffer.alloc(10_000_000, "A"))]);
  expect(readRpsCat(bomb.toString("base64"))).toBeNull();
  expect(readRpsCat(Buffer.concat([packed, plain]).toString("base64"))).toBeNull();
});

test("another kind of logon keeps its names in extensions", () => {
  const sid = "S-1-5-21-7-8-9-1001";
  const text = `V\u0001\0T\u000bLiveIdBasicC\0E\u0002\0\0\0\u0007UserSid${String.fromCharCode(sid.length)}${sid}\nMemberName\u0003e@c`;
  expect(readRpsCat(tokenOf(text))).toEqual({ user: "e@c", sid });
});

test("what is no token is null", () => {
  expect(readRpsCat("")).toBeNull();
  expect(readRpsCat("not base64!")).toBeNull();
  expect(readRpsCat(tokenOf("V\u0001\0T\u00ff\u00ff\u00ff\u00ff\u000f"))).toBeNull();
  expect(readRpsCat(tokenOf("V\u0001\0T\u0007WindowsC\0A\u0001KL\u0001xU\u0003abc"))).toEqual({
    user: "x",
    sid: null,
  });
});

test("property: never throws", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (tail) => {
      const bytes = Buffer.concat([Buffer.from(TOKEN, "base64").subarray(0, 14), tail]);
      expect(() => readRpsCat(bytes.toString("base64"))).not.toThrow();
    }),
  );
});
