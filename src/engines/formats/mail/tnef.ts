/**
 * Outlook's own envelope (winmail.dat): the files in it, and the properties of its message. Refuses what stands behind
 * an attribute that does not fit. Specs: MS-OXTNEF, MS-OXCDATA 2.11.
 */
import { createHash } from "node:crypto";
import { decodeCharset } from "./charset.ts";
import { type Attachment, type Body, LIST_MAX, type Report } from "./layout.ts";
import {
  ID,
  type Properties,
  type Property,
  TYPE,
  binaryOf,
  bodiesOfProperties,
  charsetOf,
  subjectOf,
  textOf,
  timeOf,
  toldProperties,
} from "./mapi.ts";

/** The first bytes of an envelope. */
export const TNEF_MARK: Uint8Array = Uint8Array.of(0x78, 0x9f, 0x3e, 0x22);

/** What an envelope holds. */
export interface Envelope {
  readonly attachments: readonly Attachment[];
  readonly bodies: readonly Body[];
  readonly properties: ReadonlyMap<string, string>;
  /** "" where the envelope does not say. */
  readonly subject: string;
  readonly messageId: string;
  readonly sentTicks: bigint | null;
}

/** Attributes that are read (MS-OXTNEF 2.1.3.2). */
const ATTRIBUTE = {
  subject: 0x8004,
  body: 0x800c,
  attachData: 0x800f,
  attachTitle: 0x8010,
  attachRendering: 0x9002,
  messageProperties: 0x9003,
  attachment: 0x9005,
  codePage: 0x9007,
} as const;
const HEADER_BYTES = 6;
const ATTRIBUTE_BYTES = 9;
const ATTRIBUTES_MAX = 10_000;

/** An attached file while its attributes pass by. */
interface OpenFile {
  title: string;
  properties: Properties;
  data: Uint8Array | null;
}

/** Takes an envelope apart; `offset` is where it stands, or the part that holds it. */
export function parseTnef(bytes: Uint8Array, offset: number, report: Report): Envelope {
  const files: OpenFile[] = [];
  const texts = new Map<number, Uint8Array>();
  let properties: Properties = new Map();
  for (const { id, value } of attributesOf(bytes, offset, report)) {
    const file = files.at(-1);
    if (id === ATTRIBUTE.attachRendering) {
      if (files.length < LIST_MAX) files.push({ title: "", properties: new Map(), data: null });
    } else if (id === ATTRIBUTE.messageProperties) properties = parseProperties(value);
    else if (file === undefined) texts.set(id, value);
    else if (id === ATTRIBUTE.attachTitle) file.title = latin(value);
    else if (id === ATTRIBUTE.attachData) file.data = value;
    else if (id === ATTRIBUTE.attachment) file.properties = parseProperties(value);
  }
  const text = (id: number) => latin(texts.get(id) ?? new Uint8Array(0));
  const plain = text(ATTRIBUTE.body).trim();
  const bodies = bodiesOfProperties(properties, offset, report);
  return {
    attachments: files.map(attachmentOf),
    bodies: plain === "" ? bodies : [{ kind: "plain", text: plain }, ...bodies],
    properties: toldProperties(properties),
    subject: text(ATTRIBUTE.subject) || subjectOf(properties),
    messageId: textOf(properties, ID.InternetMessageId, charsetOf(properties)),
    sentTicks: timeOf(properties, ID.ClientSubmitTime),
  };
}

function* attributesOf(bytes: Uint8Array, offset: number, report: Report) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let count = 0;
  for (let at = HEADER_BYTES; at < bytes.length; count++) {
    const length = at + ATTRIBUTE_BYTES <= bytes.length ? view.getUint32(at + 5, true) : -1;
    const start = at + ATTRIBUTE_BYTES;
    if (length < 0 || start + length + 2 > bytes.length || count >= ATTRIBUTES_MAX) {
      const need = "an attribute that fits";
      const have = count >= ATTRIBUTES_MAX ? `more than ${ATTRIBUTES_MAX}` : "the end";
      report(offset, { what: "winmail.dat", need, have });
      return;
    }
    yield {
      id: view.getUint32(at + 1, true) & 0xffff,
      value: bytes.subarray(start, start + length),
    };
    at = start + length + 2;
  }
}

function latin(bytes: Uint8Array): string {
  const nul = bytes.indexOf(0);
  return decodeCharset(nul < 0 ? bytes : bytes.subarray(0, nul), "").text;
}

function attachmentOf({ title, properties, data }: OpenFile): Attachment {
  const charset = charsetOf(properties);
  const content = data ?? binaryOf(properties, ID.AttachDataBinary) ?? new Uint8Array(0);
  return {
    name:
      textOf(properties, ID.AttachLongFilename, charset) ||
      title ||
      textOf(properties, ID.AttachFilename, charset),
    type: textOf(properties, ID.AttachMimeTag, charset) || "application/octet-stream",
    sizeBytes: content.length,
    sha256: createHash("sha256").update(content).digest("hex"),
  };
}

/** Bytes of a value of fixed length, padded to four; -1: it states its length. */
const FIXED: Readonly<Record<number, number>> = {
  [TYPE.integer16]: 4,
  [TYPE.integer32]: 4,
  0x0004: 4,
  0x0005: 8,
  0x0006: 8,
  0x0007: 8,
  0x000a: 4,
  [TYPE.boolean]: 4,
  [TYPE.integer64]: 8,
  [TYPE.time]: 8,
  [TYPE.guid]: 16,
};
const NAMED_FROM = 0x8000;
const MULTIPLE = 0x1000;
const VALUES_MAX = 10_000;

/** A list of properties as MS-OXTNEF 2.1.3.4 writes it; what follows a value that does not fit is left out. */
function parseProperties(bytes: Uint8Array): Properties {
  const found = new Map<number, Property>();
  const reader = new PropertyReader(bytes);
  const count = Math.min(reader.integer() ?? 0, VALUES_MAX);
  for (let index = 0; index < count; index++) {
    const tag = reader.integer();
    if (tag === null) break;
    const type = tag & 0xffff;
    const id = tag >>> 16;
    if (id >= NAMED_FROM && !reader.passName()) break;
    const value = reader.values(type);
    if (value === null) break;
    found.set(id, { type: type & ~MULTIPLE, bytes: value });
  }
  return found;
}

/** Takes values one behind another. */
class PropertyReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  integer(): number | null {
    if (this.#at + 4 > this.#bytes.length) return null;
    this.#at += 4;
    return this.#view.getUint32(this.#at - 4, true);
  }

  /** The GUID and number or name of a named property; false where it does not fit. */
  passName(): boolean {
    this.#at += 16;
    const kind = this.integer();
    const size = this.integer();
    if (kind === null || size === null) return false;
    if (kind === 1) this.#at += padded(size);
    return this.#at <= this.#bytes.length;
  }

  /** The first of a property's values; null where they do not fit. */
  values(type: number): Uint8Array | null {
    const single = type & ~MULTIPLE;
    const fixed = FIXED[single] ?? -1;
    const isCounted = fixed < 0 || (type & MULTIPLE) !== 0;
    const count = isCounted ? this.integer() : 1;
    if (count === null || count > VALUES_MAX) return null;
    let first: Uint8Array | null = count === 0 ? new Uint8Array(0) : null;
    for (let index = 0; index < count; index++) {
      const size = fixed >= 0 ? fixed : this.integer();
      if (size === null || this.#at + size > this.#bytes.length) return null;
      // An object stands behind the GUID of its interface.
      const skipped = single === TYPE.object ? Math.min(16, size) : 0;
      first ??= this.#bytes.subarray(this.#at + skipped, this.#at + size);
      this.#at += padded(size);
    }
    return first;
  }
}

function padded(size: number): number {
  return Math.ceil(size / 4) * 4;
}
