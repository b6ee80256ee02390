/**
 * What the plan of a rule set depends on besides the rules: the code that reads and plans them, as a hash of its files. Nobody has
 * to remember a number when a rule comes to mean something else; a test says that no module is left out.
 */
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { byCodeUnits } from "../base/text.ts";

const SOURCE = join(import.meta.dirname, "..");
const ENDING = import.meta.filename.slice(-3);

/** Folders and files of all code between the text of a rule and a plan that another thread can use; below src/. */
export const STAMPED: readonly string[] = [
  "base",
  "model",
  "engines/sigma",
  ...["engine-stamp", "packed-value", "plan-cache", "rules"].map(
    (name) => `casework/${name}${ENDING}`,
  ),
];

let stamp: string | null = null;

/** SHA-256 of that code, of the versions of what it uses (package.json), and of the runtime. */
export function engineStamp(): string {
  return (stamp ??= stampOf(STAMPED.flatMap((place) => modulesBelow(join(SOURCE, place)))));
}

function stampOf(paths: readonly string[]): string {
  const hash = createHash("sha256").update(`${process.version}\n`);
  for (const path of [...paths, join(SOURCE, "..", "package.json")]) {
    const bytes = readFileSync(path);
    hash.update(`${relative(SOURCE, path)}\n${bytes.length}\n`).update(bytes);
  }
  return hash.digest("hex");
}

/** Sorted; without tests. */
function modulesBelow(place: string): readonly string[] {
  if (statSync(place).isFile()) return [place];
  return readdirSync(place, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(ENDING) && !/\.test[.-]/.test(name))
    .sort(byCodeUnits)
    .map((name) => join(place, name));
}
