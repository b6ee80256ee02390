/**
 * How the servers looked to the clinic's own consultant, who scanned them with nmap on the morning of the copy, when the web logs had
 * been taken already. Refuses what nmap guesses. Form: https://nmap.org/book/nmap-dtd.html.
 */
import type { MadeFile } from "../model/sample.ts";
import { COLLECTED_AT, HOUR, SECOND } from "./calendar.ts";
import type { Machine } from "./cast.ts";
import { textFile } from "./made-file.ts";
import { element } from "./markup.ts";
import type { Story } from "./story.ts";

const STARTED_AT = COLLECTED_AT - 2 * HOUR;
const HOST_SECONDS = 41;

interface Port {
  readonly number: number;
  readonly service: Readonly<Record<string, string>>;
  /** What http-headers printed; "" where it was not asked. */
  readonly headers: string;
}

/** The scan of the mail server and of the machine before the web server. */
export function makeOutsideScan({ cast }: Story): MadeFile {
  const { mailServer, frontMachine, domain, build } = cast;
  const hosts = [
    hostOf(mailServer, `mail.${domain}`, mailPorts(mailServer.name, domain, build), 0),
    hostOf(frontMachine, `${frontMachine.name}.${domain}`.toLowerCase(), WEB_PORTS, 1),
  ];
  const seconds = STARTED_AT / SECOND;
  const run = { scanner: "nmap", args: "nmap -sV --script http-headers -oX -", start: seconds };
  const scan = element(
    "nmaprun",
    { ...run, version: "7.92", xmloutputversion: "1.05" },
    ["", ...hosts, ""].join("\n"),
  );
  const head = '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE nmaprun>\n';
  return textFile("inventory/consultant-nmap.xml", `${head}${scan}\n`);
}

const WEB_PORTS: readonly Port[] = [
  { number: 80, service: { name: "http", product: "nginx" }, headers: "" },
  { number: 443, service: { name: "http", product: "nginx", tunnel: "ssl" }, headers: "" },
];

function mailPorts(server: string, domain: string, build: string): readonly Port[] {
  const date = new Date(STARTED_AT + 12 * SECOND).toUTCString();
  const headers = [
    "",
    "  Content-Length: 0",
    `  Location: https://mail.${domain}/owa/`,
    "  Server: Microsoft-IIS/10.0",
    `  X-OWA-Version: ${build}`,
    `  X-FEServer: ${server}`,
    `  Date: ${date}`,
    "  Connection: close",
    "  ",
    "  (Request type: GET)",
    "",
  ].join("\n");
  const hostname = `${server}.${domain}`;
  return [
    {
      number: 25,
      service: { name: "smtp", product: "Microsoft Exchange smtpd", hostname },
      headers: "",
    },
    {
      number: 443,
      service: { name: "http", product: "Microsoft IIS httpd", tunnel: "ssl" },
      headers,
    },
  ];
}

function hostOf({ address }: Machine, name: string, ports: readonly Port[], turn: number): string {
  const start = STARTED_AT / SECOND + turn * HOST_SECONDS;
  const open = ports.map(({ number, service, headers }) => {
    const script = headers === "" ? "" : element("script", { id: "http-headers", output: headers });
    const state = element("state", { state: "open", reason: "syn-ack", reason_ttl: 127 });
    const told = `${state}${element("service", { ...service, method: "probed", conf: 10 })}${script}`;
    return element("port", { protocol: "tcp", portid: number }, told);
  });
  return element(
    "host",
    { starttime: start, endtime: start + HOST_SECONDS },
    [
      element("status", { state: "up", reason: "echo-reply", reason_ttl: 127 }),
      element("address", { addr: address, addrtype: "ipv4" }),
      element("hostnames", {}, element("hostname", { name, type: "PTR" })),
      element("ports", {}, open.join("")),
    ].join(""),
  );
}
