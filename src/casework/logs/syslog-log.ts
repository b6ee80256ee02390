/**
 * Syslog messages over UDP and TCP as one growing log: a line a message, in the order of arrival.
 * Refuses to hold more than 16 MiB that is not committed: TCP waits then, and what UDP brings is dropped, counted and told.
 */
import { createSocket } from "node:dgram";
import type { Socket as DatagramSocket } from "node:dgram";
import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import { concatBytes } from "../../base/bytes.ts";
import { Fault } from "../../base/fault.ts";
import { errorCode } from "../../engines/journal/index.ts";
import { FRAME_BYTES_MAX } from "../../engines/sealed/index.ts";
import type { Vault } from "../vault/index.ts";
import { GrowingLog } from "./growing-log.ts";
import { knownLogs } from "./known-logs.ts";
import { hashOf } from "./log-file.ts";
import { SyslogMessages, lineOf } from "./syslog-messages.ts";

/** Received and not staged: some 100,000 messages. */
const INBOX_BYTES_MAX = 16_777_216;
/** From here on TCP senders wait, so that what they have in flight still fits. */
const INBOX_BYTES_PAUSE = INBOX_BYTES_MAX / 2;
const CONNECTIONS_MAX = 256;
/** What the kernel may hold while this process is busy; it may give less. */
const RECEIVE_BYTES = 4_194_304;
/** Losses are told at most every so many commits. */
const TELL_COMMITS = 20;
const DEVICE = "syslog";

/** Where to listen. */
export interface SyslogAddress {
  readonly host: string;
  readonly port: number;
}

/** What was not taken as it was sent, since it was last told. */
interface Losses {
  dropped: number;
  cut: number;
  refused: number;
}

/** The listeners, and the log that they fill. */
export class SyslogLog {
  readonly port: number;
  readonly #vault: Vault;
  readonly #log: GrowingLog;
  readonly #server: Server;
  readonly #datagrams: DatagramSocket;
  readonly #notice: (line: string) => void;
  readonly #connections = new Map<Socket, SyslogMessages>();
  readonly #losses: Losses = { dropped: 0, cut: 0, refused: 0 };
  #inbox: Uint8Array[] = [];
  #inboxBytes = 0;
  #commits = 0;
  #listening = true;

  private constructor(
    vault: Vault,
    by: string,
    address: SyslogAddress,
    listeners: { readonly server: Server; readonly datagrams: DatagramSocket },
    notice: (line: string) => void,
  ) {
    this.port = address.port;
    this.#vault = vault;
    this.#log = logAt(vault, by, address);
    this.#server = listeners.server;
    this.#datagrams = listeners.datagrams;
    this.#notice = notice;
    this.#server.on("connection", (socket) => this.#accept(socket));
    this.#server.on("error", (error) => this.#trouble(error));
    this.#datagrams.on("message", (message) => this.#receive(message, false));
    this.#datagrams.on("error", (error) => this.#trouble(error));
  }

  /** Listens on both protocols; port 0 takes a free one. Faults: `port-in-use`, `usage` for an address that cannot be had. */
  static async listen(
    vault: Vault,
    by: string,
    { host, port }: SyslogAddress,
    notice: (line: string) => void,
  ): Promise<SyslogLog> {
    const server = createServer({ pauseOnConnect: false });
    const datagrams = createSocket(host.includes(":") ? "udp6" : "udp4");
    try {
      server.listen(port, host);
      await once(server, "listening");
      const bound = portOf(server.address());
      datagrams.bind(bound, host);
      await once(datagrams, "listening");
      widen(datagrams);
      return new SyslogLog(vault, by, { host, port: bound }, { server, datagrams }, notice);
    } catch (error) {
      server.close();
      datagrams.close();
      throw listenFault(error, host, port);
    }
  }

  /** The log, once there is something in it or to be put in it. */
  get logs(): readonly GrowingLog[] {
    return [this.#log];
  }

  /** Stages what has come in, at most a frame; true where more is waiting. Faults are told and tried again: nothing is lost. */
  stage(): boolean {
    this.#commits++;
    this.#tellLosses();
    if (this.#inbox.length === 0 || this.#log.isStaged) return this.#inbox.length > 0;
    let count = 0;
    let bytes = 0;
    for (const line of this.#inbox) {
      if (bytes + line.length > FRAME_BYTES_MAX) break;
      bytes += line.length;
      count++;
    }
    try {
      this.#log.stage(concatBytes(this.#inbox.slice(0, count)));
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      if (this.#commits % TELL_COMMITS === 1) this.#notice(`${error.message}; ${error.hint}`);
      return false;
    }
    this.#inbox.splice(0, count);
    this.#inboxBytes -= bytes;
    return this.#inbox.length > 0;
  }

  /** Lets senders go on that waited for room. */
  resume(): void {
    if (this.#inboxBytes >= INBOX_BYTES_PAUSE) return;
    for (const socket of this.#connections.keys()) if (socket.isPaused()) socket.resume();
  }

  /** Takes no more messages; what has been received stays to be staged. */
  async stopListening(): Promise<void> {
    if (!this.#listening) return;
    this.#listening = false;
    this.#datagrams.close();
    const closed = once(this.#server, "close");
    this.#server.close();
    for (const socket of this.#connections.keys()) {
      this.#leave(socket);
      socket.destroy();
    }
    await closed;
  }

  /** Closes the segment; what the disk refuses is left to the next start, as after a crash. */
  stop(): void {
    this.#tellLosses(true);
    try {
      const acts = this.#log.end("stopped");
      if (acts.length > 0) this.#vault.acts(acts);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      this.#notice(`${error.message}; ${error.hint}`);
    }
  }

  #accept(socket: Socket): void {
    socket.on("error", () => socket.destroy());
    if (this.#connections.size >= CONNECTIONS_MAX) {
      this.#losses.refused++;
      socket.destroy();
      return;
    }
    const messages = new SyslogMessages((message, isCut) => this.#receive(message, isCut));
    this.#connections.set(socket, messages);
    socket.on("data", (bytes) => {
      messages.push(typeof bytes === "string" ? Buffer.from(bytes) : bytes);
      if (this.#inboxBytes >= INBOX_BYTES_PAUSE) socket.pause();
    });
    socket.on("close", () => this.#leave(socket));
  }

  #leave(socket: Socket): void {
    this.#connections.get(socket)?.end();
    this.#connections.delete(socket);
  }

  #receive(message: Uint8Array, isCut: boolean): void {
    const line = lineOf(message);
    if (line === null) return;
    if (this.#inboxBytes + line.length > INBOX_BYTES_MAX) {
      this.#losses.dropped++;
      return;
    }
    if (isCut) this.#losses.cut++;
    this.#inbox.push(line);
    this.#inboxBytes += line.length;
  }

  #trouble(error: Error): void {
    this.#notice(`syslog on port ${this.port}: ${errorCode(error)}`);
  }

  #tellLosses(atOnce = false): void {
    const { dropped, cut, refused } = this.#losses;
    if (dropped + cut + refused === 0 || (!atOnce && this.#commits % TELL_COMMITS !== 1)) return;
    this.#notice(
      `syslog on port ${this.port}: ${dropped} messages dropped because commits could not keep up, ` +
        `${cut} cut because they were too long or their connection ended, ${refused} connections refused beyond ${CONNECTIONS_MAX}`,
    );
    Object.assign(this.#losses, { dropped: 0, cut: 0, refused: 0 });
  }
}

/** The log of an address: the one that is known, unless an act destroyed it. */
function logAt(vault: Vault, by: string, { host, port }: SyslogAddress): GrowingLog {
  const inode = `${host}:${port}`;
  const logs = knownLogs(vault).filter(
    ({ identity }) => identity.device === DEVICE && identity.inode === inode,
  );
  const log = logs.at(-1);
  if (log !== undefined && !log.isDestroyed)
    return new GrowingLog(vault, by, { kind: "known", log });
  const headHash = hashOf(new Uint8Array(0));
  const identity = { device: DEVICE, inode, headHash, headBytes: 0, generation: logs.length };
  return new GrowingLog(vault, by, { kind: "new", identity, file: `syslog:${port}` });
}

function portOf(address: AddressInfo | string | null): number {
  return typeof address === "object" && address !== null ? address.port : 0;
}

/** The kernel may refuse; what it holds by default is then what there is. */
function widen(datagrams: DatagramSocket): void {
  try {
    datagrams.setRecvBufferSize(RECEIVE_BYTES);
  } catch {
    // Its own limit holds.
  }
}

function listenFault(error: unknown, host: string, port: number): unknown {
  switch (errorCode(error)) {
    case "EADDRINUSE":
      return new Fault(
        "port-in-use",
        `another program listens for syslog on port ${port}`,
        "name another with --syslog PORT, or end the other program",
      );
    case "EACCES":
    case "EPERM":
      return new Fault(
        "usage",
        `no permission to listen on port ${port}`,
        "name a port from 1024 on, and let the system forward 514 to it",
      );
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
    case "EINVAL":
      return new Fault(
        "usage",
        `${host} is no address of this machine`,
        "give --syslog PORT, or --syslog HOST:PORT with an address of its own",
      );
    default:
      return error;
  }
}
