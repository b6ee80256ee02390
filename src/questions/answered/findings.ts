/**
 * Findings: detections of one rule on one host, as one thing that a named person must answer (decisions 3).
 * A view: nothing is stored, and the order of the detections does not matter.
 */
import { UNDATED, isPlausible } from "../../base/time.ts";
import { byCodeUnits } from "../../base/text.ts";
import { count, list, nameHosts, spell } from "../../engines/wording/index.ts";
import type { CaseHost } from "../../model/case-file.ts";
import { type Detection, type DetectionId, LEVELS, type Level } from "../../model/detection.ts";
import type { EventReference } from "../../model/event.ts";
import type { Finding } from "../../model/finding.ts";

const EXAMPLES_MAX = 5;
const CHANNELS_NAMED_MAX = 3;

/**
 * One finding for each (host, rule), the highest level first, then the earliest. `hosts` are the case file's, so
 * that a name and its aliases are one host; `opened` are ids of findings that were told before, the oldest first: they stay. First and last seen are UNDATED where no detection has a time.
 */
export function groupFindings(
  detections: readonly Detection[],
  hosts: readonly CaseHost[] = [],
  opened: Iterable<string> = [],
): readonly Finding[] {
  const ages = new Map([...opened].map((id, age) => [id, age]));
  const unique = new Map(detections.map((detection) => [detection.id, detection]));
  const nameOf = nameHosts(hosts, new Set(detections.map(({ host }) => host)));
  const groups = Map.groupBy(
    unique.values(),
    ({ host, rule }) => `${rule.length}:${rule}${nameOf(host)}`,
  );
  return [...groups.values()]
    .map((group) => {
      const ordered = group.sort(byTime);
      return findingOf(ordered, nameOf(ordered[0]?.host ?? ""), ages);
    })
    .filter((finding) => finding !== null)
    .sort(byWeight);
}

/** A group in order of time as one finding. */
function findingOf(
  group: readonly Detection[],
  host: string,
  ages: ReadonlyMap<string, number>,
): Finding | null {
  const first = group[0];
  if (first === undefined) return null;
  const last = group.findLast(({ ticks }) => isPlausible(ticks));
  const references = new Map<string, EventReference>();
  for (const { at } of group) if (!references.has(at.key)) references.set(at.key, at);
  return {
    question: "answered",
    kind: "rule",
    id: oldestOf(group, ages) ?? first.id,
    title: first.title,
    level: group.map(({ level }) => level).reduce(higherLevel),
    host,
    rule: first.rule,
    firstSeen: last === undefined ? UNDATED : first.ticks,
    lastSeen: last?.ticks ?? UNDATED,
    detections: group.map(({ id }) => id),
    counts: {},
    examples: [...references.values()].slice(0, EXAMPLES_MAX),
    why: whyTogether(group, references.size, host),
  };
}

/** The id that was told first: evidence that comes later may bring an earlier detection, and join two findings. */
export function oldestOf(
  group: readonly Detection[],
  ages: ReadonlyMap<string, number>,
): DetectionId | null {
  let oldest: DetectionId | null = null;
  let age = Number.POSITIVE_INFINITY;
  for (const { id } of ages.size === 0 ? [] : group) {
    const told = ages.get(id) ?? Number.POSITIVE_INFINITY;
    if (told < age) [oldest, age] = [id, told];
  }
  return oldest;
}

function whyTogether(group: readonly Detection[], records: number, host: string): string {
  const channels = [...new Set(group.map(({ channel }) => channel))]
    .filter((channel) => channel !== "")
    .sort(byCodeUnits);
  const named = channels.slice(0, CHANNELS_NAMED_MAX).map((channel) => spell(channel));
  if (channels.length > named.length)
    named.push(count(channels.length - named.length, "further log"));
  const where = named.length === 0 ? "" : ` of ${list(named)}`;
  const on = host === "" ? "a host that nothing names" : spell(host);
  return `one rule on ${on}: ${count(records, "record")}${where}`;
}

/** By (ticks, key), those without a usable time last; by id where one record is matched twice. */
export function byTime(a: Detection, b: Detection): number {
  const dated = isPlausible(a.ticks);
  if (dated !== isPlausible(b.ticks)) return dated ? -1 : 1;
  if (a.ticks !== b.ticks) return a.ticks < b.ticks ? -1 : 1;
  return byCodeUnits(a.at.key, b.at.key) || byCodeUnits(a.id, b.id);
}

/** The gravest first, then the earliest, then by id. */
export function byWeight(a: Finding, b: Finding): number {
  const level = LEVELS.indexOf(b.level) - LEVELS.indexOf(a.level);
  if (level !== 0) return level;
  if (a.firstSeen !== b.firstSeen) return a.firstSeen < b.firstSeen ? -1 : 1;
  return byCodeUnits(a.id, b.id);
}

/** The graver of two levels. */
export function higherLevel(a: Level, b: Level): Level {
  return LEVELS.indexOf(a) >= LEVELS.indexOf(b) ? a : b;
}
