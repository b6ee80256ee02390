/** What is wrong with a catalogue of a user's own, in words that lead to the entry. Refuses to repeat what the file says at length. */
import type { z } from "zod";
import { shorten } from "../../../base/text.ts";
import { textOf, within } from "./json-tree.ts";

type Issue = z.core.$ZodIssue;

const NAME_CHARS_MAX = 60;
/** What entries are known by. */
const NAMES = ["id", "build", "kb", "name"];

/** `releases[3] (15.1.2044): build: not four numbers such as 15.1.2044.4`. */
export function wordingOf(
  file: unknown,
  { issues }: { readonly issues: readonly Issue[] },
): string {
  // A misspelt key is missing as well: where it stands helps more.
  const issue = issues.find(({ code }) => code === "unrecognized_keys") ?? issues[0];
  if (issue === undefined) return "it is no catalogue";
  const path = issue.path.map(String);
  const isEntry = issue.path.length > 1 && typeof issue.path[1] === "number";
  const rest = isEntry ? path.slice(2) : path;
  const places = [
    ...(isEntry ? [entryOf(file, path)] : []),
    ...(rest.length > 0 ? [rest.join(".")] : []),
  ];
  return [...places, messageOf(file, issue)].join(": ");
}

/** `releases[3] (15.1.2044.4)`, counted from 0 as programs do. */
function entryOf(file: unknown, [list = "", at = ""]: readonly string[]): string {
  const entry = within(file, list, at);
  const name = NAMES.map((key) => textOf(within(entry, key))).find((text) => text !== "");
  return `${list}[${at}]${name === undefined ? "" : ` (${shorten(name, NAME_CHARS_MAX)})`}`;
}

function messageOf(file: unknown, issue: Issue): string {
  if (issue.code === "unrecognized_keys")
    return `there is no such key: ${shorten(issue.keys.join(", "), NAME_CHARS_MAX)}`;
  const value = within(file, ...issue.path.map(String));
  if (value === undefined) return "is missing";
  const message = issue.message.replace(/^Invalid (?:input|option): /, "");
  return typeof value === "string" ? `'${shorten(value, NAME_CHARS_MAX)}': ${message}` : message;
}
