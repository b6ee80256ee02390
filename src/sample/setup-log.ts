/**
 * ExchangeSetup.log: when the cumulative update was installed, and a later run of setup that states it as installed. It is
 * never rolled over. Security updates do not write to it.
 */
import { writeExchangeSetup, type SetupLine } from "../engines/formats/index.ts";
import type { MadeFile } from "../model/sample.ts";
import { DAY, HOUR, MINUTE, SECOND, on } from "./calendar.ts";
import { Chance } from "./chance.ts";
import { cumulativeUpdateOf } from "./exchange-build.ts";
import { madeFile } from "./made-file.ts";
import type { Story } from "./story.ts";

/** When setup installed the cumulative update, and when it ran again; milliseconds since 1970. */
export function setupRuns(story: Story): {
  readonly installedAt: number;
  readonly statedAt: number;
} {
  const chance = new Chance(story.seed, `setup/${story.variant}`);
  const { releasedAt } = cumulativeUpdateOf(story.cast.build);
  const installedAt = releasedAt + chance.between(6, 30) * DAY + 19 * HOUR + chance.below(2 * HOUR);
  // The schema is prepared again in the weeks behind; in all builds before the story begins or shortly after.
  const statedAt = Math.max(installedAt + 20 * DAY, on(8, 2)) + chance.between(0, 6) * DAY;
  return { installedAt, statedAt };
}

/** The setup log of the mail server. */
export function makeSetupLog(story: Story): MadeFile {
  return madeFile("MX1/ExchangeSetupLogs/ExchangeSetup.log", () =>
    writeExchangeSetup(linesOf(story)),
  );
}

const PARTS = [
  "setupbase.maincore",
  "languagepack",
  "bridgehead",
  "clientaccess",
  "mailbox",
  "frontendtransport",
];

function* linesOf(story: Story): Generator<SetupLine> {
  const { cast } = story;
  const { build, name } = cumulativeUpdateOf(cast.build);
  const { installedAt, statedAt } = setupRuns(story);
  const { account } = cast.administrator;
  const head = (millis: number, mode: string): SetupLine[] =>
    [
      "**********************************************",
      "Starting Microsoft Exchange Server 2016 Setup",
      "**********************************************",
      "Local time zone: (UTC+00:00) Dublin, Edinburgh, Lisbon, London.",
      `Operating system version: Microsoft Windows NT 10.0.14393.0.`,
      `Setup version: ${build}.`,
      `Logged on user: ${cast.netbios}\\${account}.`,
      `Command Line Parameter Name='mode', Value='${mode}'.`,
      `The Exchange server '${cast.mailServer.name}' is the local machine with name '${cast.mailServer.name}'.`,
    ].map((text, at) => ({ millis: millis + at * 17, level: 0, text }));
  yield* head(installedAt, "Upgrade");
  for (const [at, part] of PARTS.entries()) {
    const millis = installedAt + (at + 1) * 7 * MINUTE;
    yield { millis, level: 1, text: `Executing: installing ${part} of ${name}` };
    yield {
      millis: millis + 6 * MINUTE,
      level: 1,
      text: `CurrentResult ${part}:${100 + at * 37}: 0`,
    };
  }
  const ended = installedAt + 50 * MINUTE;
  yield { millis: ended, level: 0, text: "CurrentResult launcherbase.maincore:90: 0" };
  yield { millis: ended + SECOND, level: 0, text: "End of Setup" };
  yield* head(statedAt, "PrepareSchema");
  const stated = statedAt + 20 * SECOND;
  yield { millis: stated, level: 0, text: `The locally installed version is ${build}.` };
  yield {
    millis: stated + 4 * SECOND,
    level: 0,
    text: "CurrentResult launcherbase.maincore:90: 0",
  };
  yield { millis: stated + 5 * SECOND, level: 0, text: "End of Setup" };
}
