/** The sentences about evidence that dies: what is missing, when it is deleted, what that rests on. Refuses to name an hour without its basis. */
import { parseTime, readableSpan, readableTime, TICKS_PER_DAY, toTicks } from "../../base/time.ts";
import type { Rotation } from "../../model/coverage.ts";
import type { DyingSource, MissingStretch } from "../../model/dying.ts";
import { count } from "../../engines/wording/index.ts";
import type { ExpectedEntry } from "./coverage-expected.ts";
import type { Lifetime } from "./lifetimes.ts";

/** What is to be told of one kind of evidence. */
export interface Telling
  extends Pick<DyingSource, "state" | "missing" | "keeps" | "basis" | "begins" | "gone"> {
  readonly entry: ExpectedEntry;
  readonly lifetime: Lifetime;
  readonly measured: Rotation | null;
  readonly here: boolean;
  /** Its sources have too few records to tell whether any are missing between them. */
  readonly untold: boolean;
}

/** One to four sentences. */
export function tellDying(telling: Telling): string {
  const { state, entry } = telling;
  switch (state) {
    case "held":
      return heldWords(telling);
    case "never":
      return `${entry.where} ${entry.reach}`;
    case "open":
      return `${absence(telling)} ${openWords(telling)}`;
    case "going":
    case "waiting":
    case "gone":
      return [absence(telling), deadline(telling), rest(telling), ...variants(telling)].join(" ");
  }
}

function heldWords({ lifetime, untold }: Telling): string {
  switch (lifetime.keeps.kind) {
    case "state":
      return "Here, as it was when it was taken.";
    case "file":
      return "Here, as far as it had been written when it was taken.";
    case "days":
    case "size":
    case "disk":
    case "never":
      return untold
        ? "Records before and after the window, or near it, are here: too few to tell whether any between them are missing."
        : "All of the window is here.";
  }
}

function absence({ here, missing }: Telling): string {
  if (!here) return "Not here.";
  const [first] = missing;
  const more = missing.length - 1;
  const others = more > 0 ? ` and ${count(more, "further stretch", "further stretches")}` : "";
  return first === undefined ? "" : `Here, but not ${stretch(first)}${others}.`;
}

function stretch({ from, to }: MissingStretch): string {
  const [first, last] = [day(from), day(to)];
  return first === last ? `of ${first}` : `from ${first} to ${last}`;
}

function deadline({ state, missing, begins, gone }: Telling): string {
  const [first, last] = [missing[0], missing.at(-1)];
  if (first === undefined || last === undefined || begins === null || gone === null) return "";
  const [one, other] = [day(first.from), day(last.to)];
  const records = `Records of ${one === other ? one : `${one} to ${other}`}`;
  if (state === "gone")
    return `${records} are past their time since ${hour(gone)}: look whether they were kept longer.`;
  if (state === "going")
    return `Records of ${one} are past their time since ${hour(begins)}; the last of them, of ${other}, are deleted by ${hour(gone)}: collect now.`;
  return one === other
    ? `${records} are deleted on ${hour(begins)} at the latest: collect now.`
    : `${records} are deleted from ${hour(begins)} on, the last by ${hour(gone)}: collect now.`;
}

/** What the hour rests on. */
function rest({ basis, keeps, measured, lifetime, missing }: Telling): string {
  if (keeps === null) return "";
  if (measured !== null)
    return measured.kind === "overwritten"
      ? `At its present rate it holds ${readableSpan(keeps)}: ${measured.why}.`
      : `It has overwritten nothing yet; at its present rate it is full after ${readableSpan(keeps)}, if its limit is the usual one.`;
  const said = lifetime.confidence === "documented" ? "documented" : "responders' practice";
  return basis === "stated"
    ? `It keeps ${readableSpan(keeps)}${earlierWords(lifetime, missing)} unless somebody set it otherwise (${said}).`
    : "";
}

/** Other lengths for what was made under earlier settings, where some of what is missing was. */
function earlierWords({ keeps }: Lifetime, [first]: readonly MissingStretch[]): string {
  if (keeps.kind !== "days" || first === undefined) return "";
  const earlier = keeps.earlier.flatMap(({ before, days }) => {
    const end = parseTime(before)?.ticks ?? 0n;
    return first.from < end ? [`${count(days, "day")} what was made before ${day(end)}`] : [];
  });
  return earlier.map((words) => `, ${words},`).join("");
}

function openWords({ lifetime, entry }: Telling): string {
  switch (lifetime.keeps.kind) {
    case "disk":
    case "file":
      return "Nothing deletes it by itself: it waits until somebody makes room. Collect it before.";
    case "state":
      return `It changes with the next use, so it is worth less every hour. ${entry.reach}`;
    case "size":
    case "days":
    case "never":
      return `How fast it is overwritten is not known here. ${entry.reach} Collect it now.`;
  }
}

/** The same under other settings: their hours, where they differ. */
function variants({ lifetime, missing }: Telling): string[] {
  const first = missing[0];
  if (first === undefined) return [];
  return lifetime.variants.map(
    ({ days, when }) =>
      `${capital(when)} it keeps ${count(days, "day")}: until ${hour(first.from + BigInt(days) * TICKS_PER_DAY)}.`,
  );
}

function day(ticks: bigint): string {
  return hour(ticks).split(",")[0] ?? "";
}

function hour(ticks: bigint): string {
  const time = toTicks(ticks);
  return time === null ? "an unknown day" : readableTime(time);
}

function capital(words: string): string {
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}
