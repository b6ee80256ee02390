/** `breakwater evidence export`: evidence out again, byte for byte, with the papers to hand it over. */
import { exportEvidence, withVault } from "../../../casework/index.ts";
import { Fault } from "../../../base/fault.ts";
import { type Command, KEYS, VAULT } from "../command.ts";
import { namedActor, vaultFolder, vaultSettings } from "../settings.ts";

/** More words than any shell hands over. */
const WORDS_MAX = 1_000_000;

export const command: Command = {
  summary:
    "Writes evidence out byte for byte, with a manifest, SHA256SUMS, a custody form and the proof that the journal names it.",
  usage: "evidence export [HASH|NAME]... --vault DIR --out DIR --by NAME [--reason TEXT]",
  options: [
    VAULT,
    { name: "out", value: "DIR", help: "a new or empty folder" },
    { name: "by", value: "NAME", help: "who hands it out" },
    { name: "reason", value: "TEXT", help: "why, and to whom; sealed, and on the custody form" },
    ...KEYS,
  ],
  example:
    "breakwater evidence export --vault ./case --out ./for-the-police --by 'Ann Le Page' --reason 'asked for, ref. 4711'",
  wordsMax: WORDS_MAX,
  async run(given, surroundings) {
    const { pace, out } = surroundings;
    const folder = given.one("out");
    if (folder === null) throw new Fault("usage", "where to?", "add --out DIR");
    const by = namedActor(given);
    const settings = vaultSettings(given, surroundings);
    const at = settings.clock();
    const reason = given.one("reason") ?? "";
    const request = { out: folder, words: given.paths, by, reason, at };
    const exported = await withVault(vaultFolder(given), settings, "open", (vault) =>
      exportEvidence(vault, request, pace),
    );
    const { files, sizeBytes, destroyed } = exported;
    const gone = destroyed === 0 ? "" : `; ${destroyed} were destroyed before`;
    out.say(`exported: ${files} files, ${sizeBytes} bytes${gone}`);
    out.say(`check: cd ${folder} && sha256sum -c SHA256SUMS; breakwater verify ${folder}`);
    await out.line(folder);
    return 0;
  },
};
