/** Rounds with a serving owner and commands that run in its vault: the owner is killed, or one of its clients. */
import { setTimeout as pause } from "node:timers/promises";
import { holdHeard, tellHeard } from "./command-kinds.ts";
import type { Home } from "./home.ts";
import { type JournalSeen } from "./journal.ts";
import { judge, judgeDead } from "./judge.ts";
import { type Kill, type Kind, killOf } from "./kind.ts";
import { type Moment, type Running, beforeCall, hasCalls } from "./program.ts";
import { type World, holding, telling } from "./world.ts";

/** Calls among which the owner is killed: a commit, and an object, take about ten. */
const CALLS_MAX = 60;
const ACTS = 3;

/** Serves the vault of a home on any port; null, and a loss, where it does not. */
export async function serve(
  home: Home,
  more: readonly string[] = [],
  before: readonly string[] = [],
): Promise<Running> {
  const words = ["serve", "--vault", home.vault, "--port", "0", ...more];
  const owner = home.begin(words, before);
  if (!(await owner.says("Ctrl-C stops")) && before.length === 0)
    home.lose(`serve does not begin: ${owner.stderr.trim()}`);
  return owner;
}

/** Stops an owner as Ctrl-C does; it must end well. */
export async function stop(home: Home, owner: Running): Promise<void> {
  owner.signal("SIGINT");
  const ended = await owner.ended;
  home.heard(ended);
  if (ended.code !== 0) home.lose(`serve ended with ${ended.code}: ${ended.stderr.trim()}`);
}

/** Acts of people through the owner, one after another, until it is gone. */
async function actThrough(home: Home, owner: Running): Promise<void> {
  for (let act = 0; act < ACTS && !owner.isOver; act++) {
    const reason = `held through the owner, ${act}`;
    holdHeard(home, reason, await home.run(holding(home, reason)));
    tellHeard(home, await home.run(telling(home)));
  }
}

async function secondThrough(home: Home): Promise<void> {
  await home.run(home.investigation(home.deliveries.second));
}

async function finish(home: Home, world: World): Promise<void> {
  await home.must(...home.investigation(home.deliveries.second));
  await judge(home, world.twins.both);
}

/** Kills an owner, with its tracer where it has one; a call that did not come in time left it to the time. */
export async function killOwner(home: Home, owning: Running, before: JournalSeen) {
  const by: Moment["by"] = owning.isOver ? "call" : "time";
  owning.signalGroup("SIGKILL");
  const ended = await owning.ended;
  return { ended, ...killOf(home, before, ended, by) };
}

/** Milliseconds that a delivery takes here and now. */
async function millisOf(world: World): Promise<number> {
  return await world.courses.millis("a delivery", async (home) => {
    home.copyFrom(world.first);
    return home.investigation(home.deliveries.second);
  });
}

const owner: Kind = {
  name: "serve, the owner",
  async run(home, world): Promise<readonly Kill[]> {
    const { chance } = home;
    home.copyFrom(world.first);
    const before = home.see();
    const by = hasCalls && chance.happens(0.5) ? "call" : "time";
    const [share, count] = [chance.real(), 1 + chance.below(CALLS_MAX)];
    const call = chance.happens(0.5) ? "fsync" : "pwrite64";
    const millis = share * 1.5 * (await millisOf(world));
    const owning = await serve(home, [], by === "call" ? beforeCall(call, count) : []);
    const clients = [actThrough(home, owning)];
    if (chance.happens(0.6)) clients.push(secondThrough(home));
    await Promise.race([owning.ended, pause(by === "call" ? 2 * millis : millis)]);
    const { ended, ...kill } = await killOwner(home, owning, before);
    home.heard(ended);
    if (chance.happens(0.4)) await judgeDead(home);
    await Promise.all(clients);
    await finish(home, world);
    return [kill];
  },
};

const client: Kind = {
  name: "serve, a client",
  async run(home, world): Promise<readonly Kill[]> {
    const { chance } = home;
    home.copyFrom(world.first);
    const before = home.see();
    const millis = chance.real() * (await millisOf(world));
    const owning = await serve(home);
    const ended = await home.runUntil(
      { by: "time", millis },
      home.investigation(home.deliveries.second),
    );
    const kill = killOf(home, before, ended, "time");
    // The owner goes on: what it acknowledges afterwards counts as ever.
    const reason = "held after a client was killed";
    const held = await home.run(holding(home, reason));
    if (held.code !== 0) home.lose(`the owner takes no more commands: ${held.stderr.trim()}`);
    holdHeard(home, reason, held);
    await stop(home, owning);
    await finish(home, world);
    return [kill];
  },
};

/** Both. */
export const SERVE_KINDS = { owner, client } as const;
