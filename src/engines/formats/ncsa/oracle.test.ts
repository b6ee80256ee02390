/** The fast scan held against a naive one, a regular expression a line, on lines that are sound and on lines that are not. */
import { expect, test } from "vitest";
import { madeNcsa } from "../../../../test/readers/ncsa-log.ts";
import { NO_SETTING, readWhole, seededRandom } from "../../../../test/readers/trials.ts";
import { memorySource } from "../../../base/source.ts";
import { LINE_BYTES_MAX } from "./layout.ts";
import { ncsaReader } from "./read.ts";

const COPIES = 3_000;
const WORD = "[^\\x00-\\x20]*";
const QUOTED =
  '"((?:\\\\[^\\x00-\\x1f]|[^"\\\\\\x00\\n]|\\\\(?=[\\x00-\\x1f])|"(?=[^\\x00-\\x20]))*)"(?=[\\x00-\\x20])';
const NAIVE = new RegExp(
  `^(?:${WORD}, )*${WORD}(?<!,) ${WORD} ${WORD} (?:${WORD} )*?\\[..\\/...\\/....:[^\\n]{14}\\] ` +
    `${QUOTED} [-0-9]${WORD} [-0-9]${WORD}(?: ${QUOTED})?(?: ${QUOTED})?(?:[\\x01-\\x20][^\\x00\\n]*)?\\n$`,
  "s",
);

test("a line is a row for both, or for neither", () => {
  const random = seededRandom(11);
  const lines = Buffer.from(madeNcsa(70)).toString("latin1").split("\n").slice(0, -1);
  const marks = ['"', "\\", " ", "[", "]", "-", ",", "\r", "\u0001", "x", '" "', '\\"'];
  const astray: string[] = [];
  let rows = 0;
  for (let copy = 0; copy < COPIES; copy++) {
    let line = lines[copy % lines.length] ?? "";
    for (let change = Math.floor(random() * 4); change > 0; change--) {
      const at = Math.floor(random() * line.length);
      const mark = marks[Math.floor(random() * marks.length)] ?? "";
      line = line.slice(0, at) + mark + line.slice(at + Math.floor(random() * 3));
    }
    const text = `${line}\n`;
    const { events, flaws } = readWhole(ncsaReader, memorySource(Buffer.from(text, "latin1")));
    rows += events.length;
    if (events.length + flaws.length !== 1 || (events.length === 1) !== NAIVE.test(text))
      astray.push(text);
  }
  expect(astray.slice(0, 5)).toEqual([]);
  expect(rows).toBeGreaterThan(COPIES / 4);
  expect(rows).toBeLessThan(COPIES);
});

test("lines up to the limit are read, longer ones are one flaw each, also across windows", () => {
  const [row = ""] = Buffer.from(madeNcsa(1)).toString("latin1").split("\n");
  const padded = (sizeBytes: number) =>
    `${row.replace("/owa/", "/".padEnd(sizeBytes - row.length + 5, "a"))}\n`;
  const limit = padded(LINE_BYTES_MAX - 1);
  const text = [limit, padded(LINE_BYTES_MAX), `${row}\n`, padded(3 * 524_288), `${row}\n`];
  const { events, flaws } = readWhole(ncsaReader, memorySource(Buffer.from(text.join(""))));
  expect(events.map(({ record }) => record)).toEqual(["1", "3", "5"]);
  expect(flaws.map(({ what, offset }) => `${offset} ${what}`)).toEqual([
    `${LINE_BYTES_MAX} line longer than the limit`,
    `${2 * LINE_BYTES_MAX + 1 + row.length + 1} line longer than the limit`,
  ]);
});

test("names that rules use are answered, and what the case file says of host and clock", () => {
  const source = memorySource(madeNcsa(1));
  const setting = { ...NO_SETTING, host: "www1", zone: "Europe/Guernsey", skewMillis: 1_000 };
  for (const piece of ncsaReader.read(source, setting)) {
    if (piece.kind === "flaw") throw new Error(piece.what);
    expect(piece.host(0)).toBe("www1");
    expect(piece.field(0, "cs-user-agent")).toBe(piece.field(0, "cs(User-Agent)"));
    expect(piece.field(0, "cs-referer")).toBe("https://mail.clinic.example/");
    expect(piece.field(0, "nothing")).toBeUndefined();
  }
  const [plain] = readWhole(ncsaReader, source).events;
  const [skewed] = readWhole(ncsaReader, source, setting).events;
  expect((plain?.ticks ?? 0n) - (skewed?.ticks ?? 0n)).toBe(10_000_000n);
});
