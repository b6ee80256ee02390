/** Which laws apply to a case: those that its file names; without one, those of every known home jurisdiction. */
import { Fault } from "../base/fault.ts";
import type { Law } from "../model/duty.ts";

/** The laws named by id, in that order. None named: all known, so that no clock is missed in silence. */
export function lawsFor(laws: readonly Law[], ids: readonly string[]): readonly Law[] {
  if (ids.length === 0) return laws;
  return ids.map((id) => {
    const law = laws.find((known) => known.id === id);
    if (law !== undefined) return law;
    throw new Fault(
      "usage",
      `there is no law ${id} here`,
      `known: ${laws.map((known) => known.id).join(", ")}`,
    );
  });
}
