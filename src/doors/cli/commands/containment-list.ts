/** `breakwater containment list`: what was done to throw an intruder out, in the order of recording, and how it was checked. */
import { formatTicks } from "../../../base/time.ts";
import { type RecordedContainment, containmentOf, withVault } from "../../../casework/index.ts";
import { type Command, FORMAT_JSON, KEYS, VAULT } from "../command.ts";
import { formatOf, vaultFolder, vaultSettings } from "../settings.ts";
import { plain } from "../terminal.ts";

export const command: Command = {
  summary:
    "Lists what was done to contain an intrusion: what, when, by whom, and how it was checked.",
  usage: "containment list --vault DIR [--format json]",
  options: [VAULT, ...KEYS, FORMAT_JSON],
  example: "breakwater containment list --vault ./case",
  sharing: "journal",
  async run(given, surroundings) {
    const format = formatOf(given, ["text", "json"]);
    const settings = vaultSettings(given, surroundings);
    const acts = await withVault(vaultFolder(given), settings, "open", async (vault) =>
      containmentOf(vault),
    );
    const { out } = surroundings;
    if (format === "json") await out.json(acts.map(jsonOf));
    else for (const line of acts.flatMap(linesOf)) await out.line(line);
    const unchecked = acts.filter(({ verified }) => verified === "").length;
    out.say(`containment: ${acts.length}; not said how it was checked: ${unchecked}`);
    return 0;
  },
};

function linesOf(act: RecordedContainment): readonly string[] {
  const { kind, subject, at, by, verified, note } = act;
  return [
    `${formatTicks(at, 0)}  ${kind.padEnd(8)}  ${plain(subject)}, by ${plain(by)}`,
    `    recorded ${formatTicks(act.recordedAt, 0)} by ${plain(act.recordedBy)}; ${verified === "" ? "nobody says how it was checked" : `checked: ${plain(verified)}`}`,
    ...(note === "" ? [] : [`    ${plain(note)}`]),
  ];
}

function jsonOf(act: RecordedContainment): unknown {
  const { kind, subject, at, by, verified, note } = act;
  return {
    kind,
    subject,
    at: formatTicks(at, 0),
    by,
    verified: verified === "" ? null : verified,
    note: note === "" ? null : note,
    recorded_at: formatTicks(act.recordedAt, 0),
    recorded_by: act.recordedBy,
  };
}
