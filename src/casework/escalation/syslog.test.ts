import { createSocket } from "node:dgram";
import { once } from "node:events";
import { type AddressInfo, type Server, createServer } from "node:net";
import { buffer } from "node:stream/consumers";
import {
  createServer as createTlsServer,
  getCACertificates,
  setDefaultCACertificates,
} from "node:tls";
import { afterEach, expect, test } from "vitest";
import { known } from "../../base/assert.ts";
import { parseTime } from "../../base/time.ts";
import { CERTIFICATE, CERTIFICATE_KEY } from "./certificate.test-data.ts";
import { sendSyslog, syslogLine } from "./syslog.ts";

const NOW = known(parseTime("2021-12-04T15:30:00.25Z"), "a time").ticks;
const MESSAGE = { level: "critical", line: "Breakwater: critical, Shöll on MX1" } as const;
const LINE =
  /^<106>1 2021-12-04T15:30:00\.250Z \S+ breakwater - escalation - \ufeffBreakwater: critical, Shöll on MX1$/;

const authorities = getCACertificates("default");
afterEach(() => setDefaultCACertificates(authorities));

function send(
  port: number,
  transport: "udp" | "tcp" | "tls",
  signal = new AbortController().signal,
) {
  return sendSyslog({ kind: "syslog", host: "127.0.0.1", port, transport }, MESSAGE, NOW, signal);
}

async function portOf(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

test("severity follows the level, and the name of a machine is what RFC 5424 lets it be", () => {
  const line = (level: "critical" | "informational", host: string) =>
    syslogLine({ level, line: "x" }, host, NOW);
  expect(line("critical", "mx1")).toMatch(
    /^<106>1 2021-12-04T15:30:00\.250Z mx1 breakwater - escalation - \ufeffx$/,
  );
  expect(line("informational", "m x\n1é")).toMatch(/^<110>1 \S+ mx1 breakwater/);
  expect(line("critical", "é")).toMatch(/Z - breakwater/);
});

test("udp: one datagram", async () => {
  const socket = createSocket("udp4").bind(0, "127.0.0.1");
  await once(socket, "listening");
  const heard = once(socket, "message");
  expect(await send(socket.address().port, "udp")).toBe("");
  expect(String((await heard)[0])).toMatch(LINE);
  socket.close();
});

test("udp: a host that takes none says so", async () => {
  const socket = createSocket("udp4").bind(0, "127.0.0.1");
  await once(socket, "listening");
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(resolve));
  expect(await send(port, "udp")).toBe("the connection was refused");
});

test.each(["tcp", "tls"] as const)(
  "%s: one frame with its length in bytes before it",
  async (transport) => {
    setDefaultCACertificates([...authorities, CERTIFICATE]);
    const frames: Promise<Buffer>[] = [];
    const options = { key: CERTIFICATE_KEY, cert: CERTIFICATE };
    const server =
      transport === "tcp"
        ? createServer((socket) => frames.push(buffer(socket)))
        : createTlsServer(options, (socket) => frames.push(buffer(socket)));
    const port = await portOf(server);
    expect(await send(port, transport)).toBe("");
    const frame = String(await frames[0]);
    const [, digits = "", rest = ""] = /^(\d+) ([^]*)$/.exec(frame) ?? [];
    expect(rest).toMatch(LINE);
    expect(Number(digits)).toBe(Buffer.byteLength(rest));
    expect(frames).toHaveLength(1);
    server.close();
  },
);

test("tls: a certificate that nobody vouches for is refused and said", async () => {
  const server = createTlsServer({ key: CERTIFICATE_KEY, cert: CERTIFICATE }).on(
    "tlsClientError",
    () => undefined,
  );
  expect(await send(await portOf(server), "tls")).toBe(
    "its certificate is not trusted: it is self-signed",
  );
  server.close();
});

test("a server that refuses, cuts off, or says nothing at the greeting", async () => {
  expect(await send(1, "tcp")).toBe("the connection was refused");
  const cutting = createServer((socket) => socket.resetAndDestroy());
  expect(await send(await portOf(cutting), "tls")).toMatch(
    /cut off|closed the connection before|closed early/,
  );
  const silent = createServer((socket) => socket.on("error", () => undefined));
  const port = await portOf(silent);
  expect(await send(port, "tls", AbortSignal.timeout(200))).toMatch(/^no answer within/);
  cutting.close();
  silent.close();
});
