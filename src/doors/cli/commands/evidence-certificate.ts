/** `breakwater evidence certificate`: the certificate of a destruction, written again. */
import { certify, withVault } from "../../../casework/index.ts";
import { Fault } from "../../../base/fault.ts";
import { type Command, KEYS, VAULT } from "../command.ts";
import { vaultFolder, vaultSettings } from "../settings.ts";

export const command: Command = {
  summary:
    "Writes the certificate of destroyed evidence again, the same byte for byte but for a newer proof.",
  usage: "evidence certificate HASH --vault DIR --out DIR",
  options: [VAULT, { name: "out", value: "DIR", help: "a new or empty folder" }, ...KEYS],
  example: "breakwater evidence certificate 9f86d081884c7d65 --vault ./case --out ./certificate",
  wordsMax: 1,
  async run(given, surroundings) {
    const [word] = given.paths;
    const folder = given.one("out");
    if (word === undefined || folder === null) {
      throw new Fault("usage", "of which evidence, and where to?", command.example);
    }
    const settings = vaultSettings(given, surroundings);
    const path = await withVault(vaultFolder(given), settings, "open", (vault) =>
      certify(vault, word, folder),
    );
    await surroundings.out.line(path);
    return 0;
  },
};
