/** Cases for objects that PowerShell exported: one behaviour each. */
import type { TestCase } from "./case.ts";

const HEAD =
  '\ufeff<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">\n';
/** In bytes: the byte order mark is three. */
const HEAD_BYTES = HEAD.length + 2;
const document = (objects: string) => `${HEAD}${objects}</Objs>`;

function clixml(
  name: string,
  why: string,
  rest: Omit<TestCase, "name" | "why" | "format">,
): TestCase {
  return { name: `clixml/${name}`, why, format: "clixml", ...rest };
}

function object(id: number, type: string, properties: string): string {
  return `<Obj RefId="${id}"><TN RefId="${id}"><T>${type}</T><T>System.Object</T></TN><Props>${properties}</Props></Obj>\n`;
}

const SETUP = object(
  0,
  "System.Diagnostics.FileVersionInfo",
  '<S N="FileName">C:\\bin\\ExSetup.exe</S><S N="FileVersion">15.01.2044.004</S>',
);

/** The start of a list, and its first element. */
const LIST = '<Obj RefId="0"><TN RefId="0"><T>System.Object[]</T></TN><LST><S>a</S>';

/** UTF-16LE, with its byte order mark. */
function wide(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 2);
  for (let at = 0; at < text.length; at++) {
    bytes[at * 2] = text.charCodeAt(at) & 0xff;
    bytes[at * 2 + 1] = text.charCodeAt(at) >> 8;
  }
  return bytes;
}

export const CLIXML_CASES: readonly TestCase[] = [
  clixml("file-version", "the file version of ExSetup.exe is Exchange's", {
    events: [
      {
        time: null,
        channel: "FileVersionInfo",
        fields: { Product: "Exchange Server", Build: "15.01.2044.004", Observation: "file-version" },
      },
    ],
    body: document(SETUP),
  }),
  clixml("other-file", "the file version of any other file is its own product's", {
    events: [{ fields: { Product: "Agent", Build: "2.1.0.7", Observation: "file-version" } }],
    body: document(
      object(
        0,
        "Deserialized.System.Diagnostics.FileVersionInfo",
        '<S N="FileName">C:\\agent.exe</S><S N="FileVersion">2.1.0.7</S><S N="ProductName">Agent</S>',
      ),
    ),
  }),
  clixml("made-observation", "an object cannot make itself an observation", {
    events: [{ fields: { Build: "15.1.9999.9", Observation: null } }],
    body: document(
      object(0, "Made.Up", '<S N="Product">Exchange Server</S><S N="Build">15.1.9999.9</S><S N="Observation">file-version</S>'),
    ),
  }),
  clixml("utf-16", "UTF-16LE; offsets are bytes", {
    events: [{ fields: { Build: "15.01.2044.004" } }],
    body: wide(document(SETUP)),
  }),
  clixml("types", "a type is stated once and referred to; an object that refers to another has its name", {
    events: [
      { channel: "HotFix", host: "MX1", fields: { Kb: "KB5001779", Peer: null } },
      { channel: "HotFix", host: "MX1", fields: { Kb: "KB5003435", Peer: "first" } },
    ],
    body: document(
      `<Obj RefId="0"><TN RefId="0"><T>System.Management.ManagementObject#root\\cimv2\\Win32_QuickFixEngineering</T></TN><ToString>first</ToString><Props><S N="HotFixID">KB5001779</S><S N="CSName">MX1</S></Props></Obj>\n` +
        `<Obj RefId="1"><TNRef RefId="0" /><Props><S N="HotFixID">KB5003435</S><S N="CSName">MX1</S><Ref N="Peer" RefId="0" /></Props></Obj>\n`,
    ),
  }),
  clixml("values", "primitive values keep their types; numbers beyond 2^53 and bytes stay texts", {
    events: [
      {
        fields: {
          Text: "a\r\nb",
          Truth: true,
          Count: -7,
          Large: "9007199254740993",
          Half: 0.5,
          Bytes: "AAEC",
          Span: "PT1H",
          SerializationData: null,
        },
      },
    ],
    body: document(
      object(
        0,
        "Made.Up",
        '<S N="Text">a_x000D__x000A_b</S><B N="Truth">true</B><I32 N="Count">-7</I32><U64 N="Large">9007199254740993</U64><Db N="Half">0.5</Db><BA N="Bytes">AAEC</BA><TS N="Span">PT1H</TS><BA N="SerializationData">AAEC</BA>',
      ),
    ),
  }),
  clixml("nested", "objects, lists and dictionaries within an object get dotted names", {
    events: [
      {
        fields: {
          "Site": "Default",
          "Site.Depth": 4,
          "Names": ["a", "b"],
          "Names.1.Kind": "x",
          "Tags.role": "mail",
        },
      },
    ],
    body: document(
      object(
        0,
        "Made.Up",
        '<Obj N="Site" RefId="1"><ToString>Default</ToString><Props><I32 N="Depth">4</I32></Props></Obj>' +
          '<Obj N="Names" RefId="2"><LST><S>a</S><Obj RefId="3"><ToString>b</ToString><Props><S N="Kind">x</S></Props></Obj></LST></Obj>' +
          '<Obj N="Tags" RefId="4"><DCT><En><S N="Key">role</S><S N="Value">mail</S></En></DCT></Obj>',
      ),
    ),
  }),
  clixml("list", "a list that was exported whole gives its elements", {
    events: [{ channel: "String", fields: { Value: "a" } }, { fields: { Value: "b" } }],
    body: document(
      '<Obj RefId="0"><TN RefId="0"><T>System.Object[]</T></TN><LST><S>a</S><S>b</S></LST></Obj>\n',
    ),
  }),
  clixml("cut-list", "a list that is cut gives the elements that are whole", {
    events: 1,
    flaws: [`${HEAD_BYTES + LIST.length} XML`],
    body: `${HEAD}${LIST}<S>b`,
  }),
  clixml("hidden-property", "what PowerShell added hides a property of the same name, which is kept beside it", {
    events: [{ time: "2021-08-12T00:00:00Z", fields: { "InstalledOn": "2021-08-12T00:00:00", "InstalledOn.Props": "8/12/2021" } }],
    assumptions: ["zone UTC"],
    body: document(
      '<Obj RefId="0"><TN RefId="0"><T>X#Win32_QuickFixEngineering</T></TN><Props><S N="InstalledOn">8/12/2021</S></Props><MS><DT N="InstalledOn">2021-08-12T00:00:00</DT></MS></Obj>',
    ),
  }),
  clixml("audit", "an audit entry has a time, and its server states its own build", {
    events: [
      {
        time: "2021-08-13T03:12:07.1234567Z",
        host: "MX1",
        channel: "AdminAuditLogEvent",
        fields: { Build: "15.01.2044.004", Observation: "server-log", CmdletName: "New-MailboxExportRequest" },
      },
    ],
    body: document(
      object(
        0,
        "Microsoft.Exchange.Management.SystemConfigurationTasks.AdminAuditLogEvent",
        '<S N="CmdletName">New-MailboxExportRequest</S><DT N="RunDate">2021-08-13T04:12:07.1234567+01:00</DT><S N="OriginatingServer">MX1 (15.01.2044.004)</S>',
      ),
    ),
  }),
  clixml("health-checker", "HealthChecker's object of a server: the file version within it, when it was made", {
    events: [
      {
        time: "2021-08-20T10:00:00Z",
        host: "mx1.clinic.example",
        channel: "HealthChecker",
        fields: { Build: "15.01.2044.004", Observation: "file-version" },
      },
    ],
    body: document(
      '<Obj RefId="0"><TN RefId="0"><T>System.Management.Automation.PSCustomObject</T></TN><MS><Obj N="HealthCheckerExchangeServer" RefId="1"><MS><S N="ServerName">mx1.clinic.example</S><DT N="GenerationTime">2021-08-20T10:00:00Z</DT><Obj N="ExchangeInformation" RefId="2"><MS><Obj N="BuildInformation" RefId="3"><MS><Obj N="ExchangeSetup" RefId="4"><MS><S N="FileVersion">15.01.2044.004</S></MS></Obj></MS></Obj></MS></Obj></MS></Obj></MS></Obj>',
    ),
  }),
  clixml("entity", "nothing is expanded: an entity of its own is no XML", {
    events: 1,
    flaws: [`${HEAD_BYTES} XML`],
    body: document("<S>&a;</S>\n<S>b</S>\n"),
  }),
  clixml("broken-object", "an object that is not well formed is a flaw; those around it are read", {
    events: 2,
    flaws: [`${HEAD_BYTES + 9} XML`],
    body: document('<S>a</S>\n<S N=b>x</S>\n<S>c</S>\n'),
  }),
  {
    name: "clixml/document-type",
    why: "a document type that declares entities is read by nobody, and kept",
    format: "none",
    events: 0,
    body: `<!DOCTYPE Objs [<!ENTITY a "b">]>${document("<S>&a;</S>").slice(1)}`,
  },
  {
    name: "clixml/other-objs",
    why: "another document whose root has the same name is read by nobody, and kept",
    format: "none",
    events: 0,
    body: "<Objs><S>a</S></Objs>",
  },
];
