/**
 * A message as the fields of an event: header fields under their own names, and what they and the bodies add up to under
 * ours (docs/formats/mail.md). Refuses the bodies: they are opened at their place in the evidence.
 */
import { Buffer } from "node:buffer";
import {
  type Ticks,
  UNDATED,
  toTicks,
  utcFromWallMillis,
  millisFromTicks,
} from "../../../base/time.ts";
import { shorten } from "../../../base/text.ts";
import type { FieldValue } from "../../../model/event.ts";
import type { Setting } from "../../../model/evidence.ts";
import { skewTicks } from "../time/moment.ts";
import type { DecodedRow } from "../rows.ts";
import { type Mailbox, parseMailboxes } from "./address.ts";
import { authenticationOf } from "./authentication.ts";
import { parseMailDate } from "./date.ts";
import { decodeWords } from "./encoded-word.ts";
import { textOfHtml } from "./html.ts";
import {
  type Body,
  FIELD_CHARS_MAX,
  type Header,
  LIST_MAX,
  type Message,
  type Report,
} from "./layout.ts";
import { collectHosts } from "./links.ts";
import { type Quote, findQuotes } from "./quote.ts";
import { isExternal, parseReceived, spellHop } from "./received.ts";
import { parseThreadIndex } from "./thread-index.ts";

type Fields = Map<string, FieldValue>;

/** Header fields whose value is a list of message ids. */
const ID_LISTS = new Set(["references"]);
/** Header fields of which a message has several: always a list. */
const REPEATED = new Set([
  "received",
  "authentication-results",
  "arc-authentication-results",
  "dkim-signature",
  "received-spf",
]);
/** As RFC 5322 and others spell them, whatever the mail does. */
const SPELLED = new Map(
  "Message-ID In-Reply-To References From Sender Reply-To Return-Path To Cc Bcc Subject Date Received X-Originating-IP X-Mailer User-Agent Thread-Topic Thread-Index Authentication-Results ARC-Authentication-Results Received-SPF DKIM-Signature Delivered-To MIME-Version Content-Type Content-Transfer-Encoding List-Id X-MS-Exchange-Organization-AuthAs X-MS-Exchange-Organization-AuthSource X-MS-Exchange-Organization-AuthMechanism"
    .split(" ")
    .map((name) => [name.toLowerCase(), name]),
);
/** Names of ours: a header field that is called so is kept behind a prefix. */
const OURS = new Set(
  "FromAddress FromName SenderAddress ReplyToAddress ReturnPathAddress Recipients Hops HopAddresses ExternalAddress OldestAddress Spf Dkim Dmarc AuthenticatedBy ThreadCreated ThreadGuid ThreadReplies Attachments AttachmentTypes AttachmentSizes AttachmentSha256 LinkHosts BodySize BodyTypes QuotedFrom QuotedSent QuotedSubject QuotedSha256".split(
    " ",
  ),
);

/** One message as a row, under what the case file says about the file. */
export function rowOf(message: Message, setting: Setting, report: Report): DecodedRow {
  const fields: Fields = new Map();
  const values = valuesOf(message.headers);
  putHeaders(values, fields);
  for (const [name, value] of message.properties) put(fields, name, value);
  putPeople(values, fields);
  putWay(values, fields);
  putThread(values, message, fields);
  putAttachments(message, fields);
  putBodies(message.bodies, fields);
  return {
    offset: message.offset,
    record: message.record,
    ...timeOf(message, values, setting, report),
    host: setting.host ?? "",
    channel: "Mail",
    eventId: -1,
    provider: "",
    fields,
  };
}

/** Empty texts and lists say nothing and are left out. */
function put(fields: Fields, name: string, value: string | readonly string[]): void {
  if (value.length === 0) return;
  fields.set(
    name,
    typeof value === "string"
      ? shorten(value, FIELD_CHARS_MAX)
      : value.slice(0, LIST_MAX).map((item) => shorten(item, FIELD_CHARS_MAX)),
  );
}

/** The values of header fields by lower-case name, and how the mail first spelled each name. */
interface Values {
  readonly byName: ReadonlyMap<string, readonly string[]>;
  readonly spelled: ReadonlyMap<string, string>;
}

function valuesOf(headers: readonly Header[]): Values {
  const byName = new Map<string, string[]>();
  const spelled = new Map<string, string>();
  for (const { name, value } of headers) {
    const key = name.toLowerCase();
    const list = byName.get(key);
    if (list !== undefined) list.push(value);
    else {
      byName.set(key, [value]);
      spelled.set(key, SPELLED.get(key) ?? name);
    }
  }
  return { byName, spelled };
}

/** All header fields by name; of one that comes several times, a list. */
function putHeaders({ byName, spelled }: Values, fields: Fields): void {
  for (const [key, raw] of byName) {
    const own = spelled.get(key) ?? key;
    const name = OURS.has(own) ? `header_${own}` : own;
    const list = raw.map(decodeWords);
    if (ID_LISTS.has(key)) put(fields, name, list.flatMap(messageIds));
    else if (list.length > 1 || REPEATED.has(key)) put(fields, name, list);
    else put(fields, name, list[0] ?? "");
  }
}

/** `<a@b> <c@d>`, and what careless programs make of it. */
function messageIds(text: string): readonly string[] {
  return text.split(/[\s,]+/).filter((id) => id !== "");
}

function putPeople({ byName }: Values, fields: Fields): void {
  const mailboxes = (name: string) => (byName.get(name) ?? []).flatMap(parseMailboxes);
  const first = (name: string): Mailbox => mailboxes(name)[0] ?? { name: "", address: "" };
  put(fields, "FromAddress", first("from").address.toLowerCase());
  put(fields, "FromName", first("from").name);
  put(fields, "SenderAddress", first("sender").address.toLowerCase());
  put(fields, "ReplyToAddress", first("reply-to").address.toLowerCase());
  put(fields, "ReturnPathAddress", first("return-path").address.toLowerCase());
  const recipients = ["to", "cc", "bcc"]
    .flatMap((name) => mailboxes(name))
    .map(({ address }) => address.toLowerCase());
  put(
    fields,
    "Recipients",
    [...new Set(recipients)].filter((address) => address !== ""),
  );
}

/** The servers that the mail passed, the last one first, and what they said of its sender. */
function putWay({ byName }: Values, fields: Fields): void {
  const hops = (byName.get("received") ?? []).slice(0, LIST_MAX).map(parseReceived);
  put(fields, "Hops", hops.map(spellHop));
  const addresses = hops.map(({ address }) => address);
  if (addresses.some((address) => address !== "")) put(fields, "HopAddresses", addresses);
  put(fields, "ExternalAddress", addresses.find(isExternal) ?? "");
  put(fields, "OldestAddress", addresses.findLast(isExternal) ?? "");
  const found = authenticationOf(byName.get("authentication-results") ?? []);
  put(fields, "Spf", found.spf);
  put(fields, "Dkim", found.dkim);
  put(fields, "Dmarc", found.dmarc);
  put(fields, "AuthenticatedBy", found.by);
}

function putThread({ byName }: Values, { properties }: Message, fields: Fields): void {
  const text = byName.get("thread-index")?.[0] ?? properties.get("ConversationIndex") ?? "";
  const index = parseThreadIndex(Buffer.from(text, "base64"));
  if (index === null) return;
  put(fields, "ThreadCreated", index.created);
  put(fields, "ThreadGuid", index.guid);
  put(fields, "ThreadReplies", index.replies);
}

/** Four lists side by side: names, types, sizes and hashes in the same order. */
function putAttachments({ attachments }: Message, fields: Fields): void {
  if (attachments.length === 0) return;
  put(
    fields,
    "Attachments",
    attachments.map(({ name }) => name),
  );
  put(
    fields,
    "AttachmentTypes",
    attachments.map(({ type }) => type),
  );
  fields.set(
    "AttachmentSizes",
    attachments.map(({ sizeBytes }) => sizeBytes),
  );
  put(
    fields,
    "AttachmentSha256",
    attachments.map(({ sha256 }) => sha256),
  );
}

/** Of the bodies: how long, which hosts they link to, and whom they quote. */
function putBodies(bodies: readonly Body[], fields: Fields): void {
  if (bodies.length === 0) return;
  const hosts = new Set<string>();
  const quotes = new Map<string, Quote>();
  for (const { kind, text } of bodies) {
    collectHosts(text, hosts, LIST_MAX);
    const found = findQuotes(kind === "html" ? textOfHtml(text) : text);
    // The text and the HTML of one mail quote the same.
    for (const quote of found) {
      const key = quote.sha256 === "" ? `${quote.from}\n${quote.sent}` : quote.sha256;
      if (!quotes.has(key)) quotes.set(key, quote);
    }
  }
  fields.set(
    "BodySize",
    bodies.reduce((sum, { text }) => sum + text.length, 0),
  );
  put(
    fields,
    "BodyTypes",
    bodies.map(({ kind }) => (kind === "html" ? "text/html" : "text/plain")),
  );
  put(fields, "LinkHosts", [...hosts]);
  const list = [...quotes.values()];
  if (list.length === 0) return;
  put(
    fields,
    "QuotedFrom",
    list.map(({ from }) => from),
  );
  put(
    fields,
    "QuotedSent",
    list.map(({ sent }) => sent),
  );
  put(
    fields,
    "QuotedSubject",
    list.map(({ subject }) => decodeWords(subject)),
  );
  put(
    fields,
    "QuotedSha256",
    list.map(({ sha256 }) => sha256),
  );
}

/** When it was sent, as its sender says: the Date field, or what Outlook keeps. */
function timeOf(
  message: Message,
  { byName }: Values,
  setting: Setting,
  report: Report,
): Pick<DecodedRow, "ticks" | "digits" | "zoneAssumed"> {
  const skew = skewTicks(setting);
  const text = byName.get("date")?.[0] ?? "";
  const date = parseMailDate(text);
  if (date === null && text !== "" && message.sentTicks === null)
    report(message.offset, {
      what: "date",
      need: "a date of RFC 5322",
      have: JSON.stringify(text.slice(0, 60)),
    });
  if (date === null) {
    const ticks = message.sentTicks === null ? null : toTicks(message.sentTicks - skew);
    return { ticks: ticks ?? UNDATED, digits: ticks === null ? 0 : 7, zoneAssumed: null };
  }
  const ticks = date.zoned ? date.ticks : wallTicks(date.ticks, setting.zone);
  const zoneAssumed = date.zoned ? null : (setting.zone ?? "UTC");
  const shifted = toTicks(ticks - skew);
  return shifted === null
    ? { ticks: UNDATED, digits: 0, zoneAssumed: null }
    : { ticks: shifted, digits: date.digits, zoneAssumed };
}

/** A date without a zone, in the zone of the case file; in the hour that autumn repeats, the earlier one. */
function wallTicks(ticks: Ticks, zone: string | null): bigint {
  if (zone === null) return ticks;
  const wall = millisFromTicks(ticks);
  return ticks + BigInt(utcFromWallMillis(zone, wall) - wall) * 10_000n;
}
