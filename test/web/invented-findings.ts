/** What the defences of the invented case saw, day by day, who answered, and who was told; nothing in it is real. */
import { known } from "../../src/base/assert.ts";
import { type Day, parseDay } from "../../src/base/day.ts";
import { TICKS_PER_HOUR } from "../../src/base/time.ts";
import type { Canary } from "../../src/model/canary.ts";
import type { DetectionId, Level } from "../../src/model/detection.ts";
import type { Delivery } from "../../src/model/escalation.ts";
import type { StandingFinding } from "../../src/model/finding.ts";
import type { MissedSignals, Signal } from "../../src/model/missed-signals.ts";
import { at, RECORDS, reference } from "./invented-records.ts";

function finding(
  title: string,
  level: Level,
  numbers: readonly number[],
  count: number,
  why: string,
): StandingFinding {
  const first = known(RECORDS[known(numbers[0], "number")], "record").ticks;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- invented ids
  const detections = Array.from(
    { length: count },
    (_, n) => n.toString(16).padStart(32, "0") as DetectionId,
  );
  return {
    question: "answered",
    kind: "rule",
    counts: {},
    owner: null,
    opened: null,
    due: null,
    answer: null,
    stateWhy: "",
    id: `f-${title.length}-${count}`,
    title,
    level,
    state: "open",
    host: "HVC-MAIL01",
    rule: "9e2b4a1c-0f5d-4d0e-8a53-3c1f6f1f0001",
    firstSeen: first,
    lastSeen: first + BigInt(count) * TICKS_PER_HOUR,
    detections,
    examples: numbers.map(reference),
    why,
  };
}

/** The findings, the gravest first: the third is a streak, the fourth is answered. */
export const FINDINGS: readonly StandingFinding[] = [
  finding(
    "Web shell written and used",
    "critical",
    [4, 5],
    219,
    "One path, one client address, within an hour of each other.",
  ),
  finding(
    "Antivirus could not remove a file",
    "critical",
    [7],
    1,
    "A failed action is a finding of its own.",
  ),
  {
    ...finding(
      "Antivirus removed files from a server",
      "high",
      [6],
      54,
      "54 unique paths in three months on one server.",
    ),
    kind: "streak",
    counts: { files: 54, shells: 20, compiled: 25, tools: 8, archives: 1, failed: 1, records: 227 },
    lastSeen: at("2021-11-10T21:40Z"),
  },
  {
    ...finding(
      "Scan for the autodiscover weakness",
      "medium",
      [0],
      14,
      "Same client, same path, redirected each time.",
    ),
    state: "answered",
    owner: "A. Nurse (invented)",
    answer: {
      determination: "malicious",
      reason: "A scan from outside; told to the supplier of the firewall.",
      by: "A. Nurse (invented)",
      at: at("2021-08-10T08:15Z"),
      checked: { scope: "clean", entry: "not-looked-at", persistence: "not-looked-at" },
      evidence: ["ticket 4411"],
      covers: [],
    },
  },
];

const [SHELL, FAILED, STREAK, SCAN] = FINDINGS.map(({ id }) => id);

function dayOf(text: string): Day {
  return known(parseDay(text), text);
}

function signal(
  finding: string | undefined,
  what: string,
  level: Level,
  count: number,
  number: number,
): Signal {
  const isAntivirus = finding === STREAK || finding === FAILED;
  return {
    tool: isAntivirus ? "Microsoft Defender Antivirus" : "IIS log",
    alarms: isAntivirus,
    host: "HVC-MAIL01",
    what,
    level,
    rung: isAntivirus ? null : finding === SCAN ? "probed" : "used",
    count,
    finding: known(finding, "finding"),
    answered: null,
    at: [reference(number)],
  };
}

/** Bursts of the streak: a day and how many detections. */
const BURSTS = [
  ["2021-08-14", 4],
  ["2021-08-15", 2],
  ["2021-08-29", 11],
  ["2021-08-30", 3],
  ["2021-09-21", 6],
  ["2021-10-02", 19],
  ["2021-10-03", 43],
  ["2021-10-05", 34],
  ["2021-10-06", 8],
  ["2021-11-09", 12],
  ["2021-11-10", 5],
] as const;

function signalsOf(day: string): readonly Signal[] {
  const burst = BURSTS.find(([own]) => own === day);
  const removed =
    burst === undefined
      ? []
      : [signal(STREAK, "Antivirus removed a web shell", "high", burst[1], 6)];
  switch (day) {
    case "2021-08-07":
      return [
        {
          ...signal(SCAN, "Scan for the autodiscover weakness", "medium", 14, 0),
          answered: { by: "A. Nurse (invented)", at: at("2021-08-10T08:15Z"), inTime: true },
        },
      ];
    case "2021-08-13":
      return [
        signal(SHELL, "Web shell written and used", "critical", 212, 5),
        signal(SHELL, "Remote PowerShell through the front door", "critical", 6, 2),
      ];
    case "2021-10-02":
      return [
        {
          ...signal(FAILED, "Antivirus could not remove a file", "critical", 1, 7),
          answered: { by: "B. Lead (invented)", at: at("2021-12-16T11:00Z"), inTime: false },
        },
        ...removed,
      ];
    case "2021-08-20":
      return [signal(SCAN, "Page that is not shipped, asked for in vain", "low", 3, 3)];
    default:
      return removed;
  }
}

const DAYS = ["2021-08-07", "2021-08-13", "2021-08-20", ...BURSTS.map(([day]) => day)].sort();

/** From the first scan to the day on which somebody suspected. */
export const MISSED: MissedSignals = {
  from: dayOf("2021-08-07"),
  discovered: dayOf("2021-12-09"),
  until: dayOf("2021-12-09"),
  days: DAYS.map((day) => ({ day: dayOf(day), signals: signalsOf(day) })),
};

/** One canary that was seen, and one that nothing watches. */
export const CANARIES: readonly Canary[] = [
  {
    mark: "breakwater-canary-00c0ffee00c0ffee",
    setAt: at("2021-12-16T10:00Z"),
    by: "E. Responder (invented)",
    where: "a request to the mail server's front end",
    due: at("2021-12-16T11:00Z"),
    seen: [
      {
        host: "HVC-MAIL01",
        channel: "W3SVC1",
        ticks: at("2021-12-16T10:04:31Z"),
        digits: 0,
        at: reference(5),
      },
    ],
  },
  {
    mark: "breakwater-canary-0123456789abcdef",
    setAt: at("2021-12-16T10:05Z"),
    by: "E. Responder (invented)",
    where: "a file in the temporary folder of the mail server",
    due: at("2021-12-17T10:05Z"),
    seen: [],
  },
];

/** Three messages, one of which did not arrive. */
export const DELIVERIES: readonly Delivery[] = [
  {
    finding: known(SHELL, "finding"),
    step: 0,
    to: { kind: "mail", to: "oncall@clinic.example" },
    at: at("2021-12-16T12:00Z"),
    outcome: "sent",
    error: "",
  },
  {
    finding: known(SHELL, "finding"),
    step: 1,
    to: { kind: "webhook", url: "https://chat.clinic.example/hooks/not-to-be-shown" },
    at: at("2021-12-16T16:00Z"),
    outcome: "failed",
    error: "503 Service Unavailable",
  },
  {
    finding: known(STREAK, "finding"),
    step: 0,
    to: { kind: "syslog", host: "log.clinic.example", port: 6514, transport: "tls" },
    at: at("2021-12-16T16:00Z"),
    outcome: "sent",
    error: "",
  },
];
