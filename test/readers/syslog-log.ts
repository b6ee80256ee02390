/** Made-up syslog files: each form that servers keep, and Windows events that an agent sent. */
import { concatBytes, utf8 } from "../../src/base/bytes.ts";
import { seededRandom } from "./trials.ts";

const START = Date.UTC(2021, 7, 12, 9);
const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

function modern(time: Date, pick: number): string {
  return `<165>1 ${time.toISOString()} fw1.clinic.example sshd 2${pick} ID47 [auth@32473 user="u${pick}" note="a \\"b\\] c"] \ufeffFailed password for u${pick}`;
}

function old(time: Date, pick: number): string {
  const day = String(time.getUTCDate()).padStart(2, " ");
  const clock = time.toISOString().slice(11, 19);
  return `<34>${MONTHS[time.getUTCMonth()] ?? ""} ${day} ${clock} mail1 su[${pick}]: 'su root' failed`;
}

function plain(time: Date, pick: number): string {
  return `${time.toISOString().replace("Z", "000+00:00")} mail1 CRON[${pick}]: session opened`;
}

function agent(time: Date, pick: number): string {
  const json = JSON.stringify({
    EventTime: time.toISOString(),
    Hostname: "MAIL1.clinic.example",
    EventID: 4625,
    SourceName: "Microsoft-Windows-Security-Auditing",
    Channel: "Security",
    TargetUserName: `user${pick}`,
    Message: "An account failed to log on.\r\n",
  });
  return `<14>1 ${time.toISOString()} MAIL1 NXLog 700 - - ${json}`;
}

const KINDS = [modern, plain, old, agent];

/** Messages without their ends. */
function madeMessages(count: number, seed: number): string[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, line) => {
    const make = KINDS[line % KINDS.length] ?? old;
    return make(
      new Date(START + line * 1_500 + Math.floor(random() * 900)),
      Math.floor(random() * 9),
    );
  });
}

/** A log of `count` lines, the forms in turn. */
export function madeSyslog(count: number, seed = 1): Uint8Array {
  return utf8(
    madeMessages(count, seed)
      .map((message) => `${message}\n`)
      .join(""),
  );
}

/** The same messages, each behind the count of its octets, and with a line feed in each. */
export function madeCountedSyslog(count: number, seed = 1): Uint8Array {
  const frames = madeMessages(count, seed).map((message) => {
    const prioritised = message.startsWith("<") ? message : `<13>${message}`;
    const bytes = utf8(`${prioritised}\nsecond line`);
    return concatBytes([utf8(`${bytes.length} `), bytes]);
  });
  return concatBytes(frames);
}
