/** What the torture came to, for a person to read; and whether anything was lost. */
import { HOW } from "./disk.ts";
import type { Kill } from "./kind.ts";
import { hasCalls } from "./program.ts";

/** One round that is over. */
export interface Round {
  readonly number: number;
  readonly kind: string;
  readonly kills: readonly Kill[];
  readonly losses: readonly string[];
  /** What the program said of what had happened. */
  readonly said: readonly string[];
}

/** The whole run. */
export interface Run {
  readonly seed: number;
  readonly rounds: readonly Round[];
  readonly skipped: ReadonlyMap<string, string>;
  readonly killsWanted: number;
  readonly seconds: number;
}

/** Kills that ended a program at work. */
export function hitsIn(rounds: readonly Round[]): number {
  return rounds.flatMap(({ kills }) => kills.filter(({ isHit }) => isHit)).length;
}

/** The summary, a line each. */
export function summaryOf(run: Run): readonly string[] {
  const { rounds, seed, seconds, skipped, killsWanted } = run;
  const hits = hitsIn(rounds);
  const kills = rounds.flatMap((round) => round.kills);
  const short =
    hits < killsWanted ? `; ${killsWanted} were asked for, and the time was over before` : "";
  return [
    "",
    `${rounds.length} rounds, ${hits} kills of a program at work, ${Math.round(seconds)} s, seed ${seed}${short}`,
    "",
    ...byKind(rounds),
    ...[...skipped].map(([name, why]) => `  ${name}: skipped: ${why}`),
    "",
    "where the kills hit:",
    ...tally(kills.filter(({ isHit }) => isHit).map(({ phase }) => phase)),
    `  (${kills.filter(({ isHit, by }) => isHit && by === "call").length} of them before one call to the kernel${hasCalls ? "" : ": strace is not here"}; ${kills.length - hits} kills came too late)`,
    "",
    "what the program said of it:",
    ...tally(rounds.flatMap(({ said }) => said.map((line) => withoutNames(line)))),
    "",
    `full disk: ${HOW.full}`,
    `read-only disk: ${HOW.readOnly}`,
    "",
    "checked after each: acknowledged acts and their bytes in the journal; verify; findings, evidence and derived files",
    "against an undisturbed twin; every line of a watched log once, in order; nothing left over; no process left",
    "",
    ...lossLines(run),
  ];
}

function byKind(rounds: readonly Round[]): readonly string[] {
  const names = [...new Set(rounds.map(({ kind }) => kind))].sort();
  return names.map((name) => {
    const own = rounds.filter(({ kind }) => kind === name);
    const count = String(own.length).padStart(4);
    return `  ${name.padEnd(32)} ${count} rounds ${String(hitsIn(own)).padStart(4)} kills`;
  });
}

/** How often each line stands there, the most frequent first. */
function tally(lines: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const line of lines) counts.set(line, (counts.get(line) ?? 0) + 1);
  return [...counts]
    .sort(([, left], [, right]) => right - left)
    .map(([line, count]) => `  ${String(count).padStart(4)}  ${line}`);
}

function withoutNames(line: string): string {
  return line
    .replace(/objects\/[^\s,:]+/g, "an object")
    .replace(/\d+ bytes/g, "bytes")
    .replace(/is \d.*/, "is behind the last act");
}

function lossLines({ rounds, seed }: Run): readonly string[] {
  const losing = rounds.filter(({ losses }) => losses.length > 0);
  if (losing.length === 0) return ["what was lost: nothing"];
  return [
    `what was lost: see ${losing.length} of ${rounds.length} rounds`,
    ...losing.flatMap(({ number, kind, losses }) => [
      `  round ${number}, ${kind}; again with: npm run torture -- --seed ${seed} --round ${number}`,
      ...losses.map((loss) => `    ${loss}`),
    ]),
  ];
}
