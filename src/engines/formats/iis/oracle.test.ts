/** The fast reader against one that anybody can check by eye: lines split, columns split, times by Date. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { concatBytes, utf8 } from "../../../base/bytes.ts";
import { memorySource } from "../../../base/source.ts";
import { UNDATED } from "../../../base/time.ts";
import { eventOf } from "../../../model/event.ts";
import type { EvidenceHash, Setting } from "../../../model/evidence.ts";
import { iisReader } from "./read.ts";
import { type IisLine, writeIis } from "./write.ts";

const SETTING: Setting = {
  place: { evidence: "0".repeat(64) as EvidenceHash, member: "", file: "u_ex.log" },
  host: null,
  zone: null,
  skewMillis: 0,
};

interface Row {
  readonly record: string;
  readonly offset: number;
  readonly ticks: bigint;
  readonly columns: Readonly<Record<string, string>>;
}
interface Account {
  readonly rows: readonly Row[];
  readonly flawAt: readonly number[];
  readonly silent: number;
}

/** Naive: only for whole lines of text without NUL and within the limit. */
function readNaively(log: string): Account {
  const rows: Row[] = [];
  const flawAt: number[] = [];
  let silent = 0;
  let offset = 0;
  let names: string[] | null = null;
  for (const [index, raw] of log.split("\n").slice(0, -1).entries()) {
    const line = raw.replace(/\r$/, "");
    const values = line.split(" ");
    if (line === "" || line.startsWith("#")) {
      silent++;
      if (line.startsWith("#Fields:")) names = line.slice(8).trim().split(/ +/);
    } else if (names === null || values.length !== names.length) flawAt.push(offset);
    else {
      const all = names.map((name, at) => [name, values[at] ?? ""] as const);
      const columns = Object.fromEntries(all.filter(([, value]) => value !== "-"));
      rows.push({ record: String(index + 1), offset, ticks: naiveTicks(columns), columns });
    }
    offset += utf8(raw).length + 1;
  }
  return { rows, flawAt, silent };
}

function naiveTicks(columns: Readonly<Record<string, string>>): bigint {
  const { date = "", time = "", "time-taken": taken = "0" } = columns;
  const end = Date.parse(`${date}T${time}Z`);
  return Number.isNaN(end) ? UNDATED : BigInt(end - Number(taken)) * 10_000n;
}

function readFast(log: string): { rows: Row[]; flawAt: number[] } {
  const rows: Row[] = [];
  const flawAt: number[] = [];
  for (const piece of iisReader.read(memorySource(utf8(log)), SETTING)) {
    if (piece.kind === "flaw") flawAt.push(piece.offset);
    else
      for (let row = 0; row < piece.length; row++) {
        const { record, offset, ticks, fields } = eventOf(piece, row);
        const logged = Object.entries(fields).filter(
          ([name]) => !/^(Side|RequestId|c-uri|EndTime)$/.test(name),
        );
        const columns = Object.fromEntries(
          logged.map(([name, value]) => [
            name,
            name === "cs(User-Agent)" ? String(value).replaceAll(" ", "+") : String(value),
          ]),
        );
        rows.push({ record, offset, ticks, columns });
      }
  }
  return { rows, flawAt };
}

const value = fc.oneof(
  fc.constantFrom("-", "200", "0", "/owa/", "caf\u00e9", "a+b", "\u001b[31m", "01"),
  fc
    .string({ unit: "grapheme", minLength: 1, maxLength: 12 })
    .map((text) => text.replaceAll(/[\s\p{Cc}#]/gu, "x")),
);
const time = fc
  .date({ min: new Date("1995-01-01"), max: new Date("2040-01-01"), noInvalidDate: true })
  .map((date) => date.toISOString());
const names = fc.shuffledSubarray(
  ["date", "time", "cs-uri-stem", "cs-uri-query", "sc-status", "time-taken", "cs(User-Agent)", "x"],
  { minLength: 2 },
);
const taken = fc.nat({ max: 90_000 }).map(String);

/** A stretch under one #Fields line: mostly rows, some lines of another width, blanks and remarks among them. */
const stretch = names.chain((columns) => {
  const row = fc
    .tuple(time, taken, fc.array(value, { minLength: columns.length, maxLength: columns.length }))
    .map(([iso, took, values]) =>
      columns
        .map((name, at) =>
          name === "date"
            ? iso.slice(0, 10)
            : name === "time"
              ? iso.slice(11, 19)
              : name === "time-taken"
                ? took
                : values[at],
        )
        .join(" "),
    );
  const odd = fc.constantFrom("", "#Remark: x", "#", "one", "a b c d e f g h i j", "#Version: 1.0");
  const line = fc.oneof({ arbitrary: row, weight: 6 }, { arbitrary: odd, weight: 1 });
  return fc
    .array(line, { maxLength: 12 })
    .map((lines) => [`#Fields: ${columns.join(" ")}`, ...lines]);
});
const log = fc
  .tuple(
    fc.array(stretch, { maxLength: 5 }),
    fc.array(value, { maxLength: 2 }),
    fc.constantFrom("\n", "\r\n"),
  )
  .map(([stretches, head, end]) =>
    [...head, ...stretches.flat()].map((line) => line + end).join(""),
  );

test("the fast reader agrees with the naive one, and every line is accounted for", () => {
  fc.assert(
    fc.property(log, (text) => {
      const naive = readNaively(text);
      const fast = readFast(text);
      expect(fast.rows).toEqual(naive.rows);
      expect(fast.flawAt).toEqual(naive.flawAt);
      const lines = text.split("\n").length - 1;
      expect(fast.rows.length + fast.flawAt.length + naive.silent).toBe(lines);
    }),
    { numRuns: 400, seed: 20211031 },
  );
});

test("they agree across windows and batches too", () => {
  const stretches = fc.sample(log, { numRuns: 200, seed: 54 });
  const text = stretches.join("").repeat(20);
  expect(text.length).toBeGreaterThan(1_500_000);
  const naive = readNaively(text);
  const fast = readFast(text);
  expect(fast.flawAt).toEqual(naive.flawAt);
  expect(fast.rows).toEqual(naive.rows);
});

test("what the writer writes is what the reader reads", () => {
  const line = fc.array(fc.oneof(value, fc.constant(null), fc.nat()), {
    minLength: 3,
    maxLength: 3,
  });
  fc.assert(
    fc.property(fc.array(line, { maxLength: 40 }), (lines: readonly IisLine[]) => {
      const columns = ["cs-username", "cs-host", "x"];
      const written = concatBytes([...writeIis(lines, columns, "2021-08-12 00:00:00")]);
      const { rows, flawAt } = readFast(new TextDecoder().decode(written));
      expect(flawAt).toEqual([]);
      expect(rows.map(({ columns: read }) => columns.map((name) => read[name] ?? "-"))).toEqual(
        lines.map((values) => values.map((one) => String(one ?? "-"))),
      );
    }),
    { numRuns: 200, seed: 7 },
  );
});

test("nothing in a value ends its column or its line", () => {
  const written = concatBytes([
    ...writeIis([["a b\r\ncd\0", ""]], ["x", "y"], "2021-08-12 00:00:00"),
  ]);
  expect(readFast(new TextDecoder().decode(written)).rows.map(({ columns }) => columns)).toEqual([
    { x: "a+b++cd+" },
  ]);
});
