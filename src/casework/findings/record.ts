/**
 * Acts of people on findings as the journal holds them: taken, answered, reopened. Each by name, append-only; what was said is
 * sealed. Refuses to overwrite: a later act stands beside the earlier one (docs/design/findings.md).
 */
import { z } from "zod";
import {
  CHECK_RESULTS,
  type Checked,
  DETERMINATIONS,
  type FindingAct,
  type FindingAnswer,
} from "../../model/answer.ts";
import type { JournalEntry } from "../../model/act.ts";
import { bodyOf } from "../bodies.ts";
import { foldJournal } from "../journal-fold.ts";
import type { Vault } from "../vault/index.ts";

const NAMED = z.object({ finding: z.string(), by: z.string() });
const TAKEN = NAMED;
const REOPENED = NAMED.extend({ reason: z.string() });
const result = z.enum(CHECK_RESULTS);
const ANSWERED = NAMED.extend({
  determination: z.enum(DETERMINATIONS),
  reason: z.string(),
  checked: z.object({ scope: result, entry: result, persistence: result }),
  evidence: z.array(z.string()),
  covers: z.array(z.string()),
});

/** What a person answers. */
export interface StatedAnswer {
  readonly determination: FindingAnswer["determination"];
  readonly reason: string;
  readonly checked: Checked;
  readonly evidence: readonly string[];
  readonly covers: readonly string[];
}

/** Journals that somebody takes a finding. */
export function recordTaken(vault: Vault, finding: string, by: string): void {
  const body: z.infer<typeof TAKEN> = { finding, by };
  vault.act({ kind: "finding-taken", by, subject: finding, body, sealed: null });
}

/** Journals an answer. */
export function recordAnswer(
  vault: Vault,
  finding: string,
  by: string,
  answer: StatedAnswer,
): void {
  const { determination, reason, checked, evidence, covers } = answer;
  const body: z.infer<typeof ANSWERED> = {
    finding,
    by,
    determination,
    reason,
    checked: { ...checked },
    evidence: [...evidence],
    covers: [...covers],
  };
  vault.act({ kind: "finding-answered", by, subject: finding, body, sealed: null });
}

/** Journals that a finding is open again. */
export function recordReopened(vault: Vault, finding: string, by: string, reason: string): void {
  const body: z.infer<typeof REOPENED> = { finding, by, reason };
  vault.act({ kind: "finding-reopened", by, subject: finding, body, sealed: null });
}

/** An act with its place in the journal. */
export interface PlacedAct {
  readonly entry: number;
  readonly act: FindingAct;
}

const acts = foldJournal(
  (): PlacedAct[] => [],
  (all, vault, entry) => {
    const act = actOf(vault, entry);
    if (act !== null) all.push({ entry: entry.index, act });
  },
);

function actOf(vault: Vault, entry: JournalEntry): FindingAct | null {
  const { kind, time: at } = entry;
  if (kind === "finding-taken") return { kind: "taken", ...bodyOf(vault, entry, TAKEN), at };
  if (kind === "finding-reopened")
    return { kind: "reopened", ...bodyOf(vault, entry, REOPENED), at };
  if (kind !== "finding-answered") return null;
  const { finding, ...answer } = bodyOf(vault, entry, ANSWERED);
  return { kind: "answered", finding, answer: { ...answer, at } };
}

/** All acts on findings, in the order in which they were recorded, each with its place. */
export function placedActs(vault: Vault): readonly PlacedAct[] {
  return acts(vault);
}

/** All acts on findings, in the order in which they were recorded. */
export function findingActs(vault: Vault): readonly FindingAct[] {
  return acts(vault).map(({ act }) => act);
}
