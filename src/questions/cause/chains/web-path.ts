/**
 * Files as pages of the web server: the address under which Exchange and the default site serve what a path on disk, on a share or in
 * a verdict names. Refuses to guess: a path below no folder that is served, or a file that no server runs, has no address.
 * Folders: https://learn.microsoft.com/exchange/architecture/client-access/client-access (front end and back end of one server).
 */

/** Where a served folder begins: what stands behind it is the address. */
const SERVED = ["/inetpub/wwwroot/", "/frontend/httpproxy/", "/v15/clientaccess/"];

/** Files that IIS hands to ASP or ASP.NET. A certificate request leaves its `.req` behind the page's own ending. */
const PAGE = /\.(?:aspx|ashx|asmx|asp)(?:\.req)?$/;

/** As ASP.NET notes a page that it compiled: `page.aspx.1a2b3c4d.compiled`, below the application that it belongs to. */
const COMPILED =
  /\/temporary asp\.net files\/([^/]{1,64})\/[^/]{1,64}\/[^/]{1,64}\/([^/]{1,200}\.(?:aspx|ashx|asmx|asp))\.[0-9a-f]{1,8}\.compiled$/;

/** Applications of Exchange that have a folder of compiled pages of their own; everything else belongs to `root`. */
const APPLICATIONS = new Set(["owa", "ecp", "oab", "ews", "autodiscover", "powershell", "rpc"]);

/** Longer ones name nothing that Windows could hold. */
const PATH_CHARS_MAX = 1_024;
const RESOURCES_MAX = 32;

/** The addresses, in lower case, of the pages that a value of a record names: one path, or a verdict's list of resources. */
export function pagesOnDisk(value: unknown): readonly string[] {
  return [...new Set(pathsIn(value).flatMap((path) => pageOf(path) ?? []))];
}

/** The address, in lower case, of a request for a page; null where it asks for something else. */
export function pageAsked(stem: unknown): string | null {
  if (typeof stem !== "string" || stem.length > PATH_CHARS_MAX) return null;
  const path = stem.toLowerCase().replace(/\/{2,}/g, "/");
  return PAGE.test(path) ? withoutRequest(path) : null;
}

/** The application and the name of a page, as `compiledIn` says them: `owa/x.aspx`. */
export function compiledName(page: string): string {
  const [, application = ""] = page.split("/");
  const name = page.slice(page.lastIndexOf("/") + 1);
  return `${APPLICATIONS.has(application) ? application : "root"}/${name}`;
}

/** The page that a file in ASP.NET's own folder was made from, as `owa/x.aspx`; null for any other file. */
export function compiledIn(value: unknown): string | null {
  const [path = ""] = pathsIn(value);
  const [, application, name] = COMPILED.exec(path) ?? [];
  return application === undefined || name === undefined ? null : `${application}/${name}`;
}

/** Paths with slashes, in lower case; Defender writes `file:_C:\…` and puts several into one value. */
function pathsIn(value: unknown): readonly string[] {
  const texts: readonly unknown[] = Array.isArray(value) ? value : [value];
  return texts
    .slice(0, RESOURCES_MAX)
    .flatMap((text) => (typeof text === "string" ? text.slice(0, 16_384).split(/;|->/) : []))
    .slice(0, RESOURCES_MAX)
    .filter((path) => path.length <= PATH_CHARS_MAX)
    .map((path) => path.trim().replaceAll("\\", "/").toLowerCase());
}

function pageOf(path: string): string | null {
  if (!PAGE.test(path)) return null;
  // A share or a volume may begin at the folder itself.
  const whole = `/${path}`;
  for (const folder of SERVED) {
    const at = whole.indexOf(folder);
    if (at >= 0) return withoutRequest(whole.slice(at + folder.length - 1).replace(/\/{2,}/g, "/"));
  }
  return null;
}

function withoutRequest(page: string): string {
  return page.endsWith(".req") ? page.slice(0, -".req".length) : page;
}
