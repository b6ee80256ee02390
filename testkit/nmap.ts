/** Cases for nmap scans: one behaviour each. */
import type { TestCase } from "./case.ts";

const HEAD =
  '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE nmaprun>\n<?xml-stylesheet href="nmap.xsl" type="text/xsl"?>\n<nmaprun scanner="nmap" start="1628759644" version="7.92">\n';
const scan = (hosts: string) => `${HEAD}${hosts}</nmaprun>\n`;
const HOST =
  '<host starttime="1628759644" endtime="1628759674"><status state="up" reason="syn-ack"/><address addr="192.0.2.1" addrtype="ipv4"/><hostnames><hostname name="mx1.clinic.example" type="PTR"/></hostnames><ports>';
const END = "</ports></host>\n";

function port(number: number, service: string, script = ""): string {
  return `<port protocol="tcp" portid="${number}"><state state="open" reason="syn-ack"/><service ${service}/>${script}</port>`;
}

function nmap(
  name: string,
  why: string,
  rest: Omit<TestCase, "name" | "why" | "format">,
): TestCase {
  return { name: `nmap/${name}`, why, format: "nmap", ...rest };
}

export const NMAP_CASES: readonly TestCase[] = [
  nmap("ports", "a row for the host, and one for each open port; a closed one has none", {
    events: [
      { time: "2021-08-12T09:14:04Z", host: "mx1.clinic.example", fields: { status: "up", portid: null } },
      { time: "2021-08-12T09:14:34Z", fields: { "portid": 443, "service.name": "http", "addr": ["192.0.2.1"] } },
    ],
    body: scan(
      `${HOST}${port(443, 'name="http"')}<port protocol="tcp" portid="80"><state state="closed" reason="reset"/></port>${END}`,
    ),
  }),
  nmap("owa-header", "the header of the running web application states its build", {
    events: [
      {},
      { fields: { Product: "Exchange Server", Build: "15.1.2044.4", Observation: "owa-header" } },
    ],
    body: scan(
      `${HOST}${port(443, 'name="http"', '<script id="http-headers" output="&#xa;  X-OWA-Version: 15.1.2044.4&#xa;"/>')}${END}`,
    ),
  }),
  nmap("owa-path", "a folder that a page names states the build, without its last number", {
    events: [{}, { fields: { Build: "15.1.2044", Observation: "owa-path" } }],
    body: scan(
      `${HOST}${port(443, 'name="http"', '<script id="http-title" output="/owa/auth/15.1.2044/themes/x.css"/>')}${END}`,
    ),
  }),
  nmap("banner", "a greeting is a greeting", {
    events: [{}, { fields: { Build: "15.1.2044.4", Observation: "banner" } }],
    body: scan(
      `${HOST}${port(25, 'name="smtp" product="Microsoft Exchange smtpd" version="15.1.2044.4"')}${END}`,
    ),
  }),
  nmap("no-ports", "a host without ports is told all the same", {
    events: [{ host: "192.0.2.9", fields: { status: "up" } }],
    body: scan('<host><status state="up"/><address addr="192.0.2.9" addrtype="ipv4"/></host>\n'),
  }),
  nmap("cut", "a scan that was stopped: what stands before is read", {
    events: 2,
    flaws: [`${(HEAD + HOST + port(443, 'name="http"')).length} XML`],
    body: `${HEAD}${HOST}${port(443, 'name="http"')}<port protocol="tcp" portid="25"><state`,
  }),
  {
    name: "nmap/grepable",
    why: "nmap's other outputs are read by nobody, and kept",
    format: "none",
    events: 0,
    body: "# Nmap 7.92 scan\nHost: 192.0.2.1 ()\tPorts: 443/open/tcp//https///\n",
  },
];
