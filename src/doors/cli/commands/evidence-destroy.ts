/** `breakwater evidence destroy`: the key of one evidence is dropped for good, and a certificate says so. */
import { destroyEvidence, withVault } from "../../../casework/index.ts";
import { type Command, KEYS, VAULT } from "../command.ts";
import { custodyRequest, vaultFolder, vaultSettings } from "../settings.ts";

export const command: Command = {
  summary:
    "Destroys an evidence for good: its key is overwritten, everything derived is deleted, and a certificate is written.",
  usage: "evidence destroy HASH --vault DIR --by NAME --reason TEXT [--confirm HASH] [--out DIR]",
  options: [
    VAULT,
    { name: "by", value: "NAME", help: "who destroys it" },
    { name: "reason", value: "TEXT", help: "why; sealed, and on the certificate" },
    {
      name: "confirm",
      value: "HASH",
      help: "the whole hash again; without it nothing is destroyed",
    },
    { name: "out", value: "DIR", help: "a new folder for the certificate (./certificate-ACT)" },
    ...KEYS,
  ],
  example:
    "breakwater evidence destroy 9f86d081884c7d65 --vault ./case --by 'Ann Le Page' --reason 'asked for by the person concerned'",
  wordsMax: 1,
  sharing: "alone",
  async run(given, surroundings) {
    const { out } = surroundings;
    const request = {
      ...custodyRequest(given, command),
      confirm: given.one("confirm"),
      out: given.one("out"),
    };
    const settings = vaultSettings(given, surroundings);
    const destroyed = await withVault(vaultFolder(given), settings, "open", (vault) =>
      destroyEvidence(vault, request),
    );
    out.say(`destroyed: by act ${destroyed.entry}, stated by ${request.by}`);
    out.say("not reached: backups, copies, exports, and what the disk keeps of deleted blocks");
    await out.line(destroyed.certificate);
    return 0;
  },
};
