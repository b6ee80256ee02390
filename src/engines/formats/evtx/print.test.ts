/** Prints the records of which an independent tool has left its output, and compares them letter by letter. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { NO_SETTING } from "../../../../test/readers/trials.ts";
import { shared } from "../../../../test/shared.ts";
import { memorySource } from "../../../base/source.ts";
import { toJson } from "./print.ts";
import { readChunks } from "./read.ts";

import type { Node } from "./tree.ts";

interface Snapshot {
  readonly snapshot: string;
  readonly sample: string;
  readonly record: string;
  readonly form: "xml" | "json";
  readonly attributes_kept_apart: boolean;
}

/** One record, as both forms. */
interface Printed {
  readonly xml: string;
  readonly tree: readonly Node[];
}

function printed(file: string, record: string): Printed {
  const id = /^id (\d+)$/.exec(record)?.[1];
  for (const piece of readChunks(memorySource(readFileSync(file)), NO_SETTING)) {
    if (piece.kind === "flaw") continue;
    for (let row = 0; row < piece.length; row++)
      if (id === undefined || piece.record(row) === id)
        return { xml: piece.xml(row), tree: piece.tree(row) };
  }
  return { xml: "", tree: [] };
}

/**
 * Where we print otherwise, and why: GUIDs as values carry braces and times all seven digits, as in Windows' own XML.
 */
function levelled(text: string): string {
  return text
    .replace(/\{?([0-9A-F]{8}(?:-[0-9A-F]{4}){3}-[0-9A-F]{12})\}?/g, "$1")
    .replace(/(T\d\d:\d\d:\d\d\.\d{6})\dZ/g, "$1Z");
}

const root = shared("evtx");
const index = root === null ? [] : readFileSync(`${root}/INDEX.json`, "utf8");
const snapshots: readonly Snapshot[] = root === null ? [] : JSON.parse(String(index)).snapshots;

describe.skipIf(root === null)("as an independent tool prints it", () => {
  test.each(snapshots.map((entry) => [entry.snapshot, entry] as const))("%s", (_, entry) => {
    const expected = readFileSync(`${root}/${entry.snapshot}`, "utf8").split(/^---$/m)[2] ?? "";
    const { xml, tree } = printed(`${root}/${entry.sample}`, entry.record);
    const form = entry.attributes_kept_apart ? "apart" : "within";
    const text = entry.form === "xml" ? xml : JSON.stringify(toJson(tree, form), null, 2);
    expect(levelled(text).trim()).toBe(levelled(expected).trim());
  });
});
