/** `breakwater events`: normalised events as lines, straight from files. */
import {
  readFiles,
  eventLine,
  printFlaw,
  printTimesketch,
  printTimesketchCsv,
  TIMESKETCH_CSV_HEADER,
  eventOf,
} from "../../../casework/index.ts";
import type { Event } from "../../../model/event.ts";
import { type Command, EXIT_FLAWS, PASSWORDS, STRICT } from "../command.ts";
import { filesAsked } from "../files-asked.ts";
import { formatOf } from "../settings.ts";

/** How each format prints an event; the first is the default. */
const PRINT: Readonly<Record<string, (event: Event) => string>> = {
  jsonl: eventLine,
  timesketch: printTimesketch,
  "timesketch-csv": printTimesketchCsv,
};

export const command: Command = {
  summary:
    "Prints the events of files as JSON lines, in file order; places that cannot be read too.",
  usage: "events PATH... [--format jsonl|timesketch|timesketch-csv]",
  options: [
    { name: "case", value: "FILE", help: "hosts, zones and clock skews (YAML)" },
    { name: "format", value: "FORMAT", help: "jsonl, timesketch or timesketch-csv (jsonl)" },
    PASSWORDS,
    STRICT,
  ],
  example: "breakwater events ./logs | jq 'select(.event_id == 4624)'",
  pathsMax: Number.POSITIVE_INFINITY,
  async run(given, { out, pace }) {
    const format = formatOf(given, Object.keys(PRINT));
    const asked = filesAsked(given);
    const print = PRINT[format] ?? eventLine;
    if (format === "timesketch-csv") await out.line(TIMESKETCH_CSV_HEADER);
    let flaws = 0;
    const totals = await readFiles(asked, pace, async (piece) => {
      if (piece.kind === "flaw") {
        flaws++;
        if (format === "jsonl") await out.line(printFlaw(piece));
        return;
      }
      for (let row = 0; row < piece.length; row++) await out.line(print(eventOf(piece, row)));
    });
    await out.flush();
    for (const line of totals) out.say(line);
    return given.has("strict") && flaws > 0 ? EXIT_FLAWS : 0;
  },
};
