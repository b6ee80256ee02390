/**
 * Legal holds: several at once, each by a named person with a reason, ended one by one. Refuses to end a hold that
 * another person made unless it is named. Specified in docs/design/custody.md.
 */
import { known } from "../../base/assert.ts";
import { fromHex } from "../../base/bytes.ts";
import { Fault } from "../../base/fault.ts";
import type { z } from "zod";
import type { JournalEntry } from "../../model/act.ts";
import type { Vault } from "../vault/index.ts";
import { formatTicks } from "../../base/time.ts";
import { type Custody, HELD, type Hold, RELEASED, custodyOf, holdNumbers } from "./account.ts";
import { oneEvidence } from "./selection.ts";

/** What a person does with one evidence: which, by whom, and why. */
export interface CustodyRequest {
  /** Hash, its beginning, or the name under which it was handed in. */
  readonly word: string;
  readonly by: string;
  readonly reason: string;
}

/** Holds an evidence. Faults: not-found, also where it was destroyed; usage. */
export function holdEvidence(vault: Vault, { word, by, reason }: CustodyRequest): Hold {
  const one = oneEvidence(custodyOf(vault), word);
  refuseDestroyed(one);
  const body: z.infer<typeof HELD> = { taken: one.taken, by, reason };
  const entry = act(vault, one, { kind: "evidence-held", by, body });
  return { entry: entry.index, at: entry.time, by, reason };
}

/**
 * Ends one hold: the one of that number, or without a number the one that this same person made. Gives it and how many
 * are left. Faults: not-found; usage where a person made none or several.
 */
export function releaseEvidence(
  vault: Vault,
  { word, by, reason }: CustodyRequest,
  number: number | null,
): { readonly ended: Hold; readonly left: readonly Hold[] } {
  const one = oneEvidence(custodyOf(vault), word);
  const ended = heldBy(vault, one, by, number);
  const body: z.infer<typeof RELEASED> = { taken: one.taken, by, reason, hold: ended.entry };
  act(vault, one, { kind: "evidence-released", by, body });
  return { ended, left: one.holds.filter((hold) => hold !== ended) };
}

function heldBy(vault: Vault, { holds }: Custody, by: string, number: number | null): Hold {
  if (holds.length === 0) {
    throw new Fault("not-found", "this evidence is not held", "there is nothing to release");
  }
  const own = vault.actorId(by);
  const fitting = holds.filter((hold) =>
    number === null ? vault.actorId(hold.by) === own : hold.entry === number,
  );
  const [hold] = fitting;
  if (hold !== undefined && fitting.length === 1) return hold;
  throw new Fault(
    "usage",
    `which hold? ${holdNumbers(holds)}`,
    "add --hold NUMBER; breakwater evidence list --vault DIR tells who holds it and why",
  );
}

/** What is gone can be neither held nor handed out. Faults: not-found, saying since when. */
export function refuseDestroyed({ evidence, steps }: Custody): void {
  if (evidence.holding.kind !== "destroyed") return;
  const act = steps.findLast(({ what }) => what === "destroyed");
  throw new Fault(
    "not-found",
    `this evidence was destroyed by act ${act?.entry ?? "?"} on ${formatTicks(evidence.holding.at, 0)}`,
    `breakwater evidence certificate ${evidence.hash} --vault DIR --out DIR writes its certificate again`,
  );
}

/** The subject is the keyed hash of the evidence: the plain one of a short text could be guessed. */
function act(
  vault: Vault,
  { evidence }: Custody,
  { kind, by, body }: { kind: "evidence-held" | "evidence-released"; by: string; body: unknown },
): JournalEntry {
  const hash = known(fromHex(evidence.hash), "an evidence hash is hexadecimal");
  return vault.act({ kind, by, subject: vault.mac(hash), body, sealed: null });
}
