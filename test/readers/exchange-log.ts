/** Made-up Exchange logs for the tests and benchmarks, drawn from a seed: HttpProxy, message tracking, SMTP, setup. */
import { concatBytes, utf8 } from "../../src/base/bytes.ts";
import {
  type ExchangeRow,
  exchangeHeader,
  type SetupLine,
  writeExchange,
  writeExchangeSetup,
  writeRpsCat,
} from "../../src/engines/formats/index.ts";
import { seededRandom } from "./trials.ts";

const START = Date.UTC(2021, 7, 12, 23, 58);
const iso = (millis: number) => new Date(millis).toISOString();

/** A GUID that a seed draws. */
function guid(draw: (below: number) => number): string {
  const part = (chars: number) =>
    Array.from({ length: chars }, () => draw(16).toString(16)).join("");
  return `${part(8)}-${part(4)}-4${part(3)}-9${part(3)}-${part(12)}`;
}

const PROTOCOLS = ["Mapi", "Ews", "Autodiscover", "Owa", "Eas", "Ecp", "PowerShell", "RpcHttp"];
const AGENT =
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/92.0.4515.131 Safari/537.36";
const TOKEN = writeRpsCat(
  "administrator@clinic.example",
  "S-1-5-21-1004336348-1177238915-682003330-500",
);

/** Rows of HttpProxy as a busy server writes them, about 900 bytes each. */
export function* madeHttpProxyRows(count: number, seed = 1): Iterable<ExchangeRow<"HttpProxy">> {
  const random = seededRandom(seed);
  const draw = (below: number) => Math.floor(random() * below);
  let now = START;
  for (let row = 0; row < count; row++) {
    now += draw(900);
    const at = (later: number) => iso(now + later);
    const user = `CLINIC\\user${draw(40)}`;
    const database = guid(draw);
    const isToken = row % 23 === 7;
    yield {
      DateTime: iso(now),
      RequestId: guid(draw),
      MajorVersion: 15,
      MinorVersion: 1,
      BuildVersion: 2044,
      RevisionVersion: 4,
      ClientRequestId:
        row % 3 === 0 ? `R:${guid(draw)}:${row};RT:Execute;CI:${guid(draw)}:1` : null,
      Protocol: isToken ? "Autodiscover" : (PROTOCOLS[draw(PROTOCOLS.length)] ?? "Owa"),
      UrlHost: "mail.clinic.example",
      UrlStem: isToken ? "/autodiscover/autodiscover.json" : "/mapi/emsmdb/",
      AuthenticationType: "Negotiate",
      IsAuthenticated: random() < 0.9,
      AuthenticatedUser: random() < 0.8 ? user : null,
      AnchorMailbox: `Sid~S-1-5-21-1004336348-1177238915-682003330-${1100 + draw(40)}`,
      UserAgent: row % 5 === 0 ? AGENT : "MapiHttpClient",
      ClientIpAddress: `198.51.100.${draw(250)}`,
      ServerHostName: "MAIL1",
      HttpStatus: random() < 0.9 ? 200 : 401,
      BackEndStatus: 200,
      Method: "POST",
      ProxyAction: "Proxy",
      TargetServer: "mail1.clinic.example",
      TargetServerVersion: "15.01.2044.000",
      RoutingType: "IntraForest",
      RoutingHint: "WindowsIdentity",
      BackEndCookie: `Database~${database}~~${at(2_592_000_000).slice(0, 19)}`,
      RequestBytes: draw(4_000),
      ResponseBytes: draw(90_000),
      HttpPipelineLatency: 0,
      CalculateTargetBackEndLatency: draw(9),
      TotalGlsLatency: 0,
      TotalAccountForestLatency: 0,
      ADLatency: 0,
      TotalSharedCacheLatency: 0,
      ActivityContextLifeTime: 16,
      BackendProcessingLatency: draw(40),
      RequestHandlerLatency: 16,
      ProxyTime: 12,
      CoreLatency: 3,
      RoutingLatency: 4,
      HttpProxyOverhead: 4,
      TotalRequestTime: draw(4_000),
      UrlQuery: isToken
        ? `?a=b@c.example/Powershell?X-Rps-CAT=${encodeURIComponent(TOKEN)}&Email=autodiscover/autodiscover.json%3Fb@c.example`
        : `?mailboxId=${guid(draw)}@clinic.example`,
      GenericInfo: `BeginRequest=${at(-16)};CorrelationID=<empty>;ProxyState-Run=None;FEAuth=BEVersion-1942061028;BeginGetRequestStream=${at(-12)};OnRequestStreamReady=${at(-11)};BeginGetResponse=${at(-11)};OnResponseReady=${at(0)};EndGetResponse=${at(0)};ProxyState-Complete=ProxyResponseData;SharedCacheGuard=0;EndRequest=${at(0)};`,
      GenericErrors:
        random() < 0.05
          ? 'WebExceptionStatus="ProtocolError"; Zugriff verweigert für Müller'
          : null,
      RoutingStatus: "CafeV1",
    };
  }
}

/** A whole HttpProxy log: a sitting of the server, and after a restart another with the columns of an older version. */
export function madeHttpProxyLog(count: number, seed = 1): Uint8Array {
  const fields = "DateTime,RequestId,Protocol,UrlStem,ServerHostName,HttpStatus,UrlQuery";
  const header = exchangeHeader("HttpProxy", iso(START)).replace(
    /#Fields: .*/,
    `#Fields: ${fields}`,
  );
  const older = [
    `${fields}\r\n`,
    `${iso(START + 9_000_000)},1,Ecp,"/ecp/a,b ""c""/",MAIL1,200,\r\n`,
    `${iso(START + 9_000_001)},2,Owa,/owa/15.1.2044.4/,MAIL1,401,?X-Rps-CAT=none\r\n`,
  ].join("");
  return concatBytes([
    ...writeExchange("HttpProxy", madeHttpProxyRows(count, seed), iso(START)),
    utf8(header + older),
  ]);
}

/** Rows of message tracking: mail received, delivered, sent, and what the store told. */
export function* madeTrackingRows(
  count: number,
  seed = 1,
): Iterable<ExchangeRow<"MessageTracking">> {
  const random = seededRandom(seed);
  const draw = (below: number) => Math.floor(random() * below);
  const EVENTS = ["RECEIVE", "DELIVER", "SEND", "NOTIFYMAPI", "AGENTINFO"];
  let now = START;
  for (let row = 0; row < count; row++) {
    now += draw(2_000);
    const event = EVENTS[row % EVENTS.length] ?? "RECEIVE";
    const isSend = event === "SEND";
    yield {
      "date-time": iso(now),
      "client-ip": "10.20.0.11",
      "client-hostname": event === "RECEIVE" ? `mx${draw(9)}.partner.example` : "MAIL1",
      "server-hostname": isSend
        ? `mx${draw(9)}.partner.example`
        : event === "NOTIFYMAPI"
          ? null
          : "MAIL1",
      "source-context": `MDB:${guid(draw)}, Mailbox:${guid(draw)}, Event:${row}, MessageClass:IPM.Note, CreationTime:${iso(now)}, ClientType:MOMT`,
      source: isSend || event === "RECEIVE" ? "SMTP" : "STOREDRIVER",
      "event-id": event,
      "internal-message-id": 438 + row,
      "message-id": `<${guid(draw)}@clinic.example>`,
      "network-message-id": guid(draw),
      "recipient-address": `user${draw(40)}@clinic.example;user${draw(40)}@clinic.example`,
      "total-bytes": draw(90_000),
      "recipient-count": 2,
      "message-subject": row % 7 === 0 ? 'Re: "results", please' : "Appointment",
      "sender-address": `user${draw(40)}@clinic.example`,
      "return-path": `user${draw(40)}@clinic.example`,
      directionality: isSend ? "Originating" : "Incoming",
      "custom-data": "S:DeliveryPriority=Normal;S:AccountForest=clinic.example",
      "transport-traffic-type": "Email",
      "log-id": guid(draw),
      "schema-version": "15.01.2044.004",
    };
  }
}

const NEGOTIATED =
  "TLS protocol SP_PROT_TLS1_2_SERVER negotiation succeeded using bulk encryption algorithm CALG_AES_256 with strength 256 bits, MAC hash algorithm CALG_SHA_384 with strength 384 bits and key exchange algorithm CALG_ECDH_EPHEM with strength 384 bits";

/** Sessions of SMTP, two at a time, every third without encryption. */
export function* madeSmtpRows(sessions: number): Iterable<ExchangeRow<"SmtpReceive">> {
  let now = START;
  for (let pair = 0; pair < sessions; pair += 2)
    for (const step of [0, 1, 2, 3, 4, 5, 6])
      for (const session of [pair, pair + 1]) {
        const isPlain = session % 3 === 0;
        if (isPlain && (step === 2 || step === 3)) continue;
        now += 7;
        yield {
          "date-time": iso(now),
          "connector-id": "MAIL1\\Default Frontend MAIL1",
          "session-id": `08D95D${(session + 0x1000).toString(16).toUpperCase().padStart(10, "0")}`,
          "sequence-number": step,
          "local-endpoint": "10.20.0.11:25",
          "remote-endpoint": `198.51.100.${session % 250}:${40_000 + session}`,
          ...SMTP_STEPS[step],
        };
      }
}

const SMTP_STEPS: readonly ExchangeRow<"SmtpReceive">[] = [
  { event: "+" },
  {
    event: ">",
    data: "220 mail.clinic.example Microsoft ESMTP MAIL Service ready at Thu, 12 Aug 2021 23:58:00 +0000",
  },
  { event: "<", data: "STARTTLS" },
  { event: "*", context: NEGOTIATED },
  { event: "<", data: "MAIL FROM:<nurse@partner.example> SIZE=2048" },
  { event: ">", data: "250 2.6.0 <1@partner.example> Queued mail for delivery" },
  { event: "-", context: "Local" },
];

/** Messages of setup, some over several lines. */
export function* madeSetupLines(count: number): Iterable<SetupLine> {
  const texts = [
    "**********************************************",
    "Starting Microsoft Exchange Server 2016 Setup",
    "Setup version: 15.1.2106.2.",
    "Setup will search for an Exchange Server object for the local machine with name 'MAIL1'.",
    "The backup copy of the previously installed version is '15.1.2044.4'.",
    "The locally installed version is 15.1.2044.4.",
    'Executing: \n          Set-LocalPermissions -Feature:"Bridgehead"\n        ',
    "[ERROR] Couldn't remove product. Error code is 1612.\n   at Microsoft.Exchange.Configuration.Tasks.Task.ThrowError()",
    "CurrentResult setupbase.maincore:396: 1",
    "End of Setup",
  ];
  for (let line = 0; line < count; line++)
    yield { millis: START + line * 1_234, level: line % 3, text: texts[line % texts.length] ?? "" };
}

/** A whole setup log. */
export function madeSetupLog(count: number): Uint8Array {
  return concatBytes([...writeExchangeSetup(madeSetupLines(count))]);
}

/** A whole message tracking log. */
export function madeTrackingLog(count: number, seed = 1): Uint8Array {
  return concatBytes([
    ...writeExchange("MessageTracking", madeTrackingRows(count, seed), iso(START)),
  ]);
}

/** A whole SMTP receive log. */
export function madeSmtpLog(sessions: number): Uint8Array {
  return concatBytes([...writeExchange("SmtpReceive", madeSmtpRows(sessions), iso(START))]);
}
