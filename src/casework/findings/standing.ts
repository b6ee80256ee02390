/** The findings of a vault as they stand: the last run's, with what people did since. Refuses to keep state: the journal is the state. */
import { type Ticks, toTicks } from "../../base/time.ts";
import type { Finding, StandingFinding } from "../../model/finding.ts";
import { deliveryFindings, standFindings } from "../../questions/answered/index.ts";
import { bodyOf } from "../bodies.ts";
import { deliveriesOf } from "../escalation/journal.ts";
import { RUN_MARKS } from "../inputs.ts";
import { foldJournal } from "../journal-fold.ts";
import type { Knowledge } from "../knowledge.ts";
import { oneNamed } from "../named.ts";
import type { Vault } from "../vault/index.ts";
import { findingActs } from "./record.ts";

/**
 * Findings with their states. Messages that failed are findings too, and stand here with those of the run: they follow from the journal
 * and from no evidence, so that a replay of the run knows nothing of them.
 */
export function standingOf(
  vault: Vault,
  findings: readonly Finding[],
  knowledge: Knowledge,
): readonly StandingFinding[] {
  const undelivered = deliveryFindings(deliveriesOf(vault));
  const opened = new Map(openedIn(vault));
  for (const { id, firstSeen } of undelivered) {
    const first = toTicks(firstSeen);
    if (first !== null) opened.set(id, first);
  }
  return standFindings(
    [...findings, ...undelivered],
    { opened, acts: findingActs(vault) },
    knowledge.answerHours,
  );
}

const firstTold = foldJournal(
  () => new Map<string, { readonly entry: number; readonly time: Ticks }>(),
  (told, vault, entry) => {
    if (entry.kind !== "run") return;
    for (const { id } of bodyOf(vault, entry, RUN_MARKS).marks)
      if (!told.has(id)) told.set(id, { entry: entry.index, time: entry.time });
  },
);

/** When a run told of each finding first: the earliest run that names it, of those before the entry with this index. */
export function openedIn(
  vault: Vault,
  entries = Number.POSITIVE_INFINITY,
): ReadonlyMap<string, Ticks> {
  const told = [...firstTold(vault)].filter(([, { entry }]) => entry < entries);
  return new Map(told.map(([id, { time }]) => [id, time]));
}

/** The one finding that an id, or the beginning of one, names. Faults: not-found, usage where several fit. */
export function findingNamed(findings: readonly StandingFinding[], word: string): StandingFinding {
  return oneNamed(findings, word, {
    called: "findings",
    missing: `no finding of the last run is called ${word}`,
    hint: "breakwater findings list --vault DIR shows their ids; the first four characters are enough",
  });
}
