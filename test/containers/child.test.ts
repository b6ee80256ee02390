/** The supervised child: what it cannot do, and how it ends. */
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { memorySource } from "../../src/base/source.ts";
import { runChild } from "../../src/casework/crew/child.ts";

const FOLDER = mkdtempSync(join(tmpdir(), "breakwater-child-"));
const SECRET = join(FOLDER, "secret.txt");
writeFileSync(SECRET, "secret");

/** The words of a child on an errand, `text` and `death` only. */
async function send(errand: string, file = "", wallMillis = 20_000): Promise<string[]> {
  const said: string[] = [];
  const program = pathToFileURL("test/containers/confined-child.ts");
  const source = memorySource(new Uint8Array(0));
  const work = { program, job: [errand, file], source, memoryBytesMax: 300 << 20, wallMillis };
  for await (const word of runChild(work)) {
    if (word.kind === "text") said.push(word.text);
    if (word.kind === "death") said.push(`death: ${word.why}`);
    if (word.kind === "done") said.push(`done: ${word.code}`);
  }
  return said;
}

test.each([
  ["read", SECRET],
  ["read", "/etc/passwd"],
  ["write", join(FOLDER, "new.txt")],
  ["spawn", ""],
  ["thread", ""],
])("a child may not %s %s", async (errand, file) => {
  expect(await send(errand, file)).toEqual(["ERR_ACCESS_DENIED", "done: 0"]);
});

test("a child sees no environment but its time zone", async () => {
  expect(await send("environment")).toEqual(['["LC_ALL","TZ"]', "done: 0"]);
});

test("a child that hangs is stopped by the clock", async () => {
  expect(await send("hang", "", 1000)).toEqual(["death: more than 1 seconds"]);
});

test.skipIf(process.platform !== "linux")("a child that swells is stopped", async () => {
  expect(await send("swell")).toEqual(["death: more than 300 MiB of memory"]);
});

test("a child that crashes, and one that babbles, are an answer", async () => {
  expect((await send("crash"))[0]).toMatch(/^death: /);
  expect(await send("babble")).toEqual(["death: it said what no child says"]);
});

test("7-Zip as WebAssembly is handed no socket and no process", () => {
  const script = readFileSync(createRequire(import.meta.url).resolve("7z-wasm"), "latin1");
  const imports = /wasmImports=\{([^}]*)\}/.exec(script)?.[1] ?? "";
  expect(imports).toContain("fd_read");
  expect(imports).not.toMatch(/sock|connect|fork|exec[^u]|spawn|system/i);
});
