/**
 * What searches of Exchange's audit logs sent back as SearchResult.xml: the cmdlets of the Management log, as far as that and the
 * audit log's own ninety days reach; and who opened the mailboxes of others since that was audited. Form: docs/formats/audit-xml.md.
 */
import type { MadeFile } from "../model/sample.ts";
import { COLLECTED_AT, DAY, HOUR, MINUTE, dayOf, isWorkday, isoOf } from "./calendar.ts";
import type { Person } from "./cast.ts";
import { Chance } from "./chance.ts";
import { buildOn, paddedBuild } from "./exchange-build.ts";
import { MAILBOXES_AUDITED_FROM, cmdletsAuditedFrom } from "./keeping.ts";
import { textFile } from "./made-file.ts";
import { MANAGEMENT, managementEvents } from "./management-log.ts";
import { element } from "./markup.ts";
import type { Story } from "./story.ts";

/** Both results. */
export function makeAuditSearches(story: Story): MadeFile[] {
  return [
    textFile("MX1/audit/admin/SearchResult.xml", resultOf(cmdletEntries(story))),
    textFile("MX1/audit/mailbox/SearchResult.xml", resultOf(mailboxEntries(story))),
  ];
}

function resultOf(entries: readonly string[]): string {
  return `<?xml version="1.0" encoding="utf-8"?>\n${element("SearchResults", {}, ["", ...entries, ""].join("\n"))}\n`;
}

/** `-Identity "a@b" -Confirm "False"`, as the Management log writes parameters. */
const PARAMETER = /-(\w+) (?:"([^"]*)"|(\S+))/g;

function cmdletEntries(story: Story): string[] {
  const { seed, variant, gaps } = story;
  const chance = new Chance(seed, `${MANAGEMENT}/${variant}`);
  const from = cmdletsAuditedFrom(gaps.managementFrom);
  return [...managementEvents(story, chance)].flatMap(({ event }) => {
    if (event.at < from) return [];
    const [name = "", parameters = "", caller = ""] = event.data.map(([, value]) => value);
    const error = event.data[11]?.[1] ?? "";
    const given = [...parameters.matchAll(PARAMETER)].map(([, key = "", quoted, bare]) =>
      element("Parameter", { Name: key, Value: quoted ?? bare ?? "" }),
    );
    const entry = {
      Caller: caller,
      Cmdlet: name,
      ObjectModified: objectOf(parameters),
      RunDate: isoOf(event.at),
      Succeeded: String(error === ""),
      Error: error === "" ? "None" : error,
      OriginatingServer: originOf(story, event.at),
    };
    return [element("Event", entry, element("CmdletParameters", {}, given.join("")))];
  });
}

/** What a cmdlet changed: the identity or the mailbox that it was given. */
function objectOf(parameters: string): string {
  return /-(?:Identity|Mailbox) "([^"]*)"/.exec(parameters)?.[1] ?? "";
}

function originOf({ cast }: Story, at: number): string {
  return `${cast.mailServer.name} (${paddedBuild(buildOn(cast, dayOf(at)))})`;
}

interface Opened {
  readonly at: number;
  readonly owner: Person;
  readonly by: Person;
  readonly address: string;
  readonly client: string;
}

function mailboxEntries(story: Story): string[] {
  const opened = [...shared(story), ...openedByInsider(story)]
    .filter(({ at }) => at >= MAILBOXES_AUDITED_FROM)
    .toSorted((left, right) => left.at - right.at);
  return opened.map(({ at, owner, by, address, client }) =>
    element("Event", {
      MailboxGuid: owner.mailboxGuid,
      Owner: `${owner.given} ${owner.family}`,
      LastAccessed: isoOf(at),
      Operation: "FolderBind",
      OperationResult: "Succeeded",
      LogonType: "Delegate",
      FolderPathName: "\\Inbox",
      ClientInfoString: client,
      ClientIPAddress: address,
      InternalLogonType: "Owner",
      MailboxOwnerUPN: owner.mail,
      LogonUserDisplayName: `${by.given} ${by.family}`,
      LogonUserSid: by.sid,
      OriginatingServer: originOf(story, at),
    }),
  );
}

/** Secretaries open the mailboxes of those for whom they work. */
function shared({ cast, seed, variant }: Story): Opened[] {
  const chance = new Chance(seed, `shared-mailboxes/${variant}`);
  const [owner = cast.administrator, by = cast.administrator] = chance.shuffle(cast.people);
  const first = dayOf(MAILBOXES_AUDITED_FROM);
  const days = Array.from({ length: dayOf(COLLECTED_AT) - first }, (_, at) => first + at);
  return days.filter(isWorkday).map((day) => ({
    at: day * DAY + 8 * HOUR + chance.below(60) * MINUTE,
    owner,
    by,
    address: by.desk,
    client: "Client=MSExchangeRPC",
  }));
}

/** A mailbox that somebody opened in the browser by its address: `/owa/a.person@clinic.example/`. */
function openedByInsider({ cast, plan }: Story): Opened[] {
  return plan.steps.flatMap(({ kind, path, actor, logged }) => {
    if (kind !== "other-mailbox-opened") return [];
    const owner = cast.people.find(({ mail }) => path === `/owa/${mail}/`);
    const by = cast.people.find(({ account }) => account === actor);
    if (owner === undefined || by === undefined) return [];
    return [{ at: logged, owner, by, address: by.away, client: "Client=OWA;Action=ViaProxy" }];
  });
}
