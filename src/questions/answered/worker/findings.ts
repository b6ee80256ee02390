/**
 * Commands under the web server's worker, which no rule over single records sees beyond the first step: one finding a host. Refuses to
 * tell what the worker starts by itself (compilers of pages), and what it always had; both are counted and named as explained.
 */
import { TICKS_PER_DAY } from "../../../base/time.ts";
import { byCodeUnits } from "../../../base/text.ts";
import { count, list, nameHosts, spell } from "../../../engines/wording/index.ts";
import type { CaseHost } from "../../../model/case-file.ts";
import type { Level } from "../../../model/detection.ts";
import type { Finding } from "../../../model/finding.ts";
import { graver, sensorFinding } from "../protection-finding.ts";
import { type Placed, placeStarts } from "./lineage.ts";
import type { StartsState } from "./starts.ts";
import { nameOf, type WorkerTerms } from "./terms.ts";

/** Lines of programs that the reason names. */
const NAMED_MAX = 4;

/** What one start under the worker comes to. */
interface Judged extends Placed {
  /** Why it is not told; null where it is. */
  readonly explained: string | null;
  readonly level: Level;
}

/** The findings; `hosts` are the case file's. Order of reading decides nothing. */
export function workerFindings(
  { starts }: StartsState,
  terms: WorkerTerms,
  hosts: readonly CaseHost[],
): readonly Finding[] {
  const named = nameHosts(hosts, new Set(starts.map(({ host }) => host)));
  const placed = placeStarts(
    starts.map((started) => ({ ...started, host: named(started.host) })),
    terms,
  ).filter(({ under }) => under === "worker");
  return [...Map.groupBy(placed, ({ started }) => started.host)]
    .toSorted(([a], [b]) => byCodeUnits(a, b))
    .flatMap(([host, own]) => findingOf(host, judge(own, terms)));
}

/** Each start in order of time, held against what came before it. */
function judge(ordered: readonly Placed[], terms: WorkerTerms): readonly Judged[] {
  const seen = new Map<string, { sights: number; readonly days: Set<bigint> }>();
  const programs = Map.groupBy(ordered, lineOf);
  const { sights, days } = terms.routine;
  const isRoutine = (known: { readonly sights: number; readonly days: ReadonlySet<bigint> }) =>
    known.sights >= sights && known.days.size >= days;
  return ordered.map((placed): Judged => {
    const { started, chain } = placed;
    const usual = terms.usual(started.image);
    if (usual !== null) return { ...placed, explained: usual, level: "informational" };
    if ([...chain, started.image].some((image) => terms.isCommanding(image)))
      return { ...placed, explained: null, level: "critical" };
    const line = lineOf(placed);
    const known = seen.get(line) ?? { sights: 0, days: new Set<bigint>() };
    seen.set(line, known);
    const before = isRoutine(known);
    known.sights++;
    known.days.add(started.ticks / TICKS_PER_DAY);
    if (before) return { ...placed, explained: ROUTINE, level: "informational" };
    // What came to be routine later is not grave: a program of the server's own, told once.
    const all = programs.get(line) ?? [];
    const total = {
      sights: all.length,
      days: new Set(all.map((each) => each.started.ticks / TICKS_PER_DAY)),
    };
    return { ...placed, explained: null, level: isRoutine(total) ? "low" : "high" };
  });
}

const ROUTINE = "the worker always had it";

/** Programs from the worker down, by name; the last by its path, since a name alone can be taken by anybody. */
function lineOf({ started, chain }: Placed): string {
  return [...chain.map(nameOf), started.image].join(" > ");
}

function findingOf(host: string, judged: readonly Judged[]): Finding[] {
  const told = judged.filter(({ explained }) => explained === null);
  const [first, last] = [told[0]?.started, told.at(-1)?.started];
  if (first === undefined || last === undefined) return [];
  return [
    sensorFinding({
      kind: "analytic",
      rule: "analytic/under-the-worker",
      title: "Programs ran under the web server's worker",
      level: told.map(({ level }) => level).reduce(graver),
      host,
      thing: "worker",
      marks: told.map(({ started: { id, ticks, image } }) =>
        JSON.stringify([id, String(ticks), image]),
      ),
      firstSeen: first.ticks,
      lastSeen: last.ticks,
      counts: { programs: told.length, explained: judged.length - told.length },
      examples: told.map(({ started }) => started.at),
      why: `${linesOf(told)}${explainedOf(judged)}`,
    }),
  ];
}

function linesOf(told: readonly Judged[]): string {
  const lines = [...Map.groupBy(told, lineOf)];
  const named = lines.slice(0, NAMED_MAX).map(([line, own]) => {
    const [first] = own;
    const command = first?.started.commandLine ?? "";
    const words = command === "" ? "" : `, first as ${spell(command)}`;
    const by =
      first === undefined || first.started.user === "" ? "" : ` by ${spell(first.started.user)}`;
    return `${spell(line)}: ${count(own.length, "time")} from ${spell(first?.started.ticks ?? 0n, first?.started.digits)}${by}${words}`;
  });
  const more =
    lines.length > NAMED_MAX
      ? [count(lines.length - NAMED_MAX, "further line of programs", "further lines of programs")]
      : [];
  return [...named, ...more].join("; ");
}

/** What was seen under the worker and is not told, and why. */
function explainedOf(judged: readonly Judged[]): string {
  const reasons = [...Map.groupBy(judged, ({ explained }) => explained ?? "")]
    .filter(([why]) => why !== "")
    .toSorted(([a], [b]) => byCodeUnits(a, b))
    .map(([why, own]) => {
      const names = [...new Set(own.map(({ started }) => nameOf(started.image)))].sort(byCodeUnits);
      return `${list(names.slice(0, NAMED_MAX).map((name) => spell(name)))} (${count(own.length, "time")}: ${why})`;
    });
  return reasons.length === 0 ? "" : `. Explained and not told: ${reasons.join(", ")}`;
}
