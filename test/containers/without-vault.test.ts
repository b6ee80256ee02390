/** Archives given to `events` and `detect`: read through, told by their members' names, and nothing left behind. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { NO_CASE_FILE, Pace, eventOf, readFiles } from "../../src/casework/index.ts";
import { writeGzip, writeTar } from "./write-tar.ts";
import { writeZip } from "./write-zip.ts";
import { makeFormats } from "../../src/engines/formats/index.ts";

const LOG = Buffer.from(
  [
    "#Software: Microsoft Internet Information Services 10.0",
    "#Fields: date time s-ip cs-method cs-uri-stem c-ip sc-status",
    "2021-08-13 04:11:58 10.0.0.5 GET /owa/ 192.0.2.10 200",
    "2021-08-13 04:12:07 10.0.0.5 POST /ecp/y.js 192.0.2.11 500",
    "",
  ].join("\r\n"),
);

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "breakwater-archives-"));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What reading an archive as it lies gives: events by file and line, flaws in words, the last line of the totals. */
async function through(archive: Buffer, passwords: readonly string[] = []) {
  return inFolder(async (folder) => {
    const path = join(folder, "a.zip");
    writeFileSync(path, archive);
    const before = membersFolders();
    const events: string[] = [];
    const flaws: string[] = [];
    const asked = { formats: makeFormats([]), paths: [path], caseFile: NO_CASE_FILE, passwords };
    const totals = await readFiles(asked, new Pace(), (piece) => {
      if (piece.kind === "flaw") flaws.push(`${piece.what}: ${piece.have}`);
      else
        for (let row = 0; row < piece.length; row++) {
          const { place, record } = eventOf(piece, row);
          events.push(`${place.file.slice(folder.length + 1)} ${record}`);
        }
    });
    expect(membersFolders().filter((name) => !before.includes(name))).toEqual([]);
    return { events, flaws, totals };
  });
}

function membersFolders(): readonly string[] {
  return readdirSync(tmpdir()).filter((name) => name.startsWith("breakwater-opened-"));
}

test("members of an archive, and of archives in it, are read under their names", async () => {
  const inner = writeGzip([writeTar([{ name: "logs/b.log", bytes: LOG }])]);
  const read = await through(
    writeZip([
      { name: "W3SVC1/a.log", bytes: LOG },
      { name: "inner.tgz", bytes: inner },
      { name: "notes.bin", bytes: Buffer.from([0, 1, 2]) },
    ]),
  );
  expect(read.events).toEqual([
    "a.zip!/W3SVC1/a.log 3",
    "a.zip!/W3SVC1/a.log 4",
    "a.zip!/inner.tgz!/logs/b.log 3",
    "a.zip!/inner.tgz!/logs/b.log 4",
  ]);
  expect(read.flaws).toEqual([]);
  expect(read.totals.at(-1)).toMatch(
    /^archives opened: 2; files: 3, of which 1 have no reader .*events: 4;/,
  );
});

test("a locked archive is a flaw that asks for its password, also in words; with it, it opens", async () => {
  const zip = writeZip([{ name: "a.log", bytes: LOG, password: "open sesame", aes: 256 }]);
  const closed = await through(zip, ["wrong"]);
  expect(closed.events).toEqual([]);
  expect(closed.flaws).toEqual(["encrypted member: a.log: none of those given fits"]);
  expect(closed.totals[0]).toContain("needed: its password (--passwords FILE)");
  expect((await through(zip, ["wrong", "open sesame"])).events).toHaveLength(2);
});

test("stopping in the midst of an archive leaves nothing behind", async () => {
  const before = membersFolders();
  await inFolder(async (folder) => {
    const path = join(folder, "a.zip");
    writeFileSync(path, writeZip([{ name: "a.log", bytes: LOG }]));
    const asked = {
      formats: makeFormats([]),
      paths: [path],
      caseFile: NO_CASE_FILE,
      passwords: [],
    };
    const broken = readFiles(asked, new Pace(), () => {
      expect(membersFolders().length).toBeGreaterThan(before.length);
      throw new Error("stopped");
    });
    await expect(broken).rejects.toThrow("stopped");
  });
  expect(membersFolders().filter((name) => !before.includes(name))).toEqual([]);
});
