/** `breakwater evidence hold`: while a hold stands, its evidence is not destroyed. */
import { holdEvidence, withVault } from "../../../casework/index.ts";
import { type Command, KEYS, VAULT } from "../command.ts";
import { custodyRequest, vaultFolder, vaultSettings } from "../settings.ts";

export const command: Command = {
  summary:
    "Holds an evidence: while a hold stands, it cannot be destroyed. Several people may hold it.",
  usage: "evidence hold HASH --vault DIR --by NAME --reason TEXT",
  options: [
    VAULT,
    { name: "by", value: "NAME", help: "who holds it" },
    { name: "reason", value: "TEXT", help: "why; sealed" },
    ...KEYS,
  ],
  example:
    "breakwater evidence hold 9f86d081884c7d65 --vault ./case --by 'Ann Le Page' --reason 'claim of May 2022'",
  wordsMax: 1,
  sharing: "journal",
  async run(given, surroundings) {
    const request = custodyRequest(given, command);
    const settings = vaultSettings(given, surroundings);
    const hold = await withVault(vaultFolder(given), settings, "open", async (vault) =>
      holdEvidence(vault, request),
    );
    surroundings.out.say(`held: hold ${hold.entry}, stated by ${hold.by}`);
    return 0;
  },
};
