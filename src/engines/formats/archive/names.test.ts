import fc from "fast-check";
import { expect, test } from "vitest";
import { cleanName } from "./names.ts";

test.each([
  ["dir/b.evtx", "dir/b.evtx", null],
  ["dir\\b.evtx", "dir/b.evtx", null],
  ["./dir//b.evtx", "dir/b.evtx", null],
  [
    "C/Windows/System32/winevt/Logs/Security.evtx",
    "C/Windows/System32/winevt/Logs/Security.evtx",
    null,
  ],
  ["uploads/auto/C%3A/x", "uploads/auto/C%3A/x", null],
  ["../../x", "x", "path that climbs out (..)"],
  ["a/../../x", "a/x", "path that climbs out (..)"],
  ["/etc/passwd", "etc/passwd", "absolute path"],
  ["\\\\server\\share\\x", "server/share/x", "absolute path"],
  ["C:\\Temp\\x", "C/Temp/x", "drive letter"],
  ["", "unnamed", "empty name"],
  ["..", "unnamed", "path that climbs out (..)"],
  ["a:b", "a:b", "drive letter"],
  ["logs/a.txt:stream", "logs/a.txt:stream", "NTFS stream"],
  ["x/aux.log", "x/aux.log", "device name"],
  ["a\0b", "a\0b", "NUL in the name"],
  ["a\u202eb", "a\u202eb", "character that reorders or hides text"],
  ["a.zip!/b", "a.zip!/b", "`!/`, which stands between archive and member"],
])("%j becomes %j: %s", (raw, name, odd) => {
  expect(cleanName(raw)).toEqual({ name, odd });
});

test("an overlong name is cut and told", () => {
  const { name, odd } = cleanName("x".repeat(5000));
  expect(name).toHaveLength(4096);
  expect(odd).toBe("overlong name");
});

test("no name leads out, and cleaning twice is cleaning once", () => {
  const part = fc.constantFrom("..", ".", "", "a", "C:", "/", "\\", "b c", "\0");
  fc.assert(
    fc.property(fc.array(part), fc.constantFrom("/", "\\"), (parts, separator) => {
      const { name } = cleanName(parts.join(separator));
      expect(name).not.toMatch(/^[/\\]|(^|[/\\])\.\.([/\\]|$)|\\/);
      expect(name).not.toBe("");
      expect(cleanName(name).name.replaceAll(":", "")).toBe(name.replaceAll(":", ""));
    }),
  );
});
