/**
 * The custody of each evidence, folded from the journal: what was done with it, by whom, and which holds stand.
 * Refuses to forget: a hold that was released and evidence that was destroyed keep their history.
 */
import { z } from "zod";
import { type Ticks, formatTicks } from "../../base/time.ts";
import type { CustodyStep } from "../../model/custody.ts";
import type { JournalEntry } from "../../model/act.ts";
import type { Evidence } from "../../model/evidence.ts";
import { bodyOf } from "../bodies.ts";
import { evidenceActs } from "../evidence.ts";
import type { Vault } from "../vault/index.ts";
import { STATEMENT } from "./statement.ts";

/** Body of `evidence-held`; `taken` is the entry that took the evidence in: unlike a hash it is never there twice. */
export const HELD = z.object({ taken: z.number(), by: z.string(), reason: z.string() });
/** Body of `evidence-released`; `hold` is the entry of the hold that ends. */
export const RELEASED = HELD.extend({ hold: z.number() });
/** Body of `evidence-exported`. */
export const EXPORTED = z.object({
  taken: z.array(z.number()),
  by: z.string(),
  reason: z.string(),
});

/** A legal hold that stands: while one does, its evidence is not destroyed. */
export interface Hold {
  /** Its journal entry: the number that `release --hold` names. */
  readonly entry: number;
  readonly at: Ticks;
  readonly by: string;
  readonly reason: string;
}

/** An evidence and what was done with it. */
export interface Custody {
  readonly evidence: Evidence;
  /** Journal entry that took it in. */
  readonly taken: number;
  readonly objects: readonly string[];
  readonly holds: readonly Hold[];
  readonly steps: readonly CustodyStep[];
}

interface Account extends Custody {
  readonly holds: Hold[];
  readonly steps: CustodyStep[];
}

/** Every evidence of the vault in the order of taking in, destroyed ones too. */
export function custodyOf(vault: Vault): readonly Custody[] {
  const accounts = new Map(
    evidenceActs(vault).map(({ entry, evidence, objects }) => {
      const { takenAt: at, by, holding } = evidence;
      const reason = holding.kind === "referenced" ? "left where it lay, by reference" : "";
      const steps = [{ entry: entry.index, what: "taken in", at, by, reason }];
      return [entry.index, { evidence, taken: entry.index, objects, holds: [], steps }];
    }),
  );
  for (const entry of vault.entries()) follow(vault, entry, accounts);
  return [...accounts.values()];
}

/** Adds one act to the evidence that it is about. */
function follow(vault: Vault, entry: JournalEntry, accounts: ReadonlyMap<number, Account>): void {
  const { index, time: at } = entry;
  switch (entry.kind) {
    case "evidence-held": {
      const { taken, by, reason } = bodyOf(vault, entry, HELD);
      accounts.get(taken)?.holds.push({ entry: index, at, by, reason });
      accounts.get(taken)?.steps.push({ entry: index, what: "held", at, by, reason });
      return;
    }
    case "evidence-released": {
      const { taken, by, reason, hold } = bodyOf(vault, entry, RELEASED);
      const account = accounts.get(taken);
      const held = account?.holds.findIndex((one) => one.entry === hold) ?? -1;
      if (held >= 0) account?.holds.splice(held, 1);
      account?.steps.push({ entry: index, what: `released from hold ${hold}`, at, by, reason });
      return;
    }
    case "evidence-exported": {
      const { taken, by, reason } = bodyOf(vault, entry, EXPORTED);
      for (const one of taken)
        accounts.get(one)?.steps.push({ entry: index, what: "exported", at, by, reason });
      return;
    }
    case "evidence-destroyed": {
      if (entry.body === null) return;
      const { taken, by, reason } = bodyOf(vault, entry, STATEMENT);
      accounts.get(taken)?.steps.push({ entry: index, what: "destroyed", at, by, reason });
      return;
    }
    case "vault-created":
    case "evidence-sealed":
    case "evidence-referenced":
    case "log-opened":
    case "log-closed":
    case "input-sealed":
    case "run":
    case "run-replayed":
    case "incident-event":
    case "finding-taken":
    case "finding-answered":
    case "finding-reopened":
    case "containment-recorded":
    case "canary-set":
    case "escalation-sent":
    case "escalation-failed":
    case "dossier-written":
      return;
  }
}

/** Holds for a Fault, which carries no names: number and day. */
export function holdNumbers(holds: readonly Hold[]): string {
  return holds.map(({ entry, at }) => `hold ${entry} since ${formatTicks(at, 0)}`).join(", ");
}
