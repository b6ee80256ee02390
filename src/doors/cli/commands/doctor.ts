/** `breakwater doctor`: what is in order on this machine and what is not. */
import { homedir } from "node:os";
import { configFolderOf, examine } from "../../../casework/index.ts";
import { type Command, FORMAT_JSON, VAULT } from "../command.ts";
import { formatOf } from "../settings.ts";
import { plain } from "../terminal.ts";

const EXIT_BROKEN = 1;

export const command: Command = {
  summary:
    "Looks at the runtime, the disk, the keys, the rules and the knowledge. Changes nothing.",
  usage: "doctor [--vault DIR] [--format json]",
  options: [{ ...VAULT, help: "the folder whose disk to look at (the current one)" }, FORMAT_JSON],
  example: "breakwater doctor",
  async run(given, { out, env }) {
    const format = formatOf(given, ["text", "json"]);
    const symptoms = await examine(configFolderOf(env, homedir()), given.one("vault") ?? ".", env);
    if (format === "json") await out.json(symptoms);
    else {
      for (const { state, what, found, hint } of symptoms) {
        await out.line(`${state.padEnd(7)}  ${what}: ${plain(found)}`);
        if (hint !== "") await out.line(`         hint: ${plain(hint)}`);
      }
    }
    return symptoms.some(({ state }) => state === "broken") ? EXIT_BROKEN : 0;
  },
};
