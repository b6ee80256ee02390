/** `breakwater evidence coverage`: from when to when each source speaks, and where it is silent. */
import { withVault } from "../../../casework/index.ts";
import { TICKS_PER_SECOND } from "../../../base/time.ts";
import type { Coverage, SourceCoverage } from "../../../model/coverage.ts";
import { type Command, FORMAT_JSON, KEYS, VAULT } from "../command.ts";
import { clockLines, clocksJson } from "../coverage-clocks.ts";
import { dyingJson, dyingLines } from "../coverage-dying.ts";
import { lastDossier } from "../last-dossier.ts";
import { formatOf, nowTicks, timeOption, vaultFolder, vaultSettings } from "../settings.ts";
import { plain } from "../terminal.ts";
import { timeWords } from "../times.ts";

export const command: Command = {
  summary:
    "Tells for each host and source: first and last record, gaps, clears, clocks, what is missing, and when it will be gone.",
  usage: "evidence coverage --vault DIR [--as-of TIME] [--format json]",
  options: [
    VAULT,
    { name: "as-of", value: "TIME", help: "tell what is gone for this moment (now)" },
    ...KEYS,
    FORMAT_JSON,
  ],
  example: "breakwater evidence coverage --vault ./case --as-of 2021-12-15T09:00:00Z",
  async run(given, surroundings) {
    const format = formatOf(given, ["text", "json"]);
    const { out } = surroundings;
    const settings = vaultSettings(given, surroundings);
    const asOf = timeOption(given, "as-of") ?? nowTicks(surroundings.now);
    const { coverage, dying } = await withVault(vaultFolder(given), settings, "open", (vault) =>
      lastDossier(vault, asOf, surroundings),
    );
    if (format === "json") await out.json({ ...jsonOf(coverage), dying: dyingJson(dying) });
    else for (const line of [...linesOf(coverage), ...dyingLines(dying)]) await out.line(line);
    return 0;
  },
};

function linesOf(coverage: Coverage): readonly string[] {
  const { sources, cleared, expected, limits } = coverage;
  return [
    ...sources.flatMap((source) => [
      `${hostOf(source)}  ${source.format}  ${plain(source.channel)}: ${recordsOf(source)}`,
      ...source.gaps.map(
        (gap) => `    gap ${timeWords(gap.from)} to ${timeWords(gap.to)}: ${plain(gap.why)}`,
      ),
      ...(source.rotation === null
        ? []
        : [`    ${source.rotation.kind}: ${plain(source.rotation.why)}`]),
    ]),
    ...cleared.map(
      (clear) =>
        `cleared: ${plain(clear.log)} of ${hostOf(clear)} at ${timeWords(clear.ticks)} by ${plain(clear.by)}`,
    ),
    ...clockLines(coverage),
    ...expected.map((item) => `missing: ${hostOf(item)}: ${plain(item.what)}: ${plain(item.why)}`),
    ...limits.map((limit) => `limit: ${plain(limit)}`),
  ];
}

function hostOf({ host }: { readonly host: string }): string {
  return plain(host) || "(no host named)";
}

function recordsOf({ events, undated, first, last }: SourceCoverage): string {
  const records = events === 1 ? "1 record" : `${events} records`;
  if (undated === events) return `${records}, undated`;
  const without = undated === 0 ? "" : `; ${undated} undated`;
  return `${records}, ${timeWords(first)} to ${timeWords(last)}${without}`;
}

function jsonOf(coverage: Coverage) {
  const { sources, cleared, expected, limits } = coverage;
  return {
    sources: sources.map(sourceJson),
    cleared: cleared.map(({ host, log, by, ticks, digits }) => ({
      host,
      log,
      by,
      time: timeWords(ticks, digits),
    })),
    ...clocksJson(coverage),
    expected,
    limits,
  };
}

function sourceJson(source: SourceCoverage) {
  const { host, format, channel, events, undated, first, last, gaps, rotation } = source;
  return {
    host,
    format,
    channel,
    events,
    undated,
    first: timeWords(first, 7),
    last: timeWords(last, 7),
    gaps: gaps.map(({ kind, why, from, to }) => ({
      kind,
      from: timeWords(from, 7),
      to: timeWords(to, 7),
      why,
    })),
    rotation:
      rotation === null
        ? null
        : {
            kind: rotation.kind,
            by: rotation.by,
            files: rotation.files,
            holds_seconds: Number(rotation.holds / TICKS_PER_SECOND),
            size_bytes: rotation.sizeBytes,
            why: rotation.why,
          },
  };
}
