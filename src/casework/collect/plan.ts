/**
 * What to collect: for a role all that a responder expects of it, for a vault exactly what its coverage misses, what dies first
 * first. Refuses to list what nobody can have.
 */
import { Fault } from "../../base/fault.ts";
import { byCodeUnits } from "../../base/text.ts";
import type { DyingEvidence, DyingSource } from "../../model/dying.ts";
import type { Knowledge } from "../knowledge.ts";
import type { Step } from "./collection.ts";

/** Roles that a person can name. */
export const COLLECT_ROLES = ["exchange", "domain-controller", "workstation", "m365"] as const;
export type CollectRole = (typeof COLLECT_ROLES)[number];

/** One kind of evidence to collect from one host. */
export interface PlannedItem {
  readonly evidence: string;
  readonly what: string;
  /** Null: from whichever machine the script runs on. */
  readonly host: string | null;
  readonly decides: string;
  /** How long it waits, in sentences. */
  readonly waits: string;
  readonly steps: readonly Step[];
}

/** A list of items in the order in which they are to be collected, and what it is a list of. */
export interface CollectionPlan {
  readonly title: string;
  readonly items: readonly PlannedItem[];
}

/** Everything that is expected of a role, what would decide most first. */
export function planForRole(role: CollectRole, knowledge: Knowledge): CollectionPlan {
  const entries = knowledge.expected.entries.filter(
    ({ roles }) => roles.includes(role) || (roles.includes("any") && role !== "m365"),
  );
  const ranked = entries
    .map((entry) => ({ entry, rank: rankOf(knowledge, entry.id) }))
    .sort((a, b) => a.rank - b.rank || byCodeUnits(a.entry.id, b.entry.id));
  const items = ranked.flatMap(({ entry }) =>
    itemOf(knowledge, { evidence: entry.id, host: null, waits: entry.reach }),
  );
  return { title: `everything that is expected of the role ${role}`, items };
}

/** Exactly what a vault's coverage misses in its window; what is deleted first comes first. */
export function planForMissing(dying: DyingEvidence, knowledge: Knowledge): CollectionPlan {
  const missing = dying.sources.filter(({ state }) => state !== "held" && state !== "never");
  const items = missing
    .toSorted(byDeadline)
    .flatMap(({ evidence, host, why }) =>
      itemOf(knowledge, { evidence, host: host === "" ? null : host, waits: why }),
    );
  return { title: "what the evidence of this case misses", items };
}

/** The role of a word as typed. Faults: usage, naming the roles. */
export function collectRole(word: string): CollectRole {
  const role = COLLECT_ROLES.find((name) => name === word);
  if (role !== undefined) return role;
  throw new Fault("usage", `${word} is no role`, `one of: ${COLLECT_ROLES.join(", ")}`);
}

function itemOf(
  { expected, collection, lifetimes }: Knowledge,
  { evidence, host, waits }: Pick<PlannedItem, "evidence" | "host" | "waits">,
): PlannedItem[] {
  const entry = expected.entries.find(({ id }) => id === evidence);
  const steps = collection.get(evidence);
  if (entry === undefined || steps === undefined) return [];
  const decides = lifetimes.get(evidence)?.decides ?? entry.why;
  return [{ evidence, what: entry.what, host, decides, waits, steps }];
}

function rankOf({ lifetimes }: Knowledge, evidence: string): number {
  return lifetimes.get(evidence)?.rank ?? Number.MAX_SAFE_INTEGER;
}

/** What is gone by its usual lifetime may still be there, and comes last; what has no hour comes before it. */
function byDeadline(a: DyingSource, b: DyingSource): number {
  return (
    Number(a.state === "gone") - Number(b.state === "gone") ||
    byHour(a.begins, b.begins) ||
    a.rank - b.rank ||
    byCodeUnits(a.host, b.host)
  );
}

function byHour(a: bigint | null, b: bigint | null): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  return a < b ? -1 : a > b ? 1 : 0;
}
