/**
 * The MSExchange Management log: cmdlets that changed something, 1 for success and 6 for failure, in unnamed strings.
 * It has a fixed size and rolls over; what came before `managementFrom` is gone.
 */
import { COLLECTED_AT, DAY, MINUTE, dayOf, isWorkday } from "./calendar.ts";
import type { Chance } from "./chance.ts";
import type { Cast, Person } from "./cast.ts";
import type { Cmdlet } from "./plan.ts";
import type { Story } from "./story.ts";
import {
  eventKind,
  eventOf,
  numberEvents,
  type NumberedEvent,
  type WindowsEvent,
} from "./windows-event.ts";

/** Its channel. */
export const MANAGEMENT = "MSExchange Management";

const SHARED = { task: 1, keywords: 0x80000000000000n, process: 0, thread: 0 } as const;
const DONE = eventKind("MSExchange CmdletLogs", null, 1, { ...SHARED, qualifiers: 16_384 });
const NOT_DONE = eventKind("MSExchange CmdletLogs", null, 6, {
  ...SHARED,
  qualifiers: 49_152,
  level: 2,
});

/** The log from `managementFrom` to the day it was copied. */
export function* managementEvents(story: Story, chance: Chance): Generator<NumberedEvent> {
  const { cast, plan, gaps } = story;
  const span = {
    from: gaps.managementFrom,
    to: COLLECTED_AT,
    firstRecord: chance.between(4000, 60_000),
  };
  yield* numberEvents(chance, span, (day) => [
    ...plan.cmdlets
      .filter(({ at }) => dayOf(at) === day)
      .map((cmdlet) => cmdletEvent(cast, chance, cmdlet)),
    ...everyday(cast, chance, day).map((cmdlet) => cmdletEvent(cast, chance, cmdlet)),
  ]);
}

function cmdletEvent(cast: Cast, chance: Chance, cmdlet: Cmdlet): WindowsEvent {
  const failed = cmdlet.error !== null;
  const controller = `${cast.controller.name}.${cast.domain}`;
  const scope = `View Entire Forest: 'False', Default Scope: '${cast.domain}', Configuration Domain Controller: '${controller}', Preferred Global Catalog: '${controller}', Preferred Domain Controllers: '{ ${controller} }'`;
  const values = [
    cmdlet.name,
    cmdlet.parameters,
    cmdlet.caller,
    cmdlet.sid,
    cmdlet.sid,
    "Remote-ManagementShell-Unknown",
    `${chance.between(3000, 29_000)} w3wp#MSExchangePowerShellAppPool`,
    "",
    String(chance.between(5, 90)),
    `00:00:0${chance.between(0, 9)}.${String(chance.between(0, 9_999_999)).padStart(7, "0")}`,
    scope,
    cmdlet.error ?? "",
    failed ? "5" : "",
    "",
    failed ? "NonLocalizedException" : "",
    "",
    "",
    "False",
    "",
    "0 objects execution has been proxied to remote server.",
    "",
    "",
    "0",
    `ActivityId: ${chance.guid()}`,
    "ServicePlan:;IsAdmin:True;",
    "",
    "en-US",
  ];
  return eventOf(
    failed ? NOT_DONE : DONE,
    cmdlet.at,
    values.map((value) => [null, value] as const),
  );
}

/** What an administrator does on a working day. */
function everyday(cast: Cast, chance: Chance, day: number): Cmdlet[] {
  const { administrator } = cast;
  return Array.from(
    { length: isWorkday(day) ? chance.between(3, 11) : chance.between(0, 1) },
    () => {
      const person = chance.pick(cast.people);
      const [name, parameters] = chance.pick(ORDERS)(person, chance.pick(cast.people));
      return {
        at: day * DAY + chance.between(7 * 60, 16 * 60) * MINUTE + chance.between(0, 59_000),
        name,
        parameters,
        caller: `${cast.domain}/Users/${administrator.given} ${administrator.family}`,
        sid: administrator.sid,
        error: chance.happens(0.06)
          ? "Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException: The operation couldn't be performed because the object couldn't be found."
          : null,
      };
    },
  );
}

const ORDERS: readonly ((person: Person, other: Person) => readonly [string, string])[] = [
  ({ mail }) => [
    "Set-Mailbox",
    `-Identity "${mail}" -IssueWarningQuota "4.8 GB (5,153,960,755 bytes)"`,
  ],
  ({ mail }, other) => [
    "Add-MailboxFolderPermission",
    `-Identity "${mail}:\\Calendar" -User "${other.mail}" -AccessRights "Reviewer"`,
  ],
  ({ mail }) => ["Set-CASMailbox", `-Identity "${mail}" -ActiveSyncEnabled "True"`],
  ({ mail }) => [
    "Set-MailboxAutoReplyConfiguration",
    `-Identity "${mail}" -AutoReplyState "Scheduled"`,
  ],
  ({ mail }) => ["Add-DistributionGroupMember", `-Identity "reception" -Member "${mail}"`],
  ({ mail }) => [
    "Remove-MobileDevice",
    `-Identity "${mail}\\ExchangeActiveSyncDevices" -Confirm "False"`,
  ],
  ({ mail }, other) => [
    "Add-MailboxPermission",
    `-Identity "rooms@${mail.split("@")[1] ?? ""}" -User "${other.mail}" -AccessRights "FullAccess"`,
  ],
];
