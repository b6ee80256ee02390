/**
 * A correlation through a whole investigation: guesses at a password in two logs, then a request that is let in. However the logs are
 * read, and whenever it is replayed, the finding is the same; the rules that only feed the correlation tell nothing of their own.
 */
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Pace, dossierOf, investigate, withVault } from "../../src/casework/index.ts";
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

async function run(folder: string, vault: string, logs: readonly string[], workers: number) {
  return withVault(join(folder, vault), settingsIn(folder), { createBy: "x" }, async (open) => {
    let dossier: Dossier | null = null;
    for (const path of logs)
      dossier = await investigate(
        open,
        {
          paths: [path],
          by: "a scenario",
          rules: [{ file: "rules.yml", text: RULES }],
          caseFile: null,
          asOf: at("2021-12-31T00:00:00Z"),
          from: null,
          to: null,
          byReference: false,
          passwords: null,
          claims: null,
          workers,
        },
        new Pace(),
      );
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
    expect(finding).toMatchObject({ title: "Guesses at a password, then a way in", level: "high" });
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
