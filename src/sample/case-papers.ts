/** What the people of the story hand in beside the logs: the case file, the dates, and a note that all of it is invented. */
import { dump } from "js-yaml";
import type { MadeFile } from "../model/sample.ts";
import { ZONE, isoOf } from "./calendar.ts";
import { makeClaims } from "./claims.ts";
import { textFile } from "./made-file.ts";
import { type Story, toldAt } from "./story.ts";

const NOTICE = "SYNTHETIC: every person, place, address and event in this folder is invented.";

/** Shown and not said: a sample writes to nobody. */
const ESCALATION_SHOWN = `# Who is told of what nobody answers; nothing is sent while this is a comment.
# escalation:
#   mail: { host: mail.clinic.example, port: 587, security: starttls, from: breakwater@clinic.example,
#           user: breakwater, password_file: /etc/breakwater/mail-password }
#   steps:
#     - level: high
#       after_hours: 4
#       every_hours: 24
#       to: [{ mail: it@clinic.example }, { syslog: "siem.clinic.example:6514", transport: tls }]
#     - level: critical
#       after_hours: 48
#       every_hours: 24
#       to: [{ mail: board@clinic.example }, { webhook: "https://alerts.clinic.example/breakwater" }]
`;

/** `case.yaml`, `story.yaml`, the claims and `README.txt`. */
export function makeCasePapers(story: Story): MadeFile[] {
  return [
    textFile("README.txt", readme(story)),
    textFile(
      "case.yaml",
      `# ${NOTICE}\n${dump(caseFileOf(story), { lineWidth: 110 })}${ESCALATION_SHOWN}`,
    ),
    ...makeClaims(story, NOTICE),
    textFile("story.yaml", `# ${NOTICE}\n${dump(storyOf(story), { lineWidth: 110 })}`),
  ];
}

function readme(story: Story): string {
  const { clinic } = story.cast;
  return [
    NOTICE,
    "",
    `The mail server of ${clinic}, June to December 2021, as somebody would hand it in.`,
    "Addresses are from documentation ranges, domains are reserved ones, and no file holds a working payload.",
    "",
    "evidence/MX1/inetpub/logs/LogFiles/W3SVC1   front end, IIS",
    "evidence/MX1/inetpub/logs/LogFiles/W3SVC2   back end, IIS",
    "evidence/MX1/local-time/W3SVC1              days that a supplier copied with a tool that wrote local time",
    ...(story.gaps.marchDays.length > 0
      ? ["evidence/MX1/march/W3SVC1                   some days of March that were kept"]
      : []),
    "evidence/MX1/evtx                           event logs of the mail server",
    "evidence/WEB1/inetpub/logs/LogFiles/W3SVC1  the public web server",
    "evidence/MX1/Windows/System32/LogFiles      HTTPERR, what HTTP.sys answered or broke off itself",
    "evidence/PROXY1                             the Linux machine before the web server: access log, antivirus",
    "evidence/MX1/exports                        the server and its transport agents, as PowerShell exported them",
    "evidence/MX1/audit                          what searches of Exchange's audit logs sent back",
    "evidence/MX1/Exchange Server                Exchange's own logs: HttpProxy, EWS, control panel, cmdlets, transport",
    ...(story.keeping.collectorSkewMillis === 0
      ? []
      : ["evidence/MX1/collector                      HttpProxy as a log collector kept it"]),
    ...(story.keeping.savedDays.length === 0
      ? []
      : [
          "evidence/MX1/saved                          days of Exchange's own logs that somebody saved",
        ]),
    "evidence/MX1/ExchangeSetupLogs              the setup log",
    "evidence/MX1/Windows Defender               the support log of the antivirus, with hashes",
    "evidence/MX1/Windows, evidence/MX1/disk     scheduled tasks, the SOFTWARE hive, $MFT and the change journal",
    "evidence/inventory                          versions, updates, WSUS, headers of Outlook on the web, a scan",
    "evidence/mails                              mails that people outside reported",
    ...(story.variant === "credentials"
      ? [
          "evidence/m365                               exports of the tenant, where the clinic has one",
        ]
      : []),
    "claims.csv, claims.yaml                     what people say about the updates; for --claims",
    "case.yaml                                   hosts, zones, clocks, contracted tests: what no log says",
    "story.yaml                                  when something was suspected, known and reported",
    "truth.json                                  what happened; for the scorer, never for the program",
    "",
    `seed ${story.seed}, size ${story.size}, variant ${story.variant}`,
    "",
  ].join("\r\n");
}

function caseFileOf(story: Story) {
  const { cast, gaps, test } = story;
  const { mailServer, webServer, frontMachine, controller } = cast;
  return {
    name: cast.clinic,
    synthetic: true,
    jurisdictions: ["gg-dpl-2017"],
    hosts: [
      {
        name: mailServer.name,
        addresses: [mailServer.address],
        aliases: [
          `${mailServer.name}.${cast.domain}`,
          `mail.${cast.domain}`,
          `autodiscover.${cast.domain}`,
        ],
        roles: ["exchange"],
      },
      {
        name: webServer.name,
        addresses: [webServer.address],
        aliases: [`${webServer.name}.${cast.domain}`, `www.${cast.domain}`],
        roles: ["web-server"],
      },
      {
        name: frontMachine.name,
        addresses: [frontMachine.address],
        aliases: [`${frontMachine.name}.${cast.domain}`],
        roles: [],
      },
      {
        name: controller.name,
        addresses: [controller.address],
        aliases: [`${controller.name}.${cast.domain}`],
        roles: ["domain-controller"],
      },
    ],
    sources: [
      { files: "MX1/local-time/**", host: mailServer.name, zone: "Europe/Guernsey" },
      { files: "MX1/**", host: mailServer.name },
      { files: `${frontMachine.name}/**`, host: frontMachine.name, zone: ZONE },
      {
        files: "WEB1/**",
        host: webServer.name,
        ...(gaps.skewStated ? { skew_ms: gaps.skewMillis } : {}),
      },
    ],
    front_doors: [],
    tests:
      test === null
        ? []
        : [
            {
              who: test.who,
              addresses: [...test.addresses],
              from: isoOf(test.from),
              to: isoOf(test.to),
            },
          ],
    staff_networks: [`${cast.network}.0.0/16`],
    custodians: [cast.administrator.mail],
    patching: { days: 14, urgent_days: 2 },
  };
}

function datesOf(story: Story) {
  return story.incident.map(({ event, at, by, note }) => ({ event, at: isoOf(at), by, note }));
}

function storyOf(story: Story) {
  return { as_of: isoOf(toldAt(story)), events: datesOf(story) };
}
