/** `breakwater findings show`: one finding with its reason, its records, and what people did about it. */
import { Fault } from "../../../base/fault.ts";
import { findingNamed, listFindings, withVault } from "../../../casework/index.ts";
import { type Command, FORMAT_JSON, KEYS, VAULT } from "../command.ts";
import { findingJson, findingPage } from "../finding-report.ts";
import { formatOf, nowTicks, vaultFolder, vaultSettings } from "../settings.ts";

export const command: Command = {
  summary: "Shows one finding: why it stands, its records, who took it, and the answer.",
  usage: "findings show ID --vault DIR [--format json]",
  options: [VAULT, ...KEYS, FORMAT_JSON],
  example: "breakwater findings show 3f9a1c02 --vault ./case",
  wordsMax: 1,
  async run(given, surroundings) {
    const format = formatOf(given, ["text", "json"]);
    const [word] = given.paths;
    if (word === undefined) throw new Fault("usage", "which finding?", command.example);
    const { out, pace, now } = surroundings;
    const finding = await withVault(
      vaultFolder(given),
      vaultSettings(given, surroundings),
      "open",
      async (vault) => findingNamed(await listFindings(vault, pace), word),
    );
    if (format === "json") await out.json(findingJson(finding));
    else for (const line of findingPage(finding, nowTicks(now))) await out.line(line);
    return 0;
  },
};
