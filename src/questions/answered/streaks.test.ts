import fc from "fast-check";
import { expect, test } from "vitest";
import threats from "../../../knowledge/threats.json" with { type: "json" };
import { UNDATED, toTicks } from "../../base/time.ts";
import { byCodeUnits } from "../../base/text.ts";
import { known } from "../../base/assert.ts";
import type { Detection } from "../../model/detection.ts";
import { detection, iso, shuffled, source, ticks } from "../cause/made.test-data.ts";
import { type StreakTerms, findDetected, findVerdicts } from "./streaks.ts";
import { serversOf } from "./streaks-servers.ts";
import { familyOf, parseThreats } from "./threats.ts";

const knowledge = parseThreats(threats);
const TERMS: StreakTerms = {
  knowledge,
  hosts: [],
  servers: new Map([["MX1", "its role in the case file is exchange"]]),
  tests: new Map(),
  asOf: known(toTicks(ticks("2021-12-20T00:00:00Z")), "a time"),
};
const WEB = "C:\\inetpub\\wwwroot\\aspnet_client";
const SHELL = "Backdoor:ASP/Chopper.F!dha";

function verdict(
  at: string,
  path: string | readonly string[],
  threat = SHELL,
  more: { host?: string; offset?: number; ticks?: bigint; outcome?: string; process?: string } = {},
): Detection {
  const { outcome = "acted", process = "w3wp.exe", ...parts } = more;
  const family = familyOf(threat, knowledge);
  const paths = [path].flat();
  return detection(at, {
    ...parts,
    rule: "verdict/defender",
    level: family.level,
    channel: "Defender",
    fields: { threat, family: family.id, outcome, path: paths, process, user: "SYSTEM" },
  });
}

test("a verdict is in a finding from the first day; alone it is no streak", () => {
  const one = verdict("2021-08-13T10:00:00Z", `${WEB}\\a.aspx`);
  const again = verdict("2021-08-14T10:00:00Z", `${WEB}\\A.aspx`);
  const late = verdict("2021-08-21T10:00:01Z", `${WEB}\\b.aspx`);
  const [finding, ...none] = findVerdicts([late, again, one], TERMS);
  expect(none).toEqual([]);
  expect(finding).toMatchObject({
    kind: "rule",
    id: one.id,
    rule: "verdict/web-shell",
    title: "Web shell: 2 files (2 pages in web folders)",
    counts: { files: 2, shells: 2, records: 3 },
  });
});

test("the second file within seven days makes a streak of all that came before and after, whatever the gap", () => {
  const all = [
    verdict("2021-07-01T10:00:00Z", "C:\\Windows\\Temp\\m64.exe", "HackTool:Win64/Mikatz!dha"),
    verdict("2021-08-13T10:00:00Z", `${WEB}\\a.aspx`),
    verdict("2021-08-20T10:00:00Z", `${WEB}\\b.aspx`, SHELL, { outcome: "failed" }),
    verdict("2022-03-01T10:00:00Z", `${WEB}\\c.aspx`, SHELL, { process: "cmd.exe" }),
  ];
  const [streak, ...none] = findVerdicts(all, TERMS);
  expect(none).toEqual([]);
  expect(streak).toMatchObject({
    kind: "streak",
    id: all[0]?.id,
    level: "critical",
    title:
      "Streak of verdicts on the server MX1: 4 files (3 pages in web folders and 1 program or script)",
    firstSeen: all[0]?.ticks,
    lastSeen: all[3]?.ticks,
    detections: all.map(({ id }) => id),
    counts: { files: 4, shells: 3, tools: 1, failed: 1, users: 1, processes: 2, days: 171 },
  });
  expect(streak?.why).toContain(
    "as of 20 December 2021, 00:00 UTC the first of them is 171 days old",
  );
  expect(streak?.why).toContain("which clients stood behind them no antivirus tells");
  // One second later, and nothing was found within a week of anything else.
  const apart = [all[1], verdict("2021-08-20T10:00:01Z", `${WEB}\\b.aspx`)].flatMap(
    (each) => each ?? [],
  );
  expect(findVerdicts(apart, TERMS).map(({ kind }) => kind)).toEqual(["rule"]);
  // The first file again, close to the second one.
  const back = verdict("2021-08-22T10:00:00Z", `${WEB}\\a.aspx`);
  expect(findVerdicts([...apart, back], TERMS).map(({ kind }) => kind)).toEqual(["streak"]);
});

test("shadow copies, devices, long paths and spellings are the file itself; another threat in it is another one", () => {
  const tail = "\\inetpub\\wwwroot\\aspnet_client\\a.aspx";
  const at = "2021-08-13T10:00:00Z";
  const same = [
    `C:${tail}`,
    `c:${tail.toUpperCase()}`,
    `\\\\?\\C:${tail}`,
    `\\Device\\HarddiskVolume4${tail}`,
    `\\Device\\HarddiskVolumeShadowCopy3${tail}`,
    `\\\\?\\GLOBALROOT\\Device\\HarddiskVolumeShadowCopy11${tail}`,
  ].map((path) => verdict(at, path));
  const [finding] = findVerdicts(same, TERMS);
  expect(finding).toMatchObject({
    kind: "rule",
    counts: { files: 1, shells: 1, shadowCopies: 2, resources: 6, records: 6 },
  });
  const [streak] = findVerdicts([...same, verdict(at, `C:${tail}`, "Trojan:ASP/Other")], TERMS);
  expect(streak).toMatchObject({ kind: "streak", counts: { files: 2 } });
  const linux = [verdict(at, "/var/www/a.php"), verdict(at, "/var/www/A.php")];
  expect(findVerdicts(linux, TERMS)[0]).toMatchObject({ kind: "streak", counts: { files: 2 } });
});

test("EICAR, stated tests and unwanted programs stand apart", () => {
  const at = "2021-08-13T10:00:00Z";
  const shell = verdict(at, `${WEB}\\a.aspx`);
  const ours = verdict(at, `${WEB}\\test.aspx`);
  const all = [
    shell,
    ours,
    verdict(at, "C:\\Users\\a\\eicar.com.txt", "Virus:DOS/EICAR_Test_File"),
    verdict(at, "C:\\Program Files\\Backup\\agent.exe", "PUA:Win32/RemoteAgent"),
  ];
  const terms = { ...TERMS, tests: new Map([[ours.id, "Basalt Ltd"]]) };
  const findings = findVerdicts(all, terms).map(({ rule, level, title }) => [rule, level, title]);
  expect(findings.toSorted(([a = ""], [b = ""]) => byCodeUnits(a, b))).toEqual([
    ["verdict/pua", "low", "Unwanted program: 1 file (1 program or script)"],
    [
      "verdict/stated-test",
      "low",
      "Found in the test of Basalt Ltd: 1 file (1 page in a web folder)",
    ],
    ["verdict/test", "informational", "Test file of the antivirus itself: 1 file"],
    ["verdict/web-shell", "high", "Web shell: 1 file (1 page in a web folder)"],
  ]);
  // Whatever it is called, nobody installs a program where the web server serves pages.
  const page = verdict(at, `${WEB}\\u.aspx`, "PUA:Win32/Unwanted");
  expect(findVerdicts([shell, page], TERMS)[0]).toMatchObject({ kind: "streak" });
});

test("on a host that nothing calls a server it is a streak too, and called what it is", () => {
  const all = ["a", "b"].map((name) =>
    verdict("2021-08-13T10:00:00Z", `C:\\Users\\x\\${name}.exe`, "Trojan:Win32/A", { host: "PC7" }),
  );
  expect(findVerdicts(all, TERMS)[0]).toMatchObject({
    kind: "streak",
    level: "high",
    title: "Streak of verdicts on PC7: 2 files (2 programs or scripts)",
  });
});

test("undated verdicts open no streak, and are in the one that is open", () => {
  const undated = ["c", "d"].map((name) =>
    verdict("2021-08-13T10:00:00Z", `${WEB}\\${name}.aspx`, SHELL, { ticks: UNDATED }),
  );
  const [finding] = findVerdicts(undated, TERMS);
  expect(finding).toMatchObject({ kind: "rule", firstSeen: UNDATED, counts: { files: 2 } });
  const dated = ["a", "b"].map((name) => verdict("2021-08-13T10:00:00Z", `${WEB}\\${name}.aspx`));
  expect(findVerdicts([...undated, ...dated], TERMS)[0]).toMatchObject({
    kind: "streak",
    counts: { files: 4 },
    lastSeen: dated[0]?.ticks,
  });
});

test("a finding that was told before keeps its id when the streak takes it in", () => {
  const early = verdict("2021-08-12T10:00:00Z", `${WEB}\\a.aspx`);
  const told = verdict("2021-08-13T10:00:00Z", `${WEB}\\b.aspx`);
  const findings = findVerdicts([early, told], { ...TERMS, opened: [told.id] });
  expect(findings.map(({ id }) => id)).toEqual([told.id]);
});

test("matches of rules on the same records stay findings of their own", () => {
  const one = verdict("2021-08-13T10:00:00Z", `${WEB}\\a.aspx`, SHELL, { offset: 10 });
  const match = detection("2021-08-13T10:00:00Z", { rule: "page", offset: 10 });
  const findings = findDetected([one, match], TERMS);
  expect(findings.map(({ rule }) => rule).toSorted()).toEqual(["page", "verdict/web-shell"]);
  expect(findings.map(({ detections }) => detections.length)).toEqual([1, 1]);
});

test("every verdict is in exactly one finding, in whatever order they come", () => {
  const made = fc.record({
    hour: fc.nat({ max: 1000 }),
    file: fc.nat({ max: 6 }),
    host: fc.constantFrom("MX1", "mx1", "PC7", ""),
    form: fc.constantFrom("C:", "\\Device\\HarddiskVolumeShadowCopy1", "D:"),
    threat: fc.constantFrom(SHELL, "PUA:Win32/A", "Virus:DOS/EICAR_Test_File", "Trojan:Win32/A"),
    offset: fc.nat({ max: 300 }),
  });
  fc.assert(
    fc.property(fc.array(made, { maxLength: 60 }), fc.nat(), (rows, seed) => {
      const all = rows.map(({ hour, file, host, form, threat, offset }) =>
        verdict(
          iso(ticks("2021-08-01T00:00:00Z") + BigInt(hour) * 36_000_000_000n),
          `${form}\\inetpub\\${file}.aspx`,
          threat,
          { host, offset: offset * 10_000 + hour },
        ),
      );
      const unique = [...new Map(all.map((each) => [each.id, each])).values()];
      const plain = findVerdicts(unique, TERMS);
      expect(findVerdicts(shuffled(unique, seed), TERMS)).toEqual(plain);
      const ids = plain.flatMap(({ detections }) => detections);
      expect(ids.toSorted()).toEqual(unique.map(({ id }) => id).toSorted());
      const streaks = plain.filter(({ kind }) => kind === "streak").map(({ host }) => host);
      expect(new Set(streaks).size).toBe(streaks.length);
      expect(streaks.toSorted()).toEqual(naiveStreaks(unique));
    }),
    { numRuns: 100 },
  );
});

/** Hosts with any two different files within a week, by looking at every pair. */
function naiveStreaks(verdicts: readonly Detection[]): string[] {
  const attack = verdicts.filter(({ fields }) => fields["family"] !== "test");
  const hosts = new Set<string>();
  const tails = new Map<string, Set<string>>();
  const parts = ({ host, fields }: Detection) => {
    const path = String([fields["path"]].flat()[0]);
    const tail = path.replace(/^(?:[CD]:|\\Device\\[^\\]+)/, "");
    return { host: host.toUpperCase(), tail, drive: /^([CD]):/.exec(path)?.[1] ?? null };
  };
  for (const each of verdicts) {
    const { host, tail, drive } = parts(each);
    if (drive === null) continue;
    tails.set(host + tail, (tails.get(host + tail) ?? new Set<string>()).add(drive));
  }
  const keyOf = (each: Detection) => {
    const { host, tail, drive } = parts(each);
    const first = [...(tails.get(host + tail) ?? [])].toSorted()[0] ?? "?";
    return `${drive ?? first}${tail} ${String(each.fields["threat"])}`;
  };
  for (const one of attack)
    for (const other of attack) {
      const near = one.ticks - other.ticks <= 7n * 864_000_000_000n && one.ticks >= other.ticks;
      if (parts(one).host === parts(other).host && near && keyOf(one) !== keyOf(other))
        hosts.add(parts(one).host);
    }
  const spelt = new Set(verdicts.map(({ host }) => host));
  return [...hosts].map((host) => (host === "MX1" && !spelt.has("MX1") ? "mx1" : host)).toSorted();
}

test("servers are told by the case file, by logs that only servers write, by their system", () => {
  const nothing = { hosts: [], coverage: { sources: [] }, observations: { observations: [] } };
  const host = (name: string, ...roles: string[]) => ({ name, addresses: [], aliases: [], roles });
  const named = serversOf(
    {
      ...nothing,
      hosts: [host("MX1", "exchange"), host("PC7", "workstation"), host("WEB1")],
      coverage: {
        sources: ["PC7", "web1", "MX1"].map((name) =>
          source("W3SVC1", "2021-06-01T00:00:00Z", "2021-07-01T00:00:00Z", { host: name }),
        ),
      },
    },
    knowledge,
  );
  expect([...named]).toEqual([
    ["MX1", "its role in the case file is exchange"],
    ["WEB1", "logs of it are here that only servers write"],
  ]);
});

test("100,000 verdicts are streaks in under three seconds", () => {
  const rows = Array.from({ length: 100_000 }, (_, at) =>
    verdict("2021-08-13T10:00:00Z", `${WEB}\\${at % 5000}.aspx`, SHELL, {
      ticks: ticks("2021-08-13T10:00:00Z") + BigInt((at * 7919) % 99_991) * 600_000_000n,
      host: `HOST${at % 40}`,
      offset: at,
    }),
  );
  // Of this thread alone: other tests run beside it.
  const start = process.threadCpuUsage();
  const findings = findVerdicts(rows, TERMS);
  const { user, system } = process.threadCpuUsage(start);
  const millis = (user + system) / 1000;
  expect(findings.map(({ kind }) => kind)).toEqual(Array.from({ length: 40 }, () => "streak"));
  expect(findings.reduce((sum, { detections }) => sum + detections.length, 0)).toBe(100_000);
  process.stderr.write(`100,000 verdicts grouped in ${Math.round(millis)} ms\n`);
  expect(millis).toBeLessThan(3000);
});
