/**
 * The resources that Microsoft Defender names as the place of a threat: `file:_C:\a.aspx; containerfile:_C:\a.zip`, in its
 * events with an underscore behind the scheme and a blank between, in its protection log without. Refuses to tell a path
 * from what merely looks like one: the scheme decides. The form is not published: docs/formats/evtx.md.
 */

/** Resources of one threat beyond this are left in the raw text: a container of thousands of members is one attack. */
const RESOURCES_MAX = 1_000;
const FILE_SCHEMES: ReadonlySet<string> = new Set(["file", "containerfile", "webfile"]);
/** A resource ends where the next one's scheme stands behind a semicolon: paths may hold semicolons too. */
const BETWEEN = /; ?(?=[a-z]{2,20}:|$)/;
const SCHEME = /^([a-z]{2,20}):_?(.*)$/s;
/** What no name of a file holds: a member of the file stands behind the first, where it came from behind the second. */
const BEHIND = /->|\|/;
/** What Windows writes before a path that is longer than others. */
const LONG_PATH = "\\\\?\\";

/** The resources that a text names, as written; the first thousand. */
export function resourcesOf(text: string): readonly string[] {
  return text.split(BETWEEN, RESOURCES_MAX).filter((resource) => resource !== "");
}

/** The file on the disk that a resource is or lies in; "" where it is no file (`process:`, `regkey:`, `amsi:` …). */
export function fileOf(resource: string): string {
  const [, scheme = "", rest = ""] = SCHEME.exec(resource) ?? [];
  if (!FILE_SCHEMES.has(scheme)) return "";
  const [path = ""] = rest.split(BEHIND, 1);
  return plainPath(path);
}

/** Whether a text begins as a resource of an event does, with its scheme. */
export function namesResources(text: string): boolean {
  return /^[a-z]{2,20}:_/.test(text);
}

/** A path without the mark of long paths. */
export function plainPath(path: string): string {
  return path.startsWith(LONG_PATH) ? path.slice(LONG_PATH.length) : path;
}
