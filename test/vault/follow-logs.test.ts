/** Following as `serve` does it: files and syslog at once, told only of what is committed, ended cleanly. */
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { appendFileSync, writeFileSync } from "node:fs";
import { createConnection } from "node:net";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { expect, test } from "vitest";
import { readAll } from "../../src/base/source.ts";
import { openEvidence } from "../../src/casework/evidence.ts";
import { followLogs, logsOf } from "../../src/casework/logs/index.ts";
import type { FollowSettings } from "../../src/casework/logs/index.ts";
import { createVault, openVault, verifyVault } from "../../src/casework/vault/index.ts";
import type { Vault } from "../../src/casework/vault/index.ts";
import type { Evidence } from "../../src/model/evidence.ts";
import { temporaryFolder } from "./make-vault.ts";
import { settingsIn, verifySettings } from "./settings.ts";

function textOf(vault: Vault, evidence: Evidence): string {
  const source = openEvidence(vault, evidence);
  try {
    return Buffer.from(readAll(source)).toString();
  } finally {
    source.close();
  }
}

async function follow(vault: Vault, settings: Partial<FollowSettings>) {
  const told: Evidence[] = [];
  const notices: string[] = [];
  const ending = new AbortController();
  const following = await followLogs(vault, {
    paths: [],
    syslog: null,
    by: "Ann",
    onCommitted: (evidence) => void told.push(evidence),
    onNotice: (line) => void notices.push(line),
    signal: ending.signal,
    ...settings,
  });
  const end = async () => {
    ending.abort();
    await following.done;
  };
  return { ...following, told, notices, end };
}

/** Waits until `holds`, at most ten seconds. */
async function until(holds: () => boolean): Promise<void> {
  for (let turn = 0; turn < 500 && !holds(); turn++) await setTimeout(20);
  expect(holds()).toBe(true);
}

function freshVault() {
  const folder = temporaryFolder();
  const settings = settingsIn(folder);
  const vault = createVault(join(folder, "vault"), "Ann", settings);
  const verify = () => verifyVault(join(folder, "vault"), verifySettings(settings));
  return { folder, vault, verify };
}

test("files and syslog at once: what is told is committed, and the end is clean and quick", async () => {
  const { folder, vault, verify } = freshVault();
  const log = join(folder, "app.log");
  writeFileSync(log, "one\n");
  const syslog = { host: "127.0.0.1", port: 0 };
  const following = await follow(vault, { paths: [log], syslog });
  const port = following.syslogPort ?? 0;
  const datagrams = createSocket("udp4");
  for (const text of ["<34>udp one\n", "<34>udp\ntwo"]) datagrams.send(text, port, "127.0.0.1");
  const connection = createConnection(port, "127.0.0.1");
  connection.write("<34>tcp one\n14 <34>tcp\n two a<34>half");
  appendFileSync(log, "two\nthr");
  await until(() => following.told.some(({ file, sizeBytes }) => file === log && sizeBytes === 8));
  await until(() => following.told.some(({ file, sizeBytes }) => file !== log && sizeBytes >= 57));
  for (const evidence of following.told)
    expect(Buffer.byteLength(textOf(vault, evidence))).toBe(evidence.sizeBytes);
  // While it runs, a verify beside it finds nothing wrong.
  expect(verify()).toMatchObject({ intact: true, unfinished: [] });
  const before = performance.now();
  await following.end();
  expect(performance.now() - before).toBeLessThan(1000);
  datagrams.close();
  connection.destroy();
  const [files, messages] = logsOf(vault);
  if (files === undefined || messages === undefined) throw new Error("two logs");
  expect(textOf(vault, files)).toBe("one\ntwo\n");
  expect(messages.file).toBe(`syslog:${port}`);
  const lines = textOf(vault, messages).split("\n").slice(0, -1);
  expect(lines.toSorted()).toEqual(
    ["<34>half", "<34>tcp one", "<34>tcp#012 two a", "<34>udp one", "<34>udp#012two"].sort(),
  );
  vault.close();
  expect(verify()).toMatchObject({ intact: true, unchecked: [] });
});

test("syslog goes on in the same log after a restart; a port that is taken is a fault", async () => {
  const { folder, vault } = freshVault();
  const first = await follow(vault, { syslog: { host: "127.0.0.1", port: 0 } });
  const port = first.syslogPort ?? 0;
  await expect(follow(vault, { syslog: { host: "127.0.0.1", port } })).rejects.toMatchObject({
    code: "port-in-use",
  });
  await expect(follow(vault, { syslog: { host: "192.0.2.1", port: 0 } })).rejects.toMatchObject({
    code: "usage",
  });
  await expect(follow(vault, { paths: [join(folder, "nowhere")] })).rejects.toMatchObject({
    code: "not-found",
  });
  await sendOver(port, "<1>one\n");
  await until(() => first.told.length > 0);
  await first.end();
  vault.close();
  const again = openVault(join(folder, "vault"), settingsIn(folder, "again"));
  const second = await follow(again, { syslog: { host: "127.0.0.1", port } });
  await sendOver(port, "<1>two\n");
  await until(() => second.told.length > 0);
  await second.end();
  expect(logsOf(again).map((log) => textOf(again, log))).toEqual(["<1>one\n<1>two\n"]);
  again.close();
});

async function sendOver(port: number, text: string): Promise<void> {
  const connection = createConnection(port, "127.0.0.1");
  connection.end(text);
  await once(connection, "close");
}

test("a sender faster than the disk waits: over TCP nothing is dropped, and memory stays bounded", async () => {
  const { vault } = freshVault();
  const following = await follow(vault, { syslog: { host: "127.0.0.1", port: 0 } });
  const line = `<34>${"x".repeat(1000)}\n`;
  const count = 40_000;
  const connection = createConnection(following.syslogPort ?? 0, "127.0.0.1");
  for (let sent = 0; sent < count; sent += 1000)
    if (!connection.write(line.repeat(1000))) await once(connection, "drain");
  connection.end();
  await once(connection, "close");
  await until(() => following.told.at(-1)?.sizeBytes === count * line.length);
  await following.end();
  expect(following.notices).toEqual([]);
  vault.close();
});

test("while a listener is busy only the newest is kept for it, and what it throws ends the following", async () => {
  const { folder, vault } = freshVault();
  const log = join(folder, "app.log");
  writeFileSync(log, "one\n");
  const told: number[] = [];
  const onCommitted = async ({ sizeBytes }: Evidence) => {
    told.push(sizeBytes);
    await setTimeout(1500);
    if (told.length === 2) throw new Error("the listener failed");
  };
  const following = await follow(vault, { paths: [log], onCommitted });
  const writer = setInterval(() => appendFileSync(log, "two\n"), 200);
  await expect(following.done).rejects.toThrow("the listener failed");
  clearInterval(writer);
  expect(told).toHaveLength(2);
  expect(told[1]).toBeGreaterThan(8);
  // The segment is closed all the same.
  const kinds = vault.entries().map(({ kind }) => kind);
  expect(kinds).toEqual(["vault-created", "log-opened", "log-closed"]);
  vault.close();
});
