/**
 * ExchangeSetup.log: when each cumulative update was installed, and a later run of setup that states the last one as installed. It
 * is never rolled over. Security updates do not write to it.
 */
import { writeExchangeSetup, type SetupLine } from "../engines/formats/index.ts";
import type { MadeFile } from "../model/sample.ts";
import { MINUTE, SECOND } from "./calendar.ts";
import { lastSetupOf, setupsOf, type Installation } from "./exchange-build.ts";
import { madeFile } from "./made-file.ts";
import type { Story } from "./story.ts";

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
  let before: Installation | null = null;
  for (const setup of setupsOf(cast)) {
    yield* linesOfSetup(story, setup, before);
    before = setup;
  }
  const at = cast.schemaPreparedAt;
  const { build } = lastSetupOf(cast);
  yield* headOf(story, { at, build, mode: "PrepareSchema" });
  const stated = at + 20 * SECOND;
  yield statedAt(stated, build);
  yield {
    millis: stated + 4 * SECOND,
    level: 0,
    text: "CurrentResult launcherbase.maincore:90: 0",
  };
  yield { millis: stated + 5 * SECOND, level: 0, text: "End of Setup" };
}

/** What setup finds when it begins: the cumulative update that was there before. */
function statedAt(millis: number, build: string): SetupLine {
  return { millis, level: 0, text: `The locally installed version is ${build}.` };
}

function* linesOfSetup(
  story: Story,
  { at, name, build }: Installation,
  before: Installation | null,
): Generator<SetupLine> {
  yield* headOf(story, { at, build, mode: "Upgrade" });
  if (before !== null) yield statedAt(at + 20 * SECOND, before.build);
  for (const [index, part] of PARTS.entries()) {
    const millis = at + (index + 1) * 7 * MINUTE;
    yield { millis, level: 1, text: `Executing: installing ${part} of ${name}` };
    yield {
      millis: millis + 6 * MINUTE,
      level: 1,
      text: `CurrentResult ${part}:${100 + index * 37}: 0`,
    };
  }
  const ended = at + 50 * MINUTE;
  yield { millis: ended, level: 0, text: "CurrentResult launcherbase.maincore:90: 0" };
  yield { millis: ended + SECOND, level: 0, text: "End of Setup" };
}

interface Run {
  readonly at: number;
  readonly build: string;
  readonly mode: "Upgrade" | "PrepareSchema";
}

function headOf({ cast }: Story, { at, build, mode }: Run): SetupLine[] {
  return [
    "**********************************************",
    "Starting Microsoft Exchange Server 2016 Setup",
    "**********************************************",
    "Local time zone: (UTC+00:00) Dublin, Edinburgh, Lisbon, London.",
    `Operating system version: Microsoft Windows NT 10.0.14393.0.`,
    `Setup version: ${build}.`,
    `Logged on user: ${cast.netbios}\\${cast.administrator.account}.`,
    `Command Line Parameter Name='mode', Value='${mode}'.`,
    `The Exchange server '${cast.mailServer.name}' is the local machine with name '${cast.mailServer.name}'.`,
  ].map((text, index) => ({ millis: at + index * 17, level: 0, text }));
}
