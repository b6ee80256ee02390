import { expect, test } from "vitest";
import { utf8 } from "../../../base/bytes.ts";
import { memorySource } from "../../../base/source.ts";
import { type Node, writeCompoundFile } from "../../../../test/readers/outlook-item-log.ts";
import { type CompoundFile, openCompoundFile } from "./open.ts";

const LARGE = utf8("0123456789".repeat(700));
const TREE: Node = {
  name: "Root Entry",
  children: [
    { name: "small", bytes: utf8("hello") },
    {
      name: "folder",
      children: [
        { name: "large", bytes: LARGE },
        { name: "empty", bytes: utf8("") },
      ],
    },
  ],
};

/** The file, and what is said of it while it is read. */
function open(bytes: Uint8Array) {
  const said: string[] = [];
  const file = openCompoundFile(memorySource(bytes), (offset, { what, have }) => {
    said.push(`${offset} ${what}: ${have}`);
  });
  return { file, said };
}

/** Every stream by its path, with its bytes as text. */
function streamsOf(file: CompoundFile | null): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  const walk = (entry: CompoundFile["root"], path: string) => {
    for (const child of entry === null ? [] : (file?.children(entry) ?? [])) {
      if (child.kind === "stream")
        found[`${path}${child.name}`] = new TextDecoder().decode(file?.read(child, 10_000));
      else walk(child, `${path}${child.name}/`);
    }
  };
  walk(file?.root ?? null, "");
  return found;
}

test("streams of either size, below storages", () => {
  const { file, said } = open(writeCompoundFile(TREE));
  expect(streamsOf(file)).toEqual({
    small: "hello",
    "folder/large": "0123456789".repeat(700),
    "folder/empty": "",
  });
  expect(said).toEqual([]);
});

test("a chain that meets itself, an entry that is its own child: both end, and are said", () => {
  const bytes = writeCompoundFile(TREE);
  const view = new DataView(bytes.buffer);
  const directory = (view.getUint32(48, true) + 1) * 512;
  view.setUint32(directory + 2 * 128 + 76, 2, true);
  const tree = open(bytes);
  expect(Object.keys(streamsOf(tree.file))).toEqual(["small"]);
  expect(tree.said.join()).toContain("entry 2 twice");
  const looped = writeCompoundFile(TREE);
  const words = new DataView(looped.buffer);
  const first = words.getUint32(48, true);
  words.setUint32(512 + first * 4, first, true);
  const chain = open(looped);
  streamsOf(chain.file);
  expect(chain.said.join()).toContain(`sector ${first} twice`);
});

test("a stream that claims more than there is gives what there is", () => {
  const bytes = writeCompoundFile(TREE);
  const view = new DataView(bytes.buffer);
  const directory = (view.getUint32(48, true) + 1) * 512;
  view.setUint32(directory + 3 * 128 + 120, 0x7fff_ffff, true);
  const { file, said } = open(bytes);
  expect(streamsOf(file)["folder/large"]?.length).toBeGreaterThanOrEqual(7_000);
  expect(said.join()).toContain("stream");
});

test("what is no compound file is refused", () => {
  for (const bytes of [utf8(""), utf8("PK"), writeCompoundFile(TREE).slice(0, 300)])
    expect(open(bytes).file).toBe(null);
});

test("a table that lists one sector over and over takes no more memory than the file", () => {
  const [sectorBytes, lists] = [4_096, 128];
  const bytes = new Uint8Array((lists + 1) * sectorBytes);
  const view = new DataView(bytes.buffer);
  bytes.set(writeCompoundFile(TREE).subarray(0, 76));
  view.setUint16(30, 12, true);
  view.setUint32(68, 0, true);
  for (let at = 76; at < 512; at += 4) view.setUint32(at, 0xffff_ffff, true);
  for (let list = 0; list < lists; list++)
    view.setUint32((list + 2) * sectorBytes - 4, list + 1, true);
  const before = process.memoryUsage().arrayBuffers;
  const { file } = open(bytes);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(32 * 1024 * 1024);
  expect(file).not.toBe(null);
});
