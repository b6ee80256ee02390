/**
 * Mails that people outside the clinic reported: replies to stolen threads, sent through the server itself and later from
 * look-alike domains, and one thread that a patient's own hacked mailbox explains. Text only; links lead to reserved domains.
 */
import { madeFile, textFile } from "./made-file.ts";
import type { MadeFile } from "../model/sample.ts";
import { DAY, HOUR, SECOND, dayOf, isoOf, on } from "./calendar.ts";
import type { Cast, Person } from "./cast.ts";
import type { Chance } from "./chance.ts";
import { buildOn } from "./exchange-build.ts";
import type { Letter, Peer } from "./mail-flow.ts";
import { outlookFile } from "./outlook-file.ts";
import type { SampleVariant } from "./story.ts";

/** Where a reported mail came from, and so what explains the text that it quotes. */
export type OddOrigin = "server" | "look-alike" | "patient-mailbox";

/** One reported mail. */
export interface OddMail {
  readonly file: string;
  readonly origin: OddOrigin;
  readonly at: number;
  readonly messageId: string;
  /** The mailbox whose thread is quoted; null where nobody's in the clinic is needed. */
  readonly mailbox: string | null;
  readonly text: string;
  /** How the clinic's own transport saw it; null where it never passed there. */
  readonly letter: Letter | null;
}

const PATIENTS = ["r.ashdown", "lmerrow", "j.tarrant", "p.oldcastle", "wren.h"];
const THREADS: readonly (readonly [subject: string, asked: string, answered: string])[] = [
  [
    "Your visit on Thursday",
    "Could I come in the afternoon instead, after the blood test?",
    "Yes, half past three is free; please bring the letter of the hospital.",
  ],
  [
    "Repeat prescription",
    "The pharmacy says that it has not arrived, could you send it again?",
    "It went out on Monday; we have sent it once more today.",
  ],
  [
    "Results of the scan",
    "When may I call about the results?",
    "The doctor will call you on Wednesday before ten.",
  ],
  [
    "Invoice for the physiotherapy",
    "The insurer asks for the dates of the six sessions.",
    "They are on the second page; I attach it again.",
  ],
  [
    "Referral letter",
    "Has the letter gone to the clinic in Southampton?",
    "It has; they write to you directly.",
  ],
];

interface Drawn {
  readonly cast: Cast;
  readonly chance: Chance;
  readonly peers: readonly Peer[];
}

/** Draws the mails of a variant: five where mailboxes were taken, else the patient's alone. Late enough for the logs kept. */
export function drawOddMails(
  drawn: Drawn,
  variant: SampleVariant,
  victims: readonly Person[],
): OddMail[] {
  const { cast, chance } = drawn;
  const { domain } = cast;
  const own = victims.length > 0 ? victims : [chance.pick(cast.people)];
  const owner = () => chance.pick(own);
  const lookAlikes = [
    domain.replace(".example", "-mail.example"),
    domain.replace(".example", ".test"),
  ];
  const threads = chance.shuffle(THREADS);
  const mails = ORIGINS[variant].map((origin, at) => {
    const [subject = "", asked = "", answered = ""] = threads[at % threads.length] ?? [];
    const patient = `${PATIENTS[at % PATIENTS.length] ?? ""}@home-mail.example`;
    const when = on(11, 22) + (2 * at + chance.below(2)) * DAY + 8 * HOUR + chance.below(8 * HOUR);
    const sentAt = Math.floor(when / SECOND) * SECOND;
    return {
      origin,
      subject,
      asked,
      answered,
      patient,
      at: sentAt,
      person: owner(),
      domain: lookAlikes[at % 2] ?? domain,
    };
  });
  return mails.map((mail, at) => oddMailOf(drawn, mail, at + 1));
}

const ORIGINS: Readonly<Record<SampleVariant, readonly OddOrigin[]>> = {
  exchange: ["server", "server", "look-alike", "look-alike", "patient-mailbox"],
  credentials: ["server", "server", "look-alike", "look-alike", "patient-mailbox"],
  insider: ["patient-mailbox"],
  benign: ["patient-mailbox"],
};

interface Told {
  readonly origin: OddOrigin;
  readonly subject: string;
  readonly asked: string;
  readonly answered: string;
  readonly patient: string;
  readonly at: number;
  readonly person: Person;
  /** The look-alike domain, where one is used. */
  readonly domain: string;
}

/** Who a mail says that it is from, and to whom it went. */
interface Ends {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly domain: string;
}

function endsOf({ origin, person, patient, domain }: Told): Ends {
  const name = `${person.given} ${person.family}`;
  switch (origin) {
    case "server":
      return { name, from: person.mail, to: patient, domain: domainOf(person.mail) };
    case "look-alike":
      return { name, from: `${person.account}@${domain}`, to: patient, domain };
    case "patient-mailbox":
      return {
        name: patient.split("@")[0] ?? "",
        from: patient,
        to: person.mail,
        domain: domainOf(patient),
      };
  }
}

function domainOf(address: string): string {
  return address.slice(address.indexOf("@") + 1);
}

function oddMailOf(drawn: Drawn, told: Told, number: number): OddMail {
  const { cast, chance } = drawn;
  const { origin, at } = told;
  const ends = endsOf(told);
  const sender =
    origin === "server" ? `${cast.mailServer.name}.${cast.domain}` : domainOf(ends.from);
  const messageId = `<${chance.hex(32)}@${sender}>`;
  return {
    file: FILES[number] ?? `mails/reported-${number}.eml`,
    origin,
    at,
    messageId,
    mailbox: origin === "patient-mailbox" ? null : told.person.mail,
    letter: letterOf(drawn, told, ends, messageId),
    text: textOf(drawn, told, ends, messageId),
  };
}

/** What the clinic's own transport saw; from a look-alike domain it saw nothing. */
function letterOf(
  { chance, peers }: Drawn,
  { origin, subject, at }: Told,
  { from, to }: Ends,
  messageId: string,
): Letter | null {
  if (origin === "look-alike") return null;
  return {
    at,
    from,
    to,
    subject: `Re: ${subject}`,
    messageId,
    way: origin === "server" ? "out" : "in",
    sizeBytes: 6_400,
    peer: peers.find(({ name }) => name === "mail.home-mail.example") ?? null,
    networkId: chance.guid(),
    number: 0,
  };
}

function textOf(
  { cast, chance }: Drawn,
  { origin, subject, asked, answered, patient, person, at }: Told,
  { name, from, to, domain }: Ends,
  messageId: string,
): string {
  const server = `${cast.mailServer.name}.${cast.domain}`;
  const hop =
    origin === "server"
      ? `from ${server} (${cast.mailServer.address}) by ${server} with Microsoft SMTP Server id ${buildOn(cast, dayOf(at))}`
      : `from mail.${domain} (mail.${domain} [${cast.addresses.take()}]) by mx.home-mail.example with ESMTPS`;
  const answeredAt = at - chance.between(20, 60) * DAY;
  return [
    `Received: ${hop}; ${mailDate(at + 3 * SECOND)}`,
    `From: ${name} <${from}>`,
    `To: ${to}`,
    `Subject: Re: ${subject}`,
    `Date: ${mailDate(at)}`,
    `Message-ID: ${messageId}`,
    `In-Reply-To: <${chance.hex(32)}@${cast.domain}>`,
    "X-Synthetic: every person and address in this mail is invented",
    "MIME-Version: 1.0",
    "Content-Type: text/plain; charset=utf-8",
    "",
    "Good day,",
    "",
    "please see the document that belongs to this and confirm today:",
    `https://files.${domain}/${chance.letters(9)}/view`,
    "",
    `From: ${person.given} ${person.family} <${person.mail}>`,
    `Sent: ${mailDate(answeredAt)}`,
    `To: ${patient}`,
    `Subject: ${subject}`,
    "",
    answered,
    "",
    `On ${mailDate(answeredAt - 5 * HOUR)}, ${patient} wrote:`,
    `> ${asked}`,
    "",
  ].join("\r\n");
}

/** By number: the mail that was handed in within a mailbox of its recipient, and the one that Outlook saved. */
const FILES: Readonly<Record<number, string>> = {
  4: "mails/reported.mbox",
  5: "mails/reported-5.msg",
};

/** The mails as files; the one in an mbox stands behind an ordinary mail. */
export function makeOddMails(mails: readonly OddMail[]): MadeFile[] {
  return mails.map(({ file, text, at }) => {
    if (file.endsWith(".msg")) return madeFile(file, () => [outlookFile(text, at)]);
    const isBox = file.endsWith(".mbox");
    return textFile(file, isBox ? `${ordinary(at)}${envelope(at)}${text}\r\n` : text);
  });
}

function envelope(at: number): string {
  const [weekday = "", day = "", month = "", year = "", clock = ""] = mailDate(at)
    .replace(",", "")
    .split(" ");
  return `From mailer@home-mail.example ${weekday} ${month} ${day} ${clock} ${year}\r\n`;
}

function ordinary(at: number): string {
  const sent = at - DAY;
  return `${envelope(sent)}${[
    "From: Newsletter <news@home-mail.example>",
    "To: p.oldcastle@home-mail.example",
    "Subject: Tide tables",
    `Date: ${mailDate(sent)}`,
    "Message-ID: <tides@home-mail.example>",
    "",
    "High water on Saturday is at noon.",
    "",
    "",
  ].join("\r\n")}`;
}

const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

/** `Mon, 22 Nov 2021 09:14:04 +0000`, as RFC 5322 has it. */
function mailDate(millis: number): string {
  const iso = isoOf(millis);
  const weekday = DAYS[(Math.floor(millis / DAY) + 4) % 7] ?? "";
  const month = MONTHS[Number(iso.slice(5, 7)) - 1] ?? "";
  return `${weekday}, ${iso.slice(8, 10)} ${month} ${iso.slice(0, 4)} ${iso.slice(11, 19)} +0000`;
}
