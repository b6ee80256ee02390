/** `breakwater unlock`: rebuilds what is derived from the vault alone, and holds it against the journal. */
import { type Replay, rebuildDerived, withVault } from "../../../casework/index.ts";
import { type Command, FORMAT_JSON, KEYS, VAULT } from "../command.ts";
import { actor, formatOf, vaultFolder, vaultSettings } from "../settings.ts";
import { plain } from "../terminal.ts";

export const command: Command = {
  summary:
    "Rebuilds what is derived by doing the last run again from the vault alone; tells whether its findings are the same.",
  usage: "unlock --vault DIR [--format json]",
  options: [
    VAULT,
    { name: "by", value: "NAME", help: "who does it (the account's name)" },
    ...KEYS,
    FORMAT_JSON,
  ],
  example: "breakwater unlock --vault ./case",
  async run(given, surroundings) {
    const format = formatOf(given, ["text", "json"]);
    const { out, pace } = surroundings;
    const settings = vaultSettings(given, surroundings);
    const replay = await withVault(vaultFolder(given), settings, "open", (vault) =>
      rebuildDerived(vault, actor(given), pace),
    );
    if (format === "json") await out.json(replay === null ? null : jsonOf(replay));
    else for (const line of linesOf(replay)) await out.line(line);
    return 0;
  },
};

function jsonOf({ sameVersion, ...replay }: Replay): unknown {
  return { ...replay, same_version: sameVersion };
}

function linesOf(replay: Replay | null): readonly string[] {
  if (replay === null)
    return ["nothing was investigated in this vault: there is nothing to rebuild"];
  const { findings, gone, identical, sameVersion, program } = replay;
  const same = identical ? "byte-identical to" : "not those of";
  return [
    `unlocked: the findings are ${same} the last run's, sha256 ${findings}`,
    ...(sameVersion
      ? []
      : [`that run was of another version or other knowledge than this ${program}; journalled:`]),
    ...(sameVersion ? [] : differenceLines(replay)),
    ...gone.map(
      (file) =>
        `not read: ${plain(file)}: it is not where it lay, or not as it was; hand it in again`,
    ),
  ];
}

function differenceLines({ difference, identical }: Replay): readonly string[] {
  if (identical) return ["  no difference"];
  if (difference === null)
    return ["  which findings differ cannot be told: the run kept only their hash"];
  return Object.entries(difference).map(
    ([how, ids]) => `  ${how}: ${ids.length === 0 ? "none" : ids.join(", ")}`,
  );
}
