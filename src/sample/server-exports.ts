/**
 * What an administrator exported from the mail server with Export-Clixml on the morning of the copy: the server, which states its
 * cumulative update but no security update, and its transport agents, all of which Exchange brings. Form: docs/formats/clixml.md.
 */
import type { MadeFile } from "../model/sample.ts";
import { known } from "../base/assert.ts";
import { cumulativeUpdateOf } from "./exchange-build.ts";
import { textFile } from "./made-file.ts";
import { element, escaped } from "./markup.ts";
import type { Story } from "./story.ts";

const NAMESPACE = "http://schemas.microsoft.com/powershell/2004/04";
const AGENTS_FOLDER = "C:\\Program Files\\Microsoft\\Exchange Server\\V15\\TransportRoles\\agents";
/** The agents of Exchange 2016, in the order in which they run, and the folder of each. */
const AGENTS = [
  ["Transport Rule Agent", "Rule"],
  ["DLP Policy Agent", "Rule"],
  ["Retention Policy Agent", "Retention"],
  ["Supervisory Review Agent", "SupervisoryReview"],
  ["Malware Agent", "Hygiene"],
  ["Text Messaging Routing Agent", "TextMessaging"],
  ["Text Messaging Delivery Agent", "TextMessaging"],
] as const;

/** Both exports. */
export function makeServerExports(story: Story): MadeFile[] {
  return [
    textFile("MX1/exports/exchange-server.xml", documentOf([serverOf(story)])),
    textFile("MX1/exports/transport-agents.xml", documentOf(AGENTS.map(agentOf))),
  ];
}

/** An object before it is numbered: its type, what it calls itself, and its properties as markup. */
interface Exported {
  readonly type: string;
  readonly called: string;
  readonly properties: readonly string[];
}

/** Windows PowerShell writes a byte order mark. A type is stated once and referred to from then on. */
function documentOf(objects: readonly Exported[]): string {
  const types: string[] = [];
  const written = objects.map(({ type, called, properties }, number) => {
    const stated = types.indexOf(type);
    if (stated < 0) types.push(type);
    const name =
      stated < 0
        ? element("TN", { RefId: types.length - 1 }, `<T>${type}</T><T>System.Object</T>`)
        : element("TNRef", { RefId: stated });
    const text = element("ToString", {}, escaped(called));
    const inside = `${name}${text}${element("Props", {}, properties.join(""))}`;
    return element("Obj", { RefId: number }, inside);
  });
  const inside = ["", ...written, ""].join("\r\n");
  return `\ufeff${element("Objs", { Version: "1.1.0.1", xmlns: NAMESPACE }, inside)}`;
}

function property(kind: "S" | "B" | "I32", name: string, value: string | number | boolean): string {
  return element(kind, { N: name }, escaped(String(value)));
}

function serverOf({ cast }: Story): Exported {
  const { name } = cast.mailServer;
  const build = cumulativeUpdateOf(cast.build).build.split(".");
  const [major, minor, number, revision] = build.map((part) =>
    known(part, "a build has four parts"),
  );
  return {
    type: "Microsoft.Exchange.Data.Directory.Management.ExchangeServer",
    called: name,
    properties: [
      property("S", "Name", name),
      property("S", "Domain", cast.domain),
      property("S", "Fqdn", `${name}.${cast.domain}`),
      property("S", "Edition", "Standard"),
      property("S", "ServerRole", "Mailbox, ClientAccess"),
      property(
        "S",
        "AdminDisplayVersion",
        `Version ${major}.${minor} (Build ${number}.${revision})`,
      ),
      property("B", "IsMailboxServer", true),
      property("B", "IsEdgeServer", false),
    ],
  };
}

function agentOf([name, folder]: readonly [string, string], index: number): Exported {
  return {
    type: "Microsoft.Exchange.Management.AgentTasks.TransportAgent",
    called: name,
    properties: [
      property("S", "Identity", name),
      property("B", "Enabled", true),
      property("I32", "Priority", index + 1),
      property("S", "AssemblyPath", `${AGENTS_FOLDER}\\${folder}`),
    ],
  };
}
