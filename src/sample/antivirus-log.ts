/**
 * Defender's operational log: detections (1116), actions (1117, 1119), health (1151), signature updates (2000, 2001).
 * Field names and their order follow Microsoft's own event manifest; values are invented.
 */
import { known } from "../base/assert.ts";
import { COLLECTED_AT, DAY, FIRST_DAY, HOUR, MINUTE, SECOND, dayOf, isoOf } from "./calendar.ts";
import type { Chance } from "./chance.ts";
import type { Verdict } from "./plan.ts";
import type { Story } from "./story.ts";
import {
  eventKind,
  eventOf,
  numberEvents,
  type EventDatum,
  type NumberedEvent,
  type WindowsEvent,
} from "./windows-event.ts";

const PROVIDER = "Microsoft-Windows-Windows Defender";
const GUID = "{11cd958a-c507-4ef3-b3f2-5fd9dfbd2c78}";
const PRODUCT = "Microsoft Defender Antivirus";
const PRODUCT_VERSION = "4.18.2107.4";
const ENGINE = "1.1.18400.5";

function kind(eventId: number, level: number) {
  return eventKind(PROVIDER, GUID, eventId, {
    level,
    process: 3312,
    thread: 4408,
    user: "S-1-5-18",
  });
}

const DETECTED = kind(1116, 3);
const ACTED = kind(1117, 4);
const FAILED = kind(1119, 2);
const HEALTH = kind(1151, 4);
const UPDATED = kind(2000, 4);
const NOT_UPDATED = kind(2001, 2);

/** The whole log, by time. */
export function* antivirusEvents(story: Story, chance: Chance): Generator<NumberedEvent> {
  const verdicts = new Map<number, Verdict[]>();
  for (const verdict of story.plan.verdicts) {
    const list = verdicts.get(dayOf(verdict.at)) ?? [];
    verdicts.set(dayOf(verdict.at), [...list, verdict]);
  }
  const span = { from: FIRST_DAY * DAY, to: COLLECTED_AT, firstRecord: chance.between(2000, 9000) };
  yield* numberEvents(chance, span, (day) => [
    ...(verdicts.get(day) ?? []).flatMap((verdict) => detection(story, chance, verdict)),
    ...updates(story, chance, day),
    ...health(story, chance, day),
  ]);
}

function isStale({ staleDays }: Story, day: number): boolean {
  return staleDays !== null && day >= staleDays[0] && day <= staleDays[1];
}

/** The last day on which new signatures came. */
function signatureDay(story: Story, day: number): number {
  return story.staleDays !== null && isStale(story, day) ? story.staleDays[0] - 1 : day;
}

function signatureVersion(story: Story, day: number): string {
  const since = signatureDay(story, day) - FIRST_DAY;
  return `1.${341 + Math.floor(since / 14)}.${100 + (since % 14) * 110}.0`;
}

/** Detected once or twice under one id, then acted upon, or not. */
function detection(story: Story, chance: Chance, verdict: Verdict): WindowsEvent[] {
  const id = `{${chance.guid().toUpperCase()}}`;
  const fields = (stage: Stage) => detectionFields(story, verdict, id, stage);
  const events = [eventOf(DETECTED, verdict.at, fields("detected"))];
  if (chance.happens(0.25)) {
    events.push(eventOf(DETECTED, verdict.at + chance.between(200, 900), fields("detected")));
  }
  const acted = verdict.at + chance.between(2, 45) * SECOND;
  events.push(
    verdict.failed
      ? eventOf(FAILED, acted, fields("failed"))
      : eventOf(ACTED, acted, fields("removed")),
  );
  return events;
}

type Stage = "detected" | "removed" | "failed";

const STAGES: Readonly<
  Record<
    Stage,
    {
      code: string;
      state: string;
      action: readonly [string, string];
      error: readonly [string, string];
    }
  >
> = {
  detected: {
    code: "1",
    state: "1",
    action: ["9", "Not Applicable"],
    error: ["0x00000000", "The operation completed successfully. "],
  },
  removed: {
    code: "3",
    state: "2",
    action: ["2", "Quarantine"],
    error: ["0x00000000", "The operation completed successfully. "],
  },
  failed: {
    code: "103",
    state: "2",
    action: ["2", "Quarantine"],
    error: [
      "0x80070020",
      "The process cannot access the file because it is being used by another process. ",
    ],
  },
};

function category(threat: string): readonly [id: string, name: string] {
  if (threat.startsWith("HackTool")) return ["34", "Tool"];
  if (threat.startsWith("Backdoor")) return ["6", "Backdoor"];
  if (threat.startsWith("Virus")) return ["42", "Virus"];
  return ["8", "Trojan"];
}

/** A number that stays the same for one threat name. */
function threatId(threat: string): string {
  let sum = 0;
  for (const char of threat) sum = (Math.imul(sum, 31) + (char.codePointAt(0) ?? 0)) >>> 0;
  return String(2_147_600_000 + (sum % 180_000));
}

function detectionFields(story: Story, verdict: Verdict, id: string, stage: Stage): EventDatum[] {
  const { code, state, action, error } = STAGES[stage];
  const { threat } = verdict;
  const [categoryId, categoryName] = category(threat);
  const version = signatureVersion(story, dayOf(verdict.at));
  const link = `https://go.microsoft.com/fwlink/?linkid=37020&name=${threat}&threatid=${threatId(threat)}&enterprise=0`;
  return [
    ["Product Name", PRODUCT],
    ["Product Version", PRODUCT_VERSION],
    ["Detection ID", id],
    ["Detection Time", isoOf(verdict.at - 120)],
    ["Unused", ""],
    ["Unused2", ""],
    ["Threat ID", threatId(threat)],
    ["Threat Name", threat],
    ["Severity ID", "5"],
    ["Severity Name", "Severe"],
    ["Category ID", categoryId],
    ["Category Name", categoryName],
    ["FWLink", link],
    ["Status Code", code],
    ["Status Description", ""],
    ["State", state],
    ["Source ID", "3"],
    ["Source Name", "Real-Time Protection"],
    ["Process Name", verdict.process],
    ["Detection User", verdict.user],
    ["Unused3", ""],
    ["Path", verdict.paths.map((path) => `file:_${path}`).join("; ")],
    ["Origin ID", "1"],
    ["Origin Name", "Local machine"],
    ["Execution ID", "1"],
    ["Execution Name", "Suspended"],
    ["Type ID", "0"],
    ["Type Name", "Concrete"],
    ["Pre Execution Status", "0"],
    ["Action ID", action[0]],
    ["Action Name", action[1]],
    ["Unused4", ""],
    ["Error Code", error[0]],
    ["Error Description", error[1]],
    ["Unused5", ""],
    ["Post Clean Status", "0"],
    ["Additional Actions ID", "0"],
    ["Additional Actions String", "No additional actions required"],
    ["Remediation User", stage === "detected" ? "" : "NT AUTHORITY\\SYSTEM"],
    ["Unused6", ""],
    ["Security intelligence Version", `AV: ${version}, AS: ${version}, NIS: ${version}`],
    ["Engine Version", `AM: ${ENGINE}, NIS: ${ENGINE}`],
  ];
}

const SIGNATURE_TYPES = [
  ["1", "AntiVirus"],
  ["2", "AntiSpyware"],
] as const;

function updates(story: Story, chance: Chance, day: number): WindowsEvent[] {
  const at = day * DAY + chance.between(60, 240) * MINUTE;
  const stale = isStale(story, day);
  const current = signatureVersion(story, day);
  const previous = signatureVersion(story, day - 1);
  return SIGNATURE_TYPES.map(([index, type], place) => {
    const common: EventDatum[] = [
      ["Product Name", PRODUCT],
      ["Product Version", PRODUCT_VERSION],
      ["Current security intelligence Version", stale ? "" : current],
      ["Previous security intelligence Version", stale ? current : previous],
      ["Update Source Index", "1"],
      ["Update Source", "Microsoft Update Server"],
      ["Domain", "NT AUTHORITY"],
      ["User", "SYSTEM"],
      ["SID", "S-1-5-18"],
      ["Security intelligence Type Index", index],
      ["Security intelligence Type", type],
      ["Update Type Index", "2"],
      ["Update Type", "Delta"],
      ["Current Engine Version", stale ? "" : ENGINE],
      ["Previous Engine Version", ENGINE],
    ];
    const error: EventDatum[] = [
      ["Error Code", "0x8024402c"],
      ["Error Description", "An unexpected problem occurred while checking for updates. "],
    ];
    const time = at + place * chance.between(40, 900);
    return stale
      ? eventOf(NOT_UPDATED, time, [...common, ...error])
      : eventOf(UPDATED, time, common);
  });
}

/** Every hour the product says how it is; the server was down for some of the hours. */
function health(story: Story, chance: Chance, day: number): WindowsEvent[] {
  const minute = chance.between(0, 59);
  const age = String(day - signatureDay(story, day));
  const version = signatureVersion(story, day);
  const created = usTime(signatureDay(story, day) * DAY + 4 * HOUR);
  return Array.from({ length: 24 }, (_, hour) => {
    const at = day * DAY + hour * HOUR + minute * MINUTE + chance.between(0, 9000);
    const on = "%%901";
    return eventOf(HEALTH, at, [
      ["Product Name", "%%827"],
      ["Platform version", PRODUCT_VERSION],
      ["Unused", ""],
      ["Engine version", ENGINE],
      ["NRI engine version", ENGINE],
      ["AV security intelligence version", version],
      ["AS security intelligence version", version],
      ["NRI security intelligence version", version],
      ["RTP state", on],
      ["OA state", on],
      ["IOAV state", on],
      ["BM state", on],
      ["Last AV security intelligence age", age],
      ["Last AS security intelligence age", age],
      ["Last quick scan age", String((day + 3) % 7)],
      ["Last full scan age", "4294967295"],
      ["AV security intelligence creation time", created],
      ["AS security intelligence creation time", created],
      ["Last quick scan start time", usTime((day - ((day + 3) % 7)) * DAY + 2 * HOUR)],
      ["Last quick scan end time", usTime((day - ((day + 3) % 7)) * DAY + 2 * HOUR + 7 * MINUTE)],
      ["Last quick scan source", "2"],
      ["Last full scan start time", "1/1/1601 12:00:00 AM"],
      ["Last full scan end time", "1/1/1601 12:00:00 AM"],
      ["Last full scan source", "0"],
      ["Product status", "0x00080000"],
    ]);
  });
}

/** `6/9/2021 5:53:46 AM`, as the product writes it. */
function usTime(millis: number): string {
  const date = new Date(millis);
  const hour = date.getUTCHours();
  const digits = (value: number) => String(value).padStart(2, "0");
  const clock = `${hour % 12 === 0 ? 12 : hour % 12}:${digits(date.getUTCMinutes())}:${digits(date.getUTCSeconds())}`;
  const [year, month, day] = known(isoOf(millis).split("T")[0], "a date").split("-").map(Number);
  return `${month}/${day}/${year} ${clock} ${hour < 12 ? "AM" : "PM"}`;
}
