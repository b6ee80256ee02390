/** The grammar under each delimiter, and the fast scan against it. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { utf8 } from "../../../base/bytes.ts";
import { memorySource } from "../../../base/source.ts";
import { wholeRange } from "../text/line-reading.ts";
import { columnsOf, firstOf } from "./columns.ts";
import { cellsOf, type Delimiter, isLeftOpen, recordsOf } from "./grammar.ts";
import { makeRowStarts, scanRows } from "./scan.ts";

const DELIMITERS: readonly Delimiter[] = [",", ";", "\t"];

test.each(DELIMITERS)("cells parted by %j, quoted ones with all of them inside", (delimiter) => {
  const text = ["a", '"b,;\t""c"', "", 'd"e'].join(delimiter);
  expect(cellsOf(utf8(text), delimiter)).toEqual(["a", 'b,;\t"c', "", 'd"e']);
  const source = memorySource(utf8(`"x\r\ny"${delimiter}z\r\n1${delimiter}"open`));
  const records = [...recordsOf(source, wholeRange(source), delimiter)];
  expect(records.map(({ number, isClosed }) => [number, isClosed])).toEqual([
    [1, true],
    [3, false],
  ]);
});

test("text behind a closing quote, and quotes that stay open", () => {
  expect(cellsOf(utf8('"a"b,c'))).toBeNull();
  expect(
    ["a,b", '"a', '"a"', 'a"b', '"a""', '"a"""'].map((line) => isLeftOpen(utf8(line))),
  ).toEqual([false, true, false, false, true, false]);
});

const cell = fc.string({
  maxLength: 6,
  unit: fc.constantFrom("a", "1", '"', ",", ";", "\t", " ", "ü"),
});
const quoted = cell.map((text) => `"${text.replaceAll('"', '""')}"`);

test.each(DELIMITERS)(
  "property: a line is a row exactly if the grammar says so, parted by %j",
  (delimiter) => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(cell, quoted), { minLength: 1, maxLength: 5 }),
        fc.constantFrom("\n", "\r\n"),
        (cells, end) => {
          const line = cells.join(delimiter);
          const bytes = utf8(line + end);
          const rows = makeRowStarts(bytes.length);
          const shape = { columns: 3, delimiter, oddA: -1, oddB: -1 };
          const stop = scanRows(bytes, 0, bytes.length, shape, rows, 0);
          const expected = cellsOf(utf8(line), delimiter);
          const isRow = expected?.length === 3 && !isLeftOpen(utf8(line), delimiter);
          expect([stop, rows.length]).toEqual(isRow ? [bytes.length, 1] : [0, 0]);
          if (!isRow) return;
          const raw = [0, 1, 2].map((at) =>
            bytes.subarray(rows.starts[at], (rows.starts[at + 1] ?? 0) - 1),
          );
          expect(raw.map((each) => unquotedByHand(new TextDecoder().decode(each)))).toEqual(
            expected,
          );
        },
      ),
      { numRuns: 1_000 },
    );
  },
);

function unquotedByHand(raw: string): string {
  return raw.startsWith('"') ? raw.slice(1, -1).split('""').join('"') : raw;
}

test("columns: blanks go, a name that stands twice counts once, the nameless are not answered", () => {
  const columns = columnsOf(["a b", "c", "", "c"], (name) => name === "c");
  expect(columns?.names).toEqual(["ab", "c", "", "c"]);
  expect([...(columns?.answered ?? [])]).toEqual([0, 1]);
  expect([...(columns?.numeric ?? [])]).toEqual([0, 1, 0, 1]);
  expect(columns === null ? null : [firstOf(columns, ["x", "c"]), firstOf(columns, ["x"])]).toEqual(
    [1, -1],
  );
  expect(columnsOf(["a"], () => false)).toBeNull();
});
