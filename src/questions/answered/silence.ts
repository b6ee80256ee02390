/**
 * What fell silent: sources that stop before the others of their host, or pause against their own rhythm, and logs that somebody
 * emptied. Everything rests on the gaps and rhythms of coverage. Refuses to take the end of a collection for a silence, and a source
 * whose rhythm nobody can tell for one that stopped.
 */
import { byCodeUnits } from "../../base/text.ts";
import { isPlausible, readableSpan } from "../../base/time.ts";
import { callSource, count, nameHosts, spell } from "../../engines/wording/index.ts";
import type { CaseHost } from "../../model/case-file.ts";
import type { Coverage, LogCleared, SourceCoverage } from "../../model/coverage.ts";
import type { Level } from "../../model/detection.ts";
import type { EventReference } from "../../model/event.ts";
import { NOT_OF_A_HOST, STATE_FORMATS } from "../../model/evidence.ts";
import type { Finding } from "../../model/finding.ts";
import { byTicks, graver, sensorFinding } from "./protection-finding.ts";
import type { ProtectionTerms } from "./protection-terms.ts";

/** What telling silences takes besides coverage. */
export interface SilenceTerms {
  readonly terms: Pick<ProtectionTerms, "sources" | "others" | "cleared">;
  /** Those of the case file. */
  readonly hosts: readonly CaseHost[];
  /** As-of time of the run: until then something should have come from a log that is being followed. */
  readonly asOf: bigint;
  /** Whether the file of a record is a log that is being followed while it grows. */
  readonly isFollowed: (reference: EventReference) => boolean;
}

/** One stretch without a word. */
interface Silence {
  readonly from: bigint;
  readonly to: bigint;
  readonly why: string;
  readonly at: readonly EventReference[];
}

/** One finding for each source that fell silent, and one for each log that was emptied. Order decides nothing. */
export function silenceFindings(coverage: Coverage, given: SilenceTerms): readonly Finding[] {
  const { sources, cleared } = coverage;
  const names = [...sources, ...cleared].map(({ host }) => host);
  const nameOf = nameHosts(given.hosts, names);
  const logs = sources.filter(({ format }) => !STATE_FORMATS.has(format));
  const byHost = Map.groupBy(logs, ({ host }) => nameOf(host));
  const silent = [...byHost].flatMap(([host, own]) =>
    [...Map.groupBy(own, sourceKey).values()].flatMap((same) =>
      findingOfSource(host, same, own, given),
    ),
  );
  const emptied = Map.groupBy(cleared, ({ host, log }) => JSON.stringify([nameOf(host), log]));
  return [
    ...silent,
    ...[...emptied.values()].map((same) => findingOfCleared(same, nameOf, given)),
  ].sort((a, b) => byCodeUnits(a.id, b.id));
}

function sourceKey({ format, channel }: SourceCoverage): string {
  return `${format}\n${channel.toLowerCase()}`;
}

function findingOfSource(
  host: string,
  same: readonly SourceCoverage[],
  own: readonly SourceCoverage[],
  given: SilenceTerms,
): Finding[] {
  const [source] = same.toSorted((a, b) => byCodeUnits(a.host, b.host));
  if (source === undefined) return [];
  const others = own.filter((other) => sourceKey(other) !== sourceKey(source));
  const silences = [...same.flatMap(pausesOf), ...stopOf(same, others, given)].sort(
    (a, b) => byTicks(a.from, b.from) || byTicks(a.to, b.to),
  );
  const [first] = silences;
  if (first === undefined) return [];
  const { called, level } = calledIn(source, given.terms);
  const to = silences.reduce((end, silence) => (silence.to > end ? silence.to : end), first.to);
  const stretches = silences.map(
    ({ from, to: end, why }) => `from ${spell(from)} to ${spell(end)}: ${why}`,
  );
  return [
    sensorFinding({
      kind: "silence",
      rule: "silence/stopped",
      title: `${called === "" ? callLog(source.channel) : `${called.slice(0, 1).toUpperCase()}${called.slice(1)}`} fell silent`,
      level,
      host,
      thing: sourceKey(source),
      marks: silences.map(({ from }) => String(from)),
      firstSeen: first.from,
      lastSeen: to,
      counts: { silences: silences.length },
      examples: silences.flatMap(({ at }) => at),
      why: `${callSource({ host, channel: source.channel })} says nothing ${stretches.slice(0, 3).join("; and ")}${stretches.length > 3 ? `; and ${count(stretches.length - 3, "further time")}` : ""}`,
    }),
  ];
}

/** What the gaps of coverage say. A log that begins late or was emptied is told elsewhere. */
function pausesOf({ gaps }: SourceCoverage): Silence[] {
  return gaps
    .filter(({ kind }) => kind === "quiet")
    .map(({ from, to, why, before, after }) => ({ from, to, why, at: [before, after] }));
}

/** The silence at the end: most other logs of the host went on for longer than this one is ever quiet. */
function stopOf(
  same: readonly SourceCoverage[],
  others: readonly SourceCoverage[],
  { asOf, isFollowed }: SilenceTerms,
): Silence[] {
  // One log under two names of its host: the last word of either, and the longest that either is ever quiet.
  const { last, lastAt, format } = same.reduce((a, b) => (compareEnds(b, a) < 0 ? b : a));
  const rhythms = same.flatMap((each) => each.rhythm ?? []);
  const rhythm = rhythms.reduce<bigint | null>(
    (longest, each) => (longest === null || each > longest ? each : longest),
    null,
  );
  if (rhythm === null || !isPlausible(last)) return [];
  if (isFollowed(lastAt))
    return asOf - last > rhythm
      ? [
          {
            from: last,
            to: asOf,
            why: `the log is being followed, and nothing has come for ${readableSpan(asOf - last)}; its longest usual quiet is ${readableSpan(rhythm)}`,
            at: [lastAt],
          },
        ]
      : [];
  if (NOT_OF_A_HOST.has(format)) return [];
  const speaking = others.filter(
    (other) => other.rhythm !== null && isPlausible(other.last) && !NOT_OF_A_HOST.has(other.format),
  );
  const later = speaking.filter((other) => other.last - last > rhythm).sort(compareEnds);
  const [latest] = later;
  // Where only a few logs go on, it is they that were copied later.
  if (latest === undefined || later.length * 2 <= speaking.length) return [];
  const why = `${count(later.length, "other log")} of the host ${later.length === 1 ? "goes" : "go"} on, as ${latest.channel === "" ? "one without a name" : spell(latest.channel)} does; its longest usual quiet is ${readableSpan(rhythm)}`;
  return [{ from: last, to: latest.last, why, at: [lastAt, latest.lastAt] }];
}

/** Who ended last comes first; among equals the place of the last record and the name decide, never the order of the evidence. */
function compareEnds(a: SourceCoverage, b: SourceCoverage): number {
  return (
    byTicks(b.last, a.last) ||
    byCodeUnits(a.lastAt.key, b.lastAt.key) ||
    byCodeUnits(a.channel, b.channel)
  );
}

function findingOfCleared(
  same: readonly LogCleared[],
  nameOf: (host: string) => string,
  { terms }: SilenceTerms,
): Finding {
  const ordered = same.toSorted(
    (a, b) => byTicks(a.ticks, b.ticks) || byCodeUnits(a.at.key, b.at.key),
  );
  // Copies of a log tell one clearing again.
  const times = [...new Map(ordered.map((each) => [each.ticks, each])).values()];
  const [host, log] = [nameOf(ordered[0]?.host ?? ""), ordered[0]?.log ?? ""];
  const [first, last] = [times[0]?.ticks ?? 0n, times.at(-1)?.ticks ?? 0n];
  const level = log.toLowerCase() === "security" ? terms.cleared.Security : terms.cleared.others;
  const told = times
    .slice(0, 3)
    .map(({ ticks, by, digits }) => `${spell(ticks, digits)} by ${spell(by)}`);
  return sensorFinding({
    kind: "silence",
    rule: "silence/cleared",
    title: `${callLog(log)} was emptied`,
    level: calledIn({ format: "evtx", channel: log }, terms, level).level,
    host,
    thing: log.toLowerCase(),
    marks: times.map(({ ticks }) => String(ticks)),
    firstSeen: first,
    lastSeen: last,
    counts: { clearings: times.length },
    examples: times.map(({ at }) => at),
    why: `what stood in it before is gone from this copy: ${told.join("; ")}${times.length > told.length ? ` and ${count(times.length - told.length, "further time")}` : ""}`,
  });
}

function callLog(channel: string): string {
  return channel === "" ? "A log" : `The log ${spell(channel)}`;
}

/** How a source is called and how grave its silence is; never less than `least`. */
function calledIn(
  { format, channel }: Pick<SourceCoverage, "format" | "channel">,
  { sources, others }: SilenceTerms["terms"],
  least: Level = others,
): { readonly called: string; readonly level: Level } {
  const name = channel.toLowerCase();
  const known = sources.find(
    ({ channels, formats }) =>
      formats.includes(format) || channels.some((each) => each.toLowerCase() === name),
  );
  return { called: known?.called ?? "", level: graver(known?.level ?? others, least) };
}
