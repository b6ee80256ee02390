/** What 7-Zip says of an archive (`7z l -slt`), read line by line. Refuses to keep more entries than it is told to. */
import { trouble, type Trouble } from "../../engines/formats/index.ts";
import type { ChildWord } from "../crew/child.ts";

/** A file as listed, in the order in which it comes out. */
export interface Listed {
  readonly name: string;
  readonly sizeBytes: number;
  readonly crc: number | null;
  readonly isEncrypted: boolean;
  readonly modifiedMillis: number | null;
}

/** What listing came to. */
export interface Listing {
  readonly files: readonly Listed[];
  readonly troubles: readonly Trouble[];
  /** The names themselves are encrypted, with another password. */
  readonly isLocked: boolean;
  readonly isOpen: boolean;
  readonly complaint: string;
  /** Why the child was stopped; null where it was not. */
  readonly death: string | null;
}

const COMPLAINT_CHARS_MAX = 500;

/** Reads a listing to its end, or to `entriesMax` files. */
export async function readListing(
  words: AsyncIterable<ChildWord>,
  entriesMax: number,
): Promise<Listing> {
  const files: Listed[] = [];
  const troubles: Trouble[] = [];
  let fields = new Map<string, string>();
  let said = "";
  const ended = (code: number, death: string | null): Listing => {
    const isLocked = /Wrong password/i.test(said);
    const isOpen = code === 0 || files.length + troubles.length > 0;
    if (isOpen && code !== 0) troubles.push(trouble(0, "7z archive", "a sound one", said.trim()));
    return { files, troubles, isLocked, isOpen, complaint: said.trim(), death };
  };
  for await (const word of words) {
    if (word.kind === "death") return ended(-1, word.why);
    if (word.kind === "done") return ended(word.code, null);
    if (word.kind !== "text") continue;
    const pair = /^(Path|Size|CRC|Encrypted|Modified|Attributes|Anti|Symbolic Link) = (.*)$/s.exec(
      word.text,
    );
    if (pair !== null) fields.set(pair[1] ?? "", pair[2] ?? "");
    else if (word.text !== "" && fields.size === 0 && said.length < COMPLAINT_CHARS_MAX)
      said += ` ${word.text.trim()}`;
    if (word.text !== "" || !fields.has("Path")) continue;
    if (files.length >= entriesMax) {
      troubles.push(trouble(0, "number of entries", `at most ${entriesMax}`, "more"));
      return ended(0, null);
    }
    takeEntry(fields, files, troubles);
    fields = new Map();
  }
  return ended(-1, "it ended without a word");
}

function takeEntry(
  fields: ReadonlyMap<string, string>,
  files: Listed[],
  troubles: Trouble[],
): void {
  const name = fields.get("Path") ?? "";
  const attributes = fields.get("Attributes") ?? "";
  if (/^D| d[rwx-]{9}/.test(attributes) || fields.get("Anti") === "+") return;
  if (/ l[rwx-]{9}/.test(attributes)) {
    troubles.push(trouble(0, "symbolic link", "a file; links are never followed", name));
    return;
  }
  const modified = Date.parse(`${(fields.get("Modified") ?? "").replace(" ", "T").slice(0, 23)}Z`);
  const crc = fields.get("CRC") ?? "";
  files.push({
    name,
    sizeBytes: Number(fields.get("Size") ?? 0) || 0,
    crc: /^[0-9A-F]{8}$/i.test(crc) ? parseInt(crc, 16) : null,
    isEncrypted: fields.get("Encrypted") === "+",
    modifiedMillis: Number.isNaN(modified) ? null : modified,
  });
}
