/**
 * Rounds in which the clock of the machine is set back, between commands and within one: every act stays in its place, and where
 * its time is before that of the act before it, somebody says so.
 */
import { pathToFileURL } from "node:url";
import { resolve } from "node:path";
import { tellHeard } from "./command-kinds.ts";
import type { Home } from "./home.ts";
import { judge } from "./judge.ts";
import type { Kind } from "./kind.ts";
import { type World, telling } from "./world.ts";

const PRELOAD = pathToFileURL(resolve("test/torture/shifted-clock.ts")).href;
const MINUTE_MILLIS = 60_000;

function setBack(home: Home, millis: number, afterMillis: number): void {
  home.extra["NODE_OPTIONS"] = `--import=${PRELOAD}`;
  home.extra["TORTURE_CLOCK_MILLIS"] = String(millis);
  home.extra["TORTURE_CLOCK_AFTER_MILLIS"] = String(afterMillis);
}

async function turnBack(home: Home, world: World): Promise<void> {
  const { chance } = home;
  home.copyFrom(world.first);
  home.isClockSetBack = true;
  // From a minute to a year before the last act: by hand, by a time server, by an empty battery.
  const sinceAct = Date.now() - world.madeAtMillis;
  const millis = sinceAct + Math.round(MINUTE_MILLIS * 525_600 ** chance.real());
  setBack(home, millis, 0);
  const first = await home.run(telling(home));
  tellHeard(home, first);
  if (first.code !== 0 || !first.stderr.includes("the clock of this machine is"))
    home.lose(`a clock set back before the start is not said: ${first.stderr.trim()}`);
  setBack(home, millis, 100 + chance.below(800));
  await home.must(...home.investigation(home.deliveries.second));
  setBack(home, 0, 0);
  tellHeard(home, await home.run(telling(home)));
  await judge(home, world.twins.both);
}

/** The clock set back. */
export const CLOCK_KIND: Kind = {
  name: "clock set back",
  async run(home, world) {
    await turnBack(home, world);
    return [];
  },
};
