/** Follows the log named in the arguments into a vault and prints what is committed, until killed. */
import { writeSync } from "node:fs";
import { openVault } from "../../src/casework/vault/index.ts";
import { followLogs } from "../../src/casework/logs/index.ts";
import { settingsIn } from "./settings.ts";

const [folder = "", log = "", seed = ""] = process.argv.slice(2);
const STDOUT = 1;
const vault = openVault(`${folder}/vault`, settingsIn(folder, seed));
const { done } = await followLogs(vault, {
  paths: [log],
  syslog: null,
  by: "Ann",
  // Synchronous: what is printed was committed before the process could be killed.
  onCommitted: ({ sizeBytes }) => void writeSync(STDOUT, `${sizeBytes}\n`),
  onNotice: (line) => void writeSync(STDOUT, `# ${line}\n`),
  signal: new AbortController().signal,
});
await done;
