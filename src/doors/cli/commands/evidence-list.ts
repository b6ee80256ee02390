/** `breakwater evidence list`: what was taken in, and what came of it. */
import { dossierOf, withVault } from "../../../casework/index.ts";
import { formatTicks } from "../../../base/time.ts";
import { type Command, FORMAT_JSON, KEYS, VAULT } from "../command.ts";
import { formatOf, vaultFolder, vaultSettings } from "../settings.ts";
import { plain } from "../terminal.ts";

export const command: Command = {
  summary: "Lists the evidence of a vault: hash, size, events, flaws, who handed it in.",
  usage: "evidence list --vault DIR [--format json]",
  options: [VAULT, ...KEYS, FORMAT_JSON],
  example: "breakwater evidence list --vault ./case",
  async run(given, surroundings) {
    const format = formatOf(given, ["text", "json"]);
    const { out, pace } = surroundings;
    const settings = vaultSettings(given, surroundings);
    const dossier = await withVault(vaultFolder(given), settings, "open", (vault) =>
      dossierOf(vault, null, pace),
    );
    const rows = dossier.evidence.map(({ evidence, intake, format: kind, events, flaws }) => ({
      evidence: evidence.hash,
      file: evidence.file,
      size_bytes: evidence.sizeBytes,
      intake,
      format: kind,
      events,
      flaws,
      by: evidence.by,
      taken_at: formatTicks(evidence.takenAt, 0),
    }));
    if (format === "json") {
      await out.line(JSON.stringify(rows));
      return 0;
    }
    for (const row of rows) {
      const what = row.intake === "duplicate" ? "duplicate" : (row.format ?? "no reader");
      await out.line(
        `${row.evidence.slice(0, 16)}  ${String(row.size_bytes).padStart(12)} B  ${what.padEnd(12)} ${String(row.events).padStart(9)} events ${String(row.flaws).padStart(5)} flaws  ${plain(row.file)}`,
      );
    }
    return 0;
  },
};
