import { expect, test } from "vitest";
import { detection, reasonOf } from "../../../test/sigma/rule-text.ts";
import { parseRules } from "./parse.ts";

test("a placeholder takes each of its values, as rules write them", () => {
  const text = detection("  a: {F|expand: 'x\\\\%p%-%q%', G|re|expand: '^%p%$'}\n  condition: a");
  const given = new Map([
    ["p", ["1", "*"]],
    ["q", ["a?", "b"]],
  ]);
  const [parsed] = parseRules("r.yml", text, given);
  const literal = (value: string) => ({ kind: "literal", text: value });
  expect(parsed).toMatchObject({
    condition: {
      parts: [
        {
          fields: ["F"],
          tests: [
            { parts: [literal("x\\"), literal("1"), literal("-"), literal("a"), { kind: "one" }] },
            { parts: [literal("x\\"), literal("1"), literal("-"), literal("b")] },
            {
              parts: [
                literal("x\\"),
                { kind: "many" },
                literal("-"),
                literal("a"),
                { kind: "one" },
              ],
            },
            { parts: [literal("x\\"), { kind: "many" }, literal("-"), literal("b")] },
          ],
        },
        { fields: ["G"], tests: [{ pattern: "^1$" }, { pattern: "^*$" }] },
      ],
    },
  });
});

test("placeholders that multiply are refused, in no time", () => {
  const given = new Map([["p", Array.from({ length: 1000 }, (_, at) => `${at}`)]]);
  const reason = (value: string): string => {
    const [parsed] = parseRules(
      "r.yml",
      detection(`  a: {F|expand: ${value}}\n  condition: a`),
      given,
    );
    return parsed?.kind === "refusal" ? parsed.reason : "accepted";
  };
  expect(reason("'%p%'")).toBe("accepted");
  const tooMany = "placeholders with more combinations than 100000 values or 16000000 characters";
  expect(reason("'%p%%p%%p%'")).toBe(tooMany);
  expect(reason(`'${"x".repeat(100_000)}%p%'`)).toBe(tooMany);
  expect(reason(`'${"%p%".repeat(17)}'`)).toBe("more than 16 placeholders in a value");
  const list = Array.from({ length: 101 }, (_, at) => `'${at}%p%'`).join(", ");
  expect(reason(`[${list}]`)).toMatch(/^placeholders with more|more than 100000 values/);
});

test("a percent sign behind a backslash is no placeholder, and a backslash of its own stands before one", () => {
  const given = new Map([["p", ["1"]]]);
  const literals = (value: string): unknown => {
    const [parsed] = parseRules(
      "r.yml",
      detection(`  a: {F|expand: '${value}'}\n  condition: a`),
      given,
    );
    const test =
      parsed?.kind === "rule" && parsed.condition.kind === "field"
        ? parsed.condition.tests[0]
        : undefined;
    return test?.kind === "text"
      ? test.parts.map((part) => ("text" in part ? part.text : part.kind)).join("")
      : parsed;
  };
  expect(literals("\\%p\\%")).toBe("%p%");
  expect(literals("1\\%p1\\%2%p%3")).toBe("1%p1%213");
  expect(literals("C:\\\\%p%\\x")).toBe("C:\\1\\x");
  expect(literals("50%")).toBe("50%");
  // What is put in is no template again.
  expect(
    parseRules(
      "r.yml",
      detection("  a: {F|expand: '%q%'}\n  condition: a"),
      new Map([["q", ["%q%"]]]),
    ),
  ).toMatchObject([{ condition: { tests: [{ parts: [{ text: "%q%" }] }] } }]);
});

test("encodings that multiply are refused, in no time, however they are spread over a file", () => {
  const list = Array(300).fill("'-a -b -c'").join(", ");
  const encoded = detection(`  a: {F|windash|base64offset: [${list}]}\n  condition: a\n`);
  const small = detection("  a: {F|contains: x}\n  condition: a\n");
  const reasons = parseRules("r.yml", [encoded, small, encoded, encoded, small].join("---\n")).map(
    (one) => (one.kind === "refusal" ? one.reason : one.kind),
  );
  const refused = "more than 100000 values in its file";
  expect(reasons).toEqual([refused, "rule", refused, refused, "rule"]);
  const half = encoded.replace(list, Array(200).fill("'-a -b -c'").join(", "));
  expect(reasonOf(half)).toBe("accepted");
  expect(parseRules("r.yml", `${half}---\n${half}`)[1]).toMatchObject({ reason: refused });
  expect(
    reasonOf(
      detection(`  a: {F${"|base64".repeat(16)}: '${"x".repeat(200_000)}'}\n  condition: a`),
    ),
  ).toBe("values of more than 16000000 characters in its file");
  expect(
    reasonOf(detection(`  a: {F|windash|base64: '-a -b ${"x".repeat(5_000)}'}\n  condition: a`)),
  ).toBe("modifier 'base64' cannot spell out dashes in more than 4096 characters");
});
