/**
 * A mail as Outlook saves it to a file (MSG): its properties, its recipient, and the header fields with which it came.
 * Refuses attachments, HTML and RTF: the reported mails are text. Specs: MS-OXMSG, MS-OXPROPS.
 */
import { Buffer } from "node:buffer";
import { FILETIME_EPOCH, TICKS_PER_MILLISECOND } from "../base/time.ts";
import { writeCompoundFile, type Node } from "./compound-file.ts";

/** Class id of an Outlook message (MS-OXMSG 2.1). */
const MESSAGE = Uint8Array.of(0x0b, 0x0d, 2, 0, 0, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0x46);
const TYPE = { integer: 0x0003, text: 0x001f, time: 0x0040 } as const;
/** Property ids (MS-OXPROPS) by their canonical names without `PidTag`. */
const ID = {
  MessageClass: 0x001a,
  Subject: 0x0037,
  ClientSubmitTime: 0x0039,
  TransportMessageHeaders: 0x007d,
  RecipientType: 0x0c15,
  SenderName: 0x0c1a,
  MessageDeliveryTime: 0x0e06,
  Body: 0x1000,
  InternetMessageId: 0x1035,
  DisplayName: 0x3001,
  StoreSupportMask: 0x340d,
  SmtpAddress: 0x39fe,
  SenderSmtpAddress: 0x5d01,
} as const;
/** Texts are Unicode (MS-OXPROPS, PidTagStoreSupportMask). */
const STORE_UNICODE_OK = 0x0004_0000;
const TO = 1;
/** Readable and writable. */
const FLAGS = 6;
const PROPERTY_BYTES = 16;
/** Bytes before the first property: of a message, and of a recipient (MS-OXMSG 2.4.1). */
const LEAD_BYTES = { message: 32, recipient: 8 } as const;

type Value = string | number | { readonly millis: number };
/** Properties by name. */
type Values = readonly (readonly [name: keyof typeof ID, value: Value])[];

/** The bytes of the file. `text` is the mail as it was sent, RFC 5322; `at` when, in milliseconds since 1970. */
export function outlookFile(text: string, at: number): Uint8Array {
  const end = text.indexOf("\r\n\r\n");
  const headers = text.slice(0, end);
  const header = (name: string) =>
    headers
      .split("\r\n")
      .find((line) => line.startsWith(`${name}: `))
      ?.slice(name.length + 2) ?? "";
  const [, name = "", address = ""] = /^(.*) <([^>]*)>$/.exec(header("From")) ?? [];
  const to = header("To");
  const message: Values = [
    ["MessageClass", "IPM.Note"],
    ["Subject", header("Subject")],
    ["ClientSubmitTime", { millis: at }],
    ["TransportMessageHeaders", `${headers}\r\n\r\n`],
    ["SenderName", name],
    ["MessageDeliveryTime", { millis: at }],
    ["Body", text.slice(end + 4)],
    ["InternetMessageId", header("Message-ID")],
    ["StoreSupportMask", STORE_UNICODE_OK],
    ["SenderSmtpAddress", address],
  ];
  const recipient: Values = [
    ["RecipientType", TO],
    ["DisplayName", to],
    ["SmtpAddress", to],
  ];
  // Nothing is named here, but a message without the three tables of names is none.
  const names = ["00020102", "00030102", "00040102"].map((tag) => stream(tag, new Uint8Array(0)));
  return writeCompoundFile(MESSAGE, [
    ...nodesOf(message, "message"),
    { name: "__nameid_version1.0", children: names },
    { name: "__recip_version1.0_#00000000", children: nodesOf(recipient, "recipient") },
  ]);
}

function stream(tag: string, bytes: Uint8Array): Node {
  return { name: `__substg1.0_${tag}`, bytes };
}

/** The stream of all properties, and one of its own for each text. */
function nodesOf(values: Values, kind: keyof typeof LEAD_BYTES): Node[] {
  const entries = values.map(([name, value]) => propertyOf(name, value));
  const lead = LEAD_BYTES[kind];
  const bytes = new Uint8Array(lead + entries.length * PROPERTY_BYTES);
  const view = new DataView(bytes.buffer);
  if (kind === "message") {
    // One recipient: the number of the next, and how many there are.
    view.setUint32(8, 1, true);
    view.setUint32(16, 1, true);
  }
  const nodes: Node[] = [];
  for (const [index, { id, type, fixed, text }] of entries.entries()) {
    const at = lead + index * PROPERTY_BYTES;
    view.setUint16(at, type, true);
    view.setUint16(at + 2, id, true);
    view.setUint32(at + 4, FLAGS, true);
    view.setBigUint64(at + 8, fixed, true);
    if (text === null) continue;
    const tag = (id * 0x1_0000 + type).toString(16).toUpperCase().padStart(8, "0");
    nodes.push(stream(tag, text));
  }
  return [...nodes, { name: "__properties_version1.0", bytes }];
}

interface Property {
  readonly id: number;
  readonly type: number;
  /** The value where it has a fixed length, else the length of the text with its end. */
  readonly fixed: bigint;
  readonly text: Uint8Array | null;
}

function propertyOf(name: keyof typeof ID, value: Value): Property {
  const id = ID[name];
  if (typeof value === "number")
    return { id, type: TYPE.integer, fixed: BigInt(value), text: null };
  if (typeof value === "object") {
    const fixed = BigInt(value.millis) * TICKS_PER_MILLISECOND + FILETIME_EPOCH;
    return { id, type: TYPE.time, fixed, text: null };
  }
  const text = Uint8Array.from(Buffer.from(value, "utf16le"));
  return { id, type: TYPE.text, fixed: BigInt(text.length + 2), text };
}
