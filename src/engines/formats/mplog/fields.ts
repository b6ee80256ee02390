/**
 * Fields of a row while they are gathered, and the resources that Defender names as the place of a threat. Refuses to tell
 * a path from what merely looks like one: the scheme before it decides. Spec: docs/formats/mplog.md.
 */
import type { FieldValue } from "../../../model/event.ts";

/** Fields of one row, in the order in which they were found. */
export type Fields = Map<string, FieldValue>;

/** Values of one name beyond this are left in the message: a list of exclusions has hundreds at most. */
const VALUES_MAX = 1_000;
/** Names that rows of every format have in one sense: a line of a log cannot speak under them. */
const RESERVED: ReadonlySet<string> = new Set([
  "EventType",
  "Message",
  "Product",
  "Build",
  "Observation",
  "Kb",
]);
const FILE_SCHEMES: ReadonlySet<string> = new Set(["file", "containerfile", "webfile"]);
/** A resource ends where the next one's scheme stands behind a semicolon: paths may hold semicolons too. */
const BETWEEN = /;(?=[a-z]{2,20}:|$)/;
const SCHEME = /^([a-z]{2,20}):_?(.*)$/s;
/** What Windows writes before a path that is longer than others. */
const LONG_PATH = "\\\\?\\";

/** Puts a value beside those that the name has already; one value stays alone, several become a list. */
export function append(fields: Fields, name: string, value: string): void {
  const before = fields.get(name);
  if (value === "" || RESERVED.has(name)) return;
  if (before === undefined) fields.set(name, value);
  else if (Array.isArray(before)) {
    if (before.length < VALUES_MAX) fields.set(name, [...before, value]);
  } else fields.set(name, [before, value]);
}

/** The same, but for a value that the name has already. */
export function appendNew(fields: Fields, name: string, value: string): void {
  const before = fields.get(name);
  const isKnown = Array.isArray(before) ? before.includes(value) : before === value;
  if (!isKnown) append(fields, name, value);
}

/** A path without the mark of long paths. */
export function plainPath(path: string): string {
  return path.startsWith(LONG_PATH) ? path.slice(LONG_PATH.length) : path;
}

/** What a detection was found in: each resource as written, and the paths among them. */
export function appendResources(fields: Fields, text: string): void {
  for (const resource of text.split(BETWEEN).slice(0, VALUES_MAX)) {
    append(fields, "Resource", resource);
    const [, scheme = "", rest = ""] = SCHEME.exec(resource) ?? [];
    if (FILE_SCHEMES.has(scheme)) appendNew(fields, "Path", plainPath(rest));
  }
}
