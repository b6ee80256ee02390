/** `breakwater detect`: detections as lines, straight from files. */
import {
  OWN_RULES,
  detectionOf,
  loadKnowledge,
  planRuleFiles,
  printDetection,
  readFiles,
  readRuleFiles,
  ruleAccount,
} from "../../../casework/index.ts";
import { type Command, EXIT_FLAWS, PASSWORDS, STRICT } from "../command.ts";
import { ruleLines } from "../rule-report.ts";
import { filesAsked } from "../files-asked.ts";
import { formatOf } from "../settings.ts";

export const command: Command = {
  summary: "Prints every match of the rules in files, as JSON lines.",
  usage: "detect PATH... --rules PATH... [--format jsonl]",
  options: [
    {
      name: "rules",
      value: "PATH",
      repeated: true,
      help: "Sigma rules (our own where none is named)",
    },
    { name: "case", value: "FILE", help: "hosts, zones and clock skews (YAML)" },
    { name: "format", value: "FORMAT", help: "jsonl" },
    PASSWORDS,
    STRICT,
  ],
  example: "breakwater detect Security.evtx --rules ./sigma/rules",
  pathsMax: Number.POSITIVE_INFINITY,
  async run(given, { out, pace }) {
    formatOf(given, ["jsonl"]);
    const asked = filesAsked(given);
    const named = given.many("rules");
    const files = await readRuleFiles(named.length > 0 ? named : [OWN_RULES], pace);
    const { plan, matcher } = await planRuleFiles(files, loadKnowledge().logSources, pace);
    let flaws = 0;
    let detections = 0;
    const totals = await readFiles(asked, pace, async (piece) => {
      if (piece.kind === "flaw") {
        flaws++;
        return;
      }
      const found: string[] = [];
      matcher.match(piece, (row, rule) =>
        found.push(printDetection(detectionOf(rule, piece, row))),
      );
      detections += found.length;
      for (const line of found) await out.line(line);
    });
    await out.flush();
    for (const line of [...ruleLines(ruleAccount(files.length, plan)), ...totals]) out.say(line);
    out.say(`detections: ${detections}`);
    return given.has("strict") && flaws > 0 ? EXIT_FLAWS : 0;
  },
};
