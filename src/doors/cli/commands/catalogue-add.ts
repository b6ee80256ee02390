/** `breakwater catalogue add`: a catalogue becomes an input of every later run, sealed as it was handed in. */
import { formatDay, parseDay } from "../../../base/day.ts";
import { Fault } from "../../../base/fault.ts";
import { type Addition, addCatalogue, withVault } from "../../../casework/index.ts";
import { countsOf, heldWords } from "../catalogue-account.ts";
import { type Command, type Given, KEYS, VAULT } from "../command.ts";
import { actor, vaultFolder, vaultSettings } from "../settings.ts";
import type { Output } from "../terminal.ts";

export const command: Command = {
  summary:
    "Adds a catalogue: the CISA's list of exploited vulnerabilities, EPSS scores, an MSRC export, a CSAF advisory, or one of your own.",
  usage: "catalogue add FILE --vault DIR [--by NAME] [--date DAY]",
  options: [
    VAULT,
    { name: "by", value: "NAME", help: "who adds it (this account)" },
    { name: "date", value: "DAY", help: "of which day it is, where the file does not say" },
    ...KEYS,
  ],
  example:
    "breakwater catalogue add known_exploited_vulnerabilities.json --vault ./case --by 'Ann Le Page'\nbreakwater catalogue add 'Security Updates.csv' --vault ./case --date 2026-11-01",
  pathsMax: 1,
  sharing: "journal",
  async run(given, surroundings) {
    const [path] = given.paths;
    if (path === undefined) throw new Fault("usage", "which file?", `breakwater ${command.usage}`);
    const date = dateOf(given);
    const settings = vaultSettings(given, surroundings);
    const addition = await withVault(vaultFolder(given), settings, "open", async (vault) =>
      addCatalogue(vault, path, actor(given), date),
    );
    tell(addition, surroundings.out);
    return 0;
  },
};

function dateOf(given: Given) {
  const text = given.one("date");
  const day = text === null ? null : parseDay(text);
  if (text === null || day !== null) return day;
  throw new Fault("usage", `--date: ${text} is no day`, "write it as 2026-11-01");
}

function tell({ catalogue: { file, part, passedOver }, isNew }: Addition, out: Output): void {
  out.say(isNew ? `added: ${file}` : `already in the vault, nothing was changed: ${file}`);
  for (const { id, name, day } of part.sources) out.say(`  ${id}, of ${formatDay(day)}: ${name}`);
  out.say(`  ${heldWords(countsOf(part))}`);
  for (const limit of part.limits) out.say(`  ${limit}`);
  const { count, examples } = passedOver;
  if (count > 0) out.say(`passed over: ${count}, since they cannot be read`);
  for (const example of examples) out.say(`  ${example}`);
  if (count > examples.length && count > 0) out.say(`  and ${count - examples.length} more`);
}
