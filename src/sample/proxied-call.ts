/**
 * One request that reaches the back end through /autodiscover/autodiscover.json (CVE-2021-34473),
 * as the front end and the back end log it with default fields. Text only: nothing here can be sent.
 */
import type { Rung } from "../model/cause.ts";
import type { Actor, Scene } from "./actor.ts";
import type { Person } from "./cast.ts";
import type { Step } from "./plan.ts";

/** One such request, and what it was for. */
export interface ProxiedCall {
  readonly actor: Actor;
  readonly address: string;
  readonly start: number;
  readonly takenMillis: number;
  readonly kind: string;
  readonly rung: Rung;
  readonly method: string;
  /** Path at the back end as the attacker wrote it. */
  readonly path: string;
  /** Arguments of their own, such as `X-Rps-CAT=…`; empty for none. */
  readonly inside: string;
  readonly status: number;
  /** Account at the back end; null where the front end refused and passed nothing on. */
  readonly as: string | null;
}

/** Puts the call into both logs and records the step. */
export function callThrough(scene: Scene, call: ProxiedCall): Step {
  const { spelling } = call.actor;
  const id = scene.chance.guid();
  const email = `&Email=${spelling.email}${spelling.mark}`;
  const logged = scene.plan.call({
    start: call.start,
    takenMillis: call.takenMillis,
    id,
    method: call.method,
    stem: spelling.stem,
    query: `${spelling.mark}${call.path}?${call.inside}${email}`,
    user: "-",
    client: call.address,
    agent: call.actor.agent,
    status: call.status,
    back:
      call.as === null
        ? null
        : {
            stem: decodeURIComponent(call.path),
            query: `${call.inside}${email}`,
            user: call.as,
            status: call.status,
          },
  });
  return scene.plan.step(logged.back ?? logged.front, {
    actor: call.actor.name,
    kind: call.kind,
    rung: call.rung,
    id,
    path: call.path,
  });
}

/** The machine account, as which the back end sees a request before anybody is impersonated. */
export function machineAccount(scene: Scene): string {
  return `${scene.cast.netbios}\\${scene.cast.mailServer.name}$`;
}

/** `CLINIC\a.person`. */
export function accountOf(scene: Scene, person: Person): string {
  return `${scene.cast.netbios}\\${person.account}`;
}

/**
 * The serialised access token of X-Rps-CAT as Exchange's remote PowerShell reads it: version, type, logon name,
 * SID, groups. It names who was impersonated, which is why it stands in the log that the sample imitates.
 */
export function accessToken(logonName: string, sid: string): string {
  const bytes: number[] = [];
  const text = (value: string) => bytes.push(value.length, ...new TextEncoder().encode(value));
  const mark = (letter: string) => bytes.push(letter.charCodeAt(0));
  mark("V");
  bytes.push(1, 0);
  mark("T");
  text("Windows");
  mark("C");
  bytes.push(0);
  mark("A");
  text("Kerberos");
  mark("L");
  text(logonName);
  mark("U");
  text(sid);
  mark("G");
  bytes.push(1, 0, 0, 0, 7, 0, 0, 0);
  text("S-1-5-32-544");
  mark("E");
  bytes.push(0, 0, 0, 0);
  return encodeURIComponent(btoa(String.fromCharCode(...bytes)));
}
