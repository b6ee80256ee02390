/** What an answer did not look at, in its own words: outside the window that was asked for, destroyed, or matched too often to be kept. */
import { formatTicks, toTicks } from "../base/time.ts";
import { count } from "../engines/wording/index.ts";
import type { Answer, Dossier } from "../model/dossier.ts";
import { startLimits } from "../questions/answered/index.ts";
import type { Analysis } from "./analysis.ts";
import type { Run } from "./inputs.ts";

/** The window of a run; null: over all time. */
export function windowOf({ from, to }: Pick<Run, "from" | "to">): Dossier["window"] {
  if (from === null && to === null) return null;
  const real = (ticks: bigint | null) => (ticks === null ? null : toTicks(ticks));
  return { from: real(from), to: real(to) };
}

/** An answer that looked only at a part of the time says so first: its "no" is worth no more than that part. */
export function within(window: Dossier["window"], answer: Answer): Answer {
  if (window === null) return answer;
  const from = window.from === null ? "" : ` from ${formatTicks(window.from, 0)}`;
  const to = window.to === null ? "" : ` until ${formatTicks(window.to, 0)}`;
  const unknown = [
    `Anything that the rules would have found outside the window${from}${to}: it was asked for with --from or --to. The same investigation without them would tell.`,
    ...answer.unknown,
  ];
  return { ...answer, headline: `Looked at only${from}${to}. ${answer.headline}`, unknown };
}

/** What was destroyed could have said more: an answer names it among what is not known. */
export function without(gone: readonly string[], answer: Answer): Answer {
  return gone.length === 0 ? answer : { ...answer, unknown: [...answer.unknown, ...gone] };
}

/** A rule that matches on every line of a log is kept as far as a person can use it; its findings count what is kept. */
export function uncountedUnknown({
  detections,
  detectionsTotal,
  starts,
}: Pick<Analysis, "detections" | "detectionsTotal" | "starts">): readonly string[] {
  const more = detectionsTotal - detections.length;
  if (more === 0) return startLimits(starts);
  return [
    ...startLimits(starts),
    `What ${count(more, "further match", "further matches")} of rules that match very often would add: they are counted and not listed, and the findings of these rules count only what is listed. Among the places that could not be read stands which rules these are, and where.`,
  ];
}
