/**
 * Messages by mail through the provider's own server (SMTP, RFC 5321; STARTTLS, RFC 3207). Refuses a server whose certificate this machine
 * does not trust, a password over an open connection, and attachments of any kind.
 */
import { Fault } from "../../base/fault.ts";
import { type Ticks, millisFromTicks } from "../../base/time.ts";
import type { MailServer } from "../../model/escalation.ts";
import type { Message } from "../../questions/answered/index.ts";
import { readSmallFile } from "../file-source.ts";
import { refuseLooseMode } from "../vault/keys.ts";
import { SEND_SECONDS_MAX, wordsOf } from "./trouble.ts";

const PASSWORD_BYTES_MAX = 4096;

/** Sends one mail; gives "" or why it was not taken. */
export async function sendMail(
  server: MailServer,
  to: string,
  { subject, text }: Pick<Message, "subject" | "text">,
  now: Ticks,
  signal: AbortSignal,
): Promise<string> {
  let password = "";
  try {
    password = passwordOf(server);
    // Loaded when somebody is written to: every other command starts without it.
    const { createTransport } = await import("nodemailer");
    const { host, port, security, from, user } = server;
    const millis = SEND_SECONDS_MAX * 1000;
    const transport = createTransport({
      host,
      port,
      secure: security === "tls",
      requireTLS: security === "starttls",
      ignoreTLS: security === "plain",
      connectionTimeout: millis,
      greetingTimeout: millis,
      socketTimeout: millis,
      dnsTimeout: millis,
      disableFileAccess: true,
      disableUrlAccess: true,
      ...(user === null ? {} : { auth: { user, pass: password } }),
    });
    await transport.sendMail({
      from,
      to,
      subject,
      text,
      date: new Date(millisFromTicks(now)),
      // RFC 3834: no machine answers a machine.
      headers: { "Auto-Submitted": "auto-generated" },
      signal: AbortSignal.any([signal, AbortSignal.timeout(millis)]),
    });
    return "";
  } catch (error) {
    if (password === "") return wordsOf(error);
    // As a server is told it (RFC 4954, RFC 4616), and might repeat it.
    return wordsOf(error, [password, `\0${server.user ?? ""}\0${password}`]);
  }
}

/** The first line of the password file; "" where the server wants none. Faults: key-missing, key-wrong, not-readable. */
function passwordOf({ user, passwordFile }: MailServer): string {
  if (user === null || passwordFile === null) return "";
  refuseLooseMode(passwordFile);
  const text = readSmallFile(passwordFile, PASSWORD_BYTES_MAX);
  const password = text?.split(/\r?\n/)[0] ?? "";
  if (password !== "") return password;
  const what = text === null ? "does not exist" : "is empty";
  throw new Fault(
    "key-missing",
    `the password file ${passwordFile} ${what}`,
    "write it, mode 0600",
  );
}
