/**
 * Outlook items as files (MSG): a compound file with a storage for the message, each recipient and each attachment.
 * Refuses no message for what is wrong with a part of it. Specs: MS-OXMSG 2, MS-OXPROPS.
 */
import { createHash } from "node:crypto";
import { sameBytes } from "../../../base/bytes.ts";
import type { Source } from "../../../base/source.ts";
import { type CompoundFile, type Entry, openCompoundFile } from "../compound-file/open.ts";
import { ENTRY_BYTES, parseEntry, parseHeader } from "../compound-file/layout.ts";
import { parseHeaders } from "./header-block.ts";
import {
  type Attachment,
  DEPTH_MAX,
  type Header,
  HEADERS_BYTES_MAX,
  HELD_BYTES_MAX,
  LIST_MAX,
  MESSAGES_MAX,
  type Message,
  type Report,
} from "./layout.ts";
import {
  ID,
  type Properties,
  type Property,
  type Recipient,
  bodiesOfProperties,
  charsetOf,
  headersOfProperties,
  integerOf,
  textOf,
  timeOf,
  toldProperties,
} from "./mapi.ts";

const PROPERTIES = "__properties_version1.0";
const RECIPIENT = "__recip_version1.0_#";
const ATTACHMENT = "__attach_version1.0_#";
const SUBSTREAM = /^__substg1\.0_([0-9A-Fa-f]{4})([0-9A-Fa-f]{4})$/;
/** Bytes before the first entry of a property stream (MS-OXMSG 2.4.1). */
const LEAD_BYTES = { item: 32, embedded: 24, part: 8 } as const;
const PROPERTY_BYTES = 16;
/** Bytes of one text or binary property: a body of a long thread. */
const VALUE_BYTES_MAX = 4_194_304;
/** PidTagAttachMethod of a message inside (MS-OXCMSG 2.2.2.9); an OLE object is a storage too. */
const EMBEDDED_METHOD = 5;
/** Class id of an Outlook message in its root (MS-OXMSG 2.1). */
const ITEM_CLASS = Uint8Array.of(0x0b, 0x0d, 0x02, 0, 0, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0x46);

/**
 * Whether the first bytes are those of an Outlook item: the directory must begin in them, as it does in files of
 * Outlook. Other compound files are Word's and Excel's.
 */
export function isItemHead(head: Uint8Array): boolean {
  const header = parseHeader(head);
  if (header === null) return false;
  const start = (header.firstDirectorySector + 1) * header.sectorBytes;
  const isThere = (at: number) =>
    at + ENTRY_BYTES <= head.length && at < start + header.sectorBytes;
  if (isThere(start) && sameBytes(parseEntry(head, start, false).classId, ITEM_CLASS)) return true;
  for (let at = start; isThere(at); at += ENTRY_BYTES) {
    const { name } = parseEntry(head, at, false);
    if (name === PROPERTIES || name.startsWith("__nameid_version1.0") || SUBSTREAM.test(name))
      return true;
  }
  return false;
}

/** The message of an MSG file and those inside of it. */
export function readItem(source: Source, report: Report): readonly Message[] {
  const file = openCompoundFile(source, report);
  if (file === null) return [];
  const { root } = file;
  if (root === null) {
    report(0, { what: "directory", need: "a root", have: "none" });
    return [];
  }
  return new ItemReading(file, report).item(root, "1", "item", 0);
}

/** What an attachment turned out to be. */
interface Attached {
  readonly attachment: Attachment;
  readonly embedded: Entry | null;
}

class ItemReading {
  readonly #file: CompoundFile;
  readonly #report: Report;
  #messages = 0;
  #heldBytes = 0;

  constructor(file: CompoundFile, report: Report) {
    this.#file = file;
    this.#report = report;
  }

  item(entry: Entry, record: string, kind: "item" | "embedded", depth: number): readonly Message[] {
    this.#messages++;
    const children = this.#file.children(entry);
    const properties = this.#properties(entry, children, kind);
    if (properties.size === 0) {
      this.#report(entry.offset, { what: "message", need: "properties", have: "none" });
      return [];
    }
    const recipients = children
      .filter(({ name, kind: is }) => is === "storage" && name.startsWith(RECIPIENT))
      .slice(0, LIST_MAX)
      .map((child) => this.#recipient(child, charsetOf(properties)));
    const attached = children
      .filter(({ name, kind: is }) => is === "storage" && name.startsWith(ATTACHMENT))
      .slice(0, LIST_MAX)
      .map((child) => this.#attached(child, charsetOf(properties)));
    const known = this.#transportHeaders(properties, entry.offset);
    const message: Message = {
      offset: entry.offset,
      record,
      headers: [...known, ...headersOfProperties(properties, recipients, known)],
      bodies: bodiesOfProperties(properties, entry.offset, this.#report),
      attachments: attached.map(({ attachment }) => attachment),
      properties: toldProperties(properties),
      sentTicks:
        timeOf(properties, ID.ClientSubmitTime) ?? timeOf(properties, ID.MessageDeliveryTime),
    };
    return [message, ...this.#embedded(attached, record, depth)];
  }

  #embedded(attached: readonly Attached[], record: string, depth: number): readonly Message[] {
    const found: Message[] = [];
    let number = 0;
    for (const { embedded } of attached) {
      if (embedded === null) continue;
      if (depth + 1 >= DEPTH_MAX || this.#messages >= MESSAGES_MAX) {
        const isDeep = depth + 1 >= DEPTH_MAX;
        this.#report(embedded.offset, {
          what: isDeep ? "levels over the limit" : "messages over the limit",
          need: `at most ${isDeep ? DEPTH_MAX : MESSAGES_MAX}`,
          have: "more",
        });
        break;
      }
      found.push(...this.item(embedded, `${record}.${++number}`, "embedded", depth + 1));
    }
    return found;
  }

  #transportHeaders(properties: Properties, offset: number): readonly Header[] {
    const text = textOf(properties, ID.TransportMessageHeaders, charsetOf(properties));
    const block = new TextEncoder().encode(text.slice(0, HEADERS_BYTES_MAX));
    // The block may end with the empty line; what stands behind is not of this message.
    return parseHeaders(block, offset, (_, why) => this.#report(offset, why));
  }

  /** Values of fixed length stand in the property stream, others in streams of their own. */
  #properties(
    parent: Entry,
    children: readonly Entry[],
    kind: keyof typeof LEAD_BYTES,
  ): Properties {
    const found = new Map<number, Property>();
    const stream = children.find(({ name }) => name === PROPERTIES);
    const bytes =
      stream === undefined ? new Uint8Array(0) : this.#file.read(stream, VALUE_BYTES_MAX);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const wanted = new Set<number>(Object.values(ID));
    for (let at = LEAD_BYTES[kind]; at + PROPERTY_BYTES <= bytes.length; at += PROPERTY_BYTES) {
      const type = view.getUint16(at, true);
      const id = view.getUint16(at + 2, true);
      if (wanted.has(id)) found.set(id, { type, bytes: bytes.slice(at + 8, at + 16) });
    }
    for (const child of children) {
      const [, idText = "", typeText = ""] = SUBSTREAM.exec(child.name) ?? [];
      const id = parseInt(idText, 16);
      const type = parseInt(typeText, 16);
      if (child.kind !== "stream" || !wanted.has(id) || id === ID.AttachDataBinary) continue;
      found.set(id, { type, bytes: this.#value(child) });
    }
    if (stream === undefined && found.size > 0)
      this.#report(parent.offset, { what: "message", need: PROPERTIES, have: "none" });
    return found;
  }

  #value(entry: Entry): Uint8Array {
    const room = Math.min(VALUE_BYTES_MAX, HELD_BYTES_MAX - this.#heldBytes);
    const bytes = this.#file.read(entry, room);
    this.#heldBytes += bytes.length;
    if (entry.sizeBytes > room)
      this.#report(entry.offset, {
        what: "property over the limit",
        need: `${room} bytes`,
        have: `${entry.sizeBytes} bytes`,
      });
    return bytes;
  }

  #recipient(entry: Entry, itemCharset: string): Recipient {
    const properties = this.#properties(entry, this.#file.children(entry), "part");
    const text = (id: number) => textOf(properties, id, itemCharset);
    const kind = integerOf(properties, ID.RecipientType) ?? 1;
    return {
      kind: (kind & 0xf) === 2 ? "Cc" : (kind & 0xf) === 3 ? "Bcc" : "To",
      name: text(ID.DisplayName),
      address: text(ID.SmtpAddress) || text(ID.EmailAddress),
    };
  }

  #attached(entry: Entry, charset: string): Attached {
    const children = this.#file.children(entry);
    const properties = this.#properties(entry, children, "part");
    const text = (id: number) => textOf(properties, id, charset);
    const data = children.find(({ name }) => /^__substg1\.0_3701/i.test(name));
    const isMessage = integerOf(properties, ID.AttachMethod) === EMBEDDED_METHOD;
    const hash = createHash("sha256");
    if (data?.kind === "stream")
      for (const part of this.#file.parts(data, data.sizeBytes)) hash.update(part);
    const attachment = {
      name: text(ID.AttachLongFilename) || text(ID.AttachFilename) || text(ID.DisplayName),
      type: text(ID.AttachMimeTag) || (isMessage ? "message/rfc822" : "application/octet-stream"),
      sizeBytes:
        data?.kind === "stream" ? data.sizeBytes : (integerOf(properties, ID.AttachSize) ?? 0),
      sha256: data?.kind === "stream" ? hash.digest("hex") : "",
    };
    return { attachment, embedded: isMessage && data?.kind === "storage" ? data : null };
  }
}
