/**
 * The year of a time that has none. It is the latest that puts the message before the file was complete: so a log may
 * reach back a year, and not longer. Refuses to take today for that: without a date beside the log it stays undated.
 */
import { millisFromTicks } from "../../../base/time.ts";
import type { Setting } from "../../../model/evidence.ts";
import type { YearlessTime } from "./message.ts";

const DAY = 86_400_000;
/** Leap days come back after eight years at the most. */
const YEARS_BACK_MAX = 8;
/** A day in a name: `messages-20210815`, `2021/08/15/fw.log`. */
const NAMED_DAY = /(?<!\d)(20\d\d)[-_/]?(0[1-9]|1[0-2])[-_/]?(0[1-9]|[12]\d|3[01])(?!\d)/g;

/** After which moment no message of the file can lie, and how that is known; null where nothing tells. */
export interface Completion {
  readonly millis: number;
  readonly why: string;
}

/** When the file was complete: the earlier of a day in its name and of what is known of the file itself. */
export function completionOf(setting: Setting): Completion | null {
  const { file, member } = setting.place;
  const days = [...(member === "" ? file : member).matchAll(NAMED_DAY)].map(
    ([, year = "", month = "", day = ""]) =>
      Date.UTC(Number(year), Number(month) - 1, Number(day)) + DAY,
  );
  const known: Completion[] = [];
  const named = days.at(-1);
  if (named !== undefined) known.push({ millis: named, why: "by the day in the file's name" });
  if (setting.completeAt !== undefined && setting.completeAt !== null) {
    const why = "by the file's last change, or when it was received";
    known.push({ millis: millisFromTicks(setting.completeAt), why });
  }
  return known.toSorted((left, right) => left.millis - right.millis)[0] ?? null;
}

/** The time with its year as ISO 8601 without a zone; "" where no year can be told. */
export function withYear(time: YearlessTime, completion: Completion | null): string {
  if (time.year !== "") return isoOf(time, Number(time.year));
  if (completion === null) return "";
  // A day's grace: zones, and clocks that run ahead.
  const latest = completion.millis + DAY;
  const last = new Date(latest).getUTCFullYear();
  for (let year = last; year > last - YEARS_BACK_MAX; year--) {
    const at = Date.UTC(year, time.month - 1, time.day);
    if (at <= latest && new Date(at).getUTCDate() === time.day) return isoOf(time, year);
  }
  return "";
}

function isoOf({ month, day, clock }: YearlessTime, year: number): string {
  const two = (part: number) => String(part).padStart(2, "0");
  return `${String(year).padStart(4, "0")}-${two(month)}-${two(day)}T${clock}`;
}
