/** Abuse cases 1 to 6 and 8: archives that reach out of the vault, blow up, or lie about what they hold. */
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { LIMITS } from "../../src/casework/members/limits.ts";
import { writeSevenZip } from "../containers/write-seven-zip.ts";
import { tarEntry, writeTar } from "../containers/write-tar.ts";
import { writeZip } from "../containers/write-zip.ts";
import { shared } from "../shared.ts";
import { CANARY, SOUND_LOG, htmlOf, investigateBeside, sizeBelow, text } from "./hostile-case.ts";

const EVIL = text("this file must never be written\n");
/** A log of its own inside an archive: what is sound in there is read all the same. */
const INNER_LOG = text(SOUND_LOG.replaceAll("2021-08-13", "2021-08-14"));
const CLIMBS = [
  `../${CANARY}`,
  `${"../".repeat(12)}tmp/${CANARY}`,
  `/tmp/${CANARY}`,
  `..\\..\\${CANARY}`,
  `C:\\${CANARY}`,
  `sub/../../../../${CANARY}`,
];

test("abuse 1: zip slip: names that climb out of zip and tar lead nowhere, and are said", async () => {
  const entries = [
    ...CLIMBS.map((name) => ({ name, bytes: EVIL })),
    { name: "inner.log", bytes: INNER_LOG },
  ];
  const hostile = {
    "slip.zip": writeZip(entries),
    "slip.tar": writeTar(
      entries.map((entry) => ({ ...entry, bytes: Buffer.concat([entry.bytes, text("\n")]) })),
    ),
  };
  await investigateBeside(hostile, ({ accounts, flaws }) => {
    for (const archive of ["slip.zip", "slip.tar"]) {
      expect(accounts).toContain(`${archive}!/inner.log | read | iis | 2`);
      const said = flaws.filter((flaw) => flaw.startsWith(`${archive} |`)).join("\n");
      for (const name of CLIMBS) expect(said).toContain(` ${name}; here `);
    }
    expect(accounts.some((account) => account.includes(".."))).toBe(false);
  });
});

const ESCAPES = shared("hostile", "path-escape");

test.skipIf(ESCAPES === null)("abuse 1: zip slip, with archives of another hand", async () => {
  const folder = ESCAPES ?? "";
  const names = readdirSync(folder).filter((name) => /\.(zip|tar)$/.test(name));
  expect(names.length).toBeGreaterThan(8);
  const hostile = Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name))]));
  await investigateBeside(hostile, ({ accounts, flaws }) => {
    for (const name of names) {
      expect(accounts).toContain(`${name} | opened | ${name.slice(-3)} | 0`);
      expect(flaws.filter((flaw) => flaw.startsWith(`${name} |`))).not.toEqual([]);
    }
  });
});

/** Zeros that unpack to a little over what is let through before the ratio counts: enough to be refused, cheap to make. */
const ZEROS = Buffer.alloc(96 << 20);

test("abuse 2: bombs in zip, gz, tar.gz and 7z are cut off, flat and nested; the rest is read", {
  timeout: 120_000,
}, async () => {
  const inner = writeZip([{ name: "zeros", bytes: ZEROS }]);
  const hostile = {
    "flat.zip": writeZip([
      { name: "inner.log", bytes: INNER_LOG },
      { name: "zeros", bytes: ZEROS },
      { name: "behind.log", bytes: INNER_LOG },
    ]),
    "nested.zip": writeZip(["a", "b", "c"].map((name) => ({ name: `${name}.zip`, bytes: inner }))),
    "flat.gz": gzipSync(ZEROS, { level: 9 }),
    "flat.tgz": gzipSync(tarEntry({ name: "zeros", bytes: ZEROS }), { level: 9 }),
    "flat.7z": await writeSevenZip({ zeros: ZEROS }),
  };
  await investigateBeside(hostile, ({ vault, accounts, flaws }) => {
    for (const name of Object.keys(hostile)) {
      const own = flaws.filter((flaw) => flaw.startsWith(name)).map((flaw) => flaw.split(" | ")[1]);
      expect([name, own]).toEqual([
        name,
        [name.endsWith(".7z") ? "declared size" : "unpacked size"],
      ]);
    }
    expect(accounts).toContain("flat.zip!/inner.log | read | iis | 2");
    // What stands behind the bomb is not looked at, and that is said too.
    expect(accounts.some((account) => account.includes("behind.log"))).toBe(false);
    const cut = "more; cut off here, and nothing behind it is opened";
    expect(flaws).toContain(`flat.zip!/zeros | unpacked size | ${cut}`);
    const members = join(vault, "derived", "members");
    expect(sizeBelow(members)).toBeLessThan(4 * (LIMITS.ratioFromBytes + (4 << 20)));
  });
});

test("abuse 2: a zip whose entries overlap gives its bytes at most once more", async () => {
  const zip = writeZip([{ name: "a", bytes: text("words ".repeat(200_000)), stored: true }]);
  const directoryAt = zip.indexOf("PK\x01\x02");
  const endAt = zip.indexOf("PK\x05\x06");
  const names = 5000;
  const end = Buffer.from(zip.subarray(endAt));
  end.writeUInt16LE(names, 8);
  end.writeUInt16LE(names, 10);
  end.writeUInt32LE((endAt - directoryAt) * names, 12);
  const entry = zip.subarray(directoryAt, endAt);
  const overlapping = [zip.subarray(0, directoryAt), ...Array(names).fill(entry), end];
  await investigateBeside({ "overlap.zip": Buffer.concat(overlapping) }, ({ vault, flaws }) => {
    expect(flaws.filter((flaw) => flaw.includes("overlapping members")).length).toBeGreaterThan(0);
    expect(sizeBelow(join(vault, "derived", "members"))).toBeLessThan(8 << 20);
  });
});

/** The first bytes of what is packed by others; behind them anything may come. */
const UNOPENED = {
  bz2: "425a6839314159265359",
  xz: "fd377a585a000004e6d6b446",
  zst: "28b52ffd0458",
  lz4: "04224d186440a7",
  rar: "526172211a070100",
  cab: "4d53434600000000",
};

test("abuse 2: bz2, xz, zst, lz4, rar and cab are kept sealed and never opened", async () => {
  const bytes = (mark: string): Uint8Array =>
    Buffer.concat([Buffer.from(mark, "hex"), Buffer.alloc(4096, 0x5a)]);
  const hostile = Object.fromEntries(
    Object.entries(UNOPENED).map(([kind, mark]) => [`bomb.${kind}`, bytes(mark)]),
  );
  hostile["members.zip"] = writeZip(
    Object.entries(UNOPENED).map(([kind, mark]) => ({ name: `in.${kind}`, bytes: bytes(mark) })),
  );
  await investigateBeside(hostile, ({ accounts, flaws }) => {
    expect([...accounts].sort()).toEqual(
      [
        ...Object.keys(UNOPENED).flatMap((kind) => [
          `bomb.${kind} | unread | - | 0`,
          `members.zip!/in.${kind} | duplicate | - | 0`,
        ]),
        "members.zip | opened | zip | 0",
      ].sort(),
    );
    expect(flaws).toEqual([]);
  });
});

test("abuse 3: links in a tar are not followed, and nothing is written through one", async () => {
  const tar = writeTar([
    { name: "out", type: "2", link: "../../../.." },
    { name: `out/${CANARY}`, bytes: EVIL },
    { name: "hard", type: "1", link: "../../../config/keys" },
    { name: "passwd", type: "2", link: "/etc/passwd" },
    { name: "pipe", type: "6" },
    { name: "device", type: "3" },
    { name: "inner.log", bytes: INNER_LOG },
  ]);
  await investigateBeside({ "links.tar": tar }, ({ accounts, flaws, vault }) => {
    expect(accounts).toEqual([
      "links.tar | opened | tar | 0",
      `links.tar!/out/${CANARY} | unread | - | 0`,
      "links.tar!/inner.log | read | iis | 2",
    ]);
    expect(flaws).toEqual([
      "links.tar | symbolic link | out -> ../../../..",
      "links.tar | hard link | hard -> ../../../config/keys",
      "links.tar | symbolic link | passwd -> /etc/passwd",
      "links.tar | named pipe | pipe",
      "links.tar | character device | device",
    ]);
    expect(readdirSync(join(vault, "derived", "members"))).toHaveLength(1);
  });
});

test("abuse 4: a wrong CRC or size in an entry: what is there is read, and the lie is told", async () => {
  const zip = writeZip([
    { name: "crc.log", bytes: INNER_LOG, crc: 1 },
    { name: "short.log", bytes: Buffer.concat([INNER_LOG, text("#short\r\n")]), sizeBytes: 10 },
    { name: "long.log", bytes: Buffer.concat([INNER_LOG, text("#long\r\n")]), sizeBytes: 2 ** 31 },
  ]);
  const gzip = Buffer.from(gzipSync(Buffer.concat([INNER_LOG, text("#gzip\r\n")])));
  gzip.writeUInt32LE(7, gzip.length - 4);
  await investigateBeside({ "lies.zip": zip, "lies.log.gz": gzip }, ({ accounts, flaws }) => {
    const read = accounts.filter((account) => account.endsWith("| read | iis | 2"));
    expect(read.map((account) => account.split(" ")[0])).toEqual([
      "lies.log.gz!/content",
      "lies.zip!/crc.log",
      "lies.zip!/short.log",
      "lies.zip!/long.log",
    ]);
    expect(flaws.map((flaw) => flaw.split(" | ").slice(0, 2).join(" | "))).toEqual([
      "lies.log.gz!/content | length in the gzip trailer",
      "lies.zip!/crc.log | CRC-32",
      "lies.zip!/short.log | size of the member",
      "lies.zip!/long.log | size of the member",
    ]);
  });
});

test("abuse 5: one entry name twice gives two members, each with its own account", async () => {
  const other = Buffer.concat([INNER_LOG, text("#other\r\n")]);
  const entries = [
    { name: "a.log", bytes: INNER_LOG },
    { name: "a.log", bytes: other },
    { name: "A.LOG", bytes: Buffer.concat([other, text("#third\r\n")]) },
  ];
  const hostile = { "twice.zip": writeZip(entries), "twice.tar": writeTar(entries) };
  await investigateBeside(hostile, ({ accounts, flaws, dossier }) => {
    const names = ["a.log", "a.log~2", "A.LOG"];
    expect(accounts.filter((account) => account.includes("!/"))).toEqual([
      ...names.map((name) => `twice.tar!/${name} | read | iis | 2`),
      ...names.map((name) => `twice.zip!/${name} | duplicate | - | 0`),
    ]);
    for (const archive of Object.keys(hostile)) {
      expect(flaws).toContain(`${archive} | same name twice | a.log; here a.log~2`);
      expect(flaws).toContain(`${archive} | same name but for its case | A.LOG`);
    }
    // No two records share a key, so a citation leads to one place.
    const keys = dossier.records.map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
  });
});

test("abuse 6: streams, device names and reordered names are labels only, and shown for what they are", async () => {
  const odd = [
    "a.log:stream",
    "NUL",
    "com1.log",
    "trailing. ",
    "invoice\u202egol.exe",
    "nul\0.log",
  ];
  const entries = odd.map((name, at) => ({
    name,
    bytes: Buffer.concat([INNER_LOG, text(`#${at}\r\n`)]),
  }));
  await investigateBeside({ "odd.zip": writeZip(entries) }, ({ accounts, flaws, dossier }) => {
    expect(accounts.filter((account) => account.endsWith("| read | iis | 2"))).toHaveLength(
      odd.length,
    );
    expect(flaws.map((flaw) => flaw.split(" | ")[1])).toEqual([
      "NTFS stream",
      "device name",
      "device name",
      "blank or dot at an end of the name",
      "character that reorders or hides text",
      "NUL in the name",
    ]);
    const html = htmlOf(dossier);
    expect(html).not.toContain("\u202e");
    expect(html).toContain("invoice\\u{202e}gol.exe");
  });
});

test("abuse 8: a gz with a cut trailer or a cut stream: read as far as it goes, and said", async () => {
  const lines = text(SOUND_LOG + SOUND_LOG.split("\r\n").slice(2).join("\r\n").repeat(2000));
  const whole = gzipSync(lines);
  const hostile = {
    "cut-trailer.log.gz": whole.subarray(0, -3),
    "no-trailer.log.gz": gzipSync(Buffer.concat([lines, text("#\r\n")])).subarray(0, -8),
    "cut-stream.log.gz": whole.subarray(0, whole.length >> 1),
    "cut-header.log.gz": whole.subarray(0, 6),
  };
  await investigateBeside(hostile, ({ accounts, flaws }) => {
    expect(accounts).toContain("cut-trailer.log.gz!/content | read | iis | 4002");
    expect(accounts).toContain("no-trailer.log.gz!/content | read | iis | 4002");
    expect(flaws).toContain("cut-trailer.log.gz!/content | gzip trailer | 5 bytes");
    expect(flaws).toContain("no-trailer.log.gz!/content | gzip trailer | 0 bytes");
    const cut = flaws.filter((flaw) => flaw.startsWith("cut-stream"));
    expect(cut.join("\n")).toContain("deflated data | unexpected end of file");
    expect(flaws.some((flaw) => flaw.startsWith("cut-header"))).toBe(true);
  });
});
