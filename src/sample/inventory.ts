/**
 * What was noted of the systems when the evidence was copied: versions of files, systeminfo, lists of updates, WSUS, and the
 * headers of Outlook on the web. Exchange's updates stand in none of the lists of Windows updates, as on real servers.
 */
import type { MadeFile } from "../model/sample.ts";
import { COLLECTED_AT, DAY, HOUR, MINUTE, isoOf, on } from "./calendar.ts";
import { Chance } from "./chance.ts";
import { cumulativeUpdateOf, lastSetupOf, paddedBuild } from "./exchange-build.ts";
import { textFile } from "./made-file.ts";
import type { Story } from "./story.ts";

/** Updates of Windows of 2021: the number for Server 2016, that for Server 2019, the second Tuesday of the month. */
const WINDOWS_UPDATES = [
  ["KB5001347", "KB5001342", on(4, 13)],
  ["KB5003197", "KB5003171", on(5, 11)],
  ["KB5003638", "KB5003646", on(6, 8)],
  ["KB5004238", "KB5004244", on(7, 13)],
  ["KB5005043", "KB5005030", on(8, 10)],
  ["KB5005573", "KB5005568", on(9, 14)],
  ["KB5006669", "KB5006672", on(10, 12)],
  ["KB5007192", "KB5007206", on(11, 9)],
] as const;

/** The files of the inventory. */
export function makeInventory(story: Story): MadeFile[] {
  const chance = new Chance(story.seed, `inventory/${story.variant}`);
  const installed = WINDOWS_UPDATES.map(([kb, kbOf2019, released]) => ({
    kb,
    kbOf2019,
    at: released + chance.between(2, 5) * DAY,
  }));
  return [
    textFile("inventory/inventory.csv", neutral(story)),
    textFile("inventory/MX1-systeminfo.txt", systeminfo(story, installed)),
    textFile("inventory/MX1-hotfixes.csv", hotfixes(story, installed)),
    textFile("inventory/wsus.csv", wsus(story, installed)),
    textFile("inventory/MX1-owa-headers.txt", headers(story)),
  ];
}

interface Installed {
  readonly kb: string;
  readonly kbOf2019: string;
  readonly at: number;
}

function lines(rows: readonly string[]): string {
  return `${rows.join("\r\n")}\r\n`;
}

/** A clinic that patches at once knows what it has; the others forgot the machine in front and the controller. */
function neutral({ cast, variant }: Story): string {
  const at = isoOf(COLLECTED_AT - 40 * MINUTE);
  const { build } = cast;
  return lines([
    "host,product,observation,build,observed_at,note",
    `${cast.mailServer.name},Exchange Server,file-version,${build},${at},synthetic: ExSetup.exe`,
    `${cast.mailServer.name},Exchange Server,exported-manifest,${cumulativeUpdateOf(build).build},${at},synthetic: AdminDisplayVersion`,
    `${cast.mailServer.name},Windows Server 2016,exported-manifest,10.0.14393.4770,${at},synthetic`,
    `${cast.webServer.name},Windows Server 2019,exported-manifest,10.0.17763.2300,${at},synthetic`,
    ...(variant === "benign"
      ? [
          `${cast.controller.name},Windows Server 2016,exported-manifest,10.0.14393.4770,${at},synthetic`,
          `${cast.frontMachine.name},Debian GNU/Linux,exported-manifest,11.1,${at},synthetic: /etc/debian_version`,
        ]
      : []),
  ]);
}

/** `8/12/2021, 4:12:33 AM`. */
function usMoment(millis: number): string {
  const iso = isoOf(millis);
  const hour = Number(iso.slice(11, 13));
  const clock = `${hour % 12 === 0 ? 12 : hour % 12}${iso.slice(13, 19)} ${hour < 12 ? "AM" : "PM"}`;
  return `${usDate(millis)}, ${clock}`;
}

function usDate(millis: number): string {
  const [year, month, day] = isoOf(millis).slice(0, 10).split("-").map(Number);
  return `${month}/${day}/${year}`;
}

function systeminfo(story: Story, installed: readonly Installed[]): string {
  const { cast, gaps } = story;
  const row = (label: string, value: string) => `${`${label}:`.padEnd(27)}${value}`;
  const item = (text: string) => `${" ".repeat(27)}${text}`;
  const booted = gaps.downtimes.at(-1)?.to ?? on(11, 13);
  return `\r\n${lines([
    row("Host Name", cast.mailServer.name),
    row("OS Name", "Microsoft Windows Server 2016 Standard"),
    row("OS Version", "10.0.14393 N/A Build 14393"),
    row("OS Manufacturer", "Microsoft Corporation"),
    row("OS Configuration", "Member Server"),
    row("Registered Owner", `${cast.clinic} (synthetic)`),
    row("Original Install Date", usMoment(Date.UTC(2018, 4, 24, 9, 7))),
    row("System Boot Time", usMoment(booted)),
    row("System Manufacturer", "VMware, Inc."),
    row("System Model", "VMware7,1"),
    row("System Type", "x64-based PC"),
    row("Time Zone", "(UTC+00:00) Dublin, Edinburgh, Lisbon, London"),
    row("Domain", cast.domain),
    row("Hotfix(s)", `${installed.length} Hotfix(s) Installed.`),
    ...installed.map(({ kb }, at) => item(`[${String(at + 1).padStart(2, "0")}]: ${kb}`)),
    row("Network Card(s)", "1 NIC(s) Installed."),
    item("[01]: vmxnet3 Ethernet Adapter"),
    item("      Connection Name: Ethernet0"),
    item("      IP address(es)"),
    item(`      [01]: ${cast.mailServer.address}`),
  ])}`;
}

function hotfixes({ cast }: Story, installed: readonly Installed[]): string {
  const names = ["Source", "Description", "HotFixID", "InstalledBy", "InstalledOn", "CSName"];
  const cells = (values: readonly string[]) => values.map((value) => `"${value}"`).join(",");
  return lines([
    cells(names),
    ...installed.map(({ kb, at }) =>
      cells([
        cast.mailServer.name,
        "Security Update",
        kb,
        "NT AUTHORITY\\SYSTEM",
        `${usDate(at)} 12:00:00 AM`,
        cast.mailServer.name,
      ]),
    ),
  ]);
}

/** Looks compliant: an Exchange of an old cumulative update is offered nothing. */
function wsus({ cast }: Story, installed: readonly Installed[]): string {
  const servers = [cast.mailServer, cast.webServer, cast.controller];
  return lines([
    "ComputerName,UpdateTitle,UpdateKB,UpdateInstallationState,Note",
    ...servers.flatMap(({ name }) =>
      installed.map(({ kb, kbOf2019, at }) => {
        const month = isoOf(at).slice(0, 7);
        const number = name === cast.webServer.name ? kbOf2019 : kb;
        return `${name}.${cast.domain},${month} Cumulative Update for Windows Server,${number},Installed,synthetic`;
      }),
    ),
    ...servers.map(
      ({ name }) =>
        `${name}.${cast.domain},Security Intelligence Update for Microsoft Defender Antivirus,KB2267602,Installed,synthetic`,
    ),
  ]);
}

/** As `curl -I` prints it, asked from inside the clinic on the morning of the copy. */
function headers({ cast }: Story): string {
  const date = new Date(COLLECTED_AT - HOUR).toUTCString();
  return `${lines([
    "HTTP/1.1 302 Found",
    "Content-Length: 0",
    `Location: https://mail.${cast.domain}/owa/auth/logon.aspx?replaceCurrent=1&url=https%3a%2f%2fmail.${cast.domain}%2fowa%2f`,
    "Server: Microsoft-IIS/10.0",
    "X-Synthetic: every name in this answer is invented",
    `X-OWA-Version: ${cast.build}`,
    `X-FEServer: ${cast.mailServer.name}`,
    `Date: ${date}`,
  ])}\r\n`;
}

/** The build lines of the story for the truth; of each build the evening from which it was there. */
export function buildTruth({ cast }: Story) {
  const { build, installations, schemaPreparedAt } = cast;
  return {
    build,
    padded: paddedBuild(build),
    cumulative_update: cumulativeUpdateOf(build).name,
    builds: installations.map((one) => ({
      from: isoOf(one.at),
      build: one.build,
      by: one.name,
    })),
    setup_installed: isoOf(lastSetupOf(cast).at),
    setup_states_installed: isoOf(schemaPreparedAt),
  };
}
