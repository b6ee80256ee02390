/**
 * Names of members made safe to be an identity and a label: no way out of the folder, no drive, no emptiness.
 * Refuses to hide what a name was: every change has its words. Names never reach a disk (docs/design/containers.md).
 */
import { shorten } from "../../../base/text.ts";

/** A member's name, and what was odd about it. */
export interface CleanName {
  /** Parts with `/` between; never empty, never `..`, never from a root. */
  readonly name: string;
  /** What is wrong with the name as it stood, in words; null where nothing is. */
  readonly odd: string | null;
}

/** Longer than any path that a common system can hold. */
const NAME_CHARS_MAX = 4096;
const NAME_PARTS_MAX = 256;

/** Names that Windows takes for devices, with or without an extension. */
const DEVICE = /^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)/i;

/** What a name can try, in the order in which it is told. */
const ODDITIES: readonly (readonly [
  string,
  (name: string, parts: readonly string[]) => boolean,
])[] = [
  ["empty name", (name) => name === ""],
  ["absolute path", (name) => /^[/\\]/.test(name)],
  ["drive letter", (name) => /^[/\\]*[a-z]:/i.test(name)],
  ["path that climbs out (..)", (_, parts) => parts.includes("..")],
  ["NUL in the name", (name) => name.includes("\0")],
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  ["control character in the name", (name) => /[\u0001-\u001f\u007f-\u009f]/.test(name)],
  ["character that reorders or hides text", (name) => /[\p{Cf}\p{Zl}\p{Zp}]/u.test(name)],
  ["NTFS stream", (name) => /[^/\\]:/.test(name.replace(/^[/\\]*[a-z]:/i, ""))],
  ["device name", (_, parts) => parts.some((part) => DEVICE.test(part))],
  [
    "blank or dot at an end of the name",
    (_, parts) => parts.some((part) => /[^.]\.$|^ | $/.test(part)),
  ],
  ["`!/`, which stands between archive and member", (name) => /![/\\]/.test(name)],
  ["overlong name", (name, parts) => name.length > NAME_CHARS_MAX || parts.length > NAME_PARTS_MAX],
];

/** The name as identity: `\` becomes `/`, `C:` becomes `C`; roots, `.`, `..` and empty parts go. */
export function cleanName(raw: string): CleanName {
  const parts = raw.split(/[/\\]/);
  const odd = ODDITIES.filter(([, is]) => is(raw, parts)).map(([what]) => what);
  const kept = raw
    .replace(/^([/\\]*[a-z]):(?=[/\\]|$)/i, "$1")
    .split(/[/\\]/)
    .filter((part) => part !== "" && part !== "." && part !== "..");
  const name = shorten(kept.slice(0, NAME_PARTS_MAX).join("/"), NAME_CHARS_MAX);
  return { name: name === "" ? "unnamed" : name, odd: odd.length === 0 ? null : odd.join(", ") };
}
