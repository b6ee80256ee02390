/** Clocks of sources as lines and as JSON: estimates beside what the case file states, and clocks that were set. */
import { formatTicks, toTicks } from "../../base/time.ts";
import type { Coverage, SkewEstimate, SourceName } from "../../model/coverage.ts";
import { plain } from "./terminal.ts";

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
    ...clockChanges.map(
      ({ host, ticks, from, to, by }) =>
        `clock set: ${plain(host)} at ${time(ticks)}, from ${time(from, 3)} to ${time(to, 3)}${by === "" ? "" : ` by ${plain(by)}`}`,
    ),
  ];
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
      time: time(ticks, digits),
      from: time(from, 7),
      to: time(to, 7),
      by,
    })),
  };
}

function nameOf({ format, channel }: SourceName): string {
  return `${format} ${channel}`.trim();
}

function time(ticks: bigint, digits = 0): string {
  const real = toTicks(ticks);
  return real === null ? "undated" : formatTicks(real, digits);
}
