/**
 * The clinic's Microsoft 365 tenant, in which the stolen passwords work too: audit log, sign-ins, message trace, MFA
 * registration, as portals export them. Real exports hold records twice and cells that were cut: so do these, and the truth says which.
 */
import { known } from "../base/assert.ts";
import type { MadeFile } from "../model/sample.ts";
import { DAY, HOUR, MINUTE, SECOND, isoOf } from "./calendar.ts";
import type { Person } from "./cast.ts";
import { Chance } from "./chance.ts";
import { textFile } from "./made-file.ts";
import type { Story } from "./story.ts";

/** One record of the audit log. */
interface AuditRecord {
  readonly at: number;
  readonly id: string;
  readonly operation: string;
  readonly type: number;
  readonly user: string;
  readonly address: string;
  /** By the intruder. */
  readonly isTheft: boolean;
  readonly more: Readonly<Record<string, unknown>>;
}

/** A tenant as it was drawn. */
export interface Tenant {
  readonly victim: Person;
  readonly address: string;
  readonly agent: string;
  readonly records: readonly AuditRecord[];
  /** Ids of records that the export holds twice. */
  readonly duplicates: readonly string[];
  /** Id of the record whose AuditData was cut. */
  readonly truncated: string;
  readonly signIns: readonly SignIn[];
}

interface SignIn {
  readonly at: number;
  readonly id: string;
  readonly person: Person;
  readonly address: string;
  readonly agent: string;
  readonly country: string;
  /** 0, or why it failed. */
  readonly error: number;
}

const MAIL_ITEM = 50;
const MAIL_ADMINISTRATION = 1;
const WRONG_PASSWORD = 50_126;

/** The tenant of a story: every second one with stolen passwords has one, the others none. */
export function tenantOf(story: Story): Tenant | null {
  const { seed, variant, actors } = story;
  const [actor] = actors;
  const chance = new Chance(seed, `tenant/${variant}`);
  if (variant !== "credentials" || actor === undefined || chance.happens(0.4)) return null;
  const victim = victimOf(story);
  const address = known(actor.addresses[0], "an intruder has an address");
  const first = known(
    story.plan.steps.find(({ kind }) => kind === "logon"),
    "a stolen password is used",
  ).start;
  const theft = { chance, victim, address, from: first + 2 * HOUR };
  const records = [...everyday(story, chance, first), ...stolen(theft)].sort(
    (left, right) => left.at - right.at,
  );
  const bind = records.filter(({ isTheft, operation }) => isTheft && operation === ACCESSED);
  const usual = records.filter(({ isTheft }) => !isTheft);
  return {
    victim,
    address,
    agent: actor.agent.replaceAll("+", " "),
    records,
    duplicates: [...bind.slice(2, 5), ...usual.slice(0, 2)].map(({ id }) => id),
    truncated: known(usual.at(-1), "people work").id,
    signIns: signIns(story, chance, { victim, address, first }),
  };
}

const ACCESSED = "MailItemsAccessed";

/** Whose password was used first. */
function victimOf({ cast, plan }: Story): Person {
  const step = plan.steps.find(({ kind }) => kind === "logon");
  const request = plan.requests.find(
    ({ query }) => step?.requestId !== null && query.includes(step?.requestId ?? "?"),
  );
  const name = request?.user.split("\\").at(-1) ?? "";
  return known(
    cast.people.find(({ account, mail }) => account === name || mail === name),
    "whose password was used",
  );
}

interface Theft {
  readonly chance: Chance;
  readonly victim: Person;
  readonly address: string;
  readonly from: number;
}

/** Bound accesses, one synchronised folder, a rule; then the log is throttled and says no more for a day. */
function stolen({ chance, victim, address, from }: Theft): AuditRecord[] {
  const record = (
    at: number,
    operation: string,
    type: number,
    more: Readonly<Record<string, unknown>>,
  ): AuditRecord => ({
    at: Math.floor(at / SECOND) * SECOND,
    id: chance.guid(),
    operation,
    type,
    user: victim.mail,
    address,
    isTheft: true,
    more: { ...more, MailboxOwnerUPN: victim.mail, ClientIPAddress: address },
  });
  const access = (at: number, kind: "Bind" | "Sync", isThrottled: boolean, more: object) =>
    record(at, ACCESSED, MAIL_ITEM, {
      ClientInfoString: "Client=OWA;Action=ViaProxy",
      OperationCount: 1,
      OperationProperties: [
        { Name: "MailAccessType", Value: kind },
        { Name: "IsThrottled", Value: isThrottled ? "True" : "False" },
      ],
      ...more,
    });
  const items = (count: number) => [
    {
      Path: "\\Inbox",
      FolderItems: Array.from({ length: count }, () => ({
        InternetMessageId: `<${chance.hex(24)}@${victim.mail.split("@")[1] ?? ""}>`,
      })),
    },
  ];
  const binds = Array.from({ length: chance.between(8, 20) }, (_, at) =>
    access(from + at * 3 * MINUTE, "Bind", false, { Folders: items(chance.between(1, 6)) }),
  );
  const rule = record(from + 70 * MINUTE, "New-InboxRule", MAIL_ADMINISTRATION, {
    ObjectId: `${victim.account}\\..`,
    Parameters: [
      { Name: "Name", Value: ".." },
      { Name: "SubjectOrBodyContainsWords", Value: "invoice;payment" },
      { Name: "MoveToFolder", Value: "RSS Feeds" },
      { Name: "StopProcessingRules", Value: "True" },
    ],
  });
  const sync = access(from + 80 * MINUTE, "Sync", false, {
    Item: { ParentFolder: { Path: "\\Sent Items", Name: "Sent Items" } },
  });
  const throttled = access(from + 95 * MINUTE, "Bind", true, { Folders: items(2) });
  return [...binds, rule, sync, throttled];
}

/** What people do: their own mail, their own rules, two weeks around it. */
function everyday({ cast }: Story, chance: Chance, from: number): AuditRecord[] {
  return Array.from({ length: 160 }, () => {
    const person = chance.pick(cast.people);
    const isSend = chance.happens(0.5);
    const at = from - 7 * DAY + chance.below(14 * DAY);
    return {
      at: Math.floor(at / SECOND) * SECOND,
      id: chance.guid(),
      operation: isSend ? "Send" : ACCESSED,
      type: isSend ? 2 : MAIL_ITEM,
      user: person.mail,
      address: person.away,
      isTheft: false,
      more: {
        MailboxOwnerUPN: person.mail,
        ClientIPAddress: person.away,
        ClientInfoString: "Client=MSExchangeRPC",
        ...(isSend
          ? {
              Item: {
                Subject: "Appointment",
                InternetMessageId: `<${chance.hex(24)}@${cast.domain}>`,
              },
            }
          : {
              OperationProperties: [
                { Name: "MailAccessType", Value: "Sync" },
                { Name: "IsThrottled", Value: "False" },
              ],
              Item: { ParentFolder: { Path: "\\Inbox", Name: "Inbox" } },
            }),
      },
    };
  });
}

function signIns(
  { cast, actors }: Story,
  chance: Chance,
  theft: { readonly victim: Person; readonly address: string; readonly first: number },
): SignIn[] {
  const usual = Array.from({ length: 90 }, () => {
    const person = chance.pick(cast.people);
    const at = theft.first - 7 * DAY + chance.below(14 * DAY);
    const error = chance.happens(0.06) ? WRONG_PASSWORD : 0;
    return {
      at,
      id: chance.guid(),
      person,
      address: person.away,
      agent: OUTLOOK,
      country: "GG",
      error,
    };
  });
  const [actor] = actors;
  const agent = actor?.agent.replaceAll("+", " ") ?? "";
  const tries = [WRONG_PASSWORD, WRONG_PASSWORD, 0].map((error, at) => ({
    at: theft.first + HOUR + at * 40 * SECOND,
    id: chance.guid(),
    person: theft.victim,
    address: theft.address,
    agent,
    country: "ZZ",
    error,
  }));
  return [...usual, ...tries].sort((left, right) => left.at - right.at);
}

const OUTLOOK = "Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.13801; Pro)";

/** The exports; none where the story has no tenant. */
export function makeTenantExports(story: Story): MadeFile[] {
  const tenant = tenantOf(story);
  if (tenant === null) return [];
  return [
    textFile("m365/AuditLog_2021.csv", auditCsv(tenant)),
    textFile("m365/SignIns.json", signInJson(tenant)),
    textFile("m365/MessageTrace.csv", traceCsv(story, tenant)),
    textFile("m365/MfaRegistration.csv", registrationCsv(story, tenant)),
  ];
}

function lines(rows: readonly string[]): string {
  return `${rows.join("\r\n")}\r\n`;
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

const CUT_CHARS = 180;

function auditCsv({ records, duplicates, truncated }: Tenant): string {
  const row = ({ at, id, operation, type, user, address, more }: AuditRecord) => {
    const time = isoOf(at).slice(0, 19);
    const data = JSON.stringify({
      CreationTime: time,
      Id: id,
      Operation: operation,
      OrganizationId: "00000000-0000-4000-8000-00000000c11c",
      RecordType: type,
      ResultStatus: "Succeeded",
      UserKey: user,
      UserType: 0,
      Workload: "Exchange",
      UserId: user,
      ClientIP: address,
      ...more,
    });
    const cell = quoted(id === truncated ? data.slice(0, CUT_CHARS) : data);
    return `${id},${time}.0000000Z,${type},${operation},${user},${cell},`;
  };
  const again = records.filter(({ id }) => duplicates.includes(id));
  return lines([
    "RecordId,CreationDate,RecordType,Operation,UserId,AuditData,AssociatedAdminUnits",
    ...[...records, ...again].map(row),
  ]);
}

function signInJson({ signIns: rows }: Tenant): string {
  const value = rows.map(({ at, id, person, address, agent, country, error }) => ({
    id,
    createdDateTime: `${isoOf(at).slice(0, 19)}Z`,
    userPrincipalName: person.mail,
    userDisplayName: `${person.given} ${person.family}`,
    appDisplayName: "Office 365 Exchange Online",
    ipAddress: address,
    userAgent: agent,
    clientAppUsed: "Browser",
    conditionalAccessStatus: "notApplied",
    authenticationRequirement: "singleFactorAuthentication",
    status:
      error === 0
        ? { errorCode: 0, failureReason: "Other." }
        : {
            errorCode: error,
            failureReason: "Error validating credentials due to invalid username or password.",
          },
    location: { city: "Synthetic", countryOrRegion: country },
  }));
  const context = "https://graph.microsoft.com/v1.0/$metadata#auditLogs/signIns";
  return `${JSON.stringify({ "@odata.context": context, value }, null, 1)}\n`;
}

function traceCsv({ cast, seed }: Story, tenant: Tenant): string {
  const chance = new Chance(seed, "message-trace");
  const [first] = tenant.records;
  const from = first?.at ?? 0;
  return lines([
    "Received,SenderAddress,RecipientAddress,Subject,Status,ToIP,FromIP,Size,MessageId,MessageTraceId",
    ...Array.from({ length: 60 }, (_, at) => {
      const isTheft = at % 12 === 7;
      const sender = isTheft ? tenant.victim : chance.pick(cast.people);
      const time = isoOf(from + at * 5 * HOUR).slice(0, 19);
      const to = `${chance.letters(7)}@home-mail.example`;
      const subject = isTheft ? "Re: Invoice" : "Appointment";
      const source = isTheft ? tenant.address : sender.away;
      return `${time}Z,${sender.mail},${to},${subject},Delivered,,${source},${chance.between(3000, 90_000)},<${chance.hex(24)}@${cast.domain}>,${chance.guid()}`;
    }),
  ]);
}

function registrationCsv({ cast }: Story, { victim }: Tenant): string {
  return lines([
    "UserPrincipalName,UserDisplayName,IsMfaRegistered,IsMfaCapable,IsSsprRegistered,MethodsRegistered,LastUpdatedDateTime",
    ...cast.people.map((person, at) => {
      const isRegistered = person !== victim && at % 3 === 0;
      const methods = isRegistered ? "microsoftAuthenticatorPush" : "";
      return `${person.mail},${person.given} ${person.family},${isRegistered},${isRegistered},false,${methods},2021-12-14T06:00:00Z`;
    }),
  ]);
}

/** What the tenant's exports hold, for the truth. */
export function tenantTruth(story: Story) {
  const tenant = tenantOf(story);
  if (tenant === null) return null;
  const theft = tenant.records.filter(({ isTheft }) => isTheft);
  return {
    victim: tenant.victim.mail,
    address: tenant.address,
    records: tenant.records.length,
    theft: theft.map(({ id, at, operation }) => ({ id, at: isoOf(at), operation })),
    duplicates: tenant.duplicates,
    truncated: tenant.truncated,
  };
}
