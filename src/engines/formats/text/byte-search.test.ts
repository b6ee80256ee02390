/** Words searched in UTF-16 against the naive way. */
import { expect, test } from "vitest";
import { hasWide, wideNeedleOf } from "./byte-search.ts";

test("a word in UTF-16 is found at even and odd bytes, at both ends, and nowhere else", () => {
  for (const word of ["a", "aba", "MessageTotal", "Microsoft-Windows-Windows Defender"]) {
    const needle = wideNeedleOf(word);
    const wide = Buffer.from(word, "utf16le");
    for (let before = 0; before < 90; before++)
      for (const filler of ["", "ab", "Windows Defendes", "\u0161ab"]) {
        const lead = Buffer.from(filler.repeat(12), "utf16le").subarray(0, before);
        const behind = Buffer.from(filler, "utf16le");
        const whole = Buffer.concat([lead, wide, behind]);
        expect(hasWide(whole, needle)).toBe(true);
        const cut = Buffer.concat([lead, wide.subarray(0, -1)]);
        expect(hasWide(cut, needle)).toBe(cut.includes(wide));
        const narrow = Buffer.concat([lead, Buffer.from(word), behind]);
        expect(hasWide(narrow, needle)).toBe(narrow.includes(wide));
      }
  }
});
