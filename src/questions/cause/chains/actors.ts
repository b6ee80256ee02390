/**
 * How many clients used the pages that some files are: the addresses from which these pages were asked for, and answered. Refuses those who
 * asked in vain (they may have guessed), stated tests, and addresses that are nobody's: front doors, the servers themselves.
 */
import type { CaseFile } from "../../../model/case-file.ts";
import type { Detection } from "../../../model/detection.ts";
import { nobodysAddresses } from "../intruders.ts";
import { tracesOf } from "../traces.ts";
import { recordOf } from "./record.ts";
import { pagesOnDisk } from "./web-path.ts";

/** What the question is put to. */
export interface ActorInput {
  /** Of one host: requests among them are looked at, the rest passed over. */
  readonly detections: readonly Detection[];
  readonly caseFile: Pick<CaseFile, "hosts" | "tests" | "frontDoors">;
}

/** Client addresses seen using the pages that these paths are, in order. One person may have several, several may share one. */
export function actorsOf(
  { detections, caseFile }: ActorInput,
  paths: readonly string[],
): readonly string[] {
  // A path at a time: a record's list of resources has a limit, a streak's files do not.
  const pages = new Set(paths.flatMap((path) => pagesOnDisk(path)));
  if (pages.size === 0) return [];
  const isNobodys = nobodysAddresses(caseFile);
  const clients = new Set<string>();
  for (const trace of tracesOf(detections, caseFile, (host) => host)) {
    const record = trace.test === null ? recordOf([trace], isNobodys) : null;
    if (record === null || record.client === null || record.isInVain) continue;
    if (record.pages.some((page) => pages.has(page))) clients.add(record.client);
  }
  return [...clients].sort();
}
