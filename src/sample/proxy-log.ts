/**
 * HttpProxy, the log of Exchange's front end: each request of W3SVC1 that Exchange handles, under the same request id, with
 * what the back end answered. One folder a protocol. Columns as Exchange 2016 writes them.
 */
import type { ExchangeRow, IisLine } from "../engines/formats/index.ts";
import { isoOf } from "./calendar.ts";
import { buildOn, paddedBuild, versionColumns } from "./exchange-build.ts";
import { requestIdOf } from "./plan.ts";
import type { Servers } from "./servers.ts";
import type { Story } from "./story.ts";
import { linesOfDay, Stamp, type DayOfLog } from "./traffic.ts";
import { answerOf } from "./ews-answer.ts";

/** Folders of HttpProxy, named after the protocols in them. */
export const PROXIED = [
  "Autodiscover",
  "Eas",
  "Ecp",
  "Ews",
  "Mapi",
  "Oab",
  "Owa",
  "Powershell",
] as const;
/** One of them. */
export type Proxied = (typeof PROXIED)[number];

const FIRST_FOLDER: Readonly<Record<Proxied, string>> = {
  Autodiscover: "/autodiscover",
  Eas: "/microsoft-server-activesync",
  Ecp: "/ecp",
  Ews: "/ews",
  Mapi: "/mapi",
  Oab: "/oab",
  Owa: "/owa",
  Powershell: "/powershell",
};

/** What a line of W3SVC1 or W3SVC2 says, by name. */
export interface LoggedRequest {
  readonly id: string;
  readonly method: string;
  readonly stem: string;
  /** Without the ids that Exchange appends. */
  readonly query: string;
  readonly user: string;
  readonly client: string;
  readonly agent: string;
  readonly status: number;
  readonly takenMillis: number;
  /** True time of the end, to the millisecond. */
  readonly end: number;
}

/** Requests of a day whose path begins with `folder` (in lower case), those that Exchange gave an id. */
export function* requestsBelow(log: DayOfLog, folder: string): Generator<LoggedRequest> {
  const stamp = new Stamp();
  for (const line of linesOfDay(log, stamp)) {
    const [, , , method, stem, query, , user, client, agent, , status, , , taken] = line;
    if (!isBelow(stem, folder)) continue;
    const text = String(query);
    const id = requestIdOf(text);
    if (id === null) continue;
    yield {
      id,
      method: String(method),
      stem: String(stem),
      query: text.slice(0, text.indexOf("&CorrelationID=")),
      user: user === "-" ? "" : String(user),
      client: String(client),
      agent: agent === "-" ? "" : String(agent).replaceAll("+", " "),
      status: Number(status),
      takenMillis: Number(taken),
      end: Math.floor(stamp.millis),
    };
  }
}

function isBelow(stem: IisLine[number] | undefined, folder: string): boolean {
  if (typeof stem !== "string") return false;
  const end = stem.charAt(folder.length);
  return (end === "" || end === "/") && stem.slice(0, folder.length).toLowerCase() === folder;
}

/** The rows of one protocol and day; times are those of the log, ahead by `skewMillis`. */
export function* proxyRows(
  servers: Servers,
  day: number,
  protocol: Proxied,
  skewMillis: number,
): Generator<ExchangeRow<"HttpProxy">> {
  const { story } = servers;
  const { cast } = story;
  const build = buildOn(cast, day);
  const version = versionColumns(build);
  const target = `${cast.mailServer.name}.${cast.domain}`.toLowerCase();
  for (const request of requestsBelow(servers.dayLog("front", day), FIRST_FOLDER[protocol])) {
    const { id, user, query, end, takenMillis } = request;
    const back = servers.behind.get(id) ?? (isPassedOn(request, protocol) ? request.status : null);
    const isLocal = request.client === "127.0.0.1" || request.client === "::1";
    const began = isoOf(end - takenMillis + skewMillis);
    yield {
      DateTime: isoOf(end + skewMillis),
      RequestId: id,
      ...version,
      Protocol: protocol,
      UrlHost: isLocal ? "localhost" : `mail.${cast.domain}`,
      UrlStem: request.stem,
      AuthenticationType: user === "" ? null : authenticationOf(protocol),
      IsAuthenticated: user !== "",
      AuthenticatedUser: user === "" ? null : user,
      AnchorMailbox: user === "" ? null : `Smtp~${mailOf(story, user)}`,
      UserAgent: request.agent,
      ClientIpAddress: request.client,
      ServerHostName: cast.mailServer.name,
      HttpStatus: request.status,
      BackEndStatus: back,
      Method: request.method,
      ...(back === null
        ? {}
        : {
            ProxyAction: "Proxy",
            TargetServer: target,
            TargetServerVersion: `${paddedBuild(build).slice(0, 11)}000`,
            RoutingType: "IntraForest",
            RoutingHint: user === "" ? "AnonymousCookieWithoutAnchor" : "SMTP",
            BackendProcessingLatency: takenMillis - (takenMillis >> 3),
            ProxyTime: takenMillis - (takenMillis >> 4),
          }),
      RequestBytes: 300 + (id.charCodeAt(0) << 3),
      ResponseBytes: back === 200 ? answerOf(servers, id).sizeBytes : 0,
      TotalRequestTime: takenMillis,
      UrlQuery: query === "" ? null : `?${query}`,
      GenericInfo: `BeginRequest=${began};CorrelationID=<empty>;SharedCacheGuard=0;EndRequest=${isoOf(end + skewMillis)};`,
      GenericErrors: request.status === 401 ? "BackEndAuth=NotAuthenticated;" : null,
      RoutingStatus: "CafeV1",
    };
  }
}

/** Of everyday requests all are passed on whose sender has signed in, but for the address book, which is a file. */
function isPassedOn({ user, status }: LoggedRequest, protocol: Proxied): boolean {
  return user !== "" && protocol !== "Oab" && status < 400;
}

function authenticationOf(protocol: Proxied): string {
  if (protocol === "Owa" || protocol === "Ecp") return "FBA";
  return protocol === "Eas" ? "Basic" : "Negotiate";
}

/** The address of an account as a log names it: `CLINIC\a.person` or the address itself. */
export function mailOf({ cast }: Story, user: string): string {
  const name = user.includes("\\") ? (user.split("\\")[1] ?? "") : user;
  return name.includes("@") ? name : `${name}@${cast.domain}`;
}
