/** What intruders do once they are in: commands through a page, mail read over EWS, mailboxes exported and fetched. */
import { HOUR, MINUTE, SECOND, dayOf, isWorkday, DAY } from "./calendar.ts";
import type { Actor, Scene } from "./actor.ts";
import { runCmdlet, type Run } from "./chain.ts";
import type { Shell, Step } from "./plan.ts";
import { accountOf, callThrough } from "./proxied-call.ts";
import { asShare } from "./shell-path.ts";

/** A request that the front end answers alone, recorded as a step. */
export function callFront(
  scene: Scene,
  what: {
    actor: Actor;
    address: string;
    kind: string;
    method: string;
    url: string;
    at: number;
    takenMillis: number;
    status: number;
  },
): Step {
  const id = what.url.startsWith("/aspnet_client/") ? null : scene.chance.guid();
  const { front } = scene.plan.call({
    start: what.at,
    takenMillis: what.takenMillis,
    id,
    method: what.method,
    stem: what.url,
    query: "",
    user: "-",
    client: what.address,
    agent: what.actor.agent,
    status: what.status,
    back: null,
  });
  return scene.plan.step(front, {
    actor: what.actor.name,
    kind: what.kind,
    rung: "used",
    id,
    path: what.url,
  });
}

/** Several sittings of POSTs to a page, over days. */
export function useShell(scene: Scene, actor: Actor, shell: Shell): void {
  const { chance } = scene;
  if (shell.firstAnswer === null) return;
  let at = shell.firstAnswer + chance.between(5, 60) * SECOND;
  for (let sitting = chance.between(2, 5); sitting > 0; sitting--) {
    const address = chance.pick(actor.addresses);
    for (let count = chance.between(3, 14); count > 0; count--) {
      const takenMillis = chance.between(40, 6000);
      callFront(scene, {
        actor,
        address,
        kind: "shell-command",
        method: "POST",
        url: shell.url,
        at,
        takenMillis,
        status: 200,
      });
      at += takenMillis + chance.between(2, 120) * SECOND;
    }
    at += chance.between(3, 80) * HOUR;
  }
}

/** The next workday at ten in the morning, counted from an instant. */
function nextWorkday(from: number): number {
  let day = dayOf(from) + 1;
  while (!isWorkday(day)) day++;
  return day * DAY + 9 * HOUR;
}

/** Mail of several mailboxes read over EWS, in office hours, among the day's own traffic. */
export function readMail(scene: Scene, actor: Actor, from: number): void {
  for (let mailboxes = scene.chance.between(1, 4); mailboxes > 0; mailboxes--) {
    readMailbox(scene, actor, from);
    from += scene.chance.between(1, 12) * DAY;
  }
}

/** Mail of one mailbox, on the next workday. */
export function readMailbox(scene: Scene, actor: Actor, from: number): void {
  const { cast, chance } = scene;
  const victim = chance.pick(cast.people);
  const address = chance.pick(actor.addresses);
  let at = nextWorkday(from) + chance.below(6 * HOUR);
  for (let count = chance.between(30, 120); count > 0; count--) {
    const takenMillis = chance.between(60, 1900);
    callThrough(scene, {
      actor,
      address,
      start: at,
      takenMillis,
      kind: "mail-read",
      rung: "used",
      method: "POST",
      path: actor.spelling.ews,
      inside: "",
      status: 200,
      as: accountOf(scene, victim),
    });
    at += takenMillis + chance.between(1, 11) * SECOND;
  }
}

/** A mailbox exported into a web folder, renamed .zip and fetched in ranges; before it one export that fails. */
export function exportMailbox(scene: Scene, run: Run): void {
  const { chance } = scene;
  const folder = "C:\\inetpub\\wwwroot\\aspnet_client\\";
  const name = chance.letters(6);
  const target = chance.pick(scene.cast.people);
  const parameters = (file: string) =>
    `-Mailbox "${target.mail}" -FilePath "${asShare(file, "localhost")}"`;
  runCmdlet(scene, run, {
    at: run.at,
    kind: "export-failed",
    name: "New-MailboxExportRequest",
    parameters: parameters(`C:\\ProgramData\\${name}.pst`),
    error:
      "Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException: The mailbox export path could not be opened.",
  });
  const exported = run.at + 2 * MINUTE + chance.below(7 * MINUTE);
  runCmdlet(scene, run, {
    at: exported,
    kind: "mailbox-exported",
    name: "New-MailboxExportRequest",
    parameters: parameters(`${folder}${name}.pst`),
  });
  fetchArchive(
    scene,
    run,
    `/aspnet_client/${name}.zip`,
    exported + 40 * MINUTE + chance.below(4 * HOUR),
  );
}

/** One archive fetched in ranges (206), with retries, and at last whole (200). */
export function fetchArchive(scene: Scene, run: Run, url: string, from: number): void {
  const { chance } = scene;
  const { actor, address } = run;
  let at = from;
  const ranges = chance.between(4, 24);
  for (let range = 0; range <= ranges; range++) {
    const takenMillis = chance.between(20_000, 240_000);
    const status = range === ranges ? 200 : 206;
    callFront(scene, {
      actor,
      address,
      kind: "archive-download",
      method: "GET",
      url,
      at,
      takenMillis,
      status,
    });
    at += takenMillis + chance.between(1, 20) * SECOND;
  }
}
