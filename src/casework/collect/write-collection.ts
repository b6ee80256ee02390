/** Writes a collection script and, beside it, the KAPE target list of the same plan. Refuses to replace a file. */
import { existsSync } from "node:fs";
import { Fault } from "../../base/fault.ts";
import { utf8 } from "../../base/bytes.ts";
import { writeOwn } from "../write-dossier.ts";
import type { CollectionPlan } from "./plan.ts";
import { programVersion } from "../knowledge.ts";
import { renderScript } from "./script.ts";
import { renderTargets } from "./target-list.ts";

/** Where the two files went. */
export interface WrittenCollection {
  readonly script: string;
  readonly targets: string;
}

/** Writes both. Faults: usage where nothing is to be collected, already-exists, disk-full, not-writable. */
export function writeCollection(plan: CollectionPlan, file: string): WrittenCollection {
  if (plan.items.length === 0)
    throw new Fault(
      "usage",
      "nothing is missing that could be collected",
      "name a role with --role",
    );
  const targets = `${file.replace(/\.ps1$/i, "")}.tkape`;
  const found = [file, targets].find((path) => existsSync(path));
  if (found !== undefined)
    throw new Fault("already-exists", `${found} is there already`, "name another file with --out");
  writeOwn(file, utf8(renderScript(plan, programVersion())));
  writeOwn(targets, utf8(renderTargets(plan, programVersion())));
  return { script: file, targets };
}
