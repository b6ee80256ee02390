/** Why a check of the aftermath stands as it does, in a sentence; and what the answer of the cause says of all of them. */
import { callSource, count, list, lowerFirst, spell } from "../../../engines/wording/index.ts";
import type { Aftermath, AftermathState, Change } from "../../../model/aftermath.ts";
import type { Statement } from "../../../model/dossier.ts";
import type { Cover, Stretch } from "./cover.ts";
import type { Check } from "./terms.ts";

/** Holes that one sentence names, and hosts that the answer speaks of. */
const [HOLES_MAX, HOSTS_MAX] = [3, 12];
/** Records that a statement leads to. */
const EXAMPLES_MAX = 5;

/** What a check came to. */
export interface Judged {
  readonly check: Check;
  readonly changes: readonly Pick<Change, "ticks" | "by">[];
  /** Records that were not kept. */
  readonly leftOut: number;
  /** Records of the kind without a time. */
  readonly undated: number;
  readonly cover: Cover;
  readonly time: Stretch;
  readonly since: bigint;
}

/** What decides in which state a check is. */
export type JudgedState = Pick<Judged, "changes" | "leftOut" | "undated" | "cover" | "since">;

/** Why it is found, clean or not looked at. */
export function whyOf(judged: Judged): string {
  const { check, changes, cover, time, since } = judged;
  const more = notCounted(judged);
  if (changes.length > 0)
    return `${count(changes.length, "change")} since ${spell(time.from)}. Whether the intruder made ${changes.length === 1 ? "it" : "them"} or an administrator, a person must say.${notSeen(cover)}${more}`;
  if (isClean(judged))
    return `What is named here shows every such change, covers all of the time from ${spell(since)} to ${spell(time.to)}, and shows none.${more}${cover.holes.length === 0 ? "" : ` The date of the first exploitation is contested, and before it nothing was looked at ${holeWords(cover)}.`}`;
  return `${unseen(cover)}${more} ${check.advice}`;
}

/** Records of the kind that no state rests on. */
function notCounted({ leftOut, undated }: Judged): string {
  const kept =
    leftOut === 0
      ? ""
      : ` ${count(leftOut, "further record")} of the kind ${leftOut === 1 ? "was" : "were"} not kept: a log has more of them than can be.`;
  return undated === 0
    ? kept
    : `${kept} ${count(undated, "record of the kind has", "records of the kind have")} no time, and may be of any day.`;
}

/** Whether all of the time since the first exploitation was looked at, and no record of the kind is left that may be of it. */
export function isClean({
  changes,
  leftOut,
  undated,
  cover: { isWitnessed, holes },
  since,
}: JudgedState): boolean {
  const isWhole = leftOut === 0 && undated === 0;
  return changes.length === 0 && isWhole && isWitnessed && holes.every(({ to }) => to <= since);
}

/** What a find leaves open. */
function notSeen(cover: Cover): string {
  if (!cover.isWitnessed) return " There may be more: no source here shows all of them.";
  return cover.holes.length === 0 ? "" : ` There may be more: not looked at ${holeWords(cover)}.`;
}

function unseen(cover: Cover): string {
  if (cover.over.length === 0) return "No evidence here would show it.";
  if (!cover.isWitnessed)
    return "What is here shows none, and would show only a part of such changes, if any.";
  return cover.holes.length === 0
    ? "What is here shows none."
    : `What is here shows none, and nothing was looked at ${holeWords(cover)}.`;
}

function holeWords({ holes }: Cover): string {
  const named = holes
    .slice(0, HOLES_MAX)
    .map(({ from, to, why }) => `from ${spell(from)} to ${spell(to)} (${why})`);
  const more =
    holes.length > HOLES_MAX
      ? [count(holes.length - HOLES_MAX, "further stretch", "further stretches")]
      : [];
  return list([...named, ...more]);
}

/** One statement for each host: what was found and what is clean. None without a host that was broken into. */
export function tellAftermaths(aftermaths: readonly Aftermath[]): Statement[] {
  return aftermaths.slice(0, HOSTS_MAX).flatMap(({ host, since, checks }) => {
    const of = (state: AftermathState) => checks.filter((check) => check.state === state);
    const [found, clean, open] = [of("found"), of("clean"), of("not-looked-at")];
    if (checks.length === 0) return [];
    const parts = [
      ...(found.length === 0 ? [] : [`Changes that a person must judge: ${namesOf(found)}`]),
      ...(clean.length === 0 ? [] : [`Clean: ${namesOf(clean)}`]),
      ...(open.length === 0 ? [] : [`Not looked at: ${count(open.length, "thing")}`]),
    ];
    return [
      {
        text: `How far, and still in? Of what an intruder does after the way in, on ${callHost(host)} since ${spell(since)}. ${parts.join(". ")}.`,
        basis: "derived" as const,
        at: found
          .flatMap(({ changes }) => changes.slice(0, 1).map(({ at }) => at))
          .slice(0, EXAMPLES_MAX),
      },
    ];
  });
}

/** What nobody looked at, one sentence for each host. */
export function unknownAftermaths(aftermaths: readonly Aftermath[]): readonly string[] {
  return aftermaths.slice(0, HOSTS_MAX).flatMap(({ host, checks }) => {
    const open = checks.filter(({ state }) => state === "not-looked-at");
    return open.length === 0
      ? []
      : [
          `What else was changed on ${callHost(host)} or from it, because no evidence here covers it: ${namesOf(open)}. The aftermath says of each which evidence would tell.`,
        ];
  });
}

function namesOf(checks: readonly { readonly what: string }[]): string {
  return checks.map(({ what }) => lowerFirst(what)).join("; ");
}

function callHost(host: string): string {
  return callSource({ host, channel: "" });
}
