/** `breakwater evidence coverage`: from when to when each source speaks, and where it is silent. */
import { withVault } from "../../../casework/index.ts";
import { formatTicks, toTicks } from "../../../base/time.ts";
import type { Coverage } from "../../../model/coverage.ts";
import { type Command, FORMAT_JSON, KEYS, VAULT } from "../command.ts";
import { lastDossier } from "../last-dossier.ts";
import { formatOf, vaultFolder, vaultSettings } from "../settings.ts";
import { plain } from "../terminal.ts";

export const command: Command = {
  summary:
    "Tells for each host and source: first and last record, gaps, clears, and what is missing.",
  usage: "evidence coverage --vault DIR [--format json]",
  options: [VAULT, ...KEYS, FORMAT_JSON],
  example: "breakwater evidence coverage --vault ./case",
  async run(given, surroundings) {
    const format = formatOf(given, ["text", "json"]);
    const { out } = surroundings;
    const settings = vaultSettings(given, surroundings);
    const { coverage } = await withVault(vaultFolder(given), settings, "open", (vault) =>
      lastDossier(vault, null, surroundings),
    );
    if (format === "json") await out.json(jsonOf(coverage));
    else for (const line of linesOf(coverage)) await out.line(line);
    return 0;
  },
};

function time(ticks: bigint, digits = 0): string {
  const real = toTicks(ticks);
  return real === null ? "undated" : formatTicks(real, digits);
}

function linesOf({ sources, cleared, expected }: Coverage): readonly string[] {
  return [
    ...sources.flatMap((source) => [
      `${plain(source.host) || "(no host named)"}  ${source.format}  ${plain(source.channel)}: ${source.events} records, ${time(source.first)} to ${time(source.last)}`,
      ...source.gaps.map(
        (gap) => `    gap ${time(gap.from)} to ${time(gap.to)}: ${plain(gap.why)}`,
      ),
    ]),
    ...cleared.map(
      (clear) =>
        `cleared: ${plain(clear.log)} of ${plain(clear.host)} at ${time(clear.ticks)} by ${plain(clear.by)}`,
    ),
    ...expected.map(
      (item) => `missing: ${plain(item.host)}: ${plain(item.what)}: ${plain(item.why)}`,
    ),
  ];
}

function jsonOf({ sources, cleared, expected }: Coverage): unknown {
  return {
    sources: sources.map(({ host, format, channel, events, undated, first, last, gaps }) => ({
      host,
      format,
      channel,
      events,
      undated,
      first: time(first, 7),
      last: time(last, 7),
      gaps: gaps.map(({ kind, why, from, to }) => ({
        kind,
        from: time(from, 7),
        to: time(to, 7),
        why,
      })),
    })),
    cleared: cleared.map(({ host, log, by, ticks, digits }) => ({
      host,
      log,
      by,
      time: time(ticks, digits),
    })),
    expected,
  };
}
