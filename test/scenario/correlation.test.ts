/**
 * A correlation through a whole investigation: guesses at a password in two logs, then a request that is let in. However the logs are
 * read, and whenever it is replayed, the finding is the same; the rules that only feed the correlation tell nothing of their own.
 */
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  Pace,
  type Vault,
  dossierOf,
  investigate,
  watchLogs,
  withVault,
} from "../../src/casework/index.ts";
import { derivedNow } from "../../src/casework/investigate.ts";
import type { Dossier } from "../../src/model/dossier.ts";
import { at, inFolder, settingsIn } from "./investigation.ts";

const HEADER =
  "#Software: Microsoft Internet Information Services 10.0\r\n#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) sc-status sc-substatus sc-win32-status time-taken\r\n";

function line(second: number, address: string, status: number): string {
  const time = new Date(second * 1000).toISOString().slice(11, 19);
  return `2021-08-13 ${time} 10.0.0.5 POST /owa/auth.owa - 443 - ${address} Mozilla/5.0+(x) ${status} 0 0 0\r\n`;
}

/** Every second guess stands in the other log, as behind a load balancer; 203.0.113.9 guesses too little. */
function log(half: number): string {
  const guesses = Array.from({ length: 30 }, (_, n) => n)
    .filter((n) => n % 2 === half)
    .map((n) => line(3_600 + 5 * n, "198.51.100.7", 401));
  const few = [line(3_600, "203.0.113.9", 401), line(3_700, "203.0.113.9", 200)];
  const inside = half === 1 ? [line(3_800, "198.51.100.7", 200)] : few;
  return HEADER + guesses.join("") + inside.join("");
}

const RULES = `title: Guesses at a password, then a way in
id: guessed-in
level: high
correlation:
  type: temporal_ordered
  rules: [guesses, let_in]
  group-by: [c-ip]
  timespan: 10m
---
title: Many requests turned away
name: guesses
correlation:
  type: event_count
  rules: [turned_away]
  group-by: [c-ip]
  timespan: 5m
  condition: { gte: 20 }
---
title: Turned away
name: turned_away
level: high
logsource: { product: windows, service: iis }
detection: { a: { sc-status: 401 }, condition: a }
---
title: Let in
name: let_in
level: high
logsource: { product: windows, service: iis }
detection: { a: { sc-status: 200 }, condition: a }
`;

function investigated(
  vault: Vault,
  paths: readonly string[],
  { workers = 1, rules = RULES, asOf = "2021-12-31T00:00:00Z" } = {},
): Promise<Dossier> {
  const request = {
    paths,
    by: "a scenario",
    rules: [{ file: "rules.yml", text: rules }],
    caseFile: null,
    asOf: at(asOf),
    from: null,
    to: null,
    byReference: false,
    passwords: null,
    claims: null,
    workers,
  };
  return investigate(vault, request, new Pace());
}

async function run(folder: string, vault: string, logs: readonly string[], workers: number) {
  return withVault(join(folder, vault), settingsIn(folder), { createBy: "x" }, async (open) => {
    let dossier: Dossier | null = null;
    for (const path of logs) dossier = await investigated(open, [path], { workers });
    const kept = (await derivedNow(open, new Pace())).derived.analysis.detections;
    rmSync(join(folder, vault, "derived"), { recursive: true, force: true });
    const again = await dossierOf(open, null, new Pace());
    const replayed = (await derivedNow(open, new Pace())).derived.analysis.detections;
    return { dossier, again, kept, replayed };
  });
}

function text(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === "bigint" ? String(inner) : inner,
  );
}

test("one finding of a chain, however it is read", { timeout: 60_000 }, async () => {
  await inFolder(async (folder) => {
    const logs = [0, 1].map((half) => join(folder, `u_ex${half}.log`));
    logs.forEach((path, half) => writeFileSync(path, log(half)));
    const [first = "", second = ""] = logs;
    const one = await run(folder, "one", [first, second], 1);
    const two = await run(folder, "two", [second, first], 2);

    const [finding, ...rest] = (one.dossier?.findings ?? []).filter(({ rule }) => rule !== null);
    expect(rest.map(({ title }) => title)).toEqual([]);
    expect(finding).toMatchObject({
      title: "Guesses at a password, then a way in",
      level: "high",
      firstSeen: at("2021-08-13T01:00:00Z"),
      lastSeen: at("2021-08-13T01:03:20Z"),
      why: "one correlation that began on a host that nothing names: 31 records together",
    });
    expect(finding?.examples).toHaveLength(5);
    expect(one.kept).toHaveLength(1);
    expect(one.kept[0]?.correlated).toMatchObject({
      until: at("2021-08-13T01:03:20Z"),
      group: { "c-ip": "198.51.100.7" },
      eventsTotal: 31,
    });
    expect(one.kept[0]?.correlated?.events.map(({ file }) => file.slice(-6)).slice(0, 2)).toEqual([
      "x0.log",
      "x1.log",
    ]);
    for (const other of [one.replayed, two.kept, two.replayed])
      expect(text(other)).toBe(text(one.kept));
    expect(one.again.findings.map(({ id }) => id)).toEqual(
      one.dossier?.findings.map(({ id }) => id),
    );
    expect(two.dossier?.findings.map(({ id }) => id)).toContain(finding?.id);
  });
});

test("a guess that comes late changes the detection, and the finding stays the same", {
  timeout: 60_000,
}, async () => {
  await inFolder(async (folder) => {
    const guesses = Array.from({ length: 25 }, (_, n) => line(3_600 + 5 * n, "198.51.100.7", 401));
    const logs = [
      [...guesses, line(3_800, "198.51.100.7", 200)],
      [line(3_618, "198.51.100.7", 401)],
      [line(3_590, "198.51.100.7", 401)],
    ].map((lines, n) => {
      const path = join(folder, `u_ex${n}.log`);
      writeFileSync(path, HEADER + lines.join(""));
      return path;
    });
    await withVault(join(folder, "v"), settingsIn(folder), { createBy: "x" }, async (vault) => {
      const told: (Dossier["findings"][number] | undefined)[] = [];
      for (const path of logs)
        told.push(
          (await investigated(vault, [path])).findings.find(({ rule }) => rule === "guessed-in"),
        );
      expect(told.map((one) => one?.detections.length)).toEqual([1, 1, 1]);
      expect(new Set(told.flatMap((one) => one?.detections)).size).toBe(3);
      expect(new Set(told.map((one) => one?.id)).size).toBe(1);
      expect(new Set(told.map((one) => one?.opened)).size).toBe(1);
      expect(told[2]?.firstSeen).toBe(at("2021-08-13T00:59:50Z"));
    });
  });
});

const ALONE = `title: Turned away, and never let in
id: never-in
correlation:
  type: temporal
  condition: turned_away and not let_in
  group-by: [c-ip]
  timespan: 10m
---
${RULES.split("---\n").slice(2).join("---\n")}`;

test("what did not happen is told once its time is over, though no log grows", {
  timeout: 60_000,
}, async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "u_ex.log");
    writeFileSync(path, HEADER + line(3_600, "198.51.100.7", 401));
    await withVault(join(folder, "v"), settingsIn(folder), { createBy: "x" }, async (vault) => {
      let now = at("2021-08-13T01:05:00Z");
      await investigated(vault, [], { rules: ALONE, asOf: "2021-08-13T01:05:00Z" });
      const end = new AbortController();
      const told: number[] = [];
      const watching = {
        paths: [path],
        syslog: null,
        by: "a scenario",
        clock: () => now,
        notice: () => undefined,
        signal: end.signal,
        runMillis: 200,
        turn: async <T>(work: () => Promise<T>): Promise<T> => {
          const made = await work();
          const { findings } = await dossierOf(vault, null, new Pace());
          told.push(findings.filter(({ rule }) => rule === "never-in").length);
          if (told.length === 1) now = at("2021-08-13T01:10:01Z");
          else end.abort();
          return made;
        },
      };
      await watchLogs(vault, watching, new Pace(() => undefined, end.signal));
      expect(told).toEqual([0, 1]);
    });
  });
});
