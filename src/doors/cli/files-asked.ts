/** What the commands without a vault read: paths, `--case FILE`, `--passwords FILE`. Faults: usage, not-found. */
import {
  type FilesAsked,
  NO_CASE_FILE,
  loadKnowledge,
  parseCaseFile,
  readText,
} from "../../casework/index.ts";
import type { Given } from "./command.ts";
import { passwordsOf, somePaths } from "./settings.ts";

/** The files to read, with the case file named or the one that says nothing. */
export function filesAsked(given: Given): FilesAsked {
  const path = given.one("case");
  return {
    formats: loadKnowledge().formats,
    paths: somePaths(given),
    caseFile: path === null ? NO_CASE_FILE : parseCaseFile(readText(path)),
    passwords: passwordsOf(given) ?? [],
  };
}
