/** 7z archives through the supervised child. */
import { expect, test } from "vitest";
import { open } from "./opened.ts";
import { writeSevenZip } from "./write-seven-zip.ts";
import { writeZip } from "./write-zip.ts";

const text = (words: string) => Buffer.from(words);
const FILES = {
  "a.txt": text("first"),
  "folder/ü.txt": text("second"),
  "folder/empty.txt": text(""),
  "in.zip": writeZip([{ name: "deep.txt", bytes: text("deep") }]),
};
const MEMBERS = [
  "a.txt: first",
  "folder/empty.txt: ",
  "folder/ü.txt: second",
  "in.zip!/deep.txt: deep",
];

const sorted = (members: readonly string[]) =>
  members.filter((line) => !line.startsWith("in.zip: ")).sort();

test.each([[[]], [["-ms=off"]], [["-m0=copy"]], [["-m0=ppmd"]]])(
  "a 7z made with %j",
  async (settings) => {
    const { members, flaws } = await open(await writeSevenZip(FILES, settings));
    expect(sorted(members)).toEqual(MEMBERS);
    expect(flaws).toEqual([]);
  },
);

test.each([[["-psecret"]], [["-psecret", "-mhe=on"]]])(
  "a 7z encrypted with %j",
  async (settings) => {
    const bytes = await writeSevenZip(FILES, settings);
    const opened = await open(bytes, ["wrong", "secret"]);
    expect(sorted(opened.members)).toEqual(MEMBERS);
    expect(opened.flaws).toEqual([]);
    const closed = await open(bytes, ["wrong"]);
    expect(sorted(closed.members).filter((line) => !line.endsWith(": "))).toEqual([]);
    expect(closed.flaws).toEqual([
      expect.stringMatching(/^ \| encrypted member \| .*: none of those given fits$/),
    ]);
    expect((await open(bytes)).flaws).toEqual([
      expect.stringMatching(/^ \| encrypted member \| .*: no password was given$/),
    ]);
  },
  60_000,
);

test("a 7z that declares too much is not unpacked", async () => {
  const bytes = await writeSevenZip({ "zeros.bin": new Uint8Array(8 << 20) });
  const { members, flaws } = await open(bytes, [], { ratioFromBytes: 1 << 20 });
  expect(members).toEqual([]);
  expect(flaws).toEqual([` | declared size | ${8 << 20} bytes`]);
});

test("a 7z that needs more memory than its child has is a flaw", async () => {
  const noise = new Uint8Array(3 << 20).map((_, at) => (Math.imul(at, 2_654_435_761) >>> 13) & 255);
  const bytes = await writeSevenZip({ "a.bin": noise }, ["-m0=lzma2:d=3m"]);
  const { members, flaws } = await open(bytes, [], { childMemoryBytesMax: 48 << 20 });
  expect(flaws.length).toBeGreaterThan(0);
  expect(members.every((line) => line.endsWith(": "))).toBe(true);
});

test("a 7z that is cut or damaged gives what it can and says the rest", {
  timeout: 120_000,
}, async () => {
  const bytes = await writeSevenZip(FILES, ["-m0=copy"]);
  for (const cut of [6, 20, 32, 40, bytes.length - 1])
    expect((await open(bytes.subarray(0, cut))).flaws.length, `cut at ${cut}`).toBeGreaterThan(0);
  const damaged = new Uint8Array(bytes);
  damaged[34] = (damaged[34] ?? 0) ^ 0xff;
  const { flaws } = await open(damaged);
  expect(flaws.some((flaw) => flaw.includes("CRC-32"))).toBe(true);
});
