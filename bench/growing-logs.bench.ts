/** What it costs to follow: a log of 5,000 lines a second on a real disk, syslog at its fastest, and catching up on a file. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { expect, test } from "vitest";
import { followLogs } from "../src/casework/logs/index.ts";
import { createVault } from "../src/casework/vault/index.ts";
import { settingsIn } from "../test/vault/settings.ts";
import { FULL } from "./measure.ts";

const LINE = `<34>1 2021-08-13T04:12:05.678Z mail w3svc - - - ${"x".repeat(80)}\n`;
const SECONDS = FULL ? 20 : 1;
const LINES_PER_SECOND = 5000;
const CATCH_UP_BYTES = FULL ? 1_073_741_824 : 8_388_608;

/** The writer is another process: its time is not that of following. */
const WRITER = `
  const [log, line, count] = [process.argv[1], process.argv[2], Number(process.argv[3])];
  const { appendFileSync } = require("node:fs");
  let left = count;
  const timer = setInterval(() => {
    appendFileSync(log, line.repeat(${LINES_PER_SECOND / 50}));
    left -= ${LINES_PER_SECOND / 50};
    if (left <= 0) clearInterval(timer);
  }, 20);`;

/** Follows a log and syslog while `work` goes on, until `bytes` are committed; prints CPU and wall time, gives what was committed. */
async function following(
  name: string,
  bytes: number,
  work: (log: string, port: number) => Promise<unknown>,
): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "breakwater-bench-"));
  try {
    const vault = createVault(join(folder, "vault"), "Ann", settingsIn(folder));
    const log = join(folder, "app.log");
    writeFileSync(log, "");
    await work(log, 0);
    const ending = new AbortController();
    let committed = 0;
    let commits = 0;
    const sizes = new Map<string, number>();
    const [before, start] = [process.cpuUsage(), performance.now()];
    const { done, syslogPort } = await followLogs(vault, {
      paths: [log],
      syslog: { host: "127.0.0.1", port: 0 },
      by: "Ann",
      onCommitted: ({ hash, sizeBytes }) => {
        sizes.set(hash, sizeBytes);
        committed = [...sizes.values()].reduce((sum, size) => sum + size, 0);
        commits++;
      },
      onNotice: () => undefined,
      signal: ending.signal,
    });
    const working = work(log, syslogPort ?? 0);
    while (committed < bytes) await setTimeout(10);
    const seconds = (performance.now() - start) / 1000;
    const { user, system } = process.cpuUsage(before);
    await working;
    ending.abort();
    await done;
    vault.close();
    const cpu = (user + system) / 1e6;
    const rate = committed / seconds / 1e6;
    const lines = Math.round(committed / LINE.length / seconds);
    process.stdout.write(
      `bench: ${name}: ${rate.toFixed(1)} MB/s, ${lines} lines/s, ${((100 * cpu) / seconds).toFixed(1)} % of a core, ${commits} commits, ${seconds.toFixed(1)} s\n`,
    );
    return committed;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test("5,000 lines a second are followed at a few percent of a core", async () => {
  const lines = LINES_PER_SECOND * SECONDS;
  const bytes = lines * LINE.length;
  const committed = await following("a log of 5,000 lines/s", bytes, async (log, port) => {
    if (port === 0) return;
    const writer = spawn(process.execPath, ["-e", WRITER, log, LINE, String(lines)]);
    await once(writer, "close");
  });
  expect(committed).toBe(bytes);
});

test("catching up on a complete file", async () => {
  const bytes = Math.floor(CATCH_UP_BYTES / LINE.length) * LINE.length;
  const block = LINE.repeat(100_000);
  const committed = await following("catching up", bytes, async (log, port) => {
    // Before anybody follows, the port is 0.
    if (port !== 0) return;
    for (let left = bytes; left > 0; left -= block.length)
      appendFileSync(log, block.slice(0, left));
  });
  expect(committed).toBe(bytes);
});

test("syslog over TCP as fast as it comes", async () => {
  const lines = FULL ? 1_000_000 : 20_000;
  const bytes = lines * LINE.length;
  const committed = await following("syslog over TCP", bytes, async (_, port) => {
    if (port === 0) return;
    const connection = createConnection(port, "127.0.0.1");
    for (let sent = 0; sent < lines; sent += 1000)
      if (!connection.write(LINE.repeat(1000))) await once(connection, "drain");
    connection.end();
    await once(connection, "close");
  });
  expect(committed).toBe(bytes);
});
