/** `breakwater detect`: detections as lines, straight from files, or from the events that a vault keeps. */
import { Fault } from "../../../base/fault.ts";
import { UNDATED, isOutside } from "../../../base/time.ts";
import {
  type CarriedState,
  type CorrelationFeed,
  type KeptTotals,
  OWN_RULES,
  type PlannedRules,
  type RuleFile,
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
  searchKept,
  withPlaceholders,
  withVault,
  usualPlans,
} from "../../../casework/index.ts";
import type { Detection } from "../../../model/detection.ts";
import {
  type Command,
  EXIT_FLAWS,
  type Given,
  KEYS,
  PASSWORDS,
  STRICT,
  type Surroundings,
} from "../command.ts";
import { filesAsked } from "../files-asked.ts";
import { PLACEHOLDERS, placeholdersOf } from "../placeholders.ts";
import { ruleLines } from "../rule-report.ts";
import { formatOf, timeOption, vaultFolder, vaultSettings } from "../settings.ts";
import { plain } from "../terminal.ts";

export const command: Command = {
  summary: "Prints every match of the rules in files, or in the events of a vault, as JSON lines.",
  usage: "detect PATH...|--vault DIR --rules PATH... [--from TIME] [--to TIME] [--format jsonl]",
  options: [
    {
      name: "rules",
      value: "PATH",
      repeated: true,
      help: "Sigma rules (our own where none is named)",
    },
    PLACEHOLDERS,
    {
      name: "vault",
      value: "DIR",
      help: "instead of paths: the events that this vault keeps, by time",
    },
    { name: "from", value: "TIME", help: "leave out events before it; undated ones stay" },
    { name: "to", value: "TIME", help: "leave out events from then on" },
    {
      name: "case",
      value: "FILE",
      help: "hosts, zones and clock skews (YAML); a vault has its own",
    },
    { name: "format", value: "FORMAT", help: "jsonl" },
    PASSWORDS,
    ...KEYS,
    STRICT,
  ],
  example:
    "breakwater detect Security.evtx --rules ./sigma/rules\nbreakwater detect --vault ./case --rules new-rule.yml --from 2021-08-01",
  pathsMax: Number.POSITIVE_INFINITY,
  async run(given, surroundings) {
    formatOf(given, ["jsonl"]);
    const window = windowOf(given);
    if (given.has("vault")) refuseBesideVault(given);
    const asked = given.has("vault") ? null : filesAsked(given);
    const detecting = await Detecting.start(given, surroundings, window);
    const isWhole =
      asked === null ? await detecting.inVault(given) : await detecting.inFiles(asked);
    return given.has("strict") && !isWhole ? EXIT_FLAWS : 0;
  },
};

/** Dated events outside [from, to) are left out. */
interface Window {
  readonly from: bigint | null;
  readonly to: bigint | null;
}

function windowOf(given: Given): Window {
  const from = timeOption(given, "from");
  const to = timeOption(given, "to");
  if (from === null || to === null || from < to) return { from, to };
  throw new Fault("usage", "the window ends before it begins", "--from is earlier than --to");
}

/** A vault knows its evidence, its hosts and its passwords. */
function refuseBesideVault(given: Given): void {
  const [path] = given.paths;
  const option = ["case", "passwords"].find((name) => given.has(name));
  const what = path === undefined ? option && `--${option}` : path;
  if (what === undefined) return;
  throw new Fault(
    "usage",
    `${what} does not go with --vault, which has its own`,
    "breakwater detect --vault DIR --rules PATH",
  );
}

/** Rules, planned, and what they found so far. */
class Detecting {
  readonly #files: readonly RuleFile[];
  readonly #rules: PlannedRules;
  readonly #surroundings: Surroundings;
  readonly #window: Window;
  #detections = 0;

  private constructor(
    files: readonly RuleFile[],
    rules: PlannedRules,
    surroundings: Surroundings,
    window: Window,
  ) {
    this.#files = files;
    this.#rules = rules;
    this.#surroundings = surroundings;
    this.#window = window;
  }

  static async start(given: Given, surroundings: Surroundings, window: Window): Promise<Detecting> {
    const { pace, env } = surroundings;
    const named = given.many("rules");
    const read = await readRuleFiles(named.length > 0 ? named : [OWN_RULES], pace);
    const files = withPlaceholders(read, placeholdersOf(given));
    const { logSources } = loadKnowledge();
    const rules = await planRuleFiles(files, logSources, pace, usualPlans(env));
    return new Detecting(files, rules, surroundings, window);
  }

  /** Reads files; tells whether all of them could be read. */
  async inFiles(asked: ReturnType<typeof filesAsked>): Promise<boolean> {
    const { plan, matcher } = this.#rules;
    const { from, to } = this.#window;
    const carried = createCarried();
    const feed = createFeed(plan);
    const { hidden } = plan.correlations;
    let flaws = 0;
    const totals = await readFiles(asked, this.#surroundings.pace, async (piece) => {
      if (piece.kind === "flaw") {
        flaws++;
        return;
      }
      carried.add(piece);
      const found: Detection[] = [];
      matcher.match(piece, (row, rule) => {
        if (isOutside(piece.ticks[row] ?? UNDATED, from, to)) return;
        feed.add(rule, piece, row);
        if (!hidden.has(rule.id)) found.push(detectionOf(rule, piece, row));
      });
      for (const detection of found) await this.#tell(detection);
    });
    await this.#finish(feed, carried.state(), totals);
    return flaws === 0;
  }

  /** Searches what a vault keeps; tells whether every event could be decided. */
  async inVault(given: Given): Promise<boolean> {
    const surroundings = this.#surroundings;
    const { plan, matcher } = this.#rules;
    const began = performance.now();
    const totals = await withVault(
      vaultFolder(given),
      vaultSettings(given, surroundings),
      "open",
      (vault) =>
        searchKept(vault, { plan, matcher, ...this.#window }, surroundings.pace, (detection) =>
          this.#tell(detection),
        ),
    );
    const seconds = (performance.now() - began) / 1000;
    await this.#finish(totals.feed, totals.carried, keptLines(totals, seconds));
    return totals.undecided === 0;
  }

  async #tell(detection: Detection): Promise<void> {
    this.#detections++;
    await this.#surroundings.out.line(printDetection(detection));
  }

  /** What correlations make of it, and then everything for people. */
  async #finish(
    feed: CorrelationFeed,
    carried: CarriedState,
    totals: readonly string[],
  ): Promise<void> {
    const { out } = this.#surroundings;
    const { plan } = this.#rules;
    const { matches, limits } = correlate(plan, feed);
    for (const { detection } of matches) await this.#tell(detection());
    await out.flush();
    for (const line of [...ruleLines(ruleAccount(this.#files, plan, carried)), ...totals])
      out.say(line);
    for (const { what, need, have } of limits)
      out.say(plain(`correlations: ${what}: ${have}; needed: ${need}`));
    out.say(`detections: ${this.#detections}`);
  }
}

/** How a search through kept events went. */
function keptLines(totals: KeptTotals, seconds: number): readonly string[] {
  const { events, candidates, readAgain, undecided, notKept } = totals;
  return [
    ...(notKept === 0
      ? []
      : [
          `not searched: ${notKept} of the evidence came after the last run: breakwater investigate`,
        ]),
    ...(undecided === 0
      ? []
      : [`not decided: ${undecided} events need their evidence, which is gone`]),
    ...(readAgain === 0 ? [] : [`read again in the evidence: ${readAgain} events`]),
    `events held: ${events}; candidates: ${candidates}; ${seconds.toFixed(1)} s`,
  ];
}
