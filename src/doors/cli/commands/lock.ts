/** `breakwater lock`: removes what is derived, so that what is confidential rests on the key alone. */
import { removeDerived, withVault } from "../../../casework/index.ts";
import { type Command, FORMAT_JSON, KEYS, VAULT } from "../command.ts";
import { formatOf, vaultFolder, vaultSettings } from "../settings.ts";
import { megabytes } from "../terminal.ts";

export const command: Command = {
  summary:
    "Removes all that is derived and plain: events, findings, members of archives. The evidence and the journal stay, sealed.",
  usage: "lock --vault DIR [--format json]",
  options: [VAULT, ...KEYS, FORMAT_JSON],
  example: "breakwater lock --vault ./case",
  sharing: "alone",
  async run(given, surroundings) {
    const format = formatOf(given, ["text", "json"]);
    const { out, pace } = surroundings;
    const folder = vaultFolder(given);
    const settings = vaultSettings(given, surroundings);
    const { files, sizeBytes } = await withVault(folder, settings, "open", (vault) =>
      removeDerived(vault, pace),
    );
    await out.line(
      format === "json"
        ? JSON.stringify({ files, size_bytes: sizeBytes })
        : files === 0
          ? "locked: nothing that is derived was left"
          : `locked: removed what was derived, ${files} files, ${megabytes(sizeBytes)}`,
    );
    await out.flush();
    out.say("what is confidential in this vault now rests on its key alone");
    out.say("a disk that is not encrypted can give deleted files back: breakwater doctor tells");
    out.say(`next: breakwater unlock --vault ${folder}`);
    return 0;
  },
};
