/** `breakwater dossier`: the dossier as files that a third party can check. */
import { makeEmpty, withVault, writeDossier } from "../../../casework/index.ts";
import { Fault } from "../../../base/fault.ts";
import { type Command, KEYS, VAULT } from "../command.ts";
import { lastDossier } from "../last-dossier.ts";
import { actor, timeOption, vaultFolder, vaultSettings } from "../settings.ts";

export const command: Command = {
  summary:
    "Writes the dossier: a page, its data, a manifest, and the proof that the vault's journal names it.",
  usage: "dossier --vault DIR --out DIR",
  options: [
    VAULT,
    { name: "out", value: "DIR", help: "a new or empty folder" },
    { name: "as-of", value: "TIME", help: "tell clocks for this moment (that of the last run)" },
    { name: "by", value: "NAME", help: "who writes it (the account's name)" },
    ...KEYS,
  ],
  example: "breakwater dossier --vault ./case --out ./for-the-board",
  async run(given, surroundings) {
    const { out } = surroundings;
    const folder = given.one("out");
    if (folder === null) throw new Fault("usage", "where to?", "add --out DIR");
    makeEmpty(folder);
    const settings = vaultSettings(given, surroundings);
    const page = await withVault(vaultFolder(given), settings, "open", async (vault) => {
      const dossier = await lastDossier(vault, timeOption(given, "as-of"), surroundings);
      return writeDossier(vault, dossier, folder, actor(given));
    });
    await out.line(page);
    return 0;
  },
};
