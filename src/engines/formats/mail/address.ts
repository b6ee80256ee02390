/**
 * Lists of mailboxes: names, quoted names, comments, groups, and what real clients make of them. Refuses nothing: what
 * has no address gives an address of "". Spec: RFC 5322, section 3.4; RFC 6532.
 */
import { decodeWords } from "./encoded-word.ts";
import { LIST_MAX } from "./layout.ts";

/** One mailbox; either may be "". */
export interface Mailbox {
  readonly name: string;
  readonly address: string;
}

/** What is gathered of one mailbox while the list is passed over. */
interface Gathered {
  words: string;
  angle: string | null;
  comment: string;
}

/** The mailboxes of an address header, groups dissolved. */
export function parseMailboxes(text: string): readonly Mailbox[] {
  const found: Mailbox[] = [];
  let open: Gathered = { words: "", angle: null, comment: "" };
  const close = () => {
    const mailbox = mailboxOf(open);
    if (mailbox !== null) found.push(mailbox);
    open = { words: "", angle: null, comment: "" };
  };
  for (let at = 0; at < text.length && found.length < LIST_MAX; ) {
    const char = text[at] ?? "";
    if (char === '"') {
      const end = closing(text, at, '"', '"');
      open.words += unescaped(text.slice(at + 1, end));
      at = end + 1;
    } else if (char === "(") {
      const end = closing(text, at, "(", ")");
      open.comment = unescaped(text.slice(at + 1, end));
      at = end + 1;
    } else if (char === "<") {
      const end = text.indexOf(">", at);
      const stop = end < 0 ? text.length : end;
      open.angle = text.slice(at + 1, stop);
      at = stop + 1;
    } else {
      if (char === "," || char === ";") close();
      // A group: its name is no mailbox.
      else if (char === ":" && open.angle === null && !open.words.includes("@")) open.words = "";
      else open.words += char;
      at++;
    }
  }
  close();
  return found;
}

function mailboxOf({ words, angle, comment }: Gathered): Mailbox | null {
  const text = decodeWords(words.trim()).replaceAll(/\s+/g, " ").trim();
  const note = decodeWords(comment.trim());
  if (angle !== null) {
    // A route before the address: `@a,@b:user@c`.
    const route = angle.startsWith("@") ? angle.indexOf(":") + 1 : 0;
    return { name: text === "" ? note : text, address: angle.slice(route).replaceAll(/\s+/g, "") };
  }
  if (text === "") return null;
  return text.includes("@")
    ? { name: note, address: text.replaceAll(/\s+/g, "") }
    : { name: text, address: "" };
}

/** Where what opens at `at` closes; the end of the text where it does not. */
function closing(text: string, at: number, open: string, close: string): number {
  let depth = 1;
  for (let next = at + 1; next < text.length; next++) {
    const char = text[next];
    if (char === "\\") next++;
    else if (char === close) {
      if (--depth === 0) return next;
    } else if (char === open) depth++;
  }
  return text.length;
}

function unescaped(text: string): string {
  return text.replaceAll(/\\(.)/g, "$1");
}
