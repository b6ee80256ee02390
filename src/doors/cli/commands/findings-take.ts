/** `breakwater findings take`: a named person takes it; it is not answered by that. */
import { Fault } from "../../../base/fault.ts";
import { takeFinding, withVault } from "../../../casework/index.ts";
import { type Command, KEYS, VAULT } from "../command.ts";
import { findingLines } from "../finding-report.ts";
import { namedActor, nowTicks, vaultFolder, vaultSettings } from "../settings.ts";

export const command: Command = {
  summary: "Records that a named person takes a finding. It stays open until it is answered.",
  usage: "findings take ID --vault DIR --by NAME",
  options: [VAULT, { name: "by", value: "NAME", help: "who does it" }, ...KEYS],
  example: "breakwater findings take 3f9a1c02 --vault ./case --by 'Ann Le Page'",
  wordsMax: 1,
  async run(given, surroundings) {
    const [word] = given.paths;
    if (word === undefined) throw new Fault("usage", "which finding?", command.example);
    const { out, pace, now } = surroundings;
    const request = { word, by: namedActor(given) };
    const finding = await withVault(
      vaultFolder(given),
      vaultSettings(given, surroundings),
      "open",
      (vault) => takeFinding(vault, request, pace),
    );
    for (const line of findingLines(finding, nowTicks(now))) await out.line(line);
    return 0;
  },
};
