/** `breakwater verify`: a vault, a dossier, an export or a certificate: intact, or what was altered. */
import { homedir } from "node:os";
import { Fault } from "../../../base/fault.ts";
import {
  type Verdict,
  isSignedFolder,
  readText,
  verifyFolder,
  verifyVault,
} from "../../../casework/index.ts";
import { configFolderOf } from "../../../casework/index.ts";
import { type Command, FORMAT_JSON, KEYS } from "../command.ts";
import { formatOf, keyChoice } from "../settings.ts";
import { plain } from "../terminal.ts";

const EXIT_ALTERED = 1;

export const command: Command = {
  summary:
    "Tells whether a vault, dossier, export or certificate is as it was when it was signed, and if not, what differs.",
  usage: "verify PATH [--checkpoint FILE]",
  options: [
    { name: "checkpoint", value: "FILE", help: "a checkpoint kept elsewhere: tells a roll-back" },
    ...KEYS,
    FORMAT_JSON,
  ],
  example: "breakwater verify ./case --checkpoint ./checkpoint-of-monday",
  pathsMax: 1,
  writesNothing: true,
  async run(given, { out, env, pace }) {
    const format = formatOf(given, ["text", "json"]);
    const [path] = given.paths;
    if (path === undefined) throw new Fault("usage", "verify what?", "name a vault or a dossier");
    const checkpoint = given.one("checkpoint");
    const kept = checkpoint === null ? null : readText(checkpoint);
    const verdict: Verdict = isSignedFolder(path)
      ? await verifyFolder(path, kept, pace)
      : verifyVault(
          path,
          {
            key: keyChoice(given, env),
            configFolder: configFolderOf(env, homedir()),
            checkpoint: kept,
          },
          pace,
        );
    if (format === "json") await out.json(verdict);
    else for (const line of verdictLines(path, verdict)) await out.line(line);
    return verdict.intact ? 0 : EXIT_ALTERED;
  },
};

function verdictLines(path: string, verdict: Verdict): readonly string[] {
  return [
    `${plain(path)}: ${verdict.intact ? "intact" : "NOT as it was signed"}`,
    ...verdict.checked.map((line) => `  checked: ${plain(line)}`),
    ...verdict.troubles.map((line) => `  ${plain(line)}`),
    ...verdict.unchecked.map((line) => `  not checked: ${plain(line)}`),
  ];
}
