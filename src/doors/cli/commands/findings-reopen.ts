/** `breakwater findings reopen`: what was answered is open again, with a reason. */
import { Fault } from "../../../base/fault.ts";
import { reopenFinding, withVault } from "../../../casework/index.ts";
import { type Command, KEYS, VAULT } from "../command.ts";
import { findingLines } from "../finding-report.ts";
import { namedActor, nowTicks, vaultFolder, vaultSettings } from "../settings.ts";

export const command: Command = {
  summary: "Opens an answered finding again, by name and with a reason. Nothing is overwritten.",
  usage: "findings reopen ID --vault DIR --by NAME --reason TEXT",
  options: [
    VAULT,
    { name: "by", value: "NAME", help: "who does it" },
    { name: "reason", value: "TEXT", help: "what is new; sealed" },
    ...KEYS,
  ],
  example:
    "breakwater findings reopen 3f9a1c02 --vault ./case --by 'Ann Le Page' --reason 'a second shell'",
  wordsMax: 1,
  async run(given, surroundings) {
    const [word] = given.paths;
    if (word === undefined) throw new Fault("usage", "which finding?", command.example);
    const { out, pace, now } = surroundings;
    const request = { word, by: namedActor(given), reason: given.one("reason") ?? "" };
    const finding = await withVault(
      vaultFolder(given),
      vaultSettings(given, surroundings),
      "open",
      (vault) => reopenFinding(vault, request, pace),
    );
    for (const line of findingLines(finding, nowTicks(now))) await out.line(line);
    return 0;
  },
};
