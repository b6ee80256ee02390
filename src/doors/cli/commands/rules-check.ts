/** `breakwater rules check`: which rules run here, and why the others do not. */
import {
  type FilesAsked,
  NO_CASE_FILE,
  OWN_RULES,
  createCarried,
  findNotHere,
  loadKnowledge,
  planRuleFiles,
  readFiles,
  readRuleFiles,
  ruleAccount,
  withPlaceholders,
  usualPlans,
} from "../../../casework/index.ts";
import type { RuleAccount } from "../../../model/dossier.ts";
import { type Command, FORMAT_JSON, PASSWORDS } from "../command.ts";
import { PLACEHOLDERS, placeholdersOf } from "../placeholders.ts";
import { notHereLines, reasonLines } from "../rule-report.ts";
import { formatOf, passwordsOf } from "../settings.ts";
import { plain } from "../terminal.ts";

const NAMES_MAX = 8;

export const command: Command = {
  summary:
    "Parses and plans rules; says how many run, and names every one that does not with the reason.",
  usage:
    "rules check [PATH]... [--evidence PATH]... [--placeholders FILE] [--list] [--format json]",
  options: [
    {
      name: "evidence",
      value: "PATH",
      repeated: true,
      help: "say too which rules could match nothing in these files, and what they lack",
    },
    PLACEHOLDERS,
    { name: "list", value: null, help: "name every rule that does not run, and every filter" },
    PASSWORDS,
    FORMAT_JSON,
  ],
  example: "breakwater rules check ./sigma/rules --evidence ./logs --list",
  pathsMax: Number.POSITIVE_INFINITY,
  writesNothing: true,
  async run(given, { out, pace, env }) {
    const format = formatOf(given, ["text", "json"]);
    const paths = given.paths.length > 0 ? given.paths : [OWN_RULES];
    const files = withPlaceholders(await readRuleFiles(paths, pace), placeholdersOf(given));
    const { formats, logSources } = loadKnowledge();
    const { plan } = await planRuleFiles(files, logSources, pace, usualPlans(env));
    const evidence = given.many("evidence");
    const carried = createCarried();
    if (evidence.length > 0) {
      const passwords = passwordsOf(given) ?? [];
      const asked: FilesAsked = { formats, paths: evidence, caseFile: NO_CASE_FILE, passwords };
      const totals = await readFiles(asked, pace, (piece) => {
        if (piece.kind === "batch") carried.add(piece);
      });
      for (const line of totals) out.say(line);
    }
    const seen = evidence.length > 0 ? carried.state() : null;
    const account = ruleAccount(files, plan, seen);
    const notHere = seen === null ? [] : findNotHere(plan, seen);
    if (format === "json") {
      const { notHere: reasons, ...totals } = account;
      const rules = notHere.map(({ rule: { id, file, line, title }, reason, needs }) => {
        return { id, file, line, title, reason, needs };
      });
      const here = seen === null ? {} : { not_here: reasons, rules_not_here: rules };
      await out.json({ ...totals, ...here, accounts: plan.accounts });
      return 0;
    }
    for (const line of checkLines(account, seen !== null)) await out.line(line);
    if (!given.has("list")) return 0;
    for (const one of plan.accounts) {
      const what = toldOf(one);
      if (what !== null) await out.line(placed(one, what));
    }
    for (const { rule, reason } of notHere) await out.line(placed(rule, reason));
    return 0;
  },
};

type Accounted = Awaited<ReturnType<typeof planRuleFiles>>["plan"]["accounts"][number];

/** What there is to say of a document beside that it runs. */
function toldOf(account: Accounted): string | null {
  switch (account.state) {
    case "run":
      return null;
    case "refused":
      return `refused: ${account.reason}`;
    case "not-applicable":
      return `not applicable: ${account.reason}`;
    case "filter": {
      const missed = account.missed.length > 0 ? `; it misses ${someOf(account.missed)}` : "";
      return `a filter that changes ${someOf(account.changed)}${missed}`;
    }
  }
}

/** The first of them: a filter for every rule changes thousands. */
function someOf(names: readonly string[]): string {
  const shown = names.slice(0, NAMES_MAX).join(", ");
  return names.length > NAMES_MAX ? `${shown} and ${names.length - NAMES_MAX} more` : shown;
}

function placed(
  { file, line, title }: { readonly file: string; readonly line: number; readonly title: string },
  what: string,
): string {
  return `${plain(file)}:${line}: ${plain(title)}: ${plain(what)}`;
}

/** Totals, then the reasons of each kind. */
function checkLines(account: RuleAccount, isOverEvidence: boolean): readonly string[] {
  const { files, rules, run, refused, filters, notHere } = account;
  const stopped = (state: "refused" | "not-applicable") =>
    refused.filter((one) => one.state === state);
  const sum = (list: readonly { readonly count: number }[]) =>
    list.reduce((total, { count }) => total + count, 0);
  const section = (title: string, state: "refused" | "not-applicable") => {
    const list = stopped(state);
    return list.length === 0
      ? []
      : [`${title}: ${sum(list)}`, ...reasonLines(list, Number.POSITIVE_INFINITY)];
  };
  return [
    `rules: ${files} files, ${rules} rules, ${run} run, ${rules - run} do not`,
    ...(filters > 0 ? [`filters that change rules: ${filters}`] : []),
    ...section("refused", "refused"),
    ...section("not applicable, whatever the evidence", "not-applicable"),
    ...(isOverEvidence ? [`applicable to this evidence: ${run - sum(notHere)}`] : []),
    ...notHereLines(account, Number.POSITIVE_INFINITY),
  ];
}
