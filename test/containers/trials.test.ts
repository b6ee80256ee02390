/** Trials that every container must pass: cut, flipped, the same twice, bombs in flat memory, half-done folders. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { constants, createDeflateRaw } from "node:zlib";
import { expect, test } from "vitest";
import { memorySource, type Source } from "../../src/base/source.ts";
import { Fault } from "../../src/base/fault.ts";
import { recogniseContainer, recogniseDiskImage } from "../../src/engines/formats/index.ts";
import { seededRandom } from "../readers/trials.ts";
import { expandIn, inFolder, open } from "./opened.ts";
import { writeSevenZip } from "./write-seven-zip.ts";
import { gnuLongName, tarEntry, writeGzip, writeTar } from "./write-tar.ts";
import { writeZip } from "./write-zip.ts";

const text = (words: string) => Buffer.from(words);
const TAR = Buffer.concat([
  gnuLongName(`${"deep/".repeat(30)}name`),
  tarEntry({ name: "x", bytes: text("first words") }),
  writeTar([{ name: "b.log", bytes: text("second words") }]),
]);
const ZIP = writeZip([
  { name: "a.txt", bytes: text("first words") },
  { name: "b.txt", bytes: text("second words"), descriptor: true },
  { name: "c.txt", bytes: text("third words"), password: "p", aes: 128 },
  { name: "t.tgz", bytes: writeGzip([TAR]) },
]);
const GZIP = writeGzip([text("one "), text("two")], "name");
const GZIP_FIRST = writeGzip([text("one ")], "name").length;
const SMALL: readonly (readonly [string, Buffer])[] = [
  ["zip", ZIP],
  ["tar", TAR],
  ["tar.gz", writeGzip([TAR])],
  ["gzip", GZIP],
];

test.each(SMALL)(
  "%s cut at every byte: never throws, and always says so",
  { timeout: 120_000 },
  async (_, whole) => {
    await inFolder(async (folder) => {
      const sound = await expandIn(join(folder, "whole"), whole, ["p"]);
      for (let cut = 0; cut < whole.length; cut++) {
        const bytes = whole.subarray(0, cut);
        if (recogniseContainer(bytes) === null) continue;
        const { members, flaws } = await expandIn(join(folder, String(cut)), bytes, ["p"]);
        // One block of zeros is enough to end a tar, and the first member of a gzip is a gzip.
        const isWhole =
          (whole === TAR && cut >= TAR.length - 512) || (whole === GZIP && cut === GZIP_FIRST);
        expect(flaws.length > 0 || isWhole, `cut at ${cut}`).toBe(true);
        for (const { member, sizeBytes } of members)
          expect(sizeBytes).toBeLessThanOrEqual(
            sound.members.find((other) => other.member === member)?.sizeBytes ?? Number.MAX_VALUE,
          );
      }
    });
  },
);

test.each(SMALL)(
  "%s with bytes flipped: never throws, the same twice",
  { timeout: 120_000 },
  async (_, whole) => {
    const random = seededRandom(20210813);
    for (let copy = 0; copy < 150; copy++) {
      const damaged = Buffer.from(whole);
      for (let flip = 0; flip < 1 + random() * 6; flip++)
        damaged[Math.floor(random() * damaged.length)] = Math.floor(random() * 256);
      if (recogniseContainer(damaged) === null) continue;
      const once = await open(damaged, ["p"]);
      expect(await open(damaged, ["p"])).toEqual(once);
    }
  },
);

test("a source that fails is a fault, and leaves nothing behind", async () => {
  await inFolder(async (folder) => {
    const fault = new Fault("not-readable", "the disk is gone", "plug it in");
    const inner = memorySource(ZIP);
    for (const goodReads of [1, 2, 3, 5, 8]) {
      let reads = 0;
      const source: Source = {
        byteLength: ZIP.length,
        read(start, end) {
          if (reads++ >= goodReads) throw fault;
          return inner.read(start, end);
        },
      };
      await expect(expandIn(folder, source)).rejects.toBe(fault);
      expect(existsSync(folder)).toBe(false);
    }
  });
});

test("an expansion is used again; one that is not whole, or was closed to other passwords, is made anew", async () => {
  await inFolder(async (folder) => {
    const closed = await expandIn(folder, ZIP);
    expect(closed.flaws.map(({ what }) => what)).toEqual(["encrypted member"]);
    const unread: Source = {
      byteLength: ZIP.length,
      read: (start, end) => {
        if (end > 512) throw new Error("read again");
        return ZIP.subarray(start, end);
      },
    };
    expect(await expandIn(folder, unread)).toEqual(closed);
    const opened = await expandIn(folder, ZIP, ["p"]);
    expect(opened.flaws).toEqual([]);
    expect(await expandIn(folder, unread, ["p"])).toEqual(opened);
    expect(await expandIn(folder, unread, [])).toEqual(opened);
    const index = readFileSync(join(folder, "index.json"), "utf8");
    expect(index).not.toContain('"p"');
    writeFileSync(join(folder, "0"), "longer than it was before, by far");
    await expect(expandIn(folder, unread)).rejects.toThrow("read again");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "17"), "half an expansion");
    expect(await expandIn(folder, ZIP, ["p"])).toEqual(opened);
    expect(readdirSync(folder)).not.toContain("17");
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });
});

test("members are named by number and hashed as they are", async () => {
  await inFolder(async (folder) => {
    const { members } = await expandIn(folder, ZIP, ["p"]);
    for (const [at, { path, sha256, sizeBytes }] of members.entries()) {
      expect(path).toBe(join(folder, String(at)));
      const bytes = readFileSync(path ?? "");
      expect(createHash("sha256").update(bytes).digest("hex")).toBe(sha256);
      expect(bytes.length).toBe(sizeBytes);
    }
  });
});

const GROWTH_BYTES_MAX = 160 << 20;
const ZEROS_BYTES = 10 * 2 ** 30;
const PART_BYTES = 64 << 20;
/** Stricter than the default, which would have this test write gigabytes. */
const RATIO_MAX = 30;

/** Deflated zeros, ten gigabytes of them, out of one flushed part again and again. */
async function deflatedZeros(): Promise<{ readonly part: Buffer; readonly count: number }> {
  const engine = createDeflateRaw({ level: 9 });
  const pieces: Buffer[] = [];
  engine.on("data", (piece: Buffer) => pieces.push(piece));
  engine.write(Buffer.alloc(PART_BYTES));
  await new Promise<void>((resolve) => engine.flush(constants.Z_FULL_FLUSH, resolve));
  return { part: Buffer.concat(pieces), count: ZEROS_BYTES / PART_BYTES };
}

async function openBomb(bytes: Uint8Array, ratioMax = 250) {
  const before = process.memoryUsage().rss;
  const opened = await open(bytes, [], { ratioMax });
  expect(process.memoryUsage().rss - before).toBeLessThan(GROWTH_BYTES_MAX);
  return opened;
}

test("ten gigabytes of zeros, as gzip and in a zip, stop at the ratio", {
  timeout: 120_000,
}, async () => {
  const { part, count } = await deflatedZeros();
  const packed = Buffer.concat(Array.from({ length: count }, () => part));
  const limit = RATIO_MAX * packed.length;
  expect(limit).toBeLessThan(ZEROS_BYTES);
  const gzip = Buffer.concat([Buffer.from("1f8b0800000000000003", "hex"), packed]);
  const zip = writeZip([{ name: "bomb", bytes: packed, stored: true, method: 8, sizeBytes: 7 }]);
  for (const bytes of [gzip, zip]) {
    const { members, flaws } = await openBomb(bytes, RATIO_MAX);
    expect(flaws).toEqual([
      expect.stringMatching(
        /\| unpacked size \| more; cut off here, and nothing behind it is opened$/,
      ),
    ]);
    const size = Number(/: (\d+) bytes$/.exec(members[0] ?? "")?.[1]);
    expect(size).toBeLessThanOrEqual(RATIO_MAX * bytes.length);
    expect(size).toBeGreaterThan(limit - (1 << 20));
  }
});

test("a bomb in a bomb stops at the ratio of the whole", { timeout: 120_000 }, async () => {
  const zeros = Buffer.alloc(PART_BYTES);
  let nested = writeZip([{ name: "zeros", bytes: zeros }]);
  nested = writeZip(Array.from({ length: 20 }, (_, at) => ({ name: `${at}.zip`, bytes: nested })));
  const { members, flaws } = await openBomb(nested);
  expect(flaws.some((flaw) => flaw.includes("unpacked size"))).toBe(true);
  expect(members.length).toBeLessThan(20);
});

test("more entries, bytes or flaws than the limits are one flaw more", async () => {
  const many = writeZip(
    Array.from({ length: 50 }, (_, at) => ({ name: `../${at}`, bytes: text("x") })),
  );
  const counted = await open(many, [], { entriesMax: 10 });
  expect(counted.members).toHaveLength(10);
  expect(counted.flaws.at(-1)).toBe(" | number of entries | 50");
  expect((await open(many, [], { bytesMax: 5 })).members).toHaveLength(6);
  expect((await open(many, [], { flawsMax: 3 })).flaws.at(-1)).toBe(
    " | number of flaws | 47 more are not listed",
  );
});

test("kinds are told by content", async () => {
  const sevenZip = await writeSevenZip({ a: text("a") });
  expect(recogniseContainer(sevenZip)).toBe("7z");
  expect(recogniseContainer(writeZip([]))).toBe("zip");
  expect(recogniseContainer(TAR)).toBe("tar");
  expect(recogniseContainer(writeGzip([TAR]))).toBe("gzip");
  expect(recogniseContainer(writeZip([{ name: "[Content_Types].xml", bytes: text("<x/>") }]))).toBe(
    null,
  );
  for (const none of ["", "PK", "ustar", "#Fields: date", "\0".repeat(600)])
    expect(recogniseContainer(text(none))).toBe(null);
});

test("disk images are named, with what to do", () => {
  const image = (head: string, tail = "") => {
    const bytes = Buffer.concat([
      Buffer.from(head, "latin1"),
      Buffer.alloc(2000),
      Buffer.from(tail.padEnd(512, "\0"), "latin1"),
    ]);
    return recogniseDiskImage(bytes.subarray(0, 512), memorySource(bytes));
  };
  expect(image("vhdxfile")?.hint).toContain("Mount-DiskImage");
  expect(image("", "conectix")?.what).toBe("VHD disk image");
  expect(image("EVF\x09\x0d\x0a\xff\x00")?.hint).toContain("ewfmount");
  expect(image("EVF2\x0d\x0a\x81\x00")?.what).toContain("Ex01");
  for (const mark of ["KDMV", "COWD", "# Disk DescriptorFile"])
    expect(image(mark)?.what).toContain("VMDK");
  expect(image("QFI\xfb")?.what).toContain("qcow2");
  expect(image("PK\x03\x04")).toBe(null);
  expect(recogniseDiskImage(Buffer.alloc(0), memorySource(Buffer.alloc(0)))).toBe(null);
});
