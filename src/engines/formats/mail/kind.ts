/**
 * Which kind of mail a file is, by its first bytes. Refuses text that merely has colons: two fields that only mail has
 * must stand in a block of header fields. Specs: RFC 5322, RFC 4155, MS-CFB, MS-OXMSG, MS-OXTNEF.
 */
import { Buffer } from "node:buffer";
import { sameBytes } from "../../../base/bytes.ts";
import { COMPOUND_MARK } from "../compound-file/layout.ts";
import { isFieldName } from "./header-block.ts";
import { TNEF_MARK } from "./tnef.ts";

/** One message, a mailbox of them, an Outlook item, Outlook's envelope by itself, or a data file of Outlook. */
export type MailKind = "message" | "mailbox" | "outlook" | "envelope" | "data-file";

/** The first bytes of PST and OST (MS-PST 2.2.2.6): known, and not read. */
const DATA_FILE_MARK = Uint8Array.of(0x21, 0x42, 0x44, 0x4e);

/** How a file is read that is known to be mail. */
export function kindOf(head: Uint8Array): MailKind {
  if (startsWith(head, COMPOUND_MARK)) return "outlook";
  if (startsWith(head, TNEF_MARK)) return "envelope";
  if (startsWith(head, DATA_FILE_MARK)) return "data-file";
  const at = startOf(head);
  return Buffer.from(head.subarray(at, at + 5)).toString("latin1") === "From "
    ? "mailbox"
    : "message";
}

function startsWith(head: Uint8Array, mark: Uint8Array): boolean {
  return sameBytes(head.subarray(0, mark.length), mark);
}

/** Behind a byte order mark and empty lines, which some programs put before the first field. */
export function startOf(head: Uint8Array): number {
  let at = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0;
  while (at < 64 && (head[at] === 10 || head[at] === 13)) at++;
  return at;
}

/** Fields that only mail has. */
const STRONG = new Set(
  "message-id received return-path reply-to sender in-reply-to delivered-to envelope-to x-mailer x-originating-ip thread-topic thread-index authentication-results dkim-signature received-spf list-id x-ms-exchange-organization-authas x-received arc-seal x-mozilla-status resent-from delivery-date x-account-key".split(
    " ",
  ),
);
/** Fields that mail mostly has; letters, questionnaires and web servers have them too. */
const WEAK = new Set(
  "from to cc subject date references user-agent mime-version content-type content-transfer-encoding".split(
    " ",
  ),
);
const LINES_ASKED = 64;
/** Mail may have a line among its fields that is none; other texts have many. */
const STRANGE_MAX = 1;

/** Whether text begins as a message or a mailbox does. */
export function isMailText(head: Uint8Array): boolean {
  const text = Buffer.from(head.subarray(startOf(head), 16_384)).toString("latin1");
  const lines = text.split("\n", LINES_ASKED);
  if (/^From \S/.test(lines[0] ?? "")) lines.shift();
  const found = new Set<string>();
  let strange = 0;
  let strong = 0;
  for (const [index, raw] of lines.entries()) {
    const line = raw.trimEnd();
    if (line === "") break;
    if (/^[ \t]/.test(raw) && index > 0) continue;
    const colon = line.indexOf(":");
    const name = line.slice(0, Math.max(colon, 0)).trimEnd();
    if (!isFieldName(name)) {
      // The last line may be cut.
      if (index === lines.length - 1) break;
      if (++strange > STRANGE_MAX || index === 0) return false;
    } else {
      const lower = name.toLowerCase();
      if (STRONG.has(lower)) strong++;
      if (STRONG.has(lower) || WEAK.has(lower)) found.add(lower);
      if (lower === "from" && line.includes("@")) strong++;
    }
  }
  return found.size >= 2 && strong > 0;
}
