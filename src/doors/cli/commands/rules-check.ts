/** `breakwater rules check`: which rules run here, and why the others do not. */
import {
  OWN_RULES,
  loadKnowledge,
  planRuleFiles,
  readRuleFiles,
  ruleAccount,
} from "../../../casework/index.ts";
import { type Command, FORMAT_JSON } from "../command.ts";
import { ruleLines } from "../rule-report.ts";
import { formatOf } from "../settings.ts";
import { plain } from "../terminal.ts";

export const command: Command = {
  summary:
    "Parses and plans rules; says how many run, and names every one that does not with the reason.",
  usage: "rules check [PATH]... [--list] [--format json]",
  options: [{ name: "list", value: null, help: "name every rule that does not run" }, FORMAT_JSON],
  example: "breakwater rules check ./sigma/rules --list",
  pathsMax: Number.POSITIVE_INFINITY,
  async run(given, { out, pace }) {
    const format = formatOf(given, ["text", "json"]);
    const files = await readRuleFiles(given.paths.length > 0 ? given.paths : [OWN_RULES], pace);
    const { plan } = await planRuleFiles(files, loadKnowledge().logSources, pace);
    const account = ruleAccount(files.length, plan);
    if (format === "json") {
      await out.json({ ...account, accounts: plan.accounts });
      return 0;
    }
    for (const line of ruleLines(account, Number.POSITIVE_INFINITY)) await out.line(line);
    if (!given.has("list")) return 0;
    for (const rule of plan.accounts) {
      if (rule.state !== "run")
        await out.line(
          `${plain(rule.file)}:${rule.line}: ${plain(rule.title)}: ${plain(rule.reason)}`,
        );
    }
    return 0;
  },
};
