/** `--case FILE` for commands that need no vault. */
import { NO_CASE_FILE, parseCaseFile, readText } from "../../casework/index.ts";
import type { CaseFile } from "../../model/case-file.ts";
import type { Given } from "./command.ts";

/** The case file named, or the one that says nothing. */
export function caseFileOf(given: Given): CaseFile {
  const path = given.one("case");
  return path === null ? NO_CASE_FILE : parseCaseFile(readText(path));
}
