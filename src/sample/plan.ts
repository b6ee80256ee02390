/**
 * What the story puts into the logs, collected before anything is written: requests, cmdlets, antivirus verdicts,
 * and beside them the truth about each. A few thousand entries at any size; background traffic is never held.
 */
import type { Rung } from "../model/cause.ts";
import { SECOND } from "./calendar.ts";

/** `front` is W3SVC1 and `back` W3SVC2 of the mail server; `web` is the clinic's public web server. */
export type Site = "front" | "back" | "web";

/** One line of an IIS log with the default fields. */
export interface WebRequest {
  readonly site: Site;
  /** True time at which the request ended, in milliseconds since 1970: what IIS logs, cut to the second. */
  readonly end: number;
  readonly takenMillis: number;
  readonly method: string;
  readonly stem: string;
  readonly query: string;
  readonly port: number;
  readonly user: string;
  readonly client: string;
  readonly agent: string;
  readonly referer: string;
  readonly status: number;
  readonly substatus: number;
  readonly win32: number;
}

/** One run of an Exchange cmdlet as the Management log tells it. */
export interface Cmdlet {
  readonly at: number;
  readonly name: string;
  readonly parameters: string;
  /** Canonical name and SID of the account it ran as. */
  readonly caller: string;
  readonly sid: string;
  /** Null where it succeeded. */
  readonly error: string | null;
}

/** What a removed file was; `compiled` is the DLL that ASP.NET made of a page. */
export type MalwareKind = "shell" | "compiled" | "tool" | "miner" | "test-file";

/** One verdict of the antivirus on one or more resources. */
export interface Verdict {
  readonly at: number;
  readonly paths: readonly string[];
  readonly kinds: readonly MalwareKind[];
  readonly threat: string;
  readonly process: string;
  readonly user: string;
  readonly actor: string;
  readonly failed: boolean;
}

/** One step of an attack, as truth.json tells it. */
export interface Step {
  readonly actor: string;
  readonly kind: string;
  readonly rung: Rung;
  /** Start as the log gives it: the logged second minus time-taken. */
  readonly start: number;
  /** The second that the log shows, on a true clock and in UTC. */
  readonly logged: number;
  readonly site: Site | "management";
  readonly requestId: string | null;
  readonly path: string;
  readonly status: number | null;
}

/** A page that an intruder dropped. */
export interface Shell {
  readonly actor: string;
  readonly url: string;
  readonly file: string;
  readonly writtenAt: number;
  readonly droppedBy: string;
  /** First answer 200; null where the antivirus was faster. */
  firstAnswer: number | null;
}

/** Something innocent that looks like something else. */
export interface Herring {
  readonly kind: string;
  readonly from: number;
  readonly to: number;
  readonly note: string;
}

/** A log that was emptied. */
export interface Clearing {
  readonly log: "Security" | "System";
  readonly at: number;
  readonly account: string;
  readonly sid: string;
  readonly by: "attacker" | "administrator";
}

/** A call to Exchange as a client makes it. */
export interface Call {
  readonly start: number;
  readonly takenMillis: number;
  /** Null where Exchange has no part in the answer (`/aspnet_client/`): no ids are appended then. */
  readonly id: string | null;
  readonly method: string;
  readonly stem: string;
  /** Without the ids that Exchange appends. */
  readonly query: string;
  readonly user: string;
  readonly client: string;
  readonly agent: string;
  readonly status: number;
  readonly substatus?: number;
  readonly win32?: number;
  /** What the front end passes on; null where it answers itself. */
  readonly back: { stem: string; query: string; user: string; status: number } | null;
}

/** The second that a log shows for a time. */
export function loggedSecond(millis: number): number {
  return Math.floor(millis / SECOND) * SECOND;
}

/** Exchange appends its ids to the query of every request that it handles. */
export function withRequestId(query: string, id: string | null): string {
  if (id === null) return query === "" ? "-" : query;
  return `${query}&CorrelationID=<empty>;&cafeReqId=${id};`;
}

const REQUEST_ID = /&CorrelationID=<empty>;&cafeReqId=([0-9a-f-]{36});/;

/** The id that stands in a logged query; null where Exchange gave none. */
export function requestIdOf(query: string): string | null {
  return REQUEST_ID.exec(query)?.[1] ?? null;
}

/** Collects what the story puts into the logs. */
export class Plan {
  readonly requests: WebRequest[] = [];
  readonly cmdlets: Cmdlet[] = [];
  readonly verdicts: Verdict[] = [];
  readonly steps: Step[] = [];
  readonly shells: Shell[] = [];
  readonly herrings: Herring[] = [];
  readonly clearings: Clearing[] = [];
  readonly #server: string;

  /** `server` is the mail server's own address, from which its back end is called. */
  constructor(server: string) {
    this.#server = server;
  }

  /** Puts a call into the front-end log and, where it is passed on, into the back-end log. */
  call(call: Call): { readonly front: WebRequest; readonly back: WebRequest | null } {
    const end = call.start + call.takenMillis;
    const front: WebRequest = {
      site: "front",
      end,
      takenMillis: call.takenMillis,
      method: call.method,
      stem: call.stem,
      query: withRequestId(call.query, call.id),
      port: 443,
      user: call.user,
      client: call.client,
      agent: call.agent,
      referer: "-",
      status: call.status,
      substatus: call.substatus ?? 0,
      win32: call.win32 ?? 0,
    };
    this.requests.push(front);
    if (call.back === null) return { front, back: null };
    const back: WebRequest = {
      ...front,
      site: "back",
      // The back end is done a moment before the front end, and was called a moment after it.
      end: end - Math.min(4, call.takenMillis >> 2),
      takenMillis: call.takenMillis - Math.min(9, call.takenMillis >> 1),
      stem: call.back.stem,
      query: withRequestId(call.back.query, call.id),
      port: 444,
      user: call.back.user,
      client: this.#server,
      status: call.back.status,
      substatus: 0,
      win32: 0,
    };
    this.requests.push(back);
    return { front, back };
  }

  /** Records a step of an attack at the deepest log line that shows it. */
  step(
    request: WebRequest,
    what: { actor: string; kind: string; rung: Rung; id: string | null; path: string },
  ): Step {
    const logged = loggedSecond(request.end);
    const step: Step = {
      actor: what.actor,
      kind: what.kind,
      rung: what.rung,
      start: logged - request.takenMillis,
      logged,
      site: request.site,
      requestId: what.id,
      path: what.path,
      status: request.status,
    };
    this.steps.push(step);
    return step;
  }
}
