/** Rounds with two processes at one vault: one of them owns it, the other is told or served, and nothing is written twice. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { investigateAnew, tellHeard } from "./command-kinds.ts";
import type { Home } from "./home.ts";
import { judge } from "./judge.ts";
import { type Kill, type Kind, killOf } from "./kind.ts";
import type { Ended } from "./program.ts";
import { serve, stop } from "./serve-kinds.ts";
import { type World, telling } from "./world.ts";

/** What a second process may be told: the vault is owned, or is being made by somebody. */
const TOLD = /another process owns this vault|is a vault already|is not empty and holds no vault/;

function judgeSecond(home: Home, { code, stderr }: Ended): void {
  if (code === 0 || code === null || (code === 2 && TOLD.test(stderr))) return;
  home.lose(`a second process was told with ${code}: ${stderr.trim()}`);
}

/** Two investigations of the same delivery at once; by chance one of them is killed. */
async function race(home: Home, world: World, isNew: boolean): Promise<readonly Kill[]> {
  const { chance } = home;
  if (isNew) home.abandoned++;
  else home.copyFrom(world.first);
  const before = home.see();
  const [kills, millis] = [chance.happens(0.5), 100 + chance.real() * 900];
  const words = home.investigation(isNew ? home.deliveries.first : home.deliveries.second);
  const one = home.begin(words);
  await pause(chance.below(150));
  const other = home.begin(words);
  if (kills) {
    await Promise.race([one.ended, pause(millis)]);
    one.signal("SIGKILL");
  }
  const ended = await one.ended;
  const kill = killOf(home, before, ended, "time");
  const both = [ended, await other.ended];
  for (const each of both) {
    home.heard(each);
    judgeSecond(home, each);
  }
  home.see();
  if (!kills && both.every(({ code }) => code !== 0)) home.lose("neither of two got the vault");
  if (isNew) await investigateAnew(home);
  else await home.must(...words);
  await judge(home, isNew ? world.twins.first : world.twins.both);
  return kills ? [kill] : [];
}

/** A serving owner that cannot be reached: its socket is gone. Whoever comes is told, and writes nothing. */
async function unreachable(home: Home, world: World): Promise<void> {
  home.copyFrom(world.first);
  const owning = await serve(home);
  for (const name of ["owner.sock", "socket"])
    rmSync(join(home.vault, "run", name), { force: true });
  const before = home.see().acts.length;
  for (const words of [home.investigation(home.deliveries.second), telling(home)]) {
    const ended = await home.run(words);
    judgeSecond(home, ended);
    if (ended.code === 0) home.lose(`${words[0]} got into a vault that another process owns`);
  }
  if (home.see().acts.length !== before) home.lose("a second process wrote to the journal");
  await stop(home, owning);
  tellHeard(home, await home.run(telling(home)));
  await judge(home, world.twins.first);
}

/** A serving owner and a delivery through it; what needs the vault for itself is refused. */
async function served(home: Home, world: World): Promise<void> {
  home.copyFrom(world.first);
  const owning = await serve(home);
  const delivery = home.run(home.investigation(home.deliveries.second));
  const locking = await home.run(["lock", "--vault", home.vault]);
  if (locking.code !== 2) home.lose(`lock beside an owner ended with ${locking.code}`);
  tellHeard(home, await home.run(telling(home)));
  const { code, stderr } = await delivery;
  if (code !== 0) home.lose(`a delivery through the owner ended with ${code}: ${stderr.trim()}`);
  await stop(home, owning);
  await judge(home, world.twins.both);
}

/** Two at once, in one of four ways. */
export const OWNERS_KIND: Kind = {
  name: "two at one vault",
  async run(home, world) {
    const way = home.chance.below(4);
    if (way < 2) return await race(home, world, way === 0);
    await (way === 2 ? unreachable(home, world) : served(home, world));
    return [];
  },
};
