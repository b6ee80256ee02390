/** `breakwater catalogue list`: what updates are held against, those that came with the program first. */
import { known } from "../../../base/assert.ts";
import { type Day, dayOfTicks, formatDay } from "../../../base/day.ts";
import { formatTicks } from "../../../base/time.ts";
import {
  type AddedCatalogue,
  OWN_CATALOGUES,
  type ReadCatalogue,
  cataloguesIn,
  cataloguesOf,
  loadKnowledge,
  withVault,
} from "../../../casework/index.ts";
import { countsOf, heldWords } from "../catalogue-account.ts";
import { type Command, KEYS, VAULT } from "../command.ts";
import { formatOf, nowTicks, timeOption, vaultSettings } from "../settings.ts";
import { plain } from "../terminal.ts";

export const command: Command = {
  summary:
    "Lists the catalogues of the program and of a vault: sources, their age, what they hold. Older than 30 days is marked old.",
  usage: "catalogue list [--vault DIR] [--as-of TIME] [--format json]",
  options: [
    VAULT,
    { name: "as-of", value: "TIME", help: "tell the ages for this moment (now)" },
    ...KEYS,
    { name: "format", value: "json|table", help: "how to print the result (table)" },
  ],
  example: "breakwater catalogue list --vault ./case",
  sharing: "journal",
  writesNothing: true,
  async run(given, surroundings) {
    const format = formatOf(given, ["table", "json"]);
    const asOf = timeOption(given, "as-of") ?? nowTicks(surroundings.now);
    const today = known(dayOfTicks(asOf), "a moment that was read lies on a day");
    const folder = given.one("vault");
    const added =
      folder === null
        ? []
        : await withVault(folder, vaultSettings(given, surroundings), "open", async (vault) =>
            cataloguesOf(vault),
          );
    const { catalogueOldAfterDays } = loadKnowledge().patchTerms;
    const ages = { today, oldAfterDays: catalogueOldAfterDays };
    const rows = [
      ...cataloguesIn(OWN_CATALOGUES).map((one) => rowOf(one, null, ages)),
      ...added.map((one) => rowOf(one, one, ages)),
    ];
    const { out } = surroundings;
    if (format === "json") await out.json(rows);
    else for (const line of rows.flatMap(linesOf)) await out.line(line);
    return 0;
  },
};

interface Ages {
  readonly today: Day;
  readonly oldAfterDays: number;
}

type Row = ReturnType<typeof rowOf>;

function rowOf(
  { file, hash, form, part }: ReadCatalogue,
  added: AddedCatalogue | null,
  { today, oldAfterDays }: Ages,
) {
  return {
    file,
    form,
    origin: added === null ? "program" : "vault",
    sha256: hash,
    added_at: added === null ? null : formatTicks(added.at, 0),
    by: added === null ? null : added.by,
    ...countsOf(part),
    // A bulletin that nobody keeps up does not age: it says what it said.
    sources: part.sources.map(({ id, name, day, isKept }) => {
      const days = today - day;
      return {
        id,
        name,
        date: formatDay(day),
        age_days: days,
        old: isKept && days > oldAfterDays,
      };
    }),
  };
}

function linesOf(row: Row): readonly string[] {
  const from = row.by === null ? "with the program" : `added by ${plain(row.by)}`;
  return [
    `${plain(row.file)}  (${row.form}, ${from})`,
    `    ${heldWords(row)}`,
    `    sha256 ${row.sha256}`,
    ...row.sources.map(
      ({ id, name, date, age_days, old }) =>
        `    ${date}  ${`${age_days} ${age_days === 1 ? "day" : "days"}`.padStart(9)}  ${old ? "old" : "   "}  ${plain(id)}: ${plain(name)}`,
    ),
  ];
}
