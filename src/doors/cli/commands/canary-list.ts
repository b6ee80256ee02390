/** `breakwater canary list`: where each canary came back and how long after it was set, or that it did not. */
import { TICKS_PER_SECOND, type Ticks, formatTicks, toTicks } from "../../../base/time.ts";
import {
  type CanaryAccount,
  type NobodysMark,
  accountCanaries,
  withVault,
} from "../../../casework/index.ts";
import type { CanarySight } from "../../../model/canary.ts";
import { type Command, FORMAT_JSON, KEYS, VAULT } from "../command.ts";
import { formatOf, vaultFolder, vaultSettings } from "../settings.ts";
import { plain } from "../terminal.ts";

export const command: Command = {
  summary:
    "Lists the canaries of a vault as the last run saw them: where and when each was seen, how long after it was set, or not at all.",
  usage: "canary list --vault DIR [--format json]",
  options: [VAULT, ...KEYS, FORMAT_JSON],
  example: "breakwater canary list --vault ./case",
  async run(given, surroundings) {
    const format = formatOf(given, ["text", "json"]);
    const { out, pace } = surroundings;
    const { canaries, nobodys } = await withVault(
      vaultFolder(given),
      vaultSettings(given, surroundings),
      "open",
      (vault) => accountCanaries(vault, pace),
    );
    if (format === "json") await out.json([...canaries.map(jsonOf), ...nobodys.map(nobodysJson)]);
    else
      for (const line of [...canaries.flatMap(linesOf), ...nobodysLines(nobodys)])
        await out.line(line);
    const seen = canaries.filter(({ state }) => state === "seen").length;
    const missing = canaries.filter(({ state }) => state === "missing").length;
    out.say(
      `canaries: ${canaries.length}; seen: ${seen}, not seen: ${missing}, marks of nobody: ${nobodys.length}`,
    );
    return 0;
  },
};

/** Marks of nobody that are listed as text. */
const NOBODYS_MAX = 20;

/** How each state is told. */
const STATE_WORDS: Readonly<Record<CanaryAccount["state"], string>> = {
  seen: "seen",
  waiting: "not seen yet",
  missing: "not seen",
  unjudged: "not judged",
  "not-looked-for": "not looked for",
};

function linesOf({ canary, state, why }: CanaryAccount): readonly string[] {
  const { mark, setAt, by, where, due, seen } = canary;
  return [
    `${mark}  ${STATE_WORDS[state]}${why === "" ? "" : `: ${plain(why)}`}`,
    `    set ${formatTicks(setAt, 3)} by ${plain(by)}${where === "" ? "" : ` for ${plain(where)}`}, due ${formatTicks(due, 3)}`,
    ...seen.map((sight) => `    ${sightWords(sight)}${delayWords(sight, setAt)}`),
  ];
}

/** The first of them: whoever writes to a log can fill it with marks. */
function nobodysLines(nobodys: readonly NobodysMark[]): readonly string[] {
  const lines = nobodys
    .slice(0, NOBODYS_MAX)
    .flatMap(({ mark, sight }) => [
      `${mark}  of nobody: it was not set in this vault`,
      `    ${sightWords(sight)}`,
    ]);
  const more = nobodys.length - NOBODYS_MAX;
  return more > 0 ? [...lines, `and ${more} more of nobody: --format json lists them`] : lines;
}

function sightWords({ host, channel, ticks, digits, at }: CanarySight): string {
  const source = [host === "" ? "an unnamed host" : host, channel].filter((word) => word !== "");
  const when = timeOf(ticks, digits) ?? "without a time";
  return `seen ${when} in ${plain(source.join(" "))} (${plain(at.file)}, ${plain(at.record)})`;
}

function delayWords({ ticks, digits }: CanarySight, setAt: Ticks): string {
  const seconds = secondsAfter(ticks, setAt);
  if (seconds === null) return "";
  // A source that writes whole seconds is no wrong clock.
  if (seconds < 0 && !(digits === 0 && seconds > -1))
    return `, ${-seconds} s before it was set: a clock is wrong`;
  return `, ${Math.max(0, seconds)} s after it was set`;
}

function jsonOf({ canary, state, why }: CanaryAccount): unknown {
  const { mark, setAt, by, where, due, seen } = canary;
  return {
    mark,
    state,
    why: why === "" ? null : why,
    set_at: formatTicks(setAt, 3),
    by,
    where: where === "" ? null : where,
    due: formatTicks(due, 3),
    seen: seen.map((sight) => sightJson(sight, setAt)),
  };
}

function nobodysJson({ mark, sight }: NobodysMark): unknown {
  const unset = { set_at: null, by: null, where: null, due: null };
  return { mark, state: "nobodys", why: null, ...unset, seen: [sightJson(sight, null)] };
}

function sightJson({ host, channel, ticks, digits, at }: CanarySight, setAt: Ticks | null) {
  return {
    time: timeOf(ticks, digits),
    seconds: setAt === null ? null : secondsAfter(ticks, setAt),
    host,
    channel,
    evidence: at.evidence,
    file: at.file,
    record: at.record,
    offset: at.offset,
  };
}

function timeOf(ticks: bigint, digits: number): string | null {
  const real = toTicks(ticks);
  return real === null ? null : formatTicks(real, digits);
}

/** To the millisecond; null where the record has no time. */
function secondsAfter(ticks: bigint, setAt: Ticks): number | null {
  if (toTicks(ticks) === null) return null;
  const millis = (ticks - setAt) / (TICKS_PER_SECOND / 1000n);
  return Number(millis) / 1000;
}
