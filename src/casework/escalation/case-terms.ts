/**
 * What a case file says under `escalation`: who is told, after how long, and through which mail server (docs/formats/case-file.md).
 * Refuses recipients that nothing can reach, words that would cross a network in the open, and steps that nobody hears.
 */
import { isIP } from "node:net";
import { posix, win32 } from "node:path";
import { z } from "zod";
import { LEVELS } from "../../model/detection.ts";
import type { Escalation, MailServer, Recipient } from "../../model/escalation.ts";

const PORT_MAX = 65_535;
const STEPS_MAX = 20;
const RECIPIENTS_MAX = 20;
const URL_CHARS_MAX = 2048;
const ADDRESS_CHARS_MAX = 254;
const HOURS_MAX = 8760;

/** RFC 5322 without quotes, comments and names: one mailbox, and nothing that a header could be made of. */
const MAILBOX = /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?$/;
const HOST_NAME = /^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?$/;

const host = z.string().max(ADDRESS_CHARS_MAX).refine(isHost, "not the name or address of a host");
const mailbox = z
  .string()
  .max(ADDRESS_CHARS_MAX)
  .regex(MAILBOX, "not a mail address such as it@clinic.example");

const MAIL = z
  .strictObject({
    host,
    port: z.number().int().min(1).max(PORT_MAX),
    security: z.enum(["tls", "starttls", "plain"]),
    from: mailbox,
    user: z.string().min(1).nullable().default(null),
    password_file: z
      .string()
      .refine(
        (path) => posix.isAbsolute(path) || win32.isAbsolute(path),
        "not a whole path: a case file is read from anywhere",
      )
      .nullable()
      .default(null),
  })
  .refine(
    ({ user, password_file }) => (user === null) === (password_file === null),
    "user and password_file go together",
  )
  .refine(
    (mail) => mail.user === null || mail.security !== "plain" || isThisMachine(mail.host),
    "a password is sent over tls or starttls only, or to this machine",
  )
  .transform(
    ({ password_file, ...mail }): MailServer => ({ ...mail, passwordFile: password_file }),
  );

const RECIPIENT = z
  .strictObject({
    mail: mailbox.optional(),
    webhook: z.string().max(URL_CHARS_MAX).optional(),
    syslog: z.string().optional(),
    transport: z.enum(["udp", "tcp", "tls"]).optional(),
  })
  .transform((given, context): Recipient => {
    const told = recipientOf(given);
    if (typeof told !== "string") return told;
    context.addIssue({ code: "custom", message: told });
    return z.NEVER;
  });

const STEP = z
  .strictObject({
    level: z.enum(LEVELS),
    after_hours: z.number().min(0).max(HOURS_MAX),
    // What comes more often than every hour is read by nobody.
    every_hours: z.number().min(1).max(HOURS_MAX).nullable().default(null),
    to: z.array(RECIPIENT).min(1, "nobody is told").max(RECIPIENTS_MAX),
  })
  .transform(({ level, after_hours, every_hours, to }) => ({
    level,
    afterHours: after_hours,
    everyHours: every_hours,
    to,
  }));

/** The value of the key `escalation` of a case file. */
export const ESCALATION = z
  .strictObject({
    mail: MAIL.nullable().default(null),
    steps: z.array(STEP).min(1, "no step tells anybody").max(STEPS_MAX),
  })
  .refine(
    ({ mail, steps }) =>
      mail !== null || !steps.some(({ to }) => to.some(({ kind }) => kind === "mail")),
    "a step writes a mail, and no mail server is named: add mail: {host, port, security, from}",
  ) satisfies z.ZodType<Escalation>;

/** Exactly one way to reach somebody, or why it is none. */
function recipientOf(given: {
  readonly mail?: string | undefined;
  readonly webhook?: string | undefined;
  readonly syslog?: string | undefined;
  readonly transport?: "udp" | "tcp" | "tls" | undefined;
}): Recipient | string {
  const { mail, webhook, syslog, transport } = given;
  const ways = [mail, webhook, syslog].filter((way) => way !== undefined);
  if (ways.length !== 1) return "one of mail, webhook and syslog for each recipient";
  if (syslog === undefined && transport !== undefined) return "transport belongs to syslog";
  if (mail !== undefined) return { kind: "mail", to: mail };
  if (webhook !== undefined) return webhookOf(webhook);
  return syslogOf(syslog ?? "", transport);
}

function webhookOf(text: string): Recipient | string {
  const url = URL.parse(text);
  if (url === null) return "not an address such as https://alerts.clinic.example/breakwater";
  if (url.username !== "" || url.password !== "") return "an address holds no user and no password";
  const isOpen = url.protocol === "http:" && !isThisMachine(url.hostname);
  if (isOpen) return "http crosses the network in the open: https, or this machine";
  if (url.protocol !== "https:" && url.protocol !== "http:") return "a webhook is https";
  return { kind: "webhook", url: url.href };
}

function syslogOf(text: string, transport: "udp" | "tcp" | "tls" | undefined): Recipient | string {
  const colon = text.lastIndexOf(":");
  const name = text.slice(0, Math.max(colon, 0)).replace(/^\[([^\]]*)\]$/, "$1");
  const digits = text.slice(colon + 1);
  const port = /^\d{1,5}$/.test(digits) ? Number(digits) : 0;
  if (colon < 1 || !isHost(name) || port < 1 || port > PORT_MAX)
    return "not host:port such as siem.clinic.example:6514";
  if (transport === undefined) return "syslog has a transport: udp, tcp or tls";
  return { kind: "syslog", host: name, port, transport };
}

function isHost(text: string): boolean {
  return HOST_NAME.test(text) || isIP(text) !== 0;
}

/** Whether a name can mean nothing but the machine that this runs on. */
function isThisMachine(name: string): boolean {
  const bare = name.toLowerCase().replace(/^\[(.*)\]$/, "$1");
  return bare === "localhost" || bare === "::1" || (isIP(bare) === 4 && bare.startsWith("127."));
}
