/** The Windows event logs of the mail server as EVTX files, streamed as the service writes them. */
import { known } from "../base/assert.ts";
import { toTicks } from "../base/time.ts";
import { writeEvtx, type WrittenEvent } from "../engines/formats/index.ts";
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
      return writeEvtx(written(make(story, chance), channel, computer));
    }),
  );
}

/** When the first record of a channel was written: where a log that rolled over really begins. */
export function firstRecordAt(story: Story, channel: string): number | null {
  const log = LOGS.find((one) => one.channel === channel);
  if (log === undefined) return null;
  const chance = new Chance(story.seed, `${channel}/${story.variant}`);
  for (const { event } of log.make(story, chance)) return event.at;
  return null;
}

function* written(
  events: Iterable<NumberedEvent>,
  channel: string,
  computer: string,
): Generator<WrittenEvent> {
  for (const { event, record, ticks } of events) {
    // Classic providers have neither version nor opcode, nor do they say who ran.
    const classic = event.qualifiers !== null && event.process === 0;
    const values = event.data.map(([name, value]) => [name ?? "", value] as const);
    yield {
      ticks: known(toTicks(ticks), "the story is set in 2021"),
      recordId: BigInt(record),
      provider: event.provider,
      ...(event.guid === null ? {} : { providerGuid: event.guid }),
      eventId: event.eventId,
      ...(event.qualifiers === null ? {} : { qualifiers: event.qualifiers }),
      ...(classic ? {} : { version: event.version, opcode: event.opcode }),
      level: event.level,
      task: event.task,
      keywords: event.keywords,
      ...(classic ? {} : { processId: event.process, threadId: event.thread }),
      ...(event.user === null ? {} : { userSid: event.user }),
      channel,
      computer,
      ...(event.inside === null ? { data: values } : { userData: { ...event.inside, values } }),
    };
  }
}
