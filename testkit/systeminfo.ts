/** Cases for listings of a Windows system and its updates: one behaviour each. */
import type { TestCase } from "./case.ts";

const WIDTH = 27;
const line = (label: string, value: string) => `${`${label}:`.padEnd(WIDTH)}${value}\r\n`;
const item = (text: string) => `${" ".repeat(WIDTH)}${text}\r\n`;
const SYSTEM = [
  "\r\n",
  line("Host Name", "MX1"),
  line("OS Name", "Microsoft Windows Server 2016 Standard"),
  line("OS Version", "10.0.14393 N/A Build 14393"),
].join("");

/** A list of two updates, of which one follows. */
const TWO = line("Hotfix(s)", "2 Hotfix(s) Installed.") + item("[01]: KB5001779");

function listing(
  name: string,
  why: string,
  rest: Omit<TestCase, "name" | "why" | "format">,
): TestCase {
  return { name: `systeminfo/${name}`, why, format: "systeminfo", ...rest };
}

/** The bytes of a text in which every character is one byte. */
function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (char) => char.charCodeAt(0));
}

function wide(text: string): Uint8Array {
  return bytesOf([...text].map((char) => `${char}\0`).join(""));
}

const NAMES =
  "CSName  Description      HotFixID   InstalledBy  InstalledOn  ServicePackInEffect  \r\n";
const QFE = "MX1     Security Update  KB5001779  CLINIC\\a     8/12/2021                         \r\n";

export const SYSTEMINFO_CASES: readonly TestCase[] = [
  listing("system", "one row for the system, one for each update, one for each label behind", {
    events: [
      {
        time: "2021-08-04T07:05:00Z",
        host: "MX1",
        channel: "systeminfo",
        fields: { Product: "Windows", Build: "10.0.14393", SystemBootTime: "8/4/2021, 7:05:00 AM" },
      },
      { time: null, host: "MX1", fields: { Kb: "KB5001779", Observation: "hotfix-list" } },
      { fields: { Items: ["Adapter"], Addresses: ["192.0.2.1"] } },
    ],
    assumptions: [
      "day-order month-first: 8/4/2021 is 4 August 2021; the other reading is 8 April 2021",
    ],
    body: [
      SYSTEM,
      line("Original Install Date", "5/24/2018, 9:07:00 AM"),
      line("System Boot Time", "8/4/2021, 7:05:00 AM"),
      line("Hotfix(s)", "1 Hotfix(s) Installed."),
      item("[01]: KB5001779"),
      line("Network Card(s)", "1 NIC(s) Installed."),
      item("[01]: Adapter"),
      item("      Connection Name: Ethernet"),
      item("      [01]: 192.0.2.1"),
    ].join(""),
  }),
  listing("cut-list", "systeminfo itself cuts long lists and does not say so", {
    events: 2,
    flaws: [`${SYSTEM.length} list of updates`],
    body: [SYSTEM, line("Hotfix(s)", "300 Hotfix(s) Installed."), item("[01]: KB5001779"), item("[02]")].join(""),
  }),
  listing("two-systems", "listings of two machines, one behind the other", {
    events: [{ host: "MX1" }, { host: "MX1", fields: { Kb: "KB5001779" } }, { host: "MX2" }],
    body: [
      SYSTEM,
      line("Hotfix(s)", "1 Hotfix(s) Installed."),
      item("[01]: KB5001779"),
      SYSTEM.replace("MX1", "MX2"),
    ].join(""),
  }),
  listing("code-page", "the words of the labels tell the code page: French in 850", {
    events: [{ host: "MX1", fields: { "Nomdel'hôte": "MX1" } }],
    assumptions: ["encoding ibm850"],
    body: bytesOf(
      `${"Nom de l'h\u0093te:".padEnd(36)}MX1\r\n${"Nom du syst\u008ame d'exploitation:".padEnd(36)}Windows\r\n${"Version du syst\u008ame:".padEnd(36)}6.1.7601 Service Pack 1 version 7601\r\n`,
    ),
  }),
  listing("wide", "UTF-16LE, as PowerShell redirects it", {
    events: [{ host: "MX1", fields: { Build: "10.0.14393" } }],
    body: wideWithMark(SYSTEM),
  }),
  listing("qfe", "a table with fixed columns; the month stands first in any language", {
    events: [
      {
        time: "2021-08-12T00:00:00Z",
        host: "MX1",
        channel: "qfe",
        fields: { Kb: "KB5001779", Observation: "hotfix-list", InstalledBy: "CLINIC\\a" },
      },
    ],
    assumptions: ["day-order month-first: 8/12/2021 is 12 August 2021; the other reading is 8 December 2021"],
    body: `${NAMES}${QFE}`,
  }),
  listing("qfe-notice", "wmic speaks before it first runs, in another encoding than its table", {
    events: [{ fields: { Kb: "KB5001779" } }],
    body: bytesOf(`Please wait while WMIC is being installed.${[...`${NAMES}${QFE}`].map((char) => `${char}\0`).join("")}`),
  }),
  listing("qfe-filetime", "a date as the digits of a FILETIME, and a package that is named in another column", {
    events: [
      { time: "2021-08-12T09:14:04.0000000Z", fields: { Kb: "KB5001779" } },
      { time: null, fields: { Kb: "KB2115168", HotFixID: "File 1" } },
    ],
    body: `${NAMES.replace("InstalledOn  ", "InstalledOn       ")}MX1     Security Update  KB5001779  CLINIC\\a     01d78f5a654b9600                       \r\nMX1                      File 1                                    KB2115168            \r\n`,
  }),
  listing("get-hotfix", "Get-HotFix underlines its names", {
    events: [{ time: "2021-08-13T00:00:00Z", host: "MX1", fields: { Kb: "KB5001779" } }],
    body: "\r\nSource        Description      HotFixID      InstalledBy          InstalledOn              \r\n------        -----------      --------      -----------          -----------              \r\nMX1           Security Update  KB5001779     NT AUTHORITY\\SYSTEM  13/08/2021 00:00:00      \r\n",
  }),
  listing("half-number", "a number that was cut is no update", {
    events: [{}, { fields: { Kb: "KB5001779" } }, { fields: { Update: "KB50017", Kb: null } }],
    flaws: [`${(SYSTEM + TWO).length} last line`],
    body: `${SYSTEM}${TWO}${" ".repeat(WIDTH)}[02]: KB50017`,
  }),
  listing("titles", "updates by number and title: nobody says that they are installed", {
    events: [
      { channel: "updates", fields: { Kb: "KB5001779", Observation: "offered-update" } },
      { fields: { Kb: "KB1000001", KbArticleIds: ["KB1000001", "KB1000002"] } },
    ],
    flaws: ["60 line"],
    body: "KB5001779: Security Update For Exchange Server (KB5001779)\r\nno update\r\nKB1000001, KB1000002: Two of them\r\n",
  }),
  {
    name: "systeminfo/other-text",
    why: "a text of labels and values that is no system is read by nobody, and kept",
    format: "none",
    events: 0,
    body: "Host Name: MX1\nVersion: 10.0.14393\nColour: blue\n",
  },
];

/** UTF-16LE with its byte order mark. */
function wideWithMark(text: string): Uint8Array {
  const body = wide(text);
  const bytes = new Uint8Array(body.length + 2);
  bytes.set([0xff, 0xfe]);
  bytes.set(body, 2);
  return bytes;
}
