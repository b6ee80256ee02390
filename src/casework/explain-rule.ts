/** One rule over one event of a file, without a vault: which of its parts hold. Faults: those of rules and of reading. */
import {
  type Explanation,
  type Plan,
  createCarried,
  explainRule,
  findNotHere,
} from "../engines/sigma/index.ts";
import type { CaseFile } from "../model/case-file.ts";
import { type Batch, type Event, eventOf } from "../model/event.ts";
import { type EventPlace, atEvent } from "./at-event.ts";
import { loadKnowledge } from "./knowledge.ts";
import { oneNamed } from "./named.ts";
import type { Pace } from "./pace.ts";
import type { PlanCache } from "./plan-cache.ts";
import { type RuleFile, planRuleFiles } from "./rules.ts";

/** What is asked: a rule by its name, its id or the beginning of one, and an event. */
export interface ExplanationAsked {
  readonly rule: string;
  readonly files: readonly RuleFile[];
  readonly event: EventPlace;
  readonly caseFile: CaseFile;
}

/** How a rule stands to an event. */
export interface RuleAtEvent {
  readonly about: Pick<Plan["accounts"][number], "id" | "title" | "file" | "line">;
  readonly event: Event;
  /** Why the rule does not run, whatever the event; null where it does. */
  readonly stopped: string | null;
  /** Null where there is no condition to walk: the document was refused, or is no rule. */
  readonly explanation: Explanation | null;
}

/** Finds the rule and the event, and walks one over the other. Faults: not-found where either is not there. */
export async function explainAtEvent(
  { rule: word, files, event: place, caseFile }: ExplanationAsked,
  pace: Pace,
  cache: PlanCache | null,
): Promise<RuleAtEvent> {
  const { formats, logSources } = loadKnowledge();
  const { plan } = await planRuleFiles(files, logSources, pace, cache);
  const named = plan.rules.find(({ name }) => name === word);
  const account = oneNamed(plan.accounts, named?.id ?? word, {
    called: "rules",
    missing: `there is no rule ${word}`,
    hint: "breakwater rules check --list",
  });
  const rule = plan.rules.find((one) => one.id === account.id);
  const { event, explanation, notHere } = await atEvent(
    formats,
    caseFile,
    place,
    pace,
    (batch, row) => ({
      event: eventOf(batch, row),
      explanation: rule === undefined ? null : explainRule(rule, logSources, batch, row),
      notHere: rule === undefined ? null : notHereIn(batch, { ...plan, rules: [rule] }),
    }),
  );
  return { about: account, event, stopped: stoppedBy(account) ?? notHere, explanation };
}

/** Why the one rule of the plan could match nothing in the log that the batch is of; null where it could. */
function notHereIn(batch: Batch, plan: Plan): string | null {
  const carried = createCarried();
  carried.add(batch);
  const [found] = findNotHere(plan, carried.state());
  return found === undefined
    ? null
    : `not applicable here: ${found.reason}; needed: ${found.needs}`;
}

function stoppedBy(account: Plan["accounts"][number]): string | null {
  if ("reason" in account) return `${account.state}: ${account.reason}`;
  switch (account.kind) {
    case "filter":
      return "a filter: it changes rules, and looks at no event by itself";
    case "correlation":
      return "a correlation: it reads detections of rules, and looks at no event by itself";
    case "rule":
    case "refusal":
      return null;
  }
}
