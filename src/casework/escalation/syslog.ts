/**
 * Messages as syslog (RFC 5424) over UDP (RFC 5426), TCP with octet counting (RFC 6587, 3.4.1) or TLS (RFC 5425). Refuses a server whose
 * certificate this machine does not trust. What UDP loses on the way nobody hears: a refusal by the host itself is all that comes back.
 */
import { createSocket } from "node:dgram";
import { lookup } from "node:dns/promises";
import { once } from "node:events";
import { type Socket, connect as connectPlain, isIP } from "node:net";
import { hostname } from "node:os";
import { setTimeout } from "node:timers/promises";
import { connect as connectTls } from "node:tls";
import { type Ticks, formatTicks } from "../../base/time.ts";
import type { Level } from "../../model/detection.ts";
import type { Recipient } from "../../model/escalation.ts";
import type { Message } from "../../questions/answered/index.ts";
import { SEND_SECONDS_MAX, wordsOf } from "./trouble.ts";

type SyslogServer = Extract<Recipient, { readonly kind: "syslog" }>;

/** RFC 5424, table 1: log audit. */
const FACILITY = 13;
/** RFC 5424, table 2. */
const SEVERITIES: Readonly<Record<Level, number>> = {
  critical: 2,
  high: 3,
  medium: 4,
  low: 5,
  informational: 6,
};
/** How long a host that takes no datagrams has to say so. */
const REFUSAL_MILLIS = 150;
/** How long a server may take to close after us: what was written is in its hands already. */
const CLOSING_MILLIS = 1000;

/** One message as RFC 5424 has it, without structured data; `host` is the machine that speaks. */
export function syslogLine(
  { level, line }: Pick<Message, "level" | "line">,
  host: string,
  now: Ticks,
): string {
  const name = host.replace(/[^!-~]/g, "").slice(0, 255) || "-";
  const priority = FACILITY * 8 + SEVERITIES[level];
  return `<${priority}>1 ${formatTicks(now, 3)} ${name} breakwater - escalation - \ufeff${line}`;
}

/** Sends one message; gives "" or why it was not taken. */
export async function sendSyslog(
  server: SyslogServer,
  message: Pick<Message, "level" | "line">,
  now: Ticks,
  signal: AbortSignal,
): Promise<string> {
  const line = Buffer.from(syslogLine(message, hostname(), now));
  const limit = AbortSignal.any([signal, AbortSignal.timeout(SEND_SECONDS_MAX * 1000)]);
  try {
    if (server.transport === "udp") await sendDatagram(server, line, limit);
    else await sendFrame(server, Buffer.concat([Buffer.from(`${line.length} `), line]), limit);
    return "";
  } catch (error) {
    return wordsOf(limit.aborted ? limit.reason : error);
  }
}

async function sendDatagram(
  { host, port }: SyslogServer,
  datagram: Uint8Array,
  limit: AbortSignal,
): Promise<void> {
  limit.throwIfAborted();
  const failed = Promise.withResolvers<never>();
  // Whoever waits for it no more has nothing to hear of it.
  failed.promise.catch(() => undefined);
  limit.addEventListener("abort", () => failed.reject(limit.reason), { once: true });
  const { address, family } = await Promise.race([lookup(host), failed.promise]);
  const socket = createSocket(family === 6 ? "udp6" : "udp4");
  socket.on("error", failed.reject);
  try {
    // Connected, so that a refusal comes back.
    socket.connect(port, address);
    await Promise.race([once(socket, "connect"), failed.promise]);
    socket.send(datagram);
    await Promise.race([setTimeout(REFUSAL_MILLIS), failed.promise]);
  } finally {
    socket.close();
  }
}

/** Writes one frame and closes; settles when the server has closed too, or has had its time to. */
async function sendFrame(
  server: SyslogServer,
  frame: Uint8Array,
  limit: AbortSignal,
): Promise<void> {
  const socket = openSocket(server);
  const stop = () => socket.destroy(limit.reason);
  limit.addEventListener("abort", stop, { once: true });
  const ended = new Promise<void>((resolve, reject) => {
    socket.on("error", reject);
    socket.on(
      "finish",
      () => void setTimeout(CLOSING_MILLIS, undefined, { ref: false }).then(resolve),
    );
    socket.on("close", () =>
      socket.writableFinished ? resolve() : reject(new Error("the connection was closed early")),
    );
  });
  socket.once(server.transport === "tls" ? "secureConnect" : "connect", () => socket.end(frame));
  // What it says is not for us, and unread it would keep the connection open.
  socket.resume();
  try {
    if (limit.aborted) stop();
    await ended;
  } finally {
    limit.removeEventListener("abort", stop);
    socket.destroy();
  }
}

function openSocket({ host, port, transport }: SyslogServer): Socket {
  if (transport === "tls")
    return connectTls({ host, port, ...(isIP(host) === 0 ? { servername: host } : {}) });
  return connectPlain({ host, port });
}
