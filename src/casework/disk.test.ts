import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { execFileSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { Fault } from "../base/fault.ts";
import { readText, walk } from "./disk.ts";
import { fileSource } from "./file-source.ts";

const folder = mkdtempSync(join(tmpdir(), "breakwater-disk-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (...parts: string[]) => join(folder, ...parts);

test("files come in the order of names, with what was passed over and why", () => {
  mkdirSync(at("walk", "b"), { recursive: true });
  writeFileSync(at("walk", "c.log"), "c");
  writeFileSync(at("walk", "b", "a.log"), "aa");
  symlinkSync("/etc/hostname", at("walk", "link.log"));
  symlinkSync(at("walk"), at("walk", "b", "loop"));
  execFileSync("mkfifo", [at("walk", "pipe")]);
  const { files, passedOver } = walk([at("walk")]);
  expect(files.map(({ path, sizeBytes }) => [path, sizeBytes])).toEqual([
    [at("walk", "b", "a.log"), 2],
    [at("walk", "c.log"), 1],
  ]);
  expect(passedOver.map(({ path, why }) => `${path}: ${why}`)).toEqual([
    expect.stringMatching(/loop: a symbolic link/),
    expect.stringMatching(/link\.log: a symbolic link/),
    expect.stringMatching(/pipe: neither a file nor a folder/),
  ]);
});

test("a name that is not UTF-8 is passed over with what to do about it", () => {
  mkdirSync(at("names"));
  const name = Buffer.concat([
    Buffer.from(at("names", "Pr")),
    Buffer.from([0xfc]),
    Buffer.from("fung.log"),
  ]);
  writeFileSync(name, "a");
  const { passedOver } = walk([at("names")]);
  expect(passedOver.map(({ why }) => why)).toEqual([expect.stringMatching(/not UTF-8; give it/)]);
});

test("a path that is not there is a fault, not an empty result", () => {
  expect(() => walk([at("nowhere")])).toThrow(Fault);
  expect(() => fileSource(at("nowhere"))).toThrow(Fault);
  expect(() => readText(at("nowhere"))).toThrow(/is not there/);
});

test("a folder that may not be read is passed over with the system's reason", () => {
  mkdirSync(at("closed"));
  writeFileSync(at("closed", "a"), "a");
  chmodSync(at("closed"), 0o000);
  const { files, passedOver } = walk([at("closed")]);
  chmodSync(at("closed"), 0o700);
  // Root may read anything: then the file is simply there.
  expect(files.length + passedOver.length).toBe(1);
});

test("bytes by range; a file that shrinks while it is read is a fault", () => {
  writeFileSync(at("range"), "0123456789");
  const file = fileSource(at("range"));
  expect(Buffer.from(file.read(2, 5)).toString()).toBe("234");
  expect(file.read(10, 10).length).toBe(0);
  truncateSync(at("range"), 4);
  expect(() => file.read(2, 8)).toThrow(/became shorter/);
  file.close();
});
