/** What each container gives: sound ones whole, others as far as they go, always with a word about the rest. */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { expandIn, inFolder, open } from "./opened.ts";
import { gnuLongName, paxEntry, tarEntry, writeGzip, writeTar } from "./write-tar.ts";
import { writeZip, type ZipEntry } from "./write-zip.ts";

const text = (words: string) => Buffer.from(words);
const entry = (name: string, words: string, more: Partial<ZipEntry> = {}): ZipEntry => ({
  name,
  bytes: text(words),
  ...more,
});
const LOG = Buffer.from("2021-08-13 04:12:00 GET /owa/ 200\r\n".repeat(3000));

test("a zip in all of its sound forms", async () => {
  const zip = writeZip([
    entry("a.txt", "deflated"),
    entry("b\\c.txt", "stored", { stored: true }),
    entry("d.txt", "wide", { zip64: true }),
    entry("e.txt", "behind", { descriptor: true }),
    entry("Übersicht.txt", "utf-8"),
    { name: Buffer.from([0x81, 0x2e, 0x74]), bytes: text("code page") },
    entry("folder/", ""),
    entry("empty.txt", ""),
  ]);
  expect(await open(zip)).toEqual({
    members: [
      "a.txt: deflated",
      "b/c.txt: stored",
      "d.txt: wide",
      "e.txt: behind",
      "Übersicht.txt: utf-8",
      "ü.t: code page",
      "empty.txt: ",
    ],
    flaws: [],
  });
  expect(await open(writeZip([]))).toEqual({ members: [], flaws: [] });
  const behind = Buffer.concat([writeZip([entry("x", "first")]).subarray(0, 35), zip]);
  expect((await open(behind)).members).toContain("a.txt: deflated");
});

test("encrypted members open with whichever password fits", async () => {
  const zip = writeZip([
    entry("a.txt", "256, AE-2", { password: "pässword", aes: 256 }),
    entry("b.txt", "128, AE-1", { password: "one", aes: 128, vendor: 1 }),
    entry("c.txt", "192", { password: "one", aes: 192, stored: true }),
    entry("d.txt", "traditional", { password: "two" }),
    entry("e.txt", "descriptor", { password: "two", descriptor: true, stored: true }),
    entry("f.txt", "closed", { password: "none" }),
    entry("g.bin", LOG.toString(), { password: "one", aes: 256 }),
  ]);
  const opened = await open(zip, ["wrong", "one", "two", "pässword"]);
  expect(opened.members).toEqual([
    "a.txt: 256, AE-2",
    "b.txt: 128, AE-1",
    "c.txt: 192",
    "d.txt: traditional",
    "e.txt: descriptor",
    `g.bin: ${LOG.length} bytes`,
  ]);
  expect(opened.flaws).toEqual([" | encrypted member | f.txt: none of those given fits"]);
});

test("a wrong password that passes the check byte is found out by the content", async () => {
  const zip = writeZip([entry("a.txt", "secret", { password: "right" })]);
  const many = Array.from({ length: 2000 }, (_, at) => `wrong ${at}`);
  expect((await open(zip, many)).members).toEqual([]);
  expect((await open(zip, [...many, "right"])).members).toEqual(["a.txt: secret"]);
}, 60_000);

test("an encrypted member that was altered is not believed", async () => {
  const zip = writeZip([entry("a.txt", "some secret words", { password: "p", aes: 256 })]);
  zip[70] = (zip[70] ?? 0) ^ 1;
  expect((await open(zip, ["p"])).members).toEqual([]);
});

test("names and numbers that lie are told", async () => {
  const zip = writeZip([
    entry("crc.txt", "words", { crc: 1 }),
    entry("size.txt", "words", { sizeBytes: 3 }),
    entry("bzip2.txt", "words", { method: 12 }),
    entry("link", "/etc/passwd", { stored: true, attributes: 0o120777 * 65_536 }),
  ]);
  expect(await open(zip)).toEqual({
    members: ["crc.txt: words", "size.txt: words"],
    flaws: [
      expect.stringMatching(/^crc.txt \| CRC-32 \| [0-9a-f]{8}$/),
      "size.txt | size of the member | 5",
      " | compression method | bzip2.txt: bzip2 (12)",
      " | symbolic link | link -> /etc/passwd",
    ],
  });
});

test("the same bytes under many names are read at most once more", async () => {
  const zip = writeZip([entry("a", "words ".repeat(50), { stored: true })]);
  const central = zip.subarray(zip.indexOf("PK\x01\x02"), zip.indexOf("PK\x05\x06"));
  const names = 100;
  const end = Buffer.from(zip.subarray(zip.indexOf("PK\x05\x06")));
  end.writeUInt16LE(names, 10);
  end.writeUInt32LE(central.length * names, 12);
  const bomb = Buffer.concat([
    zip.subarray(0, zip.indexOf("PK\x01\x02")),
    ...Array.from({ length: names }, () => central),
    end,
  ]);
  const { members, flaws } = await open(bomb);
  expect(members.length).toBeLessThan(25);
  expect(flaws.filter((flaw) => flaw.includes("overlapping"))).toHaveLength(names - 1);
});

test("a tar with long names, pax records, links, a sparse file and damage in the middle", async () => {
  const long = `${"folder/".repeat(30)}name.txt`;
  const tar = Buffer.concat([
    tarEntry({ name: "a.txt", bytes: text("ustar") }),
    gnuLongName(long),
    tarEntry({ name: "cut", bytes: text("gnu") }),
    paxEntry({ path: "ümlaut.txt", mtime: "1628812800.5" }),
    tarEntry({ name: "pax", bytes: text("pax") }),
    tarEntry({ name: "soft", type: "2", link: "/etc/passwd" }),
    tarEntry({ name: "hard", type: "1", link: "a.txt", sizeBytes: 5 }),
    tarEntry({ name: "device", type: "3" }),
    tarEntry({ name: "holes", type: "S", bytes: text("map") }),
    paxEntry({ "GNU.sparse.major": "1" }),
    tarEntry({ name: "newer holes", bytes: text("map") }),
    Buffer.alloc(1024, 0x41),
    tarEntry({ name: "folder/", type: "5" }),
    writeTar([{ name: "z.txt", bytes: text("last") }]),
  ]);
  const expected = {
    members: ["a.txt: ustar", `${long}: gnu`, "ümlaut.txt: pax", "z.txt: last"],
    flaws: [
      " | symbolic link | soft -> /etc/passwd",
      " | hard link | hard -> a.txt",
      " | character device | device",
      " | sparse file | holes",
      " | sparse file | newer holes",
      " | tar header | 1024 bytes of else",
    ],
  };
  expect(await open(tar)).toEqual(expected);
  expect(await open(writeGzip([tar]))).toEqual(expected);
  expect(await open(writeGzip([tar.subarray(0, 700), tar.subarray(700)]))).toEqual(expected);
});

test("a gzip of one file, of several members, cut, and with something behind it", async () => {
  const gzip = writeGzip([text("one "), text("two")], "log.txt");
  expect(await open(gzip)).toEqual({ members: ["log.txt: one two"], flaws: [] });
  expect((await open(Buffer.concat([gzip, Buffer.alloc(100)]))).flaws).toEqual([]);
  expect((await open(gzip.subarray(0, -3))).flaws).toEqual(["log.txt | gzip trailer | 5 bytes"]);
  expect((await open(Buffer.concat([gzip, text("tail")]))).flaws).toEqual([
    "log.txt | data behind the gzip | something else",
  ]);
});

test("containers in containers, to the limit", async () => {
  const bottom = writeZip([entry("u_ex210813.log", "line")]);
  const tar = writeTar([{ name: "in.zip", bytes: bottom }]);
  const zip = writeZip([
    { name: "all.tgz", bytes: writeGzip([tar]) },
    { name: "day.log.gz", bytes: writeGzip([text("plain")]) },
  ]);
  const opened = await open(zip);
  expect(opened.members.map((line) => line.split(":")[0])).toEqual([
    "all.tgz",
    "all.tgz!/in.zip",
    "all.tgz!/in.zip!/u_ex210813.log",
    "day.log.gz",
    "day.log.gz!/day.log",
  ]);
  expect(opened.flaws).toEqual([]);
  let nested = writeZip([entry("core", "core")]);
  for (let depth = 0; depth < 8; depth++) nested = writeZip([{ name: "n.zip", bytes: nested }]);
  const deep = await open(nested);
  expect(deep.members).toHaveLength(5);
  expect(deep.flaws).toEqual([
    "n.zip!/n.zip!/n.zip!/n.zip!/n.zip | nested too deep | one more, a zip",
  ]);
});

test("Velociraptor's uploads are labelled as they were on the disk, and keep their identity", async () => {
  const name = "uploads/auto/C%3A/Windows/System32/winevt/Logs/Security%20Log.evtx";
  await inFolder(async (folder) => {
    const { members } = await expandIn(folder, writeZip([entry(name, "x"), entry("a%3Ab", "y")]));
    expect(members.map(({ member, file }) => [member, file])).toEqual([
      [name, "case.zip!/uploads/auto/C:/Windows/System32/winevt/Logs/Security Log.evtx"],
      ["a%3Ab", "case.zip!/a%3Ab"],
    ]);
  });
});

test("what was written is read (property)", { timeout: 60_000 }, async () => {
  const entries = fc.uniqueArray(
    fc.record({
      name: fc.stringMatching(/^[a-z]{1,8}(\/[a-z]{1,8}){0,3}$/),
      bytes: fc.uint8Array({ maxLength: 2000 }),
      stored: fc.boolean(),
      descriptor: fc.boolean(),
      zip64: fc.boolean(),
    }),
    { selector: ({ name }) => name, maxLength: 6 },
  );
  await fc.assert(
    fc.asyncProperty(entries, async (list) => {
      const wide = list.map((item) => ({ ...item, zip64: item.zip64 && !item.descriptor }));
      await inFolder(async (folder) => {
        const { members, flaws } = await expandIn(folder, writeZip(wide));
        expect(flaws).toEqual([]);
        expect(
          members.filter(({ container }) => container === null).map(({ member }) => member),
        ).toEqual(expect.arrayContaining(list.map(({ name }) => name)));
      });
    }),
    { numRuns: 60 },
  );
});

/** Whether another tool is on this machine to compare with. */
function has(tool: string, ...list: readonly string[]): boolean {
  try {
    execFileSync(tool, list, { stdio: "ignore" });
    return true;
  } catch {
    process.stderr.write(`skipped: ${tool} is not here\n`);
    return false;
  }
}

const PACK = `
import sys, zipfile, tarfile, io
folder = sys.argv[1]
with zipfile.ZipFile(folder + "/o.zip", "w", zipfile.ZIP_DEFLATED) as z:
    z.writestr("a/b.txt", "zip by another hand")
    z.writestr("ü.txt", "umlaut")
    with z.open(zipfile.ZipInfo("big"), "w", force_zip64=True) as f: f.write(b"wide")
for name, how in (("o.tar", tarfile.PAX_FORMAT), ("o.gnu.tar", tarfile.GNU_FORMAT)):
    with tarfile.open(folder + "/" + name, "w", format=how) as t:
        info = tarfile.TarInfo("l" * 150 + "/ü.txt"); info.size = 3
        t.addfile(info, io.BytesIO(b"tar"))
`;

test.skipIf(!has("python3", "--version"))("archives of another hand", async () => {
  await inFolder(async (folder) => {
    const root = join(folder, "..");
    execFileSync("python3", ["-c", PACK, root]);
    expect(await open(readFileSync(join(root, "o.zip")))).toEqual({
      members: ["a/b.txt: zip by another hand", "ü.txt: umlaut", "big: wide"],
      flaws: [],
    });
    const long = { members: [`${"l".repeat(150)}/ü.txt: tar`], flaws: [] };
    expect(await open(readFileSync(join(root, "o.tar")))).toEqual(long);
    expect(await open(readFileSync(join(root, "o.gnu.tar")))).toEqual(long);
  });
});

test.skipIf(!has("zip", "-v"))("a zip encrypted by another hand", async () => {
  await inFolder(async (folder) => {
    const root = join(folder, "..");
    writeFileSync(join(root, "a.txt"), "hello");
    execFileSync("zip", ["-q", "-j", "-P", "secret", join(root, "o.zip"), join(root, "a.txt")]);
    const bytes = readFileSync(join(root, "o.zip"));
    expect((await open(bytes, ["wrong", "secret"])).members).toEqual(["a.txt: hello"]);
  });
});
