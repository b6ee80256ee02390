/** Logs of Exchange's back end: EWS (who asked for how many items), Outlook on the web, the control panel, remote PowerShell. */
import type { ExchangeRow } from "../engines/formats/index.ts";
import { COLLECTED_AT, dayOf, isoOf } from "./calendar.ts";
import { Chance } from "./chance.ts";
import { buildOn, versionColumns } from "./exchange-build.ts";
import { managementEvents, MANAGEMENT } from "./management-log.ts";
import { mailOf, requestsBelow } from "./proxy-log.ts";
import type { Servers } from "./servers.ts";
import type { Story } from "./story.ts";
import { answerOf } from "./ews-answer.ts";

/** Rows of a day of the EWS log: counts and bytes, no ids of items. */
export function* webServiceRows(servers: Servers, day: number): Generator<ExchangeRow<"Ews">> {
  const { story } = servers;
  const { cast } = story;
  const version = versionColumns(buildOn(cast, day));
  const server = cast.mailServer.name;
  for (const request of requestsBelow(servers.dayLog("back", day), "/ews")) {
    const answer = answerOf(servers, request.id);
    const isDone = request.status === 200;
    yield {
      DateTime: isoOf(request.end),
      RequestId: request.id,
      ...version,
      AuthenticationType: "CommonAccessToken/Negotiate",
      IsAuthenticated: request.user !== "",
      AuthenticatedUser: request.user === "" ? null : mailOf(story, request.user),
      Organization: "",
      UserAgent: request.agent,
      VersionInfo: "Target=None;Req=Exchange2013_SP1/Exchange2013_SP1;",
      ClientIpAddress: request.client,
      ServerHostName: server,
      FrontEndServer: `${server}.${cast.domain}`.toUpperCase(),
      SoapAction: answer.action,
      HttpStatus: request.status,
      RequestSize: 800 + answer.ids * 190,
      ResponseSize: isDone ? answer.sizeBytes : 0,
      PrimaryOrProxyServer: "PrimaryServer",
      TaskType: "LocalTask",
      RemoteBackendCount: 0,
      LocalMailboxCount: 1,
      RemoteMailboxCount: 0,
      LocalIdCount: isDone ? answer.ids : 0,
      RemoteIdCount: 0,
      TotalRequestTime: request.takenMillis,
    };
  }
}

/** Rows of the control panel's activity log; each names the build of the server (`S:BLD=`). */
export function* panelRows(
  { story, dayLog }: Servers,
  days: readonly number[],
): Generator<ExchangeRow<"EcpActivity">> {
  const { cast } = story;
  for (const day of days) {
    const build = buildOn(cast, day);
    for (const request of requestsBelow(dayLog("front", day), "/ecp")) {
      if (request.user === "") continue;
      const said = [
        `S:TIME=${request.takenMillis}`,
        `S:SID=${request.id.slice(9, 18)}`,
        `S:CMD=${request.method}`,
        `S:REQID=${request.id}`,
        `S:URL=https://mail.${cast.domain}${request.stem}`,
        `S:USR=${request.user}`,
        `S:RS=${request.status}`,
        `S:BLD=${build}`,
      ];
      yield {
        TimeStamp: isoOf(request.end),
        ServerName: cast.mailServer.name,
        EventId: "Request",
        EventData: said.join(";"),
      };
    }
  }
}

/** Rows of Outlook on the web of a day, as the back end served it; each names the build of the server (`S:Bld=`). */
export function* outlookRows(
  { story, dayLog }: Servers,
  day: number,
): Generator<ExchangeRow<"OwaServer">> {
  const { cast } = story;
  const build = buildOn(cast, day);
  for (const request of requestsBelow(dayLog("back", day), "/owa")) {
    if (request.user === "") continue;
    const said = [
      `S:Bld=${build}`,
      `S:REQID=${request.id}`,
      `S:USR=${request.user}`,
      `S:URL=${request.stem}`,
      `S:RS=${request.status}`,
      `S:LT=${request.takenMillis}`,
    ];
    yield {
      TimeStamp: isoOf(request.end),
      ServerName: cast.mailServer.name,
      EventId: /^action=(\w+)/.exec(request.query)?.[1] ?? "Request",
      EventData: said.join(";"),
    };
  }
}

/** Rows of the requests to remote PowerShell, as the back end served them. */
export function* shellRows(
  { story, dayLog }: Servers,
  days: readonly number[],
): Generator<ExchangeRow<"RpsHttp">> {
  const { cast } = story;
  const server = `${cast.mailServer.name}.${cast.domain}`;
  for (const day of days) {
    const version = versionColumns(buildOn(cast, day));
    for (const request of requestsBelow(dayLog("back", day), "/powershell")) {
      yield {
        DateTime: isoOf(request.end),
        StartTime: isoOf(request.end - request.takenMillis),
        RequestId: request.id,
        ...version,
        UrlHost: `${server.toLowerCase()}:444`,
        UrlStem: request.stem,
        AuthenticationType: "CommonAccessToken/Kerberos",
        IsAuthenticated: request.user !== "",
        AuthenticatedUser: request.user,
        ClientIpAddress: request.client,
        ServerHostName: cast.mailServer.name,
        FrontEndServer: server.toUpperCase(),
        HttpStatus: request.status,
        TotalTime: request.takenMillis,
        UrlQuery: request.query === "" ? null : `?${request.query}`,
      };
    }
  }
}

/** Rows of remote cmdlets from an instant on: the same that the Management log tells, as far as that reaches. */
export function* cmdletRows(story: Story, from: number): Generator<ExchangeRow<"RpsCmdlet">> {
  const { cast, seed, variant } = story;
  const chance = new Chance(seed, `${MANAGEMENT}/${variant}`);
  for (const { event, record } of managementEvents(story, chance)) {
    if (event.at < from || event.at >= COLLECTED_AT) continue;
    const values = event.data.map(([, value]) => value);
    const [name, parameters, caller, sid, , , process = ""] = values;
    const error = values[11] ?? "";
    const [processId = "", processName = ""] = process.split(" ");
    yield {
      DateTime: isoOf(event.at),
      StartTime: isoOf(event.at - 40 - (record % 400)),
      RequestId: values[23]?.replace("ActivityId: ", "") ?? null,
      ...versionColumns(buildOn(cast, dayOf(event.at))),
      ServerHostName: cast.mailServer.name,
      ProcessId: Number(processId),
      ProcessName: processName,
      ThreadId: Number(values[8] ?? 0),
      CultureInfo: "en-US",
      AuthenticatedUser: caller ?? null,
      ExecutingUserSid: sid ?? null,
      IsAdmin: true,
      ClientApplication: "ManagementShell",
      Cmdlet: name ?? null,
      Parameters: parameters ?? null,
      TotalTime: 40 + (record % 400),
      ErrorType: error === "" ? null : "ManagementObjectNotFoundException",
      ExecutionResult: error === "" ? "Success" : "Error",
      GenericErrors: error === "" ? null : error,
    };
  }
}
