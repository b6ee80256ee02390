/** Made-up CLIXML, as Export-Clixml writes it: objects with types stated once, nested objects, dictionaries, lists. */
import { utf8 } from "../../src/base/bytes.ts";
import { seededRandom } from "./trials.ts";

const NAMESPACE = "http://schemas.microsoft.com/powershell/2004/04";

/** A document around objects, with the byte order mark that PowerShell writes. */
export function clixmlOf(objects: string): string {
  return `\ufeff<Objs Version="1.1.0.1" xmlns="${NAMESPACE}">\n${objects}</Objs>`;
}

function hotFix(id: number, kb: number, day: number): string {
  const type =
    id === 0
      ? `<TN RefId="0"><T>System.Management.ManagementObject#root\\cimv2\\Win32_QuickFixEngineering</T><T>System.Object</T></TN>`
      : `<TNRef RefId="0" />`;
  return `  <Obj RefId="${id}">
    ${type}
    <ToString>\\\\MX1\\root\\cimv2:Win32_QuickFixEngineering.HotFixID="KB${kb}"</ToString>
    <Props>
      <S N="CSName">MX1</S>
      <S N="Description">Security Update</S>
      <S N="HotFixID">KB${kb}</S>
      <Nil N="InstallDate" />
      <S N="InstalledOn">8/${day}/2021</S>
    </Props>
    <MS>
      <DT N="InstalledOn">2021-08-${String(day).padStart(2, "0")}T00:00:00</DT>
    </MS>
  </Obj>
`;
}

/** File version of ExSetup.exe, a server, and an audit entry whose server states its build. */
function exchange(build: string): string {
  return `  <Obj RefId="100">
    <TN RefId="9"><T>Deserialized.System.Diagnostics.FileVersionInfo</T><T>System.Object</T></TN>
    <ToString>File:_x000D__x000A_ExSetup</ToString>
    <Props>
      <S N="FileName">C:\\Program Files\\Microsoft\\Exchange Server\\V15\\bin\\ExSetup.exe</S>
      <S N="FileVersion">${build}</S>
      <B N="IsDebug">false</B>
    </Props>
  </Obj>
  <Obj RefId="101">
    <TN RefId="10"><T>Microsoft.Exchange.Data.Directory.Management.ExchangeServer</T></TN>
    <ToString>MX1</ToString>
    <Props>
      <S N="Name">MX1</S>
      <S N="Fqdn">mx1.clinic.example</S>
      <Obj N="AdminDisplayVersion" RefId="102">
        <TN RefId="11"><T>Microsoft.Exchange.Data.ServerVersion</T></TN>
        <ToString>Version 15.1 (Build 2044.4)</ToString>
        <Props><I32 N="Build">2044</I32><I32 N="Revision">4</I32></Props>
        <MS><BA N="SerializationData">AAEAAAD=</BA></MS>
      </Obj>
      <Obj N="NetworkAddress" RefId="103">
        <TN RefId="12"><T>System.Collections.ArrayList</T></TN>
        <LST><S>ncacn_ip_tcp:mx1</S><Obj RefId="104"><ToString>netbios:MX1</ToString><Props><S N="ProtocolType">netbios</S></Props></Obj><Ref RefId="104" /></LST>
      </Obj>
      <Obj N="Tags" RefId="105">
        <TN RefId="13"><T>System.Collections.Hashtable</T></TN>
        <DCT><En><S N="Key">role</S><S N="Value">mail &amp; web</S></En><En><S N="Key">size</S><I64 N="Value">9007199254740993</I64></En></DCT>
      </Obj>
    </Props>
  </Obj>
`;
}

function audit(id: number, random: () => number): string {
  const type =
    id === 300
      ? `<TN RefId="20"><T>Microsoft.Exchange.Management.SystemConfigurationTasks.AdminAuditLogEvent</T></TN>`
      : `<TNRef RefId="20" />`;
  const minute = String(Math.floor(random() * 60)).padStart(2, "0");
  return `      <Obj RefId="${id}">
        ${type}
        <ToString>entry ${id}</ToString>
        <Props>
          <S N="CmdletName">New-MailboxExportRequest</S>
          <S N="Caller">clinic.example/Users/svc${Math.floor(random() * 9)}</S>
          <DT N="RunDate">2021-08-13T04:${minute}:07.1234567+01:00</DT>
          <S N="OriginatingServer">MX1 (15.01.2044.004)</S>
          <Obj N="CmdletParameters" RefId="${id + 500}">
            <TN RefId="${id + 500}"><T>System.Collections.ArrayList</T></TN>
            <LST><Obj RefId="${id + 700}"><Props><S N="Name">FilePath</S><S N="Value">\\\\localhost\\c$\\x.aspx</S></Props></Obj></LST>
          </Obj>
        </Props>
      </Obj>
`;
}

/** A document of `count` updates, Exchange's own objects, and a list of as many audit entries. */
export function madeClixml(count: number, seed = 1): Uint8Array {
  const random = seededRandom(seed);
  const fixes = Array.from({ length: count }, (_, id) =>
    hotFix(id, 4_000_000 + Math.floor(random() * 900_000), 1 + (id % 28)),
  );
  const entries = Array.from({ length: count }, (_, at) => audit(300 + at, random));
  const list = `  <Obj RefId="200">
    <TN RefId="19"><T>System.Collections.ArrayList</T><T>System.Object</T></TN>
    <LST>
${entries.join("")}    </LST>
  </Obj>
  <S>Windows Server 2016 Datacenter</S>
`;
  return utf8(clixmlOf(`${fixes.join("")}${exchange("15.01.2044.004")}${list}`));
}
