/** `--placeholders FILE`: what a house puts for `%name%` in rules. Faults: usage, with the line of what is not right. */
import { readPlaceholderFile } from "../../casework/index.ts";
import type { Given, OptionHelp } from "./command.ts";

/** The option, as every command that reads rules has it. */
export const PLACEHOLDERS: OptionHelp = {
  name: "placeholders",
  value: "FILE",
  help: "values for %names% in rules (YAML: a name and its list of values)",
};

/** The file that was named, read and checked; null where none was. */
export function placeholdersOf(given: Given): ReturnType<typeof readPlaceholderFile> | null {
  const path = given.one(PLACEHOLDERS.name);
  return path === null ? null : readPlaceholderFile(path);
}
