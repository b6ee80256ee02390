/**
 * Fields of a row of an MPLog while they are gathered. Refuses names that rows of every format have in one sense.
 * Spec: docs/formats/mplog.md.
 */
import { fileOf, resourcesOf } from "../defender-resources.ts";
import type { Fields } from "../text/text-rows.ts";

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

/** What a detection was found in: each resource as written, and the files among them. */
export function appendResources(fields: Fields, text: string): void {
  for (const resource of resourcesOf(text)) {
    append(fields, "Resource", resource);
    appendNew(fields, "Path", fileOf(resource));
  }
}
