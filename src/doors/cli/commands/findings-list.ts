/** `breakwater findings list`: what a named person must answer, the gravest first, and how it stands. */
import { Fault } from "../../../base/fault.ts";
import { listFindings, withVault } from "../../../casework/index.ts";
import { LEVELS } from "../../../model/detection.ts";
import { FINDING_STATES } from "../../../model/finding.ts";
import { type Command, FORMAT_JSON, KEYS, VAULT } from "../command.ts";
import { findingJson, findingLines } from "../finding-report.ts";
import { formatOf, nowTicks, vaultFolder, vaultSettings } from "../settings.ts";

export const command: Command = {
  summary:
    "Lists the findings of the last run: level, state, owner, and by when each is to be answered.",
  usage: "findings list --vault DIR [--state STATE]... [--level LEVEL] [--format json]",
  options: [
    VAULT,
    {
      name: "state",
      value: "STATE",
      repeated: true,
      help: "only these: open, taken, answered, reopened",
    },
    { name: "level", value: "LEVEL", help: "only this level and graver ones" },
    ...KEYS,
    FORMAT_JSON,
  ],
  example: "breakwater findings list --vault ./case --state open --level high",
  async run(given, surroundings) {
    const format = formatOf(given, ["text", "json"]);
    const states = given.many("state");
    const strange = states.find((word) => !FINDING_STATES.some((state) => state === word));
    if (strange !== undefined)
      throw new Fault("usage", `${strange} is no state`, `one of: ${FINDING_STATES.join(", ")}`);
    const floor = given.one("level");
    const least = floor === null ? 0 : LEVELS.findIndex((level) => level === floor);
    if (least < 0) throw new Fault("usage", `${floor} is no level`, `one of: ${LEVELS.join(", ")}`);
    const { out, pace, now } = surroundings;
    const all = await withVault(
      vaultFolder(given),
      vaultSettings(given, surroundings),
      "open",
      (vault) => listFindings(vault, pace),
    );
    const shown = all.filter(
      ({ state, level }) =>
        (states.length === 0 || states.includes(state)) && LEVELS.indexOf(level) >= least,
    );
    if (format === "json") await out.json(shown.map(findingJson));
    else
      for (const line of shown.flatMap((finding) => findingLines(finding, nowTicks(now))))
        await out.line(line);
    const count = (state: string) => all.filter((finding) => finding.state === state).length;
    out.say(
      `findings: ${all.length}; ${FINDING_STATES.map((state) => `${state}: ${count(state)}`).join(", ")}`,
    );
    return 0;
  },
};
