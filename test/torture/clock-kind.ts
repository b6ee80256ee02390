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
const DAY_MILLIS = 86_400_000;
const SAID = /clock|earlier than|time goes back|times go back/i;

function setBack(home: Home, millis: number, afterMillis: number): void {
  home.extra["NODE_OPTIONS"] = `--import=${PRELOAD}`;
  home.extra["TORTURE_CLOCK_MILLIS"] = String(millis);
  home.extra["TORTURE_CLOCK_AFTER_MILLIS"] = String(afterMillis);
}

async function turnBack(home: Home, world: World): Promise<void> {
  const { chance } = home;
  home.copyFrom(world.first);
  // From a second, as a time server corrects, to a year, as an empty battery does.
  const millis = Math.round(1000 * ((365 * DAY_MILLIS) / 1000) ** chance.real());
  setBack(home, millis, 0);
  const first = await home.run(telling(home));
  tellHeard(home, first);
  setBack(home, millis, 100 + chance.below(800));
  const second = await home.run(home.investigation(home.deliveries.second));
  if (second.code !== 0) home.lose(`with the clock set back: ${second.stderr.trim()}`);
  setBack(home, 0, 0);
  const third = await home.run(telling(home));
  tellHeard(home, third);
  const { stdout } = await home.run(["verify", home.vault, "--format", "json"]);
  const said = [first, second, third].map(({ stderr }) => stderr).join("\n") + stdout;
  const times = home.see().acts.map(({ time }) => time);
  const at = times.findIndex((time, index) => index > 0 && time < (times[index - 1] ?? ""));
  if (at > 0 && !SAID.test(said))
    home.lose(`act ${at} is of ${times[at]}, the one before of ${times[at - 1]}; nobody says so`);
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
