/** `breakwater patches`: what became of every fix on every host, claims held against observations; straight from files. */
import { dayOfTicks } from "../../../base/day.ts";
import {
  loadKnowledge,
  patchesIn,
  printFlaw,
  printPatches,
  readCatalogueFile,
  readClaimsFiles,
} from "../../../casework/index.ts";
import { type Command, EXIT_FLAWS, PASSWORDS, STRICT } from "../command.ts";
import { filesAsked } from "../files-asked.ts";
import { patchLines } from "../patch-table.ts";
import { formatOf, nowTicks, timeOption } from "../settings.ts";

const FLAWS_SAID_MAX = 5;

export const command: Command = {
  summary:
    "Tells per host and update: fixed, missing, contradicted, unverified or unknown, since when, and what to do next.",
  usage: "patches PATH... [--claims FILE] [--as-of TIME] [--catalogue FILE] [--format json|table]",
  options: [
    {
      name: "claims",
      value: "FILE",
      repeated: true,
      help: "who says what about which update (CSV, JSON or YAML)",
    },
    { name: "as-of", value: "TIME", help: "answer for this day (now)" },
    {
      name: "catalogue",
      value: "FILE",
      repeated: true,
      help: "a further catalogue: KEV, EPSS, MSRC, CSAF or own (of today, where it states no day)",
    },
    { name: "case", value: "FILE", help: "hosts, zones and clock skews (YAML)" },
    { name: "format", value: "json|table", help: "how to print the result (table)" },
    { name: "all", value: null, help: "print fixed updates in the table as well" },
    PASSWORDS,
    STRICT,
  ],
  example: "breakwater patches ./evidence --claims tickets.csv --as-of 2021-08-20",
  pathsMax: Number.POSITIVE_INFINITY,
  writesNothing: true,
  async run(given, { out, pace, now }) {
    const format = formatOf(given, ["table", "json"]);
    const knowledge = loadKnowledge();
    const catalogues = given
      .many("catalogue")
      .map((file) => readCatalogueFile(file, dayOfTicks(nowTicks(now))).part);
    const claims = readClaimsFiles(given.many("claims"));
    const asked = {
      ...filesAsked(given),
      knowledge,
      claims,
      catalogues,
      asOf: timeOption(given, "as-of") ?? nowTicks(now),
    };
    const { report, flaws, flawsTotal, totals } = await patchesIn(asked, pace);
    if (format === "json") for (const line of printPatches(report)) await out.line(line);
    else for (const line of patchLines(report, given.has("all"))) await out.line(line);
    await out.flush();
    for (const flaw of flaws.slice(0, FLAWS_SAID_MAX)) out.say(printFlaw(flaw));
    for (const line of totals) out.say(line);
    return given.has("strict") && flawsTotal > 0 ? EXIT_FLAWS : 0;
  },
};
