/**
 * Properties of Outlook items, as MSG files and TNEF envelopes hold them: their types, their names, and what of them is
 * the same as in mail of the internet. Refuses properties beyond those named here. Specs: MS-OXCDATA, MS-OXPROPS.
 */
import { Buffer } from "node:buffer";
import { type Ticks, formatTicks, isPlausible, ticksFromFiletime } from "../../../base/time.ts";
import { charsetOfCodePage, decodeCharset } from "./charset.ts";
import { bodiesOfRtf } from "./compressed-rtf.ts";
import type { Body, Header, Report } from "./layout.ts";
import { parseThreadIndex } from "./thread-index.ts";

/** Property types that are read (MS-OXCDATA 2.11.1). */
export const TYPE = {
  integer16: 0x0002,
  integer32: 0x0003,
  boolean: 0x000b,
  object: 0x000d,
  integer64: 0x0014,
  string8: 0x001e,
  string: 0x001f,
  time: 0x0040,
  guid: 0x0048,
  binary: 0x0102,
} as const;

/** Property ids (MS-OXPROPS), each by its canonical name without `PidTag`. */
export const ID = {
  MessageClass: 0x001a,
  Subject: 0x0037,
  SubjectPrefix: 0x003d,
  ClientSubmitTime: 0x0039,
  SentRepresentingName: 0x0042,
  SentRepresentingEmailAddress: 0x0065,
  ConversationTopic: 0x0070,
  ConversationIndex: 0x0071,
  TransportMessageHeaders: 0x007d,
  RecipientType: 0x0c15,
  SenderName: 0x0c1a,
  SenderEmailAddress: 0x0c1f,
  MessageDeliveryTime: 0x0e06,
  NormalizedSubject: 0x0e1d,
  AttachSize: 0x0e20,
  Body: 0x1000,
  RtfCompressed: 0x1009,
  Html: 0x1013,
  InternetMessageId: 0x1035,
  InternetReferences: 0x1039,
  InReplyToId: 0x1042,
  DisplayName: 0x3001,
  EmailAddress: 0x3003,
  CreationTime: 0x3007,
  LastModificationTime: 0x3008,
  AttachDataBinary: 0x3701,
  AttachFilename: 0x3704,
  AttachMethod: 0x3705,
  AttachLongFilename: 0x3707,
  AttachMimeTag: 0x370e,
  SmtpAddress: 0x39fe,
  InternetCodepage: 0x3fde,
  MessageLocaleId: 0x3ff1,
  CreatorName: 0x3ff8,
  LastModifierName: 0x3ffa,
  MessageCodepage: 0x3ffd,
  SenderSmtpAddress: 0x5d01,
  SentRepresentingSmtpAddress: 0x5d02,
} as const;

/** One property: its type, and the bytes of its value. */
export interface Property {
  readonly type: number;
  readonly bytes: Uint8Array;
}

/** The properties of one item by id. */
export type Properties = ReadonlyMap<number, Property>;

/** One recipient of an item. */
export interface Recipient {
  readonly kind: "To" | "Cc" | "Bcc";
  readonly name: string;
  readonly address: string;
}

/** Code pages of Windows by the language of a locale (MS-LCID), where it is not 1252. */
const PAGES: Readonly<Record<number, number>> = {
  0x01: 1256,
  0x04: 936,
  0x05: 1250,
  0x08: 1253,
  0x0d: 1255,
  0x0e: 1250,
  0x11: 932,
  0x12: 949,
  0x15: 1250,
  0x18: 1250,
  0x19: 1251,
  0x1a: 1250,
  0x1b: 1250,
  0x1e: 874,
  0x1f: 1254,
  0x22: 1251,
  0x24: 1250,
  0x25: 1257,
  0x26: 1257,
  0x27: 1257,
};
/** Taiwan, Hong Kong and Macau write Chinese in another code page than the rest. */
const BIG5_LOCALES = new Set([0x0404, 0x0c04, 0x1404]);

/** The character set of the item's 8-bit texts: as it says, or by its locale. */
export function charsetOf(properties: Properties): string {
  const page = integerOf(properties, ID.MessageCodepage);
  if (page !== null) return charsetOfCodePage(page);
  const locale = integerOf(properties, ID.MessageLocaleId) ?? 0;
  return charsetOfCodePage(BIG5_LOCALES.has(locale) ? 950 : (PAGES[locale & 0x3ff] ?? 1252));
}

/** A text property, without the NULs and blanks at its end; "" where it is missing. */
export function textOf(properties: Properties, id: number, charset: string): string {
  const property = properties.get(id);
  if (property === undefined) return "";
  if (property.type === TYPE.string) return cutEnd(decodeCharset(property.bytes, "utf-16le").text);
  if (property.type !== TYPE.string8) return "";
  return cutEnd(decodeCharset(property.bytes, charset).text);
}

function cutEnd(text: string): string {
  const nul = text.indexOf("\0");
  return (nul < 0 ? text : text.slice(0, nul)).trimEnd();
}

/** The subject of an item, as one property or as its two halves. */
export function subjectOf(properties: Properties): string {
  const text = (id: number) => textOf(properties, id, charsetOf(properties));
  const halves = `${text(ID.SubjectPrefix)}${text(ID.NormalizedSubject)}`;
  return text(ID.Subject) || halves || text(ID.ConversationTopic);
}

/** A whole number; null where it is missing or of another type. */
export function integerOf(properties: Properties, id: number): number | null {
  const property = properties.get(id);
  if (property?.type !== TYPE.integer32 || property.bytes.length < 4) return null;
  return viewOf(property.bytes).getInt32(0, true);
}

/** A time in ticks; null where it is missing or no plausible time. */
export function timeOf(properties: Properties, id: number): Ticks | null {
  const property = properties.get(id);
  if (property?.type !== TYPE.time || property.bytes.length < 8) return null;
  const ticks = ticksFromFiletime(viewOf(property.bytes).getBigUint64(0, true));
  return ticks !== null && isPlausible(ticks) ? ticks : null;
}

/** A binary property or object; null where it is missing or of another type. */
export function binaryOf(properties: Properties, id: number): Uint8Array | null {
  const property = properties.get(id);
  const isBinary = property?.type === TYPE.binary || property?.type === TYPE.object;
  return property !== undefined && isBinary ? property.bytes : null;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** Properties that become fields under their own names; texts and times. */
const TOLD_TEXTS = [
  "MessageClass",
  "ConversationTopic",
  "SenderName",
  "SenderEmailAddress",
  "SenderSmtpAddress",
  "SentRepresentingName",
  "SentRepresentingEmailAddress",
  "SentRepresentingSmtpAddress",
  "CreatorName",
  "LastModifierName",
] as const;
const TOLD_TIMES = [
  "ClientSubmitTime",
  "MessageDeliveryTime",
  "CreationTime",
  "LastModificationTime",
] as const;

/** What the item says beside its headers: property names and texts. */
export function toldProperties(properties: Properties): ReadonlyMap<string, string> {
  const charset = charsetOf(properties);
  const told = new Map<string, string>();
  for (const name of TOLD_TEXTS) {
    const text = textOf(properties, ID[name], charset);
    if (text !== "") told.set(name, text);
  }
  for (const name of TOLD_TIMES) {
    const ticks = timeOf(properties, ID[name]);
    if (ticks !== null) told.set(name, formatTicks(ticks));
  }
  const index = binaryOf(properties, ID.ConversationIndex);
  if (index !== null && parseThreadIndex(index) !== null)
    told.set("ConversationIndex", Buffer.from(index).toString("base64"));
  return told;
}

/** Headers that the item's properties amount to, for those that `known` lacks: drafts and sent items have none. */
export function headersOfProperties(
  properties: Properties,
  recipients: readonly Recipient[],
  known: readonly Header[],
): readonly Header[] {
  const charset = charsetOf(properties);
  const text = (id: number) => textOf(properties, id, charset);
  const from = mailboxText(
    text(ID.SentRepresentingName) || text(ID.SenderName),
    text(ID.SentRepresentingSmtpAddress) ||
      text(ID.SenderSmtpAddress) ||
      text(ID.SentRepresentingEmailAddress) ||
      text(ID.SenderEmailAddress),
  );
  const list = (kind: Recipient["kind"]) =>
    recipients
      .filter((recipient) => recipient.kind === kind)
      .map(({ name, address }) => mailboxText(name, address))
      .join(", ");
  const made = [
    { name: "From", value: from },
    { name: "To", value: list("To") },
    { name: "Cc", value: list("Cc") },
    { name: "Bcc", value: list("Bcc") },
    { name: "Subject", value: subjectOf(properties) },
    { name: "Message-ID", value: text(ID.InternetMessageId) },
    { name: "In-Reply-To", value: text(ID.InReplyToId) },
    { name: "References", value: text(ID.InternetReferences) },
  ];
  const has = new Set(known.map(({ name }) => name.toLowerCase()));
  return made.filter(({ name, value }) => value !== "" && !has.has(name.toLowerCase()));
}

function mailboxText(name: string, address: string): string {
  if (address === "") return name === "" ? "" : `"${quoted(name)}"`;
  return name === "" || name === address ? `<${address}>` : `"${quoted(name)}" <${address}>`;
}

function quoted(name: string): string {
  return name.replaceAll(/(["\\])/g, "\\$1");
}

/** The bodies of an item: text, HTML, and what compressed RTF holds. */
export function bodiesOfProperties(
  properties: Properties,
  offset: number,
  report: Report,
): readonly Body[] {
  const bodies: Body[] = [];
  const plain = textOf(properties, ID.Body, charsetOf(properties));
  if (plain.trim() !== "") bodies.push({ kind: "plain", text: plain });
  const html = properties.get(ID.Html);
  if (html !== undefined) {
    const page = integerOf(properties, ID.InternetCodepage);
    const charset =
      html.type === TYPE.string ? "utf-16le" : page === null ? "" : charsetOfCodePage(page);
    bodies.push({ kind: "html", text: decodeCharset(html.bytes, charset).text });
  }
  const rtf = binaryOf(properties, ID.RtfCompressed);
  if (rtf !== null && html === undefined) bodies.push(...bodiesOfRtf(rtf, offset, report));
  return bodies;
}
