/** `breakwater duties show`: the clocks of the laws that apply. */
import { clocksNow, withVault } from "../../../casework/index.ts";
import { known } from "../../../base/assert.ts";
import { formatTicks, toTicks } from "../../../base/time.ts";
import type { Clock } from "../../../model/duty.ts";
import { type Command, FORMAT_JSON, KEYS, VAULT } from "../command.ts";
import { formatOf, nowTicks, timeOption, vaultFolder, vaultSettings } from "../settings.ts";
import { plain } from "../terminal.ts";

export const command: Command = {
  summary: "Shows each duty, its clock, and what a first, incomplete notice must say.",
  usage: "duties show --vault DIR [--as-of TIME] [--format json]",
  options: [
    VAULT,
    { name: "as-of", value: "TIME", help: "tell the clocks for this moment (now)" },
    ...KEYS,
    FORMAT_JSON,
  ],
  example: "breakwater duties show --vault ./case",
  sharing: "journal",
  async run(given, surroundings) {
    const format = formatOf(given, ["text", "json"]);
    const asOf = timeOption(given, "as-of") ?? nowTicks(surroundings.now);
    const settings = vaultSettings(given, surroundings);
    const clocks = await withVault(vaultFolder(given), settings, "open", async (vault) =>
      clocksNow(vault, asOf),
    );
    const { out } = surroundings;
    if (format === "json") await out.json(clocks.map(jsonOf));
    else for (const clock of clocks) for (const line of linesOf(clock)) await out.line(line);
    return 0;
  },
};

function linesOf(clock: Clock): readonly string[] {
  const due = clock.due === null ? clock.standard : `due ${formatTicks(clock.due, 0)}`;
  return [
    `${clock.jurisdiction}  ${clock.title} (${clock.cite}, confidence ${clock.confidence}): ${clock.state}, ${due}`,
    ...clock.disputed.map(
      (act) => `    also stated: ${act.kind} at ${formatTicks(act.at, 0)} by ${plain(act.by)}`,
    ),
    ...clock.notice.map(
      (line) => `    ${line.known ? "*" : "-"} ${line.text}: ${plain(line.answer)}`,
    ),
  ];
}

function jsonOf(clock: Clock): unknown {
  return JSON.parse(
    JSON.stringify(clock, (_, value: unknown) =>
      typeof value === "bigint" ? isoOf(value) : value,
    ),
  );
}

/** Every bigint of a clock is a time. */
function isoOf(ticks: bigint): string {
  return formatTicks(known(toTicks(ticks), "a clock holds real times"), 0);
}
