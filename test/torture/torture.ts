/**
 * `npm run torture`: kills the program at random moments, fills its disk, sets its clock back, sets two of it at one vault, and
 * tells what was lost. Ends with 1 where anything was. How and why: docs/design/torture.md.
 */
import { rmSync } from "node:fs";
import { inspect, parseArgs } from "node:util";
import { Chance } from "../../src/sample/chance.ts";
import { CLOCK_KIND } from "./clock-kind.ts";
import { COMMAND_KINDS } from "./command-kinds.ts";
import { DISK_KINDS } from "./disk-kinds.ts";
import { unmountAll } from "./disk.ts";
import type { Kind } from "./kind.ts";
import { OWNERS_KIND } from "./owners-kind.ts";
import { killAll } from "./program.ts";
import { SERVE_KINDS } from "./serve-kinds.ts";
import { type Round, hitsIn, summaryOf } from "./summary.ts";
import { WATCH_KIND } from "./watch-kind.ts";
import { type World, makeWorld, removeWorld } from "./world.ts";

const { investigate, more, lock, unlock, event, hold, answer } = COMMAND_KINDS;
const { owner, client } = SERVE_KINDS;
const { full, readOnly } = DISK_KINDS;
/** The kind of each round, over and over: what does the most is killed most. */
const CYCLE: readonly Kind[] = [
  [investigate, WATCH_KIND, owner, full, lock, more, unlock, event, investigate, client],
  [hold, OWNERS_KIND, more, unlock, WATCH_KIND, CLOCK_KIND, investigate, owner, answer, readOnly],
].flat();

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "200" },
    rounds: { type: "string", default: "10000" },
    round: { type: "string" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    lanes: { type: "string", default: "2" },
    minutes: { type: "string", default: "20" },
    keep: { type: "boolean", default: false },
  },
});
const seed = Number(values.seed);
const killsWanted = Number(values.kills);
const only = values.round === undefined ? null : Number(values.round);
const begun = performance.now();
const rounds: Round[] = [];
const skipped = new Map<string, string>();
let next = 0;

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function secondsSince(): number {
  return (performance.now() - begun) / 1000;
}

/** The number of the next round, or null where there is to be none. */
function draw(): number | null {
  if (only !== null) return next++ === 0 ? only : null;
  if (next >= Number(values.rounds) || hitsIn(rounds) >= killsWanted) return null;
  return secondsSince() > 60 * Number(values.minutes) ? null : next++;
}

async function lane(world: World): Promise<void> {
  for (let number = draw(); number !== null; number = draw()) {
    const kind = CYCLE[number % CYCLE.length];
    if (kind === undefined) return;
    const whyNot = kind.whyNot?.() ?? null;
    if (whyNot === null) await perform(world, kind, number);
    else skipped.set(kind.name, whyNot);
  }
}

async function perform(world: World, kind: Kind, number: number): Promise<void> {
  const home = world.newHome(`round-${number}`, new Chance(seed, `round ${number}`));
  const started = performance.now();
  let kills: Round["kills"] = [];
  try {
    kills = await kind.run(home, world);
  } catch (error) {
    home.lose(`the round itself broke down: ${inspect(error)}`);
  }
  const { losses, said } = home;
  rounds.push({ number, kind: kind.name, kills, losses, said });
  const what = kills.map(({ phase, by }) => `killed ${phase}${by === "call" ? " (call)" : ""}`);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  say(`round ${number}  ${kind.name}  ${seconds} s  ${what.join("; ")}`);
  for (const loss of losses) say(`  LOST  ${loss}`);
  if (losses.length === 0 || !values.keep) rmSync(home.folder, { recursive: true, force: true });
  else say(`  kept: ${home.folder}`);
}

function giveUp(): void {
  killAll();
  unmountAll();
  process.exit(130);
}
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, giveUp);

say(`torture: seed ${seed}; ${only === null ? `${killsWanted} kills` : `round ${only}`}`);
const world = await makeWorld(seed);
try {
  await Promise.all(Array.from({ length: Number(values.lanes) }, () => lane(world)));
} finally {
  killAll();
  unmountAll();
  if (values.keep) say(`kept: ${world.folder}`);
  else removeWorld(world);
}
const run = { seed, rounds, skipped, killsWanted: only === null ? killsWanted : 0 };
for (const line of summaryOf({ ...run, seconds: secondsSince() })) say(line);
process.exitCode = rounds.some(({ losses }) => losses.length > 0) ? 1 : 0;
