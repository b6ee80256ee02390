/** The calendar of missed signals as the machine's dossier writes it: days as `2021-08-13`, all of them. */
import { formatDay } from "../../base/day.ts";
import type { MissedSignals } from "../../model/missed-signals.ts";

/** The calendar with its days as texts; times are left for the caller to write. */
export function datedMissed(missed: MissedSignals | null): object | null {
  if (missed === null) return null;
  const { from, discovered, until, days } = missed;
  return {
    from: formatDay(from),
    discovered: discovered === null ? null : formatDay(discovered),
    until: formatDay(until),
    days: days.map(({ day, signals }) => ({ day: formatDay(day), signals })),
  };
}
