/** Both framings of RFC 6587 in any pieces, bounded, and messages that stay one line. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { concatBytes, utf8 } from "../../base/bytes.ts";
import { MESSAGE_BYTES_MAX, SyslogMessages, lineOf } from "./syslog-messages.ts";

/** What is told of these bytes when they come in pieces of `pieceBytes`. */
function messagesOf(bytes: Uint8Array, pieceBytes = bytes.length): [string, boolean][] {
  const told: [string, boolean][] = [];
  const messages = new SyslogMessages((message, isCut) =>
    told.push([Buffer.from(message).toString("latin1"), isCut]),
  );
  for (let at = 0; at < bytes.length; at += pieceBytes)
    messages.push(bytes.subarray(at, at + pieceBytes));
  messages.end();
  return told;
}

test("counted and line by line, mixed, in any pieces", () => {
  const message = fc.stringMatching(/^<[0-9]{1,3}>[a-z \n]{0,40}$/);
  const framed = fc.record({ text: message, counted: fc.boolean() });
  fc.assert(
    fc.property(
      fc.array(framed, { minLength: 1 }),
      fc.integer({ min: 1, max: 50 }),
      (all, piece) => {
        const bytes = all.map(({ text, counted }) =>
          utf8(counted ? `${text.length} ${text}` : `${text.replaceAll("\n", " ")}\n`),
        );
        const expected = all.map(({ text, counted }) => [
          counted ? text : text.replaceAll("\n", " "),
          false,
        ]);
        expect(messagesOf(concatBytes(bytes), piece)).toEqual(expected);
      },
    ),
  );
});

test("a line that begins with digits is a line, unless it is a length", () => {
  expect(messagesOf(utf8("2021-08-13 x\n12x\n0 y\n1234567890 z\n"))).toEqual([
    ["2021-08-13 x", false],
    ["12x", false],
    ["0 y", false],
    ["1234567890 z", false],
  ]);
});

test("what is too long is cut and the rest thrown away; the next message is whole", () => {
  const long = "a".repeat(MESSAGE_BYTES_MAX + 1000);
  for (const piece of [1000, 70_000, 200_000])
    expect(messagesOf(utf8(`<1>${long}\n${long.length + 3} <2>${long}<3>next\n`), piece)).toEqual([
      [`<1>${long}`.slice(0, MESSAGE_BYTES_MAX), true],
      [`<2>${long}`.slice(0, MESSAGE_BYTES_MAX), true],
      ["<3>next", false],
    ]);
});

test("a connection that ends in a message leaves what it had sent of it, marked as cut", () => {
  expect(messagesOf(utf8("<1>half a line"))).toEqual([["<1>half a line", true]]);
  expect(messagesOf(utf8("20 <1>half"))).toEqual([["<1>half", true]]);
  expect(messagesOf(utf8("<1>whole\n"))).toEqual([["<1>whole", false]]);
});

test("any bytes: memory stays bounded and every message is within the limit", () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 300 }),
      fc.integer({ min: 1, max: 40 }),
      (bytes, piece) => {
        const told = messagesOf(bytes, piece);
        const total = told.reduce((sum, [text]) => sum + text.length, 0);
        expect(total).toBeLessThanOrEqual(bytes.length);
        expect(told).toEqual(messagesOf(bytes));
      },
    ),
  );
});

test("a message is one line, whatever is in it", () => {
  const text = (message: string) => {
    const line = lineOf(utf8(message));
    return line === null ? null : Buffer.from(line).toString();
  };
  expect(text("<1>one")).toBe("<1>one\n");
  expect(text("<1>one\r\n\0")).toBe("<1>one\n");
  expect(text("<1>one\ntwo\r\nthree\0four")).toBe("<1>one#012two#015#012three#000four\n");
  expect(text("\n")).toBeNull();
  expect(text("")).toBeNull();
});
