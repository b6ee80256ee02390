/**
 * Findings: detections of one rule on one host, as one thing that a named person must answer (decisions 3).
 * A view: nothing is stored, and the order of the detections does not matter.
 */
import { known } from "../../base/assert.ts";
import { UNDATED, isPlausible } from "../../base/time.ts";
import { byCodeUnits } from "../../base/text.ts";
import { detectionId } from "../../engines/sigma/index.ts";
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
  const ordered = [...groups.values()].map((group) => group.sort(byTime));
  const idOf = idsOf(ordered, ages);
  return ordered
    .map((group) => findingOf(group, nameOf(firstOf(group).host), idOf(group)))
    .sort(byWeight);
}

/** A group in order of time as one finding. */
function findingOf(group: readonly Detection[], host: string, id: string): Finding {
  const first = firstOf(group);
  const isDated = isPlausible(first.ticks);
  return {
    question: "answered",
    kind: "rule",
    id,
    title: first.title,
    level: group.map(({ level }) => level).reduce(higherLevel),
    host,
    rule: first.rule,
    firstSeen: isDated ? first.ticks : UNDATED,
    lastSeen: isDated ? group.map(lastTicks).reduce(later) : UNDATED,
    detections: group.map((detection) => detection.id),
    counts: {},
    examples: examplesOf(group),
    why: whyTogether(group, host),
  };
}

function firstOf(group: readonly Detection[]): Detection {
  return known(group[0], "a group has a detection");
}

/** When the last of its events was; of one without a usable time: before all others. */
function lastTicks({ ticks, correlated }: Detection): bigint {
  return isPlausible(ticks) ? (correlated?.until ?? ticks) : UNDATED;
}

function later(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

/** The earliest records, each once. Of what a correlation found: how it began, and the record that made it whole. */
function examplesOf(group: readonly Detection[]): readonly EventReference[] {
  const { correlated } = firstOf(group);
  if (correlated !== undefined)
    return correlated.events.length <= EXAMPLES_MAX
      ? correlated.events
      : [...correlated.events.slice(0, EXAMPLES_MAX - 1), ...correlated.events.slice(-1)];
  return [...recordsOf(group).values()].slice(0, EXAMPLES_MAX);
}

function recordsOf(group: readonly Detection[]): ReadonlyMap<string, EventReference> {
  const records = new Map<string, EventReference>();
  for (const { at } of group) if (!records.has(at.key)) records.set(at.key, at);
  return records;
}

/**
 * The id of each group's finding. What a correlation found has another id with every event that comes to it late, so its finding goes by
 * what its rule would be on one event: the first, or whichever it was told by before.
 */
function idsOf(
  groups: readonly (readonly Detection[])[],
  ages: ReadonlyMap<string, number>,
): (group: readonly Detection[]) => string {
  const ids = new Map<readonly Detection[], string>();
  const taken = new Set<string>();
  for (const group of groups) {
    const id = oldestOf(group.map(ownId), ages) ?? ownId(firstOf(group));
    ids.set(group, id);
    taken.add(id);
  }
  if (ages.size === 0) return (group) => known(ids.get(group), "every group has an id");
  // An event before the first: the id that was told is that of a later event now. No other finding may have it.
  for (const group of [...groups].sort((a, b) => byTime(firstOf(a), firstOf(b)))) {
    const own = known(ids.get(group), "every group has an id");
    if (ages.has(own)) continue;
    const told = oldestOf(laterIds(group), ages);
    if (told === null || taken.has(told)) continue;
    ids.set(group, told);
    taken.add(told);
  }
  return (group) => known(ids.get(group), "every group has an id");
}

function ownId({ id, rule, at, correlated }: Detection): DetectionId {
  return correlated === undefined ? id : detectionId(rule, at.key);
}

/** What the findings of these would be called if they had begun later. */
function* laterIds(group: readonly Detection[]): Generator<DetectionId> {
  for (const { rule, correlated } of group)
    for (const { key } of correlated?.events.slice(1) ?? []) yield detectionId(rule, key);
}

/** The id that was told first: evidence that comes later may bring an earlier detection, and join two findings. */
export function oldestOf(
  ids: Iterable<DetectionId>,
  ages: ReadonlyMap<string, number>,
): DetectionId | null {
  let oldest: DetectionId | null = null;
  let age = Number.POSITIVE_INFINITY;
  for (const id of ages.size === 0 ? [] : ids) {
    const told = ages.get(id) ?? Number.POSITIVE_INFINITY;
    if (told < age) [oldest, age] = [id, told];
  }
  return oldest;
}

function whyTogether(group: readonly Detection[], host: string): string {
  const on = host === "" ? "a host that nothing names" : spell(host);
  if (firstOf(group).correlated !== undefined)
    return `one correlation that began on ${on}: ${togetherWords(group)}`;
  const channels = [...new Set(group.map(({ channel }) => channel))]
    .filter((channel) => channel !== "")
    .sort(byCodeUnits);
  const named = channels.slice(0, CHANNELS_NAMED_MAX).map((channel) => spell(channel));
  if (channels.length > named.length)
    named.push(count(channels.length - named.length, "further log"));
  const where = named.length === 0 ? "" : ` of ${list(named)}`;
  return `one rule on ${on}: ${count(recordsOf(group).size, "record")}${where}`;
}

/** How often a correlation was met, and by how many records. Those of two times may be the same, so that nothing is added up. */
function togetherWords(group: readonly Detection[]): string {
  const totals = group.map(({ correlated }) => correlated?.eventsTotal ?? 0);
  const most = totals.reduce((a, b) => Math.max(a, b), 0);
  const least = totals.reduce((a, b) => Math.min(a, b), most);
  const isExact = group.every(({ correlated }) => correlated?.isTotalExact !== false);
  const from = least === most ? "" : `${count(least, "record")} to `;
  const records = `${from}${count(most, "record")}${isExact ? "" : " or more"} together`;
  return group.length === 1 ? records : `${count(group.length, "time")}, ${records} each time`;
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
