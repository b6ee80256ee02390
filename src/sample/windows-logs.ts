/** Security.evtx and System.evtx of the mail server: a few days of logons, months of services, and a clearing in some seeds. */
import { COLLECTED_AT, DAY, HOUR, MINUTE, SECOND, dayOf, isWorkday, rhythmOf } from "./calendar.ts";
import type { Chance } from "./chance.ts";
import type { Clearing } from "./plan.ts";
import type { Story } from "./story.ts";
import {
  eventKind,
  eventOf,
  numberEvents,
  type EventDatum,
  type NumberedEvent,
  type WindowsEvent,
} from "./windows-event.ts";

const AUDIT = "{54849625-5478-4994-A5BA-3E3B0328C30D}";
const SUCCESS = 0x8020000000000000n;
const FAILURE = 0x8010000000000000n;

function audit(eventId: number, task: number, keywords = SUCCESS, version = 0) {
  return eventKind("Microsoft-Windows-Security-Auditing", AUDIT, eventId, {
    level: 0,
    task,
    keywords,
    version,
    process: 612,
    thread: 664,
  });
}

const LOGON = audit(4624, 12_544, SUCCESS, 2);
const LOGOFF = audit(4634, 12_545);
const NO_LOGON = audit(4625, 12_544, FAILURE);
const FILE_READ = audit(4663, 12_800, SUCCESS, 1);
const EVENT_LOG = {
  provider: "Microsoft-Windows-Eventlog",
  guid: "{fc65ddd8-d6ef-4962-83d5-6e5cfe9ce148}",
} as const;
const SECURITY_CLEARED = eventKind(EVENT_LOG.provider, EVENT_LOG.guid, 1102, {
  task: 104,
  keywords: 0x4020000000000000n,
  process: 1180,
});
const LOG_CLEARED = eventKind(EVENT_LOG.provider, EVENT_LOG.guid, 104, {
  task: 104,
  process: 1180,
});
const ROTATED = eventKind(EVENT_LOG.provider, EVENT_LOG.guid, 1105, {
  task: 105,
  keywords: 0x4020000000000000n,
  process: 1180,
});

/** Logons a day on a server of each size: the real log holds days because it is full by then. */
const LOGONS_PER_DAY = { small: 160, real: 6000 } as const;

/** The Security log from the day on which it had last been full, or was cleared. */
export function* securityEvents(story: Story, chance: Chance): Generator<NumberedEvent> {
  const span = {
    from: story.gaps.securityFrom,
    to: COLLECTED_AT,
    firstRecord: chance.between(400_000, 4_000_000),
  };
  const cleared = story.plan.clearings.filter(({ log }) => log === "Security");
  yield* numberEvents(chance, span, (day) => [
    ...cleared
      .filter(({ at }) => dayOf(at) === day)
      .map((clearing) => clearedEvent(story, clearing)),
    ...logons(story, chance, day),
    ...backupReads(story, chance, day),
    ...(story.variant === "benign" && cleared.length === 0 ? rotation(story, day) : []),
  ]);
}

function clearedEvent(story: Story, clearing: Clearing): WindowsEvent {
  const subject: EventDatum[] = [
    ["SubjectUserName", clearing.account],
    ["SubjectDomainName", story.cast.netbios],
  ];
  const inside = {
    element: "LogFileCleared",
    namespace: "http://manifests.microsoft.com/win/2004/08/windows/eventlog",
  };
  return clearing.log === "Security"
    ? {
        ...SECURITY_CLEARED,
        at: clearing.at,
        inside,
        data: [["SubjectUserSid", clearing.sid], ...subject, ["SubjectLogonId", "0x8f3c21"]],
      }
    : {
        ...LOG_CLEARED,
        at: clearing.at,
        user: clearing.sid,
        inside,
        data: [...subject, ["Channel", "System"], ["BackupPath", ""]],
      };
}

/** The log is set to start a new file when full: nothing was emptied. */
function rotation(story: Story, day: number): WindowsEvent[] {
  if (day !== dayOf(story.gaps.securityFrom)) return [];
  const inside = {
    element: "AutoBackup",
    namespace: "http://manifests.microsoft.com/win/2004/08/windows/eventlog",
  };
  const path = "C:\\Windows\\System32\\Winevt\\Logs\\Archive-Security-2021-12.evtx";
  const data: EventDatum[] = [
    ["Channel", "Security"],
    ["BackupPath", path],
  ];
  return [{ ...ROTATED, at: story.gaps.securityFrom + 2, inside, data }];
}

function logons(story: Story, chance: Chance, day: number): WindowsEvent[] {
  const { cast, size } = story;
  const rhythm = rhythmOf(day);
  const events: WindowsEvent[] = [];
  for (let hour = 0; hour < 24; hour++) {
    const count = Math.round((LOGONS_PER_DAY[size] / 24) * (0.4 + 1.8 * (rhythm[hour] ?? 0)));
    for (let made = 0; made < count; made++) {
      const at = day * DAY + hour * HOUR + chance.between(0, HOUR - 1);
      const person = chance.pick(cast.people);
      const logonId = `0x${chance.hex(7)}`;
      if (chance.happens(0.03)) {
        events.push(eventOf(NO_LOGON, at, failedLogon(story, person.account, person.desk)));
        continue;
      }
      const target: EventDatum[] = [
        ["TargetUserSid", person.sid],
        ["TargetUserName", person.account],
        ["TargetDomainName", cast.netbios],
        ["TargetLogonId", logonId],
      ];
      events.push(
        eventOf(LOGON, at, logonFields(target, person.desk, chance.between(49_200, 65_000))),
      );
      events.push(
        eventOf(LOGOFF, at + chance.between(1, 600) * SECOND, [...target, ["LogonType", "3"]]),
      );
    }
  }
  return events;
}

const NOBODY: readonly EventDatum[] = [
  ["SubjectUserSid", "S-1-0-0"],
  ["SubjectUserName", "-"],
  ["SubjectDomainName", "-"],
  ["SubjectLogonId", "0x0"],
];

function logonFields(target: readonly EventDatum[], address: string, port: number): EventDatum[] {
  return [
    ...NOBODY,
    ...target,
    ["LogonType", "3"],
    ["LogonProcessName", "Kerberos"],
    ["AuthenticationPackageName", "Kerberos"],
    ["WorkstationName", "-"],
    ["LogonGuid", "{00000000-0000-0000-0000-000000000000}"],
    ["TransmittedServices", "-"],
    ["LmPackageName", "-"],
    ["KeyLength", "0"],
    ["ProcessId", "0x0"],
    ["ProcessName", "-"],
    ["IpAddress", address],
    ["IpPort", String(port)],
    ["ImpersonationLevel", "%%1833"],
    ["RestrictedAdminMode", "-"],
    ["TargetOutboundUserName", "-"],
    ["TargetOutboundDomainName", "-"],
    ["VirtualAccount", "%%1843"],
    ["TargetLinkedLogonId", "0x0"],
    ["ElevatedToken", "%%1843"],
  ];
}

function failedLogon(story: Story, account: string, address: string): EventDatum[] {
  return [
    ...NOBODY,
    ["TargetUserSid", "S-1-0-0"],
    ["TargetUserName", account],
    ["TargetDomainName", story.cast.netbios],
    ["Status", "0xc000006d"],
    ["FailureReason", "%%2313"],
    ["SubStatus", "0xc000006a"],
    ["LogonType", "8"],
    ["LogonProcessName", "Advapi  "],
    ["AuthenticationPackageName", "Negotiate"],
    ["WorkstationName", story.cast.mailServer.name],
    ["TransmittedServices", "-"],
    ["LmPackageName", "-"],
    ["KeyLength", "0"],
    ["ProcessId", "0x1f40"],
    ["ProcessName", "C:\\Windows\\System32\\inetsrv\\w3wp.exe"],
    ["IpAddress", address],
    ["IpPort", "0"],
  ];
}

const PAGES = [
  "owa\\auth\\logon.aspx",
  "owa\\auth\\errorFE.aspx",
  "owa\\auth\\signout.aspx",
  "ecp\\auth\\TimeoutLogout.aspx",
];

/** The web folders are audited, and the backup agent reads every page that Exchange ships. */
function backupReads(story: Story, chance: Chance, day: number): WindowsEvent[] {
  if (!isWorkday(day)) return [];
  const { cast } = story;
  return PAGES.map((page, index) =>
    eventOf(FILE_READ, day * DAY + HOUR + 40 * MINUTE + index * chance.between(20, 400), [
      ["SubjectUserSid", "S-1-5-18"],
      ["SubjectUserName", `${cast.mailServer.name}$`],
      ["SubjectDomainName", cast.netbios],
      ["SubjectLogonId", "0x3e7"],
      ["ObjectServer", "Security"],
      ["ObjectType", "File"],
      [
        "ObjectName",
        `C:\\Program Files\\Microsoft\\Exchange Server\\V15\\FrontEnd\\HttpProxy\\${page}`,
      ],
      ["HandleId", "0x6a4"],
      ["AccessList", "%%4416\n\t\t\t\t"],
      ["AccessMask", "0x1"],
      ["ProcessId", "0x1a2c"],
      ["ProcessName", "C:\\Program Files\\BackupAgent\\agent.exe"],
      ["ResourceAttributes", "S:AI"],
    ]),
  );
}

const CLASSIC = { keywords: 0x80000000000000n, process: 0, thread: 0 } as const;
const UPTIME = eventKind("EventLog", null, 6013, { ...CLASSIC, qualifiers: 32_768 });
const STOPPED = eventKind("EventLog", null, 6006, { ...CLASSIC, qualifiers: 32_768 });
const STARTED = eventKind("EventLog", null, 6005, { ...CLASSIC, qualifiers: 32_768 });
const SERVICE = eventKind(
  "Service Control Manager",
  "{555908d1-a6d7-4695-8e1e-26931d2012f4}",
  7036,
  { keywords: 0x8080000000000000n, qualifiers: 16_384, process: 724 },
);
const INSTALLED = eventKind(
  "Microsoft-Windows-WindowsUpdateClient",
  "{945A8954-C147-4ACD-923F-40C45405A658}",
  19,
  {
    version: 1,
    task: 1,
    opcode: 13,
    keywords: 0x8000000000000018n,
    process: 1432,
    user: "S-1-5-18",
  },
);
const SERVICES = [
  "Microsoft Exchange Mailbox Replication",
  "Windows Update",
  "Software Protection",
  "Background Intelligent Transfer Service",
  "Backup Agent",
  "Windows Modules Installer",
];

/** The System log: services, daily uptime, restarts, Windows updates. Exchange updates are not among them. */
export function* systemEvents(story: Story, chance: Chance): Generator<NumberedEvent> {
  const span = {
    from: story.gaps.systemFrom,
    to: COLLECTED_AT,
    firstRecord: chance.between(20_000, 90_000),
  };
  const cleared = story.plan.clearings.filter(({ log }) => log === "System");
  yield* numberEvents(chance, span, (day) => [
    ...cleared
      .filter(({ at }) => dayOf(at) === day)
      .map((clearing) => clearedEvent(story, clearing)),
    ...services(chance, day),
    ...restarts(story, day),
    eventOf(UPTIME, day * DAY + 11 * HOUR, [
      [null, ""],
      [null, ""],
      [null, ""],
      [null, ""],
      [null, String((day % 30) * 86_400)],
      [null, "60"],
      [null, "0 GMT Standard Time"],
    ]),
  ]);
}

function services(chance: Chance, day: number): WindowsEvent[] {
  return Array.from({ length: chance.between(8, 22) }, () => {
    const at = day * DAY + chance.between(0, DAY - 1);
    return eventOf(SERVICE, at, [
      ["param1", chance.pick(SERVICES)],
      ["param2", chance.pick(["running", "stopped"])],
    ]);
  });
}

function restarts(story: Story, day: number): WindowsEvent[] {
  return story.gaps.downtimes
    .filter(({ from }) => dayOf(from) === day)
    .flatMap(({ from, to }, index) => [
      eventOf(INSTALLED, from - 4 * MINUTE, [
        [
          "updateTitle",
          `2021-${String(6 + index).padStart(2, "0")} Cumulative Update for Windows Server 2016 for x64-based Systems`,
        ],
        ["updateGuid", "{B13B6E94-6EEC-42BF-ACA5-40D289FD74B7}"],
        ["updateRevisionNumber", "200"],
      ]),
      eventOf(STOPPED, from, []),
      eventOf(STARTED, to, []),
    ]);
}
