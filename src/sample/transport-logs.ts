/** Message tracking and the SMTP logs: what the transport did with each mail, and whether it came or went encrypted. */
import type { ExchangeRow } from "../engines/formats/index.ts";
import { isoOf } from "./calendar.ts";
import { lettersOfDay, type Letter } from "./mail-flow.ts";
import type { Story } from "./story.ts";

/** Rows of message tracking of a day. */
export function* trackingRows(
  story: Story,
  day: number,
): Generator<ExchangeRow<"MessageTracking">> {
  const rows = lettersOfDay(story, day).flatMap((letter) => rowsOf(story, letter));
  rows.sort((left, right) => left.millis - right.millis);
  for (const { row } of rows) yield row;
}

interface Timed {
  readonly millis: number;
  readonly row: ExchangeRow<"MessageTracking">;
}

/** A mail to outside has left after this. */
const SENT_MILLIS = 1_400;

function rowsOf({ cast }: Story, letter: Letter): Timed[] {
  const { mailServer: server } = cast;
  const row = (
    afterMillis: number,
    source: string,
    eventId: string,
    more: ExchangeRow<"MessageTracking">,
  ): Timed => ({
    millis: letter.at + afterMillis,
    row: {
      "date-time": isoOf(letter.at + afterMillis),
      source,
      "event-id": eventId,
      "internal-message-id": letter.number,
      "message-id": letter.messageId,
      "network-message-id": letter.networkId,
      "recipient-address": letter.to,
      "total-bytes": letter.sizeBytes,
      "recipient-count": 1,
      "message-subject": letter.subject,
      "sender-address": letter.from,
      "return-path": letter.from,
      directionality: letter.way === "in" ? "Incoming" : "Originating",
      "log-id": letter.networkId,
      "schema-version": "15.01.2176.009",
      ...more,
    },
  });
  const own = { "client-ip": server.address, "client-hostname": server.name };
  const here = { "server-ip": server.address, "server-hostname": server.name };
  const { peer } = letter;
  const received =
    letter.way === "in" && peer !== null
      ? row(0, "SMTP", "RECEIVE", {
          ...here,
          "client-ip": peer.address,
          "client-hostname": peer.name,
          "connector-id": connectorOf(server.name),
          "original-client-ip": peer.address,
          "message-info": "0I: ",
        })
      : row(0, "STOREDRIVER", "RECEIVE", { ...own, ...here, "message-info": "04I: " });
  const left =
    letter.way === "out" && peer !== null
      ? row(SENT_MILLIS, "SMTP", "SENDEXTERNAL", {
          ...own,
          "server-ip": peer.address,
          "server-hostname": peer.name,
          "connector-id": "Outbound",
          "recipient-status": "250 2.6.0 Queued mail for delivery",
        })
      : row(900, "STOREDRIVER", "DELIVER", { ...own, ...here, "recipient-status": "" });
  return [received, left];
}

function connectorOf(server: string): string {
  return `${server}\\Default Frontend ${server}`;
}

/** A turn of a session: `>` said by us, `<` by the other side, and what was done. */
type Turn = readonly [event: string, data: string, context?: string];

/** Rows of the SMTP receive log of a day: each session of a mail from outside, with TLS where the other side has it. */
export function* receiveRows(story: Story, day: number): Generator<ExchangeRow<"SmtpReceive">> {
  const { cast } = story;
  const { mailServer: server } = cast;
  const host = `${server.name}.${cast.domain}`;
  for (const letter of lettersOfDay(story, day)) {
    if (letter.peer === null || letter.way !== "in") continue;
    const { name, address, isEncrypted } = letter.peer;
    const said: Turn[] = [
      ["+", ""],
      [">", `220 ${host} Microsoft ESMTP MAIL Service ready`],
      ["<", `EHLO ${name}`],
      [">", `250  ${host} Hello [${address}] SIZE 37748736 PIPELINING STARTTLS 8BITMIME`],
      ...(isEncrypted ? encryption(host, name) : []),
      ["<", `MAIL FROM:<${letter.from}> SIZE=${letter.sizeBytes}`],
      [">", "250 2.1.0 Sender OK"],
      ["<", `RCPT TO:<${letter.to}>`],
      [">", "250 2.1.5 Recipient OK"],
      ["<", isEncrypted ? "BDAT 4096 LAST" : "DATA"],
      [">", `250 2.6.0 ${letter.messageId} Queued mail for delivery`],
      ["<", "QUIT"],
      ["-", "", "Remote"],
    ];
    const session = {
      "connector-id": connectorOf(server.name),
      "session-id": `08D9${shortIdOf(letter)}`,
      "local-endpoint": `${server.address}:25`,
      "remote-endpoint": `${bracketed(address)}:${40_000 + (letter.number % 20_000)}`,
    };
    yield* rowsOfSession(session, said, letter.at);
  }
}

/** Rows of the SMTP send log of a day: each session of a mail to outside; it ends when message tracking has the mail sent. */
export function* sendRows(story: Story, day: number): Generator<ExchangeRow<"SmtpSend">> {
  const { mailServer: server, domain } = story.cast;
  const host = `${server.name}.${domain}`;
  for (const letter of lettersOfDay(story, day)) {
    if (letter.peer === null || letter.way !== "out") continue;
    const { name, address, isEncrypted } = letter.peer;
    const said: Turn[] = [
      ["+", ""],
      ["<", `220 ${name} ESMTP`],
      [">", `EHLO ${host}`],
      ["<", `250  ${name} SIZE 52428800 8BITMIME${isEncrypted ? " STARTTLS" : ""}`],
      ...(isEncrypted ? encryptionAsked(host, name) : []),
      [">", `MAIL FROM:<${letter.from}> SIZE=${letter.sizeBytes}`],
      ["<", "250 2.1.0 Ok"],
      [">", `RCPT TO:<${letter.to}>`],
      ["<", "250 2.1.5 Ok"],
      [">", "DATA"],
      ["<", "354 End data with <CR><LF>.<CR><LF>"],
      ["<", `250 2.0.0 Ok: queued as ${shortIdOf(letter)}`],
      [">", "QUIT"],
      ["<", "221 2.0.0 Bye"],
      ["-", "", "Local"],
    ];
    const session = {
      "connector-id": "Outbound",
      "session-id": `08DA${shortIdOf(letter)}`,
      "local-endpoint": `${server.address}:${20_000 + (letter.number % 20_000)}`,
      "remote-endpoint": `${bracketed(address)}:25`,
    };
    yield* rowsOfSession(session, said, letter.at + SENT_MILLIS);
  }
}

function shortIdOf({ networkId }: Letter): string {
  return networkId.replaceAll("-", "").slice(0, 12).toUpperCase();
}

function bracketed(address: string): string {
  return address.includes(":") ? `[${address}]` : address;
}

const STEP_MILLIS = 31;

/** The turns of a session, the last of them just before `endedAt`. */
function* rowsOfSession<Session extends object>(
  session: Session,
  said: readonly Turn[],
  endedAt: number,
) {
  const began = endedAt - said.length * STEP_MILLIS;
  for (const [at, [event, data, context = ""]] of said.entries()) {
    yield {
      "date-time": isoOf(began + at * STEP_MILLIS),
      ...session,
      "sequence-number": at,
      event,
      data,
      context,
    };
  }
}

const CIPHERS =
  "negotiation succeeded using bulk encryption algorithm CALG_AES_256 with strength 256 bits, MAC hash algorithm CALG_SHA_384 with strength 384 bits and key exchange algorithm CALG_ECDHE with strength 384 bits";

function encryption(host: string, peer: string): Turn[] {
  return [
    ["<", "STARTTLS"],
    [">", "220 2.0.0 SMTP server ready"],
    ["*", " CN=synthetic", "Sending certificate"],
    ["*", "", `TLS protocol SP_PROT_TLS1_2_SERVER ${CIPHERS}`],
    ["<", `EHLO ${peer}`],
    [">", `250  ${host} Hello`],
  ];
}

function encryptionAsked(host: string, peer: string): Turn[] {
  return [
    [">", "STARTTLS"],
    ["<", "220 2.0.0 Ready to start TLS"],
    ["*", " CN=synthetic", "Received certificate"],
    ["*", "", `TLS protocol SP_PROT_TLS1_2_CLIENT ${CIPHERS}`],
    [">", `EHLO ${host}`],
    ["<", `250  ${peer} Hello`],
  ];
}
