/** Innocent events that look guilty: each is recorded, so that a finding on one of them counts against precision. */
import { DAY, HOUR, MINUTE, SECOND, dayOf, isWorkday, on } from "./calendar.ts";
import { drawSpelling, type Actor, type Scene } from "./actor.ts";
import { buildOn } from "./exchange-build.ts";
import { attempt, exploit, knock, type Run } from "./chain.ts";
import type { Step } from "./plan.ts";
import { accountOf } from "./proxied-call.ts";

/** A test that the clinic ordered, as case.yaml states it; times in milliseconds since 1970. */
export interface PenetrationTest {
  readonly who: string;
  readonly addresses: readonly string[];
  readonly from: number;
  readonly to: number;
}

/** Internet-wide scans by researchers: the front end answers, nothing is passed on. From about 6 August. */
export function scan(scene: Scene, answers: readonly number[]): void {
  const { cast, chance, plan } = scene;
  const scanners = cast.addresses.takeSome(chance.between(4, 9));
  for (const [index, address] of scanners.entries()) {
    const spelling = drawSpelling(chance);
    const agent = chance.pick([
      "Mozilla/5.0+zgrab/0.x",
      "survey-scanner/1.0+(+https://scan.example/)",
      "python-requests/2.26.0",
      "-",
    ]);
    let at = on(8, 6) + HOUR + chance.below(22 * HOUR) + (index === 0 ? 0 : chance.below(60 * DAY));
    for (let rounds = chance.between(1, 5); rounds > 0; rounds--) {
      const id = chance.guid();
      const takenMillis = chance.between(12, 300);
      const path = chance.pick([
        spelling.nspi,
        "/owa/",
        "/autodiscover/autodiscover.xml",
        "/ews/exchange.asmx",
      ]);
      const query = `${spelling.mark}${path}?&Email=${spelling.email}${spelling.mark}`;
      const status = chance.pick(answers);
      const { front } = plan.call({
        start: at,
        takenMillis,
        id,
        method: "GET",
        stem: spelling.stem,
        query,
        user: "-",
        client: address,
        agent,
        status,
        back: null,
      });
      plan.step(front, { actor: "scanner", kind: "scan", rung: "probed", id, path });
      plan.herrings.push({
        kind: "research-scan",
        from: at,
        to: front.end,
        note: `${address} answered ${status} by the front end only`,
      });
      at += chance.between(1, 9) * DAY + chance.between(0, 80_000) * SECOND;
      if (at > on(12, 14)) break;
    }
  }
}

/** A contracted test from stated addresses. It goes all the way where the server is open. */
export function testPenetration(scene: Scene, open: boolean, from: number): PenetrationTest {
  const { cast, chance, plan } = scene;
  const actor: Actor = {
    name: "contracted-test",
    addresses: cast.addresses.takeSome(2),
    agent: "Mozilla/5.0+(X11;+Linux+x86_64;+rv:78.0)+Gecko/20100101+Firefox/78.0",
    spelling: drawSpelling(chance),
    technique: "export",
  };
  const to = from + chance.between(1, 3) * DAY;
  const address = chance.pick(actor.addresses);
  const run: Run = {
    actor,
    address,
    victim: cast.administrator,
    at: from + 9 * HOUR + chance.below(HOUR),
    caught: false,
  };
  attempt(scene, run);
  if (open) {
    const page = exploit(scene, { ...run, at: from + 11 * HOUR + chance.below(HOUR) });
    knock(scene, run, page.url, page.writtenAt + 30 * MINUTE, 200);
    knock(scene, run, page.url, page.writtenAt + 5 * HOUR, 404);
  }
  const who = `${chance.pick(["Northlight", "Quayside", "Basalt"])} Assurance Ltd (invented)`;
  const end = to + 18 * HOUR;
  plan.herrings.push({
    kind: "penetration-test",
    from,
    to: end,
    note: `contracted, ${actor.addresses.join(" ")}`,
  });
  return { who, addresses: actor.addresses, from, to: end };
}

/** A phone with an old password, or a client behind a broken proxy, that asks again and again. */
export function stormRetries(scene: Scene): void {
  const { cast, chance, plan } = scene;
  for (let storms = chance.between(1, 3); storms > 0; storms--) {
    const person = chance.pick(cast.people);
    const from = on(chance.between(6, 11), chance.between(1, 28), chance.between(0, 23));
    const device = chance.hex(26).toUpperCase();
    let at = from + chance.below(MINUTE);
    for (let count = chance.between(120, 400); count > 0; count--) {
      plan.call({
        start: at,
        takenMillis: chance.between(5, 90),
        id: chance.guid(),
        method: "POST",
        stem: "/Microsoft-Server-ActiveSync/default.eas",
        query: `Cmd=Sync&User=${cast.netbios}%5C${person.account}&DeviceId=${device}&DeviceType=iPhone`,
        user: "-",
        client: person.away,
        agent: "Apple-iPhone12C1/1806.72",
        status: 401,
        substatus: 1,
        win32: 1326,
        back: null,
      });
      at += chance.between(1, 14) * SECOND;
    }
    plan.herrings.push({
      kind: "retry-storm",
      from,
      to: at,
      note: `${person.account}, an old password on a phone`,
    });
  }
}

/** An administrator exports the mailbox of somebody who leaves, to a .pst on a file server: no filter, no page. */
export function exportLegitimately(scene: Scene, at: number): void {
  const { cast, chance, plan } = scene;
  const leaver = chance.pick(cast.people.slice(1));
  const caller = `${cast.domain}/Users/${cast.administrator.given} ${cast.administrator.family}`;
  const sid = cast.administrator.sid;
  const build = buildOn(cast, dayOf(at));
  const cmdlet = (name: string, parameters: string, minutes: number) =>
    plan.cmdlets.push({ at: at + minutes * MINUTE, name, parameters, caller, sid, error: null });
  cmdlet(
    "New-MailboxExportRequest",
    `-Mailbox "${leaver.mail}" -FilePath "\\\\fs1.${cast.domain}\\leavers$\\${leaver.account}.pst"`,
    0,
  );
  cmdlet(
    "Remove-MailboxExportRequest",
    `-Identity "${leaver.mail}\\MailboxExport" -Confirm "False"`,
    190,
  );
  for (let count = 0; count < 4; count++) {
    plan.call({
      start: at - MINUTE + count * 15 * SECOND,
      takenMillis: chance.between(90, 900),
      id: chance.guid(),
      method: "POST",
      stem: "/powershell",
      query: `serializationLevel=Full;ExchClientVer=${build};PSVersion=5.1.14393.4530`,
      user: accountOf(scene, cast.administrator),
      client: cast.administrator.desk,
      agent: "Microsoft+WinRM+Client",
      status: 200,
      back: {
        stem: "/powershell",
        query: `serializationLevel=Full;ExchClientVer=${build}`,
        user: accountOf(scene, cast.administrator),
        status: 200,
      },
    });
  }
  plan.herrings.push({
    kind: "administrator-export",
    from: at,
    to: at + 190 * MINUTE,
    note: `${leaver.account}.pst for a leaver, signed off`,
  });
}

/** The antivirus test file, put there by the administrator to see whether anybody is told. Only its name exists here. */
export function tryAntivirus(scene: Scene): void {
  const { cast, chance, plan } = scene;
  const at = on(6, chance.between(8, 28), chance.between(8, 15)) + chance.below(HOUR);
  plan.verdicts.push({
    at,
    paths: [`C:\\Users\\${cast.administrator.account}\\Desktop\\eicar.com.txt`],
    kinds: ["test-file"],
    threat: "Virus:DOS/EICAR_Test_File",
    process: "C:\\Windows\\explorer.exe",
    user: accountOf(scene, cast.administrator),
    actor: "administrator",
    failed: false,
  });
  plan.herrings.push({
    kind: "eicar",
    from: at,
    to: at + MINUTE,
    note: "the administrator tries the antivirus",
  });
}

/** The monitoring of the backup agent asks for pages that Exchange ships, every working night. */
export function backUp(scene: Scene, days: readonly number[]): void {
  const { cast, chance, plan } = scene;
  const pages = [
    "/owa/auth/logon.aspx",
    "/owa/auth/errorFE.aspx",
    "/ecp/default.aspx",
    "/owa/auth/expiredpassword.aspx",
  ];
  for (const day of days) {
    if (!isWorkday(day)) continue;
    const at = day * DAY + 1 * HOUR + chance.between(0, 1800) * SECOND;
    for (const [index, stem] of pages.entries()) {
      plan.call({
        start: at + index * 700,
        takenMillis: chance.between(4, 40),
        id: chance.guid(),
        method: "HEAD",
        stem,
        query: "",
        user: "-",
        client: `${cast.network}.0.50`,
        agent: "BackupAgent/9.2+(page+check)",
        status: stem.startsWith("/ecp") ? 302 : 200,
        back: null,
      });
    }
  }
  const [first = 0] = days;
  plan.herrings.push({
    kind: "backup-agent",
    from: first * DAY,
    to: ((days.at(-1) ?? first) + 1) * DAY,
    note: "page checks after the nightly backup, and reads of .aspx files",
  });
}

/** Traces of ProxyLogon scans in March, on the days that were kept: the server was open then too. */
export function probeInMarch(scene: Scene, days: readonly number[]): Step[] {
  const { cast, chance, plan } = scene;
  const steps: Step[] = [];
  for (const address of cast.addresses.takeSome(chance.between(1, 3))) {
    const day = chance.pick(days);
    let at = day * DAY + chance.below(DAY - HOUR);
    for (let count = chance.between(2, 6); count > 0; count--) {
      const id = chance.guid();
      const stem = `/ecp/${chance.pick(["y", "x", chance.letters(1), chance.letters(3)])}.js`;
      const { front } = plan.call({
        start: at,
        takenMillis: chance.between(20, 700),
        id,
        method: "POST",
        stem,
        query: "",
        user: "-",
        client: address,
        agent: chance.pick(["ExchangeServicesClient/0.0.0.0", "python-requests/2.25.1"]),
        status: chance.pick([200, 241, 500]),
        back: null,
      });
      steps.push(
        plan.step(front, {
          actor: "march",
          kind: "proxylogon-probe",
          rung: "probed",
          id,
          path: stem,
        }),
      );
      at += chance.between(1, 40) * SECOND;
      if (dayOf(at) !== day) break;
    }
  }
  return steps;
}
