/** The fast reader against one that anybody can check by eye: lines split, cells by the grammar, times by Date. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { JsonBytes } from "../../../base/json-bytes.ts";
import { concatBytes, utf8 } from "../../../base/bytes.ts";
import { memorySource } from "../../../base/source.ts";
import { UNDATED } from "../../../base/time.ts";
import { eventOf } from "../../../model/event.ts";
import type { EvidenceHash, Setting } from "../../../model/evidence.ts";
import { cellsOf } from "../csv/grammar.ts";
import { exchangeReader } from "./read.ts";
import { writeExchange } from "./write.ts";

const SETTING: Setting = {
  place: { evidence: "0".repeat(64) as EvidenceHash, member: "", file: "log" },
  host: null,
  zone: null,
  skewMillis: 0,
};
const NAMES = "date-time,server-hostname,total-bytes,note,empty";
const HEADER = `#Log-type: Some Log\r\n#Fields: ${NAMES}\r\n`;

/** Cells in quotes, or not beginning with one. */
const CELLS = /^(?:"(?:[^"]|"")*"|[^",][^,]*|)(?:,(?:"(?:[^"]|"")*"|[^",][^,]*|))*$/;

interface Account {
  readonly rows: { record: string; offset: number; ticks: bigint; fields: object }[];
  readonly flawAt: number[];
}

function readNaively(log: string): Account {
  const account: Account = { rows: [], flawAt: [] };
  let offset = 0;
  let names: readonly string[] = [];
  for (const [index, raw] of log.split("\n").slice(0, -1).entries()) {
    const line = raw.replace(/\r$/, "");
    const cells = cellsOf(utf8(line));
    const isClosed = CELLS.test(line);
    if (line.startsWith("#Fields: ")) names = line.slice(9).split(",");
    else if (line !== "" && !line.startsWith("#") && line !== NAMES) {
      if (cells?.length !== names.length || !isClosed) account.flawAt.push(offset);
      else {
        const fields = names.map((name, at) => [name, cells[at] ?? ""] as const);
        const time = /^\d{4}-\d\d-\d\dT/.test(cells[0] ?? "")
          ? Date.parse(cells[0] ?? "")
          : Number.NaN;
        account.rows.push({
          record: String(index + 1),
          offset,
          ticks: Number.isNaN(time) ? UNDATED : BigInt(time) * 10_000n,
          fields: Object.fromEntries(fields.filter(([, cell]) => cell !== "")),
        });
      }
    }
    offset += utf8(raw).length + 1;
  }
  return account;
}

function readFast(log: string): Account {
  const account: Account = { rows: [], flawAt: [] };
  const out = new JsonBytes();
  for (const piece of exchangeReader.read(memorySource(utf8(log)), SETTING)) {
    if (piece.kind === "flaw") {
      account.flawAt.push(piece.offset);
      continue;
    }
    for (let row = 0; row < piece.length; row++) {
      const { record, offset, ticks, fields } = eventOf(piece, row);
      const texts = Object.entries(fields).map(([name, value]) => [name, String(value)]);
      account.rows.push({ record, offset, ticks, fields: Object.fromEntries(texts) });
      out.length = 0;
      piece.putFields(row, out);
      expect(new TextDecoder().decode(out.written())).toBe(JSON.stringify(fields));
    }
  }
  return account;
}

const time = fc
  .date({ min: new Date("1970-01-01"), max: new Date("2199-12-31"), noInvalidDate: true })
  .map((date) => date.toISOString());
const text = fc.string({
  maxLength: 12,
  unit: fc.constantFrom(...Array.from("ab1 \\;'\"ü€,\t\u007f{}")),
});
/** As Exchange writes a cell, and now and then as nobody should. */
const cell = fc.oneof(
  {
    weight: 6,
    arbitrary: text.map((value) =>
      /[",]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value,
    ),
  },
  { weight: 1, arbitrary: text.filter((value) => value !== '""') },
);
const row = fc
  .tuple(
    fc.oneof({ weight: 5, arbitrary: time }, { weight: 1, arbitrary: cell }),
    cell,
    fc.oneof(fc.nat().map(String), cell),
    cell,
    cell,
  )
  .map((cells) => cells.join(","));
const odd = fc.constantFrom(
  "",
  "#Date: x",
  "# a comment",
  NAMES,
  "a,b",
  ",,,,",
  `#Fields: ${NAMES}`,
  "#Log-type: Other",
);
const log = fc
  .array(
    fc.tuple(
      fc.oneof({ weight: 6, arbitrary: row }, { weight: 1, arbitrary: odd }),
      fc.constantFrom("\r\n", "\n"),
    ),
    {
      maxLength: 30,
    },
  )
  .map((lines) => HEADER + lines.map(([line, end]) => line + end).join(""));

test("property: rows, offsets, times, fields and flaws are those of the naive reading", () => {
  fc.assert(
    fc.property(log, (made) => {
      expect(readFast(made)).toEqual(readNaively(made));
    }),
    { numRuns: 1_500 },
  );
});

test("property: what was written is read", () => {
  const value = fc
    .string({ minLength: 1, maxLength: 30, unit: "grapheme" })
    .filter((each) => !/[\r\n\0]/.test(each));
  fc.assert(
    fc.property(fc.array(fc.record({ data: value, context: value }), { maxLength: 9 }), (rows) => {
      const made = rows.map((each) => ({ "date-time": "2021-08-12T00:00:00.000Z", ...each }));
      const bytes = concatBytes([...writeExchange("SmtpSend", made, "2021-08-12T00:00:00.000Z")]);
      const read: object[] = [];
      for (const piece of exchangeReader.read(memorySource(bytes), SETTING)) {
        if (piece.kind === "flaw") throw new Error(piece.what);
        for (let each = 0; each < piece.length; each++) read.push(eventOf(piece, each).fields);
      }
      expect(read).toEqual(made);
    }),
  );
});
