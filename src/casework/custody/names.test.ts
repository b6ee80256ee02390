import fc from "fast-check";
import { expect, test } from "vitest";
import { cleanName, safeNames } from "./names.ts";

// biome-ignore format: a line each
test.each([
  ["logs/a.log", "logs/a.log"], ["/home/x/a.log", "home/x/a.log"], ["../../x", "x"], ["C:\\x", "C_/x"],
  ["a/./b//c/..", "a/b/c"], ["con", "_con"], ["NUL.txt", "_NUL.txt"], ["com1 .log", "_com1 .log"], ["console", "console"],
  ["", "evidence"], ["..", "evidence"], ["a\u0000b", "a_b"], ["x\u202egpj.exe", "x_gpj.exe"], ["end. .", "end___"],
  ["e\u0301", "\u00e9"], ["...", "___"], [".hidden", ".hidden"], ["\ud83d", "_"],
])("'%s' is written as %s", (label, name) => {
  expect(cleanName(label)).toBe(name);
});

test("what is too long keeps its extension and its last parts", () => {
  expect(cleanName(`${"ü".repeat(300)}.evtx`)).toMatch(/^ü{97}\.evtx$/);
  expect(cleanName(`${"deep/".repeat(100)}file`)).toMatch(/^(deep\/)+file$/);
});

test("the same name, and one that another file system takes for it, go into a folder of their own", () => {
  expect(safeNames(["a.log", "A.LOG", "a.log", "both", "both/x", "y/z", "y"])).toEqual([
    "a.log",
    "again-2/A.LOG",
    "again-3/a.log",
    "both",
    "again-2/both/x",
    "y/z",
    "again-2/y",
  ]);
});

test("a hundred thousand files of one name are told apart within a second", () => {
  const names = safeNames(Array.from({ length: 100_000 }, () => "u_ex.log"));
  expect(new Set(names).size).toBe(100_000);
}, 5000);

test("property: every list of labels gives names that stay in the folder and are different everywhere", () => {
  const piece = fc.constantFrom(
    "a",
    "A",
    "..",
    ".",
    "/",
    "\\",
    "con",
    ":",
    " ",
    "\u0000",
    "é",
    "e\u0301",
    "again-2",
    "ﬁ",
    "fi",
  );
  const label = fc.oneof(
    fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join("")),
    fc.string({ unit: "binary", maxLength: 400 }),
  );
  fc.assert(
    fc.property(fc.array(label, { maxLength: 12 }), (labels) => {
      const names = safeNames(labels);
      const folds = names.map((name) => name.normalize("NFKC").toLowerCase());
      expect(new Set(folds).size).toBe(labels.length);
      for (const [at, name] of names.entries()) {
        expect(name).toMatch(/^[^/]/);
        for (const part of name.split("/")) {
          expect(part).not.toMatch(/^(|\.|\.\.|con)$|[. ]$|[\\:]|\p{Cc}|\p{Cf}/u);
          expect(Buffer.byteLength(part)).toBeLessThanOrEqual(255);
        }
        // No file stands where another name needs a folder.
        const below = folds.filter(
          (other, index) => index !== at && other.startsWith(`${folds[at]}/`),
        );
        expect(below).toEqual([]);
      }
    }),
  );
});
