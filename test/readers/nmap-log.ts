/** Made-up nmap scans, as -oX writes them: hosts with ports, services, and what scripts said. */
import { utf8 } from "../../src/base/bytes.ts";

const HEADERS =
  "&#xa;  Content-Type: text/html&#xa;  Server: Microsoft-IIS/10.0&#xa;  X-OWA-Version: 15.1.2044.4&#xa;  X-FEServer: MX1&#xa;";

function host(index: number): string {
  const at = 1_628_759_644 + index * 60;
  return `<host starttime="${at}" endtime="${at + 30}"><status state="up" reason="syn-ack" reason_ttl="0"/>
<address addr="192.0.2.${index + 1}" addrtype="ipv4"/>
<address addr="00:50:56:00:00:0${index % 9}" addrtype="mac" vendor="VMware"/>
<hostnames>
<hostname name="mx${index}.clinic.example" type="PTR"/>
</hostnames>
<ports><extraports state="filtered" count="996"><extrareasons reason="no-responses" count="996"/></extraports>
<port protocol="tcp" portid="25"><state state="open" reason="syn-ack" reason_ttl="0"/><service name="smtp" product="Microsoft Exchange smtpd" version="15.1.2044" hostname="MX${index}" method="probed" conf="10"><cpe>cpe:/a:microsoft:exchange_server</cpe></service><script id="banner" output="220 MX${index} Microsoft ESMTP MAIL Service ready"/></port>
<port protocol="tcp" portid="80"><state state="closed" reason="reset" reason_ttl="0"/></port>
<port protocol="tcp" portid="443"><state state="open" reason="syn-ack" reason_ttl="0"/><service name="http" product="Microsoft IIS httpd" version="10.0" tunnel="ssl" method="probed" conf="10"/><script id="http-headers" output="${HEADERS}"/></port>
</ports>
<hostscript><script id="smb2-time" output="date: 2021-08-12T09:14:04"/></hostscript>
<times srtt="100" rttvar="50" to="100000"/>
</host>
`;
}

/** A scan of `count` hosts, each with two open ports and a script of its own. */
export function madeNmap(count: number): Uint8Array {
  const hosts = Array.from({ length: count }, (_, index) => host(index));
  return utf8(`<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE nmaprun>
<?xml-stylesheet href="file:///usr/bin/../share/nmap/nmap.xsl" type="text/xsl"?>
<!-- Nmap 7.92 scan initiated as: nmap -sV -oX out.xml 192.0.2.0/24 -->
<nmaprun scanner="nmap" args="nmap -sV -oX out.xml 192.0.2.0/24" start="1628759644" version="7.92" xmloutputversion="1.05">
<scaninfo type="syn" protocol="tcp" numservices="1000" services="1-1000"/>
${hosts.join("")}<runstats><finished time="1628760000" exit="success"/><hosts up="${count}" down="0" total="${count}"/></runstats>
</nmaprun>`);
}
