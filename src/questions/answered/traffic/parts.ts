/**
 * What a request asked for, by its path: a short list of Exchange's ways in, and all else as pages. Refuses to follow a client's spelling:
 * case and percent signs make no other path. A path behind autodiscover.json is what the back end is asked for (CVE-2021-34473).
 */

/** What can be asked for, in the order in which it is told where nothing else decides. */
export const PARTS = [
  "EWS",
  "PowerShell",
  "OWA",
  "ECP",
  "Autodiscover",
  "MAPI and RPC",
  "ActiveSync",
  "OAB",
  "mailbox in Microsoft 365",
  "pages elsewhere",
] as const;
/** One of PARTS. */
export type PartName = (typeof PARTS)[number];

/** Ways in which a new agent or address is news: a person's tools do not come by themselves. */
export const WAYS: ReadonlySet<PartName> = new Set(["PowerShell", "ECP", "EWS", "Autodiscover"]);

const APPLICATIONS: ReadonlyMap<string, PartName> = new Map([
  ["ews", "EWS"],
  ["powershell", "PowerShell"],
  ["owa", "OWA"],
  ["ecp", "ECP"],
  ["autodiscover", "Autodiscover"],
  ["mapi", "MAPI and RPC"],
  ["rpc", "MAPI and RPC"],
  ["microsoft-server-activesync", "ActiveSync"],
  ["oab", "OAB"],
]);

/** As much of a path as can decide anything. */
const PATH_CHARS_MAX = 300;
/** What leads to another application: its own path stands behind it, in the path or in the query. */
const DETOUR = "/autodiscover/autodiscover.json";

/** What stands in a path with slashes on both sides, or at its end. */
const SEGMENT = /\/([a-z-]{2,32})(?=\/|$)/g;

/** The path in lower case, percent signs resolved as far as they can be. */
export function plainPath(path: string): string {
  const cut = path.slice(0, PATH_CHARS_MAX);
  return (cut.includes("%") ? resolved(cut) : cut).toLowerCase();
}

/** What a plain path asks for. */
export function partOf(plain: string): PartName {
  const end = plain.indexOf("/", 1);
  return APPLICATIONS.get(plain.slice(1, end < 0 ? undefined : end)) ?? "pages elsewhere";
}

/** Whether the query has a say in what is asked for. */
export function isDetour(plain: string): boolean {
  return plain.startsWith(DETOUR);
}

/** What is asked for behind a detour: the first application that the rest of the path, or the query up to its first `&` or `?`, names. */
export function partBehind(plain: string, query: string): PartName {
  // HttpProxy writes the question mark with the query, IIS does not.
  const asked = plainPath(query).replace(/^\?/, "").split(/[?&]/, 1)[0] ?? "";
  for (const [, name = ""] of `${plain.slice(DETOUR.length)}/${asked}`.matchAll(SEGMENT)) {
    const part = APPLICATIONS.get(name);
    if (part !== undefined) return part;
  }
  return "Autodiscover";
}

/** Pages that the server runs when they are asked for (IIS and the languages that are installed on it). */
const RUN = /\.(?:aspx?|ashx|asmx|cshtml|php\d?|phtml|jspx?|cfm|pl|cgi)$/;

/** Ways whose ends are programs of their own, whatever they are called. */
const ENDPOINTS: ReadonlySet<PartName> = new Set(["EWS", "Autodiscover", "ActiveSync", "OAB"]);

/** Whether this is a page that runs on the server, or PowerShell: what a person who comes back would come back to. */
export function isPage(part: PartName, plain: string): boolean {
  return part === "PowerShell" || (!ENDPOINTS.has(part) && RUN.test(plain));
}

function resolved(path: string): string {
  return path.replace(/%([0-9a-f]{2})/gi, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  );
}
