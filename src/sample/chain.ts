/**
 * One run of the Exchange chain of 2021 (ProxyShell): probe, legacy DN, SID, draft, PowerShell, and a page dropped by
 * a mailbox export or a certificate request. Order and timing follow published incident reports; payloads do not exist here.
 */
import { MINUTE, SECOND } from "./calendar.ts";
import type { Actor, Scene } from "./actor.ts";
import type { Person } from "./cast.ts";
import { loggedSecond, type Shell, type Step } from "./plan.ts";
import {
  accessToken,
  accountOf,
  callThrough,
  machineAccount,
  type ProxiedCall,
} from "./proxied-call.ts";
import { asShare, drawShellPath, type ShellPath } from "./shell-path.ts";

/** One pass of the chain by one intruder from one address, as one impersonated mailbox. */
export interface Run {
  readonly actor: Actor;
  readonly address: string;
  readonly victim: Person;
  readonly at: number;
  /** True where the antivirus takes the page before it is first called. */
  readonly caught: boolean;
}

/** A moment that moves on as the attacker works. */
interface Hand {
  now: number;
}

type Part = Pick<ProxiedCall, "kind" | "rung" | "method" | "path" | "inside" | "status" | "as">;

function act(scene: Scene, run: Run, hand: Hand, part: Part, waitMillis: number): Step {
  const takenMillis = scene.chance.between(15, part.rung === "executed" ? 2400 : 420);
  const { actor, address } = run;
  const step = callThrough(scene, { ...part, actor, address, start: hand.now, takenMillis });
  hand.now += takenMillis + waitMillis;
  return step;
}

/** Requests that the server refuses, or answers without passing anything on. */
export function attempt(scene: Scene, run: Run): number {
  const { chance } = scene;
  const { spelling } = run.actor;
  const hand = { now: run.at };
  const tries = chance.between(1, 5);
  for (let count = 0; count < tries; count++) {
    const path = chance.pick([spelling.nspi, spelling.powershell, spelling.ews, "/ecp/"]);
    const status = chance.pick([401, 404, 500, 302, 400]);
    const part = {
      kind: "probe-refused",
      rung: "probed",
      method: "GET",
      path,
      inside: "",
      status,
      as: null,
    } as const;
    act(scene, run, hand, part, chance.between(1, 90) * SECOND);
  }
  return hand.now;
}

/** The whole chain; returns the page that it dropped. */
export function exploit(scene: Scene, run: Run): Shell {
  const { chance, plan } = scene;
  const hand = { now: run.at };
  discover(scene, run, hand);
  const page = drawShellPath(chance);
  const shell: Shell = {
    actor: run.actor.name,
    url: page.url,
    file: page.file,
    writtenAt: 0,
    droppedBy: run.actor.technique === "export" ? "MSExchangeMailboxReplication.exe" : "w3wp.exe",
    firstAnswer: null,
  };
  refusedPowershell(scene, run, hand);
  const dropped =
    run.actor.technique === "export"
      ? dropByExport(scene, run, hand, page)
      : dropByCertificate(scene, run, hand, page);
  const made = { ...shell, writtenAt: dropped };
  if (!run.caught) made.firstAnswer = firstAnswer(scene, run, page, dropped);
  else
    for (let count = 0; count < 3; count++)
      knock(scene, run, page.url, dropped + (count + 1) * 41 * SECOND, 404);
  plan.shells.push(made);
  return made;
}

function discover(scene: Scene, run: Run, hand: Hand): void {
  const { chance } = scene;
  const { spelling } = run.actor;
  const as = machineAccount(scene);
  const pause = () => chance.between(1, 20) * SECOND;
  const probe = {
    kind: "probe",
    rung: "reached",
    method: "GET",
    path: spelling.nspi,
    inside: "",
  } as const;
  for (let count = chance.between(1, 3); count > 0; count--) {
    act(scene, run, hand, { ...probe, status: 200, as }, pause());
  }
  const post = { rung: "reached", method: "POST", inside: "", status: 200, as } as const;
  for (let count = chance.between(1, 4); count > 0; count--) {
    const path = "/autodiscover/autodiscover.xml";
    act(scene, run, hand, { ...post, kind: "legacy-dn", path }, pause());
  }
  act(scene, run, hand, { ...post, kind: "sid", path: "/mapi/emsmdb/" }, pause());
  if (run.actor.technique === "export") {
    const draft = { ...post, kind: "draft", path: spelling.ews, as: accountOf(scene, run.victim) };
    act(scene, run, hand, draft, pause());
  }
}

function powershell(scene: Scene, run: Run, status: number): Part {
  const account = accountOf(scene, run.victim);
  return {
    kind: status === 200 ? "powershell" : "powershell-refused",
    rung: status === 200 ? "executed" : "reached",
    method: "POST",
    path: run.actor.spelling.powershell,
    inside: `X-Rps-CAT=${accessToken(account, run.victim.sid)}`,
    status,
    as: status === 200 ? account : machineAccount(scene),
  };
}

function refusedPowershell(scene: Scene, run: Run, hand: Hand): void {
  const { chance } = scene;
  for (let count = chance.between(0, 3); count > 0; count--) {
    act(
      scene,
      run,
      hand,
      powershell(scene, run, chance.pick([401, 500])),
      chance.between(2, 9) * SECOND,
    );
  }
}

/** A remote session is several requests: create, run, receive, and so on. */
function session(scene: Scene, run: Run, hand: Hand): void {
  for (let count = scene.chance.between(2, 5); count > 0; count--) {
    act(scene, run, hand, powershell(scene, run, 200), scene.chance.between(300, 2500));
  }
}

/** Writes a cmdlet of the run into the Management log, with its step. */
export function runCmdlet(
  scene: Scene,
  run: Run,
  what: { at: number; kind: string; name: string; parameters: string; error?: string },
): void {
  const { cast, plan } = scene;
  plan.cmdlets.push({
    at: what.at,
    name: what.name,
    parameters: what.parameters,
    caller: `${cast.domain}/Users/${run.victim.given} ${run.victim.family}`,
    sid: run.victim.sid,
    error: what.error ?? null,
  });
  plan.steps.push({
    actor: run.actor.name,
    kind: what.kind,
    rung: "executed",
    start: what.at,
    logged: loggedSecond(what.at),
    site: "management",
    requestId: null,
    path: what.name,
    status: null,
  });
}

function dropByExport(scene: Scene, run: Run, hand: Hand, page: ShellPath): number {
  const { chance } = scene;
  const { mail } = run.victim;
  session(scene, run, hand);
  const role = `-Role "Mailbox Import Export" -User "${mail}"`;
  runCmdlet(scene, run, {
    at: hand.now,
    kind: "role-assigned",
    name: "New-ManagementRoleAssignment",
    parameters: role,
  });
  session(scene, run, hand);
  const written = hand.now;
  const subject = chance.letters(chance.between(8, 16));
  const file = asShare(page.file, chance.pick(["localhost", "127.0.0.1"]));
  const parameters = `-Name "${chance.hex(8)}" -Mailbox "${mail}" -IncludeFolders ("#Drafts#") -ContentFilter "Subject -eq '${subject}'" -ExcludeDumpster "True" -FilePath "${file}"`;
  runCmdlet(scene, run, {
    at: written,
    kind: "export",
    name: "New-MailboxExportRequest",
    parameters,
  });
  removeLater(
    scene,
    run,
    written,
    "Remove-MailboxExportRequest",
    `-Identity "${mail}\\${subject}" -Confirm "False"`,
  );
  return written;
}

function dropByCertificate(scene: Scene, run: Run, hand: Hand, page: ShellPath): number {
  const { chance } = scene;
  const asked = (file: string) =>
    `-GenerateRequest "True" -BinaryEncoded "True" -SubjectName "CN=${chance.letters(6)}" -RequestFile "${asShare(file, "localhost")}"`;
  session(scene, run, hand);
  const name = "New-ExchangeCertificate";
  runCmdlet(scene, run, {
    at: hand.now,
    kind: "certificate",
    name,
    parameters: asked(`${page.file}.req`),
  });
  session(scene, run, hand);
  const written = hand.now;
  runCmdlet(scene, run, { at: written, kind: "certificate", name, parameters: asked(page.file) });
  const thumbprint = chance.hex(40).toUpperCase();
  removeLater(
    scene,
    run,
    written,
    "Remove-ExchangeCertificate",
    `-Thumbprint "${thumbprint}" -Confirm "False"`,
  );
  return written;
}

/** The trace is swept after a few minutes, in a session of its own. */
function removeLater(
  scene: Scene,
  run: Run,
  written: number,
  name: string,
  parameters: string,
): void {
  const hand = { now: written + scene.chance.between(5 * MINUTE, 25 * MINUTE) };
  session(scene, run, hand);
  runCmdlet(scene, run, { at: hand.now, kind: "request-removed", name, parameters });
}

/** 404, 404, then 200 once the replication service has written the page: one to three minutes. */
function firstAnswer(scene: Scene, run: Run, page: ShellPath, written: number): number {
  const { chance } = scene;
  const ready = written + chance.between(61, 179) * SECOND;
  const early = run.actor.technique === "certificate" ? `${page.url}.req` : page.url;
  const firstWait = (ready - written) * (0.15 + 0.2 * chance.real());
  const secondWait = (ready - written) * (0.5 + 0.3 * chance.real());
  knock(scene, run, early, Math.floor(written + firstWait), 404);
  knock(scene, run, early, Math.floor(written + secondWait), 404);
  return knock(scene, run, page.url, ready, 200);
}

/** A GET of the page; the front end answers pages of its own folders itself. Returns when it started. */
export function knock(scene: Scene, run: Run, url: string, at: number, status: 200 | 404): number {
  const { chance, plan } = scene;
  const id = url.startsWith("/aspnet_client/") ? null : chance.guid();
  const { front } = plan.call({
    start: at,
    takenMillis: status === 200 ? chance.between(900, 4000) : chance.between(8, 60),
    id,
    method: "GET",
    stem: url,
    query: "",
    user: "-",
    client: run.address,
    agent: run.actor.agent,
    status,
    substatus: status === 404 && url.endsWith(".req") ? 3 : 0,
    win32: status === 404 ? 2 : 0,
    back: null,
  });
  const kind = status === 200 ? "shell-first" : "shell-wait";
  const rung = status === 200 ? "used" : "probed";
  return plan.step(front, { actor: run.actor.name, kind, rung, id, path: url }).start;
}
