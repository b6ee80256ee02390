/** The Windows event logs of the mail server as EVTX files. */
import { utf8 } from "../base/bytes.ts";
import type { MadeFile } from "../model/sample.ts";
import { antivirusEvents } from "./antivirus-log.ts";
import { Chance } from "./chance.ts";
import { madeFile } from "./made-file.ts";
import { managementEvents } from "./management-log.ts";
import type { Story } from "./story.ts";
import type { NumberedEvent } from "./windows-event.ts";
import { securityEvents, systemEvents } from "./windows-logs.ts";

interface EventLog {
  readonly file: string;
  readonly channel: string;
  readonly make: (story: Story, chance: Chance) => Iterable<NumberedEvent>;
}

const LOGS: readonly EventLog[] = [
  {
    file: "Microsoft-Windows-Windows Defender%4Operational.evtx",
    channel: "Microsoft-Windows-Windows Defender/Operational",
    make: antivirusEvents,
  },
  { file: "MSExchange Management.evtx", channel: "MSExchange Management", make: managementEvents },
  { file: "Security.evtx", channel: "Security", make: securityEvents },
  { file: "System.evtx", channel: "System", make: systemEvents },
];

/** The four logs, each made as it is read. */
export function makeEventLogs(story: Story): MadeFile[] {
  const { cast, seed, variant } = story;
  const computer = `${cast.mailServer.name}.${cast.domain}`;
  return LOGS.map(({ file, channel, make }) =>
    madeFile(`MX1/evtx/${file}`, () => {
      const chance = new Chance(seed, `${channel}/${variant}`);
      return encode(make(story, chance), channel, computer);
    }),
  );
}

function* encode(
  events: Iterable<NumberedEvent>,
  channel: string,
  computer: string,
): Generator<Uint8Array> {
  for (const one of events) {
    yield utf8(
      JSON.stringify({ ...one, channel, computer }, (_, v: unknown) =>
        typeof v === "bigint" ? String(v) : v,
      ) + "\n",
    );
  }
}
