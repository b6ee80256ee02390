/** One duty held against what people stated: which acts count, in which order, and when the limit ends. */
import { TICKS_PER_HOUR, toTicks, type Ticks } from "../../base/time.ts";
import type { IncidentEvent, IncidentEventKind, Law, LawDuty } from "../../model/duty.ts";

/** One duty and all that bears on it. */
export interface Matter {
  readonly law: Law;
  readonly duty: LawDuty;
  readonly incident: readonly IncidentEvent[];
  readonly asOf: Ticks;
}

/** The acts of one kind that count under the matter's law, the earliest stated first. */
export function actsOf(matter: Matter, kind: IncidentEventKind | null): IncidentEvent[] {
  const { law, incident, asOf } = matter;
  return incident
    .filter((act) => act.kind === kind && act.at <= asOf && concerns(act, law))
    .toSorted((a, b) => compare(a.at, b.at) || compare(a.recordedAt, b.recordedAt));
}

/** Awareness is a fact about the organisation; only what is done towards a regulator is done under one law. */
export function concerns(act: IncidentEvent, law: Law): boolean {
  const underOneLaw = act.kind === "notified" || act.kind === "subjects-told";
  return !underOneLaw || act.law === null || act.law === law.id;
}

/** The last moment that is in time, or null where the duty has no limit (or time itself ends). */
export function dueAt(duty: LawDuty, start: Ticks): Ticks | null {
  return duty.hours === null ? null : toTicks(start + BigInt(duty.hours) * TICKS_PER_HOUR);
}

function compare(left: Ticks, right: Ticks): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
