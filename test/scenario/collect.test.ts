/** A collected folder handed in: its manifest is held against what was taken in, and a replay says the same. */
import { createHash } from "node:crypto";
import { mkdirSync, unlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { inFolder, investigatePaths } from "./investigation.ts";

const FILES = {
  "http-proxy/C/a.log": "one",
  "security-log/Security.evtx": "two",
  "transcript.txt": "three",
};

/** A folder as the script writes it: the files, and the manifest over them. */
function collectInto(folder: string): void {
  const rows = Object.entries(FILES).map(([path, text]) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
    const hash = createHash("sha256").update(text).digest("hex");
    const name = path.replaceAll("/", "\\");
    return `"${hash}","${text.length}","2021-12-15T09:00:00.0000000Z","${name}","C:\\x"`;
  });
  const header = `"sha256","size_bytes","last_write_utc","path","source"`;
  writeFileSync(join(folder, "manifest.csv"), `\ufeff${[header, ...rows].join("\r\n")}\r\n`);
}

test("a folder as it was collected is as its manifest lists it", () =>
  inFolder(async (folder) => {
    const collected = join(folder, "collected");
    collectInto(collected);
    const { flaws } = await investigatePaths(folder, [collected], null);
    expect(flaws.filter(({ what }) => what.startsWith("collection manifest"))).toEqual([]);
  }));

test("missing, altered and added files are told, each with its place", () =>
  inFolder(async (folder) => {
    const collected = join(folder, "collected");
    collectInto(collected);
    unlinkSync(join(collected, "transcript.txt"));
    writeFileSync(join(collected, "http-proxy/C/a.log"), "other");
    writeFileSync(join(collected, "added.txt"), "more");
    const { flaws, flawsTotal } = await investigatePaths(folder, [collected], null);
    const told = flaws.filter(({ what }) => what.startsWith("collection manifest"));
    expect(told.map(({ what, need }) => `${what}: ${need.split(" ")[0]}`).sort()).toEqual([
      "collection manifest: altered file: http-proxy/C/a.log",
      "collection manifest: file not listed: only",
      "collection manifest: missing file: transcript.txt",
    ]);
    expect(told.every(({ place }) => place.file.endsWith("manifest.csv"))).toBe(true);
    expect(flawsTotal).toBeGreaterThanOrEqual(3);
  }));
