/**
 * The two stories without an exploit: a stolen password used from abroad, and an employee who helps himself.
 * They show only what IIS and the event logs can show; nothing in them is an exploitation of the server.
 */
import { DAY, HOUR, MINUTE, SECOND, dayOf } from "./calendar.ts";
import type { Actor, Scene } from "./actor.ts";
import type { Person } from "./cast.ts";
import type { Step } from "./plan.ts";
import { accountOf } from "./proxied-call.ts";

interface Visit {
  readonly actor: string;
  readonly address: string;
  readonly agent: string;
  readonly person: Person;
}

const PHRASES = [
  "FindItem",
  "GetItem",
  "GetConversationItems",
  "FindConversation",
  "GetFileAttachment",
];

function ask(
  scene: Scene,
  visit: Visit,
  what: {
    at: number;
    kind: string;
    rung: "probed" | "used";
    method: string;
    stem: string;
    query: string;
    status: number;
    takenMillis: number;
    signedIn: boolean;
  },
): Step {
  const id = scene.chance.guid();
  const user = what.signedIn ? visit.person.mail : "-";
  const logged = scene.plan.call({
    start: what.at,
    takenMillis: what.takenMillis,
    id,
    method: what.method,
    stem: what.stem,
    query: what.query,
    user,
    client: visit.address,
    agent: visit.agent,
    status: what.status,
    back: what.signedIn
      ? {
          stem: what.stem,
          query: what.query,
          user: accountOf(scene, visit.person),
          status: what.status,
        }
      : null,
  });
  const { kind, rung, stem } = what;
  return scene.plan.step(logged.back ?? logged.front, {
    actor: visit.actor,
    kind,
    rung,
    id,
    path: stem,
  });
}

/** Failed logons (302 back to the form with a reason, or 401 at EWS), then one that works. */
function signIn(scene: Scene, visit: Visit, at: number, failures: number): number {
  const { chance } = scene;
  const { cast } = scene;
  for (let count = 0; count < failures; count++) {
    const takenMillis = chance.between(30, 400);
    ask(scene, visit, {
      at,
      kind: "logon-failed",
      rung: "probed",
      method: "POST",
      stem: "/owa/auth.owa",
      query: "",
      status: 302,
      takenMillis,
      signedIn: false,
    });
    const query = `replaceCurrent=1&reason=2&url=https%3a%2f%2fmail.${cast.domain}%2fowa%2f`;
    at += takenMillis + 900;
    ask(scene, visit, {
      at,
      kind: "logon-failed",
      rung: "probed",
      method: "GET",
      stem: "/owa/auth/logon.aspx",
      query,
      status: 200,
      takenMillis: 16,
      signedIn: false,
    });
    at += chance.between(4, 40) * SECOND;
  }
  ask(scene, visit, {
    at,
    kind: "logon",
    rung: "used",
    method: "POST",
    stem: "/owa/auth.owa",
    query: "",
    status: 302,
    takenMillis: chance.between(80, 600),
    signedIn: true,
  });
  return at + 2 * SECOND;
}

function readInBrowser(scene: Scene, visit: Visit, from: number, actions: number): number {
  const { chance } = scene;
  let at = from;
  ask(scene, visit, {
    at,
    kind: "mailbox-opened",
    rung: "used",
    method: "GET",
    stem: "/owa/",
    query: "bO=1",
    status: 200,
    takenMillis: 700,
    signedIn: true,
  });
  for (let count = 0; count < actions; count++) {
    at += chance.between(2, 70) * SECOND;
    const query = `action=${chance.pick(PHRASES)}&EP=1&ID=-${chance.between(2, 400)}&AC=1`;
    ask(scene, visit, {
      at,
      kind: "mail-read",
      rung: "used",
      method: "POST",
      stem: "/owa/service.svc",
      query,
      status: 200,
      takenMillis: chance.between(20, 900),
      signedIn: true,
    });
  }
  return at;
}

/** Stolen password, no second factor: OWA and EWS from addresses abroad, a rule, mail sent as the victim. */
export function stealPassword(scene: Scene, actor: Actor, from: number): void {
  const { cast, chance } = scene;
  for (let victims = chance.between(1, 3); victims > 0; victims--) {
    const person = chance.pick(cast.people);
    const visit = () => ({
      actor: actor.name,
      address: chance.pick(actor.addresses),
      agent: actor.agent,
      person,
    });
    let at = from + chance.below(20 * HOUR);
    at = signIn(scene, visit(), at, chance.between(0, 3));
    at = readInBrowser(scene, visit(), at, chance.between(10, 40));
    ask(scene, visit(), {
      at: at + 20 * SECOND,
      kind: "inbox-rule",
      rung: "used",
      method: "POST",
      stem: "/ecp/RulesEditor/InboxRules.svc/NewObject",
      query: `ActivityCorrelationID=${chance.guid()}&reqId=${chance.between(1, 9)}`,
      status: 200,
      takenMillis: 300,
      signedIn: true,
    });
    harvest(scene, visit(), at + HOUR + chance.below(40 * HOUR));
    sendAs(scene, visit(), at + 2 * DAY + chance.below(7 * DAY));
    from += chance.between(4, 25) * DAY;
  }
}

/** The whole mailbox over EWS, page by page. */
function harvest(scene: Scene, visit: Visit, from: number): void {
  const { chance } = scene;
  let at = from;
  const client = { ...visit, agent: "ExchangeServicesClient/15.00.0913.015" };
  for (let count = chance.between(60, 220); count > 0; count--) {
    const takenMillis = chance.between(80, 2500);
    ask(scene, client, {
      at,
      kind: "mail-read",
      rung: "used",
      method: "POST",
      stem: "/EWS/Exchange.asmx",
      query: "",
      status: 200,
      takenMillis,
      signedIn: true,
    });
    at += takenMillis + chance.between(1, 6) * SECOND;
  }
}

function sendAs(scene: Scene, visit: Visit, from: number): void {
  const { chance } = scene;
  let at = signIn(scene, visit, from, 0);
  for (let count = chance.between(5, 25); count > 0; count--) {
    at += chance.between(8, 80) * SECOND;
    const query = `action=CreateItem&EP=1&ID=-${chance.between(2, 400)}&AC=1`;
    ask(scene, visit, {
      at,
      kind: "mail-sent",
      rung: "used",
      method: "POST",
      stem: "/owa/service.svc",
      query,
      status: 200,
      takenMillis: chance.between(90, 900),
      signedIn: true,
    });
  }
}

/** An employee with the right to do so opens a colleague's mailbox at night, and exports it. */
export function helpOneself(scene: Scene, employee: Person, from: number): void {
  const { cast, chance, plan } = scene;
  const target = chance.pick(cast.people.filter((person) => person !== employee));
  const caller = `${cast.domain}/Users/${employee.given} ${employee.family}`;
  const order = (name: string, parameters: string, at: number) => {
    plan.cmdlets.push({ at, name, parameters, caller, sid: employee.sid, error: null });
    plan.steps.push({
      actor: employee.account,
      kind: name,
      rung: "used",
      start: at,
      logged: at,
      site: "management",
      requestId: null,
      path: name,
      status: null,
    });
  };
  let night = dayOf(from);
  for (let nights = chance.between(4, 9); nights > 0; nights--) {
    const at = night * DAY + 21 * HOUR + chance.below(2 * HOUR);
    const visit = {
      actor: employee.account,
      address: employee.away,
      person: employee,
      agent:
        "Mozilla/5.0+(Windows+NT+10.0;+Win64;+x64)+AppleWebKit/537.36+(KHTML,+like+Gecko)+Chrome/93.0.4577.82+Safari/537.36",
    };
    const opened = signIn(scene, visit, at, 0);
    if (night === dayOf(from)) {
      order(
        "Add-MailboxPermission",
        `-Identity "${target.mail}" -User "${employee.mail}" -AccessRights "FullAccess" -AutoMapping "False"`,
        at - 20 * MINUTE,
      );
    }
    ask(scene, visit, {
      at: opened + 9 * SECOND,
      kind: "other-mailbox-opened",
      rung: "used",
      method: "GET",
      stem: `/owa/${target.mail}/`,
      query: "",
      status: 200,
      takenMillis: 640,
      signedIn: true,
    });
    readInBrowser(scene, visit, opened + 30 * SECOND, chance.between(8, 30));
    night += chance.between(1, 9);
  }
  const exported = night * DAY + 22 * HOUR + chance.below(50 * MINUTE);
  const file = `\\\\fs1.${cast.domain}\\${employee.account}$\\${chance.letters(5)}.pst`;
  order("New-MailboxExportRequest", `-Mailbox "${target.mail}" -FilePath "${file}"`, exported);
  order(
    "Remove-MailboxExportRequest",
    `-Identity "${target.mail}\\MailboxExport" -Confirm "False"`,
    exported + 70 * MINUTE,
  );
  order(
    "Remove-MailboxPermission",
    `-Identity "${target.mail}" -User "${employee.mail}" -AccessRights "FullAccess" -Confirm "False"`,
    exported + 72 * MINUTE,
  );
}
