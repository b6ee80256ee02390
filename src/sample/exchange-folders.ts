/** Where Exchange keeps its logs below its folder, and how it names them; one file a day in each, gaps as they were kept. */
import type { MadeFile } from "../model/sample.ts";
import { DAY, dateOf, isoOf } from "./calendar.ts";
import { cmdletRows, outlookRows, panelRows, shellRows, webServiceRows } from "./exchange-logs.ts";
import { writeExchange } from "../engines/formats/index.ts";
import { madeFile } from "./made-file.ts";
import { PROXIED, proxyRows } from "./proxy-log.ts";
import { receiveRows, sendRows, trackingRows } from "./transport-logs.ts";
import type { Servers } from "./servers.ts";

const LOGGING = "Exchange Server/V15/Logging";
const TRANSPORT = "Exchange Server/V15/TransportRoles/Logs";

/** Every log of Exchange's own; those of a saved day lie in a folder apart. */
export function* makeExchangeLogs(servers: Servers): Generator<MadeFile> {
  const { keeping } = servers.story;
  for (const day of keeping.savedDays) yield* requestLogs(servers, "MX1/saved", day, 0);
  for (const day of keeping.days) {
    yield* requestLogs(servers, "MX1", day, keeping.collectorSkewMillis);
    yield* transportLogs(servers, day);
    yield madeFile(`MX1/${LOGGING}/OWA/OwaServer_${stampOf(day)}-1.LOG`, () =>
      writeExchange("OwaServer", outlookRows(servers, day), isoOf(day * DAY)),
    );
  }
  yield* administrationLogs(servers);
}

/** `2021081300`: Exchange numbers its files by hour; the sample writes one a day. */
function stampOf(day: number): string {
  return `${dateOf(day).replaceAll("-", "")}00`;
}

function* requestLogs(
  servers: Servers,
  folder: string,
  day: number,
  skewMillis: number,
): Generator<MadeFile> {
  const startedAt = isoOf(day * DAY + skewMillis);
  const proxyFolder = skewMillis === 0 ? `${folder}/${LOGGING}` : `${folder}/collector/Logging`;
  for (const protocol of PROXIED) {
    yield madeFile(`${proxyFolder}/HttpProxy/${protocol}/HttpProxy_${stampOf(day)}-1.LOG`, () =>
      writeExchange("HttpProxy", proxyRows(servers, day, protocol, skewMillis), startedAt),
    );
  }
  yield madeFile(`${folder}/${LOGGING}/Ews/Ews_${stampOf(day)}-1.LOG`, () =>
    writeExchange("Ews", webServiceRows(servers, day), isoOf(day * DAY)),
  );
}

function* transportLogs({ story }: Servers, day: number): Generator<MadeFile> {
  const startedAt = isoOf(day * DAY);
  yield madeFile(`MX1/${TRANSPORT}/MessageTracking/MSGTRK${stampOf(day)}-1.LOG`, () =>
    writeExchange("MessageTracking", trackingRows(story, day), startedAt),
  );
  yield madeFile(
    `MX1/${TRANSPORT}/FrontEnd/ProtocolLog/SmtpReceive/RECV${stampOf(day)}-1.LOG`,
    () => writeExchange("SmtpReceive", receiveRows(story, day), startedAt),
  );
  yield madeFile(`MX1/${TRANSPORT}/Hub/ProtocolLog/SmtpSend/SEND${stampOf(day)}-1.LOG`, () =>
    writeExchange("SmtpSend", sendRows(story, day), startedAt),
  );
}

/** Little is written to these: one file holds the whole month. */
function* administrationLogs(servers: Servers): Generator<MadeFile> {
  const { story } = servers;
  const { days } = story.keeping;
  const [first = 0] = days;
  const startedAt = isoOf(first * DAY);
  yield madeFile(`MX1/${LOGGING}/ECP/Activity/ECPActivity_${stampOf(first)}-1.LOG`, () =>
    writeExchange("EcpActivity", panelRows(servers, days), startedAt),
  );
  yield madeFile(
    `MX1/${LOGGING}/CmdletInfra/Powershell-Proxy/Cmdlet/Rps_Cmdlet_${stampOf(first)}-1.LOG`,
    () => writeExchange("RpsCmdlet", cmdletRows(story, first * DAY), startedAt),
  );
  yield madeFile(
    `MX1/${LOGGING}/CmdletInfra/Powershell-Proxy/Http/Rps_Http_${stampOf(first)}-1.LOG`,
    () => writeExchange("RpsHttp", shellRows(servers, days), startedAt),
  );
}
