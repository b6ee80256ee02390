import { readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect, test } from "vitest";
import { STAMPED, engineStamp } from "./engine-stamp.ts";

const SOURCE = join(import.meta.dirname, "..");
const FROM = /(?:from|import)\s*\(?\s*"([^"]+)"/g;

test("every module that makes a plan of rules is part of the stamp: none can change unseen", () => {
  const reached = new Set<string>();
  const outside = new Set<string>();
  const follow = (path: string): void => {
    if (reached.has(path)) return;
    reached.add(path);
    for (const [, name = ""] of readFileSync(path, "utf8").matchAll(FROM)) {
      if (name.startsWith(".")) follow(join(dirname(path), name));
      else if (!name.startsWith("node:")) outside.add(name);
    }
  };
  for (const start of ["engines/sigma/index.ts", "casework/packed-value.ts"])
    follow(join(SOURCE, start));
  const left = [...reached]
    .map((path) => relative(SOURCE, path))
    .filter((name) => !STAMPED.some((place) => name === place || name.startsWith(`${place}/`)));
  expect(reached.size).toBeGreaterThan(30);
  expect(left).toEqual([]);
  // Other people's code is stamped by its version: those in package.json are exact.
  const manifest = JSON.parse(readFileSync(join(SOURCE, "..", "package.json"), "utf8"));
  for (const name of outside) expect(manifest.dependencies[name]).toMatch(/^\d+\.\d+\.\d+$/);
});

test("the stamp is one for a program", () => {
  expect(engineStamp()).toMatch(/^[0-9a-f]{64}$/);
  expect(engineStamp()).toBe(engineStamp());
});
