/** Made-up mailboxes: what patients, staff and a phisher would have written, in the shapes that clients give it. */
import { Buffer } from "node:buffer";
import { seededRandom } from "./trials.ts";

const START = Date.UTC(2021, 11, 1, 8);
const DAYS = "Sun Mon Tue Wed Thu Fri Sat".split(" ");
const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
const two = (part: number) => String(part).padStart(2, "0");

/** `Wed, 01 Dec 2021 08:00:00 +0000`, or with the year last, as in the line above a message. */
function dateOf(millis: number, isEnvelope = false): string {
  const at = new Date(millis);
  const [day, month] = [DAYS[at.getUTCDay()] ?? "", MONTHS[at.getUTCMonth()] ?? ""];
  const clock = [at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds()].map(two).join(":");
  return isEnvelope
    ? `${day} ${month} ${two(at.getUTCDate())} ${clock} ${at.getUTCFullYear()}`
    : `${day}, ${two(at.getUTCDate())} ${month} ${at.getUTCFullYear()} ${clock} +0000`;
}

/** A conversation index of the older form: when the thread began, its GUID, and one answer after an hour. */
function threadIndex(millis: number, number: number): string {
  const bytes = Buffer.alloc(27);
  const filetime = BigInt(millis) * 10_000n + 116_444_736_000_000_000n;
  bytes.writeUIntBE(Number(filetime >> 16n), 0, 6);
  bytes.fill(number, 6, 22);
  bytes.writeUInt32BE(Number(36_000_000_000n >> 18n), 22);
  return bytes.toString("base64");
}

const TEXT =
  "Thank you for coming on Monday. Your results are in, and the surgery will call you about the next appointment.\n";

/** A plain answer that quotes what it answers. */
function plain(number: number): string {
  return `Content-Type: text/plain; charset="utf-8"\nContent-Transfer-Encoding: 8bit\n\nSee you then \u2013 n\u00b0 ${number}.\n\nOn Wed, 1 Dec 2021 at 08:15, Ward Clerk <ward@clinic.example> wrote:\n> ${TEXT}> Please bring form ${number}.\n`;
}

/** Text and HTML, the latter as Outlook writes it. */
function alternative(number: number): string {
  const boundary = `=_alt${number}`;
  const quoted =
    "From: Ward Clerk\nSent: 1 December 2021 08:15\nTo: Patient\nSubject: Your visit\n\n";
  const html = `<html><body><p>Click <a href=3D"https://portal.clinic-login.example/${number}">here</a></p><div><b>From:</b> Ward Clerk<br><b>Sent:</b> 1 December 2021 08:15<br><b>To:</b> Patient<br><b>Subject:</b> Your visit</div><p>${TEXT}</p></body></html>`;
  return `Content-Type: multipart/alternative; boundary="${boundary}"\n\n--${boundary}\nContent-Type: text/plain; charset=us-ascii\n\nClick.\n\n${quoted}${TEXT}\n--${boundary}\nContent-Type: text/html; charset=windows-1252\nContent-Transfer-Encoding: quoted-printable\n\n${html}\n--${boundary}--\n`;
}

/** A file beside a text. */
function attached(number: number): string {
  const file = Buffer.from(`PK made up ${number} `.repeat(12)).toString("base64");
  const lines = file.match(/.{1,76}/g) ?? [];
  return `Content-Type: multipart/mixed; boundary=mixed${number}\n\n--mixed${number}\nContent-Type: text/plain\n\nThe file is attached.\n--mixed${number}\nContent-Type: application/zip; name="=?utf-8?Q?R=C3=A9sultat_${number}.zip?="\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment; filename*=utf-8''R%C3%A9sultat%20${number}.zip\n\n${lines.join("\n")}\n--mixed${number}--\n`;
}

const KINDS = [attached, alternative, plain];

/** A mailbox of `count` messages, the kinds in turn; the last one is a plain text. */
export function madeMailbox(count: number, seed = 1): Uint8Array {
  const random = seededRandom(seed);
  const parts = Array.from({ length: count }, (_, number) => {
    const at = START + number * 3_600_000 + Math.floor(random() * 1_800_000);
    const body = (KINDS[number % KINDS.length] ?? plain)(number);
    const from =
      number % 2 === 0
        ? "Ward Clerk <ward@clinic.example>"
        : "=?utf-8?B?RHIuIE3DvGxsZXI=?= <ward@clinic-login.example>";
    return [
      `From ward@clinic.example ${dateOf(at, true)}`,
      `Return-Path: <bounce${number}@clinic-login.example>`,
      `Received: from mx.clinic-login.example (mx.clinic-login.example [203.0.113.${number}])\n\tby MX1.clinic.example (10.0.0.5) with Microsoft SMTP Server id 15.1.2176.14; ${dateOf(at + 5_000)}`,
      `Received: from [10.1.2.${number}] (unknown [198.51.100.7]) by mx.clinic-login.example with ESMTP; ${dateOf(at)}`,
      `Authentication-Results: MX1.clinic.example; spf=softfail smtp.mailfrom=clinic-login.example; dkim=none; dmarc=fail action=none`,
      `Message-ID: <m${number}@clinic-login.example>`,
      `In-Reply-To: <m${number - 1}@clinic.example>`,
      `References: <root@clinic.example>\n <m${number - 1}@clinic.example>`,
      `From: ${from}`,
      'To: Patient <patient@mail.example>, "Clerk, The" <clerk@clinic.example>',
      `Subject: Re: Your visit ${number}`,
      `Date: ${dateOf(at)}`,
      `Thread-Index: ${threadIndex(START, number)}`,
      "MIME-Version: 1.0",
      body,
    ].join("\n");
  });
  return new TextEncoder().encode(`${parts.join("\n")}`);
}
