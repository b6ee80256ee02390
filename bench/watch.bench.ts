/**
 * Watching at 5,000 lines a second with all rules: what it takes of a core, and how long after its line a detection is told. The writer is
 * another process, which says when it wrote each line that a rule matches.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { createInterface } from "node:readline";
import { expect, test } from "vitest";
import {
  OWN_RULES,
  Pace,
  investigate,
  readRuleFiles,
  watchLogs,
  withVault,
} from "../src/casework/index.ts";
import { settingsIn } from "../test/scenario/investigation.ts";
import { shared } from "../test/shared.ts";
import { FULL } from "./measure.ts";

const SECONDS = FULL ? 90 : 3;
const PER_SECOND = 5000;
const BEATS = 50;
/** A detection is told this long after its line at the latest; a test machine may be busy with other tests. */
const TOLD_MILLIS_MAX = FULL ? 2000 : 20_000;
const FIELDS =
  "#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) sc-status sc-substatus sc-win32-status time-taken\n";

const WRITER = `
  const [log, seconds] = [process.argv[1], Number(process.argv[2])];
  const { openSync, writeSync } = require("node:fs");
  const file = openSync(log, "a");
  const start = Date.now();
  const stamp = () => new Date().toISOString().slice(0, 19).replace("T", " ");
  let [beat, marks] = [0, 0];
  const timer = setInterval(() => {
    // As many as are due: a busy machine fires late.
    for (; beat < (Date.now() - start) / 1000 * ${BEATS}; beat++) {
      if (beat >= seconds * ${BEATS}) return clearInterval(timer);
      let text = "";
      for (let line = 0; line < ${PER_SECOND / BEATS}; line++)
        text += stamp() + " 10.0.0.5 POST /Microsoft-Server-ActiveSync/default.eas Cmd=Ping&User=CLINIC%5Cp" + line + "&DeviceId=ABCDEF0123456789&DeviceType=iPhone 443 CLINIC\\\\p" + line + " 198.51.100." + line + " Apple-iPhone12C1/1806.72 200 0 0 " + (line * 13) + "\\n";
      if (beat % 25 === 0)
        text += stamp() + " 10.0.0.5 POST /aspnet_client/mark" + ++marks + ".aspx - 443 - 203.0.113.9 Mozilla/5.0 200 0 0 15\\n";
      writeSync(file, text);
      if (beat % 25 === 0) console.log(beat * ${PER_SECOND / BEATS} + ${PER_SECOND / BEATS} + marks + 1, Date.now());
    }
  }, 5);`;

interface Seen {
  readonly written: ReadonlyMap<number, number>;
  readonly told: ReadonlyMap<number, number>;
  readonly cpuShare: number;
  readonly runs: number;
  readonly rules: number;
}

async function watched(folder: string): Promise<Seen> {
  const log = join(folder, "u_ex211231.log");
  writeFileSync(log, FIELDS);
  const settings = settingsIn(folder);
  const paths = [OWN_RULES, shared("sigma", "rules")].flatMap((path) => path ?? []);
  const rules = await readRuleFiles(paths, new Pace());
  return await withVault(join(folder, "vault"), settings, { createBy: "Ann" }, async (vault) => {
    const request = { paths: [], by: "Ann", caseFile: null, asOf: settings.clock() };
    const more = { from: null, to: null, byReference: false, passwords: null, claims: null };
    const dossier = await investigate(vault, { ...request, ...more, rules }, new Pace());
    const [written, told] = [new Map<number, number>(), new Map<number, number>()];
    let runs = 0;
    const end = new AbortController();
    const [before, start] = [process.cpuUsage(), performance.now()];
    const watching = watchLogs(
      vault,
      {
        paths: [log],
        syslog: null,
        by: "Ann",
        clock: settings.clock,
        signal: end.signal,
        ...(FULL ? {} : { runMillis: 1000 }),
        turn: (work) => work(),
        notice: (line) => {
          const record = /^detected: .* (\d+)\)$/.exec(line)?.[1];
          if (record !== undefined && !told.has(Number(record)))
            told.set(Number(record), Date.now());
          if (line.startsWith("run:")) runs++;
        },
      },
      new Pace(),
    );
    const writer = spawn(process.execPath, ["-e", WRITER, log, String(SECONDS)]);
    for await (const line of createInterface({ input: writer.stdout })) {
      const [record, millis] = line.split(" ").map(Number);
      if (record !== undefined && millis !== undefined) written.set(record, millis);
    }
    for (let left = 200; told.size < written.size && left > 0; left--) await setTimeout(100);
    const { user, system } = process.cpuUsage(before);
    const cpuShare = (user + system) / 1e3 / (performance.now() - start);
    end.abort();
    await watching;
    return { written, told, cpuShare, runs, rules: dossier.rules.run };
  });
}

test("5,000 lines a second with all rules: told within two seconds, on one core", {
  timeout: 300_000,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), "breakwater-bench-"));
  try {
    const { written, told, cpuShare, runs, rules } = await watched(folder);
    const delays = [...written].map(
      ([line, millis]) => (told.get(line) ?? Number.POSITIVE_INFINITY) - millis,
    );
    const sorted = delays.toSorted((a, b) => a - b);
    const [middle, worst] = [sorted[sorted.length >> 1] ?? 0, sorted.at(-1) ?? 0];
    process.stdout.write(
      `bench: watch: ${PER_SECOND} lines/s for ${SECONDS} s, ${rules} rules, ${(100 * cpuShare).toFixed(0)} % of a core, ${runs} runs; told after ${middle} ms, the last of ${written.size} after ${worst} ms\n`,
    );
    expect([...told.keys()].toSorted((a, b) => a - b)).toEqual([...written.keys()]);
    expect(worst).toBeLessThan(TOLD_MILLIS_MAX);
    // Tiny, it is mostly the plan of thousands of rules.
    expect(cpuShare).toBeLessThan(FULL ? 1 : 2);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
