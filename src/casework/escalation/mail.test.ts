import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";
import { afterAll, afterEach, expect, test } from "vitest";
import { known } from "../../base/assert.ts";
import { type Ticks, parseTime } from "../../base/time.ts";
import type { MailServer } from "../../model/escalation.ts";
import { CERTIFICATE, CERTIFICATE_KEY } from "./certificate.test-data.ts";
import { sendMail } from "./mail.ts";

const NOW: Ticks = known(parseTime("2021-12-04T15:30:00Z"), "a time").ticks;
const PASSWORD = "correct horse battery";
const MESSAGE = { subject: "Breakwater: critical, Web shell on MX1", text: "1 finding\nöpen\n" };

const folder = mkdtempSync(join(tmpdir(), "breakwater-mail-"));
const passwordFile = join(folder, "password");
writeFileSync(passwordFile, `${PASSWORD}\n`, { mode: 0o600 });
const authorities = getCACertificates("default");
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => setDefaultCACertificates(authorities));

/** What a server took: who logged in, from whom to whom, and the mail. */
interface Taken {
  readonly users: string[];
  readonly mails: {
    readonly from: string;
    readonly to: readonly string[];
    readonly mail: string;
  }[];
}

/** Runs a mail server on this machine while `work` goes on. */
async function withServer<T>(
  options: SMTPServerOptions,
  work: (server: MailServer, taken: Taken) => Promise<T>,
): Promise<T> {
  const taken: Taken = { users: [], mails: [] };
  const smtp = new SMTPServer({
    key: CERTIFICATE_KEY,
    cert: CERTIFICATE,
    onAuth({ username, password }, _, callback) {
      taken.users.push(username ?? "");
      if (password === PASSWORD) callback(null, { user: username ?? "" });
      // A server that repeats what it was given must not bring it into our journal.
      else
        callback(
          new Error(
            `not ${password} ${Buffer.from(`\0${username}\0${password}`).toString("base64")}`,
          ),
        );
    },
    onData(stream, { envelope }, callback) {
      const pieces: Buffer[] = [];
      stream.on("data", (piece: Buffer) => void pieces.push(piece));
      stream.on("end", () => {
        const from = envelope.mailFrom === false ? "" : envelope.mailFrom.address;
        const to = envelope.rcptTo.map(({ address }) => address);
        taken.mails.push({ from, to, mail: String(Buffer.concat(pieces)) });
        callback();
      });
    },
    ...options,
  });
  smtp.on("error", () => undefined);
  const port = await new Promise<number>((resolve) => {
    const listening = smtp.listen(0, "127.0.0.1", () =>
      resolve((listening.address() as AddressInfo).port),
    );
  });
  try {
    return await work(serverAt(port), taken);
  } finally {
    await new Promise<void>((resolve) => smtp.close(() => resolve()));
  }
}

function serverAt(port: number): MailServer {
  const from = "breakwater@clinic.example";
  return { host: "localhost", port, security: "plain", from, user: null, passwordFile: null };
}

function send(server: MailServer, message = MESSAGE, signal = new AbortController().signal) {
  return sendMail(server, "ann@clinic.example", message, NOW, signal);
}

test("a mail goes as it was written, in the open only where the case file says plain", () =>
  withServer({ authOptional: true }, async (server, { mails }) => {
    expect(await send(server)).toBe("");
    expect(mails).toHaveLength(1);
    expect(mails[0]).toMatchObject({
      from: "breakwater@clinic.example",
      to: ["ann@clinic.example"],
    });
    const { mail } = known(mails[0], "a mail");
    expect(mail).toContain("Subject: Breakwater: critical, Web shell on MX1\r\n");
    expect(mail).toContain("Date: Sat, 04 Dec 2021 15:30:00 +0000\r\n");
    expect(mail).toContain("Auto-Submitted: auto-generated\r\n");
    expect(mail).toMatch(/1 finding\r\n=C3=B6pen|1 finding\r\nöpen/);
  }));

test("a title that carries a header or a second recipient stays a title", () =>
  withServer({ authOptional: true }, async (server, { mails }) => {
    const subject = "x\r\nBcc: thief@evil.example\r\n\r\nbody";
    expect(await send(server, { subject, text: "a\r\n.\r\nMAIL FROM:<x@y>\r\n" })).toBe("");
    expect(mails.map(({ to }) => to)).toEqual([["ann@clinic.example"]]);
    expect(known(mails[0], "a mail").mail).not.toMatch(/^Bcc:/m);
  }));

test("starttls: a certificate that nobody vouches for is refused and said, and one that is trusted is taken", () =>
  withServer({ authOptional: true }, async (server, { mails }) => {
    const starttls: MailServer = { ...server, security: "starttls" };
    expect(await send(starttls)).toBe("its certificate is not trusted: it is self-signed");
    expect(mails).toHaveLength(0);
    setDefaultCACertificates([...authorities, CERTIFICATE]);
    expect(await send(starttls)).toBe("");
    expect(mails).toHaveLength(1);
  }));

test("starttls where the server has none: refused, not sent in the open", () =>
  withServer(
    { authOptional: true, hideSTARTTLS: true, disabledCommands: ["STARTTLS"] },
    async (server, { mails }) => {
      expect(await send({ ...server, security: "starttls" })).toMatch(/STARTTLS|TLS/);
      expect(mails).toHaveLength(0);
    },
  ));

test("tls from the first byte, with a user and a password from a file", () =>
  withServer({ secure: true }, async (server, { users, mails }) => {
    setDefaultCACertificates([...authorities, CERTIFICATE]);
    const tls: MailServer = { ...server, security: "tls", user: "breakwater", passwordFile };
    expect(await send(tls)).toBe("");
    expect(users).toEqual(["breakwater"]);
    expect(mails).toHaveLength(1);
  }));

test("a wrong password is said without the password; so is a file that is missing, empty or open to others", () =>
  withServer({ secure: true }, async (server, { mails }) => {
    setDefaultCACertificates([...authorities, CERTIFICATE]);
    const wrong = join(folder, "wrong");
    writeFileSync(wrong, "s3cret", { mode: 0o600 });
    const tls: MailServer = { ...server, security: "tls", user: "breakwater", passwordFile: wrong };
    const said = await send(tls);
    expect(said).not.toBe("");
    expect(said).toBe("it does not take this user with this password");
    expect(await send({ ...tls, passwordFile: join(folder, "none") })).toMatch(
      /none does not exist$/,
    );
    writeFileSync(wrong, "\n");
    expect(await send({ ...tls, passwordFile: wrong })).toMatch(/is empty$/);
    chmodSync(wrong, 0o644);
    expect(await send({ ...tls, passwordFile: wrong })).toMatch(/^others can read/);
    expect(mails).toHaveLength(0);
  }));

test("a server that refuses the recipient, refuses the connection, or is nobody", async () => {
  const onRcptTo: SMTPServerOptions["onRcptTo"] = (_, __, callback) =>
    callback(new Error("no such mailbox"));
  await withServer({ authOptional: true, onRcptTo }, async (server) => {
    expect(await send(server)).toContain("no such mailbox");
  });
  expect(await send(serverAt(1))).toBe("the connection was refused");
  const nobody = { ...serverAt(25), host: "nobody.invalid" };
  expect(await send(nobody)).toBe("nobody knows the name of the host");
});

test("a server that says nothing is given up when it is time", async () => {
  const silent = createServer(() => undefined).listen(0, "127.0.0.1");
  await new Promise((resolve) => silent.once("listening", resolve));
  const { port } = silent.address() as AddressInfo;
  const before = performance.now();
  expect(await send(serverAt(port), MESSAGE, AbortSignal.timeout(200))).toMatch(
    /^no answer within/,
  );
  expect(performance.now() - before).toBeLessThan(2000);
  silent.close();
});
