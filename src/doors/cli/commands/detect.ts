/** `breakwater detect`: detections as lines, straight from files. */
import {
  OWN_RULES,
  correlate,
  createCarried,
  createFeed,
  detectionOf,
  loadKnowledge,
  planRuleFiles,
  printDetection,
  readFiles,
  readRuleFiles,
  ruleAccount,
  withPlaceholders,
} from "../../../casework/index.ts";
import { type Command, EXIT_FLAWS, PASSWORDS, STRICT } from "../command.ts";
import { PLACEHOLDERS, placeholdersOf } from "../placeholders.ts";
import { ruleLines } from "../rule-report.ts";
import { filesAsked } from "../files-asked.ts";
import { formatOf } from "../settings.ts";
import { plain } from "../terminal.ts";

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
    PLACEHOLDERS,
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
    const read = await readRuleFiles(named.length > 0 ? named : [OWN_RULES], pace);
    const files = withPlaceholders(read, placeholdersOf(given));
    const { plan, matcher } = await planRuleFiles(files, loadKnowledge().logSources, pace);
    const carried = createCarried();
    const feed = createFeed(plan);
    const { hidden } = plan.correlations;
    let flaws = 0;
    let detections = 0;
    const totals = await readFiles(asked, pace, async (piece) => {
      if (piece.kind === "flaw") {
        flaws++;
        return;
      }
      carried.add(piece);
      const found: string[] = [];
      matcher.match(piece, (row, rule) => {
        feed.add(rule, piece, row);
        if (!hidden.has(rule.id)) found.push(printDetection(detectionOf(rule, piece, row)));
      });
      detections += found.length;
      for (const line of found) await out.line(line);
    });
    const correlating = correlate(plan, feed);
    for (const { detection } of correlating.matches) {
      detections++;
      await out.line(printDetection(detection()));
    }
    await out.flush();
    for (const line of [...ruleLines(ruleAccount(files, plan, carried.state())), ...totals])
      out.say(line);
    for (const { what, need, have } of correlating.limits)
      out.say(plain(`correlations: ${what}: ${have}; needed: ${need}`));
    out.say(`detections: ${detections}`);
    return given.has("strict") && flaws > 0 ? EXIT_FLAWS : 0;
  },
};
