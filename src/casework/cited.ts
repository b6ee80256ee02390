/** Every record that a dossier leads to: gathered from its statements, so that no link leads nowhere. */
import type { Dossier } from "../model/dossier.ts";
import type { EventKey, EventReference } from "../model/event.ts";
import type { PatchReport } from "../model/patch.ts";

/** What a dossier cites records from. */
export type Citing = Pick<
  Dossier,
  | "answers"
  | "patches"
  | "findings"
  | "cause"
  | "coverage"
  | "missed"
  | "takings"
  | "aftermaths"
  | "canaries"
>;

/** The keys of all cited records, each once, answers first; at most `max`. */
export function citedKeys(citing: Citing, max: number): readonly EventKey[] {
  const keys = new Set<EventKey>();
  for (const { key } of references(citing)) {
    if (keys.size >= max) break;
    keys.add(key);
  }
  return [...keys];
}

function* references(citing: Citing): Generator<EventReference> {
  const { answers, patches, findings, cause, coverage } = citing;
  for (const { statements } of answers) for (const { at } of statements) yield* at;
  for (const { at } of patches.contradictions) yield* at;
  for (const { at } of cause.unjudged) yield* at;
  for (const { steps } of cause.ladders) for (const { at } of steps) yield* at;
  for (const { at, earlier, hiddenBy } of cause.first) {
    yield* at.at;
    for (const step of earlier) yield* step.at;
    for (const { gap } of hiddenBy) yield* [gap.before, gap.after];
  }
  yield* ofIntrusion(citing);
  for (const { at } of coverage.cleared) yield at;
  for (const { at } of coverage.clockChanges) yield at;
  for (const { estimates } of coverage.skews) for (const { at } of estimates) yield* at;
  for (const { at } of cause.timeline) yield* at;
  yield* ofPatches(patches);
  for (const { examples } of findings) yield* examples;
  for (const { gaps, firstAt, lastAt } of coverage.sources) {
    yield* [firstAt, lastAt];
    for (const gap of gaps) yield* [gap.before, gap.after];
  }
}

/** Chains, what can have left, what changed since, what was visible before the discovery, and where canaries were seen. */
function* ofIntrusion({ cause, takings, aftermaths, missed, canaries }: Citing) {
  for (const { links } of cause.chains) for (const { at } of links) yield* at;
  for (const { at } of takings) yield* at;
  for (const { checks } of aftermaths)
    for (const { changes } of checks) for (const { at } of changes) yield at;
  for (const { signals } of missed?.days ?? []) for (const { at } of signals) yield* at;
  for (const { seen } of canaries) for (const { at } of seen) yield at;
}

/** What the page shows of updates and hosts. An update that is fixed, and that nobody claims anything of, is only counted there. */
function* ofPatches({ items, hosts }: PatchReport): Generator<EventReference> {
  for (const { verdict, claims, at } of items)
    if (verdict !== "fixed" || claims.length > 0) yield* at;
  for (const { remarks } of hosts) for (const { at } of remarks) yield* at;
}
