/** `breakwater events`: normalised events as lines, straight from files. */
import {
  readFiles,
  printEvent,
  printFlaw,
  printTimesketch,
  eventOf,
} from "../../../casework/index.ts";
import { type Command, EXIT_FLAWS, STRICT } from "../command.ts";
import { formatOf, somePaths } from "../settings.ts";
import { caseFileOf } from "../case-option.ts";
import { say } from "../terminal.ts";

export const command: Command = {
  summary:
    "Prints the events of files as JSON lines, in file order; places that cannot be read too.",
  usage: "events PATH... [--format jsonl|timesketch]",
  options: [
    { name: "case", value: "FILE", help: "hosts, zones and clock skews (YAML)" },
    { name: "format", value: "FORMAT", help: "jsonl, or timesketch JSON lines (jsonl)" },
    STRICT,
  ],
  example: "breakwater events ./logs | jq 'select(.event_id == 4624)'",
  pathsMax: Number.POSITIVE_INFINITY,
  async run(given, { out, pace }) {
    const format = formatOf(given, ["jsonl", "timesketch"]);
    const print = format === "timesketch" ? printTimesketch : printEvent;
    let flaws = 0;
    const totals = await readFiles(somePaths(given), caseFileOf(given), pace, async (piece) => {
      if (piece.kind === "flaw") {
        flaws++;
        if (format === "jsonl") await out.line(printFlaw(piece));
        return;
      }
      for (let row = 0; row < piece.length; row++) await out.line(print(eventOf(piece, row)));
    });
    await out.flush();
    for (const line of totals) say(line);
    return given.has("strict") && flaws > 0 ? EXIT_FLAWS : 0;
  },
};
