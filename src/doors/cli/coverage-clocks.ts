/** Clocks of sources as lines and as JSON: estimates beside what the case file states, and clocks that were set. */
import type { ClockChange, Coverage, SkewEstimate, SourceName } from "../../model/coverage.ts";
import { plain } from "./terminal.ts";
import { timeWords } from "./times.ts";

/** A machine that sleeps sets its clock at every waking: of one host so many are lines, all of them JSON. */
const CHANGES_OF_HOST_MAX = 5;

/** One line for each estimate, for the sources that have none, and for each clock that was set. */
export function clockLines({ skews, clockChanges }: Coverage): readonly string[] {
  return [
    ...skews.flatMap(({ host, estimates, unjoined }) => [
      ...estimates.flatMap((estimate) => estimateLines(host, estimate)),
      ...(unjoined === 0
        ? []
        : [
            `clock: ${plain(host) || "(no host named)"}: not estimated for ${unjoined} ${unjoined === 1 ? "source" : "sources"}: nothing in them stands in another one of this host`,
          ]),
    ]),
    ...[...Map.groupBy(clockChanges, ({ host }) => host)].flatMap(changeLines),
  ];
}

function changeLines([host, changes]: readonly [string, readonly ClockChange[]]): string[] {
  const more = changes.length - CHANGES_OF_HOST_MAX;
  const shown = changes.toSorted(byJump).slice(0, CHANGES_OF_HOST_MAX);
  return [
    ...shown.map(
      ({ ticks, from, to, by }) =>
        `clock set: ${plain(host)} at ${timeWords(ticks)}, from ${timeWords(from, 3)} to ${timeWords(to, 3)}${by === "" ? "" : ` by ${plain(by)}`}`,
    ),
    ...(more > 0 ? [`clock set: ${plain(host)}: ${more} more; --format json lists them`] : []),
  ];
}

/** Backwards before forwards, since a sleeping machine only loses time; then the larger jump first. */
function byJump(a: ClockChange, b: ClockChange): number {
  const [one, other] = [a.to - a.from, b.to - b.from];
  if (one < 0n !== other < 0n) return one < 0n ? -1 : 1;
  const [large, small] = one < 0n ? [other, one] : [one, other];
  return large > small ? -1 : large < small ? 1 : 0;
}

function estimateLines(host: string, estimate: SkewEstimate): readonly string[] {
  const { ahead, against, aheadMillis, spreadMillis, joins, statedMillis, line } = estimate;
  const other = against === null ? "the last change of its files" : plain(nameOf(against));
  const stated = statedMillis === 0 ? "" : `; ${statedMillis} ms are stated and taken off already`;
  return [
    `clock: ${plain(host) || "(no host named)"}: ${plain(nameOf(ahead))} is ${Math.round(aheadMillis)} ms ahead of ${other} (${joins} joined, half within ${Math.round(spreadMillis)} ms)${stated}`,
    ...(line === null
      ? []
      : [`    to correct it, below sources: of the case file: ${plain(line)}`]),
  ];
}

/** The same for machines. */
export function clocksJson({ skews, clockChanges }: Coverage) {
  return {
    skews: skews.map(({ host, estimates, unjoined }) => ({
      host,
      unjoined,
      estimates: estimates.map((estimate) => ({
        ahead: estimate.ahead,
        against: estimate.against,
        ahead_ms: estimate.aheadMillis,
        spread_ms: estimate.spreadMillis,
        joins: estimate.joins,
        stated_ms: estimate.statedMillis,
        stated_against_ms: estimate.statedAgainstMillis,
        line: estimate.line,
      })),
    })),
    clock_changes: clockChanges.map(({ host, ticks, digits, from, to, by }) => ({
      host,
      time: timeWords(ticks, digits),
      from: timeWords(from, 7),
      to: timeWords(to, 7),
      by,
    })),
  };
}

function nameOf({ format, channel }: SourceName): string {
  return `${format} ${channel}`.trim();
}
