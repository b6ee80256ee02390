/** The aftermath over the shipped knowledge and made batches: each state, every hole, whose change it is, order, hostile values. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { SourceCoverage } from "../../../model/coverage.ts";
import type { FormatId } from "../../../model/evidence.ts";
import {
  DAY,
  type MadeRow,
  batch,
  detection,
  reference,
  shuffled,
  ticks,
} from "../made.test-data.ts";
import { aftermathsOf } from "./aftermath.ts";
import {
  END,
  ON,
  TERMS,
  aftermathOf,
  check,
  event,
  firstOn,
  log,
} from "./made-aftermath.test-data.ts";
import { createChanges } from "./rows.ts";
import { tellAftermaths, unknownAftermaths } from "./words.ts";

const CREATED = event("2021-08-21T03:00:00Z", 4720, {
  TargetUserName: "svc_backup2",
  SubjectUserName: "MX1$",
});
const SECURITY = log("Security", "2021-06-01T00:00:00Z", END);

test("without a first exploitation there is no aftermath", () => {
  expect(aftermathOf({ batches: [CREATED], cause: { first: [], ownTests: [] } })).toEqual([]);
});

test("found: with time, host, who, reference; whose change it was, a person must say", () => {
  const told = check("accounts", { batches: [CREATED], sources: [SECURITY] });
  expect(told).toMatchObject({
    state: "found",
    changesTotal: 1,
    changes: [
      {
        ticks: ticks("2021-08-21T03:00:00Z"),
        host: "MX1",
        what: "account svc_backup2 created",
        by: "MX1$",
        at: { offset: 0 },
      },
    ],
  });
  expect(told?.why).toBe(
    "1 change since 2021-08-20T04:00:00Z. Whether the intruder made it or an administrator, a person must say.",
  );
});

test("what came before the first exploitation is none of the intruder's", () => {
  const before = event("2021-08-19T03:00:00Z", 4720, { TargetUserName: "a" });
  expect(check("accounts", { batches: [before], sources: [SECURITY] })?.state).toBe("clean");
});

test("a page is written before it is found: the hour before belongs to it", () => {
  const just = event("2021-08-20T03:30:00Z", 4720, { TargetUserName: "a" });
  expect(check("accounts", { batches: [just] })?.changes.map(({ what }) => what)).toEqual([
    "account a created",
  ]);
});

test("while traces and a hole contest the date, changes since those traces are told as such", () => {
  const trace = {
    rung: "probed",
    first: ticks("2021-08-18T00:00:00Z"),
    last: ticks("2021-08-18T00:00:00Z"),
    digits: 0,
    count: 1,
    at: [],
  } as const;
  const gap = {
    from: ticks("2021-08-18T06:00:00Z"),
    to: ticks("2021-08-19T00:00:00Z"),
    kind: "quiet",
    why: "",
    before: reference("a", 0),
    after: reference("a", 1),
  } as const;
  const before = event("2021-08-19T03:00:00Z", 4720, { TargetUserName: "a" });
  const given = { batches: [before], sources: [SECURITY] };
  const contested = firstOn("MX1", {
    earlier: [trace],
    hiddenBy: [{ host: "MX1", channel: "W3SVC1", gap }],
  });
  const told = check("accounts", { ...given, first: contested });
  expect(told?.state).toBe("found");
  expect(told?.changes[0]?.what).toMatch(/^account a created \(before the first exploitation/);
  // Traces alone, with logs that are whole, contest nothing; nor does what is months old.
  expect(check("accounts", { ...given, first: firstOn("MX1", { earlier: [trace] }) })?.state).toBe(
    "clean",
  );
});

test.each<[string, SourceCoverage[], RegExp]>([
  ["no witness", [], /^No evidence here would show it\. The Security log of the server/],
  [
    "a late begin",
    [log("Security", "2021-10-01T00:00:00Z", END)],
    /nothing was looked at from 2021-08-20T04:00:00Z to 2021-10-01T00:00:00Z \(MX1 Security begins later\)/,
  ],
  [
    "an early end",
    [log("Security", "2021-06-01T00:00:00Z", "2021-12-01T00:00:00Z")],
    /nothing was looked at from 2021-12-01T00:00:00Z to 2021-12-16T00:00:00Z/,
  ],
  [
    "a hole",
    [
      log("Security", "2021-06-01T00:00:00Z", END, {
        gaps: [
          {
            from: ticks("2021-09-01T00:00:00Z"),
            to: ticks("2021-09-03T00:00:00Z"),
            kind: "cleared",
            why: "",
            before: reference("a", 0),
            after: reference("a", 1),
          },
        ],
      }),
    ],
    /from 2021-09-01T00:00:00Z to 2021-09-03T00:00:00Z \(MX1 Security: emptied\)/,
  ],
  [
    "another host's log",
    [log("Security", "2021-06-01T00:00:00Z", END, { host: "DC1" })],
    /^No evidence here would show it/,
  ],
])("not looked at: %s", (_, sources, why) => {
  const told = check("accounts", { sources });
  expect(told?.state).toBe("not-looked-at");
  expect(told?.why).toMatch(why);
  // A find beats a hole, and the hole is still said.
  const found = check("accounts", { sources, batches: [CREATED] });
  expect([found?.state, found?.why.includes("There may be more")]).toEqual(["found", true]);
});

test("two witnesses together cover what neither does alone", () => {
  const tasks = "Microsoft-Windows-TaskScheduler/Operational";
  const sources = [
    log(tasks, "2021-06-01T00:00:00Z", "2021-10-01T00:00:00Z"),
    log(tasks, "2021-09-30T00:00:00Z", END, { format: "windows-json" }),
  ];
  expect(check("scheduled-tasks", { sources })?.state).toBe("clean");
  expect(check("scheduled-tasks", { sources: sources.slice(0, 1) })?.state).toBe("not-looked-at");
});

test("a log is no witness of what it writes only where auditing is on, unless a record proves that it was", () => {
  const given = { sources: [SECURITY] };
  const told = check("scheduled-tasks", given);
  expect([told?.state, told?.over[0]]).toEqual([
    "not-looked-at",
    "MX1 Security from 2021-06-01T00:00:00Z to 2021-12-16T00:00:00Z (nothing shows that it is audited)",
  ]);
  const earlier = event("2021-07-01T00:00:00Z", 4698, { TaskName: "\\Backup" });
  expect(check("scheduled-tasks", { ...given, batches: [earlier] })?.state).toBe("clean");
});

test("machine keys are never clean, and the advice says how to look", () => {
  const told = check("machine-keys", {
    sources: [SECURITY, log("Application", "2021-01-01T00:00:00Z", END)],
  });
  expect(told?.state).toBe("not-looked-at");
  expect(told?.why).toContain("make new keys for every site");
});

test("a mailbox that gets a new quota, a failed cmdlet, Windows' own accounts are no changes", () => {
  const at = "2021-09-01T00:00:00Z";
  const management = { at, channel: "MSExchange Management" };
  const rows: MadeRow[] = [
    {
      ...management,
      eventId: 1,
      fields: { Cmdlet: "Set-Mailbox", "Parameters.IssueWarningQuota": "5" },
    },
    { ...management, eventId: 6, fields: { Cmdlet: "New-InboxRule" } },
    { at, channel: "Security", eventId: 4672, fields: { SubjectUserName: "MX1$" } },
    { at, channel: "Security", eventId: 4672, fields: { SubjectUserName: "SYSTEM" } },
    {
      at,
      channel: "Security",
      eventId: 4624,
      fields: { TargetUserName: "a", LogonType: "3", ElevatedToken: "%%1843" },
    },
    {
      at,
      channel: "Security",
      eventId: 4648,
      fields: { SubjectUserName: "a", TargetUserName: "b", TargetServerName: "localhost" },
    },
    { at, channel: "System", eventId: 4720, fields: {} },
  ];
  const [told] = aftermathOf({ batches: [batch(rows, { format: "evtx" })] });
  expect(told?.checks.filter(({ state }) => state === "found")).toEqual([]);
});

test("logons elsewhere count where they come from this server's address, each pair once", () => {
  const logon = (at: string, address: string, host = "FS1"): MadeRow => ({
    at,
    host,
    eventId: 4624,
    channel: "Security",
    fields: { TargetUserName: "adm", LogonType: 3, IpAddress: address },
  });
  const rows = [
    logon("2021-08-01T00:00:00Z", "10.0.0.5"),
    logon("2021-08-22T00:00:00Z", "::ffff:10.0.0.5", "FS2"),
    logon("2021-08-23T00:00:00Z", "::ffff:10.0.0.5", "FS2"),
    logon("2021-08-24T00:00:00Z", "10.0.0.5"),
    logon("2021-08-24T00:00:00Z", "10.0.0.6"),
    logon("2021-08-24T00:00:00Z", "10.0.0.5", "MX1"),
  ];
  const hosts = [{ name: "MX1", addresses: ["10.0.0.5"], aliases: [], roles: [] }];
  const told = check("logons-to-other-hosts", {
    batches: [batch(rows, { format: "evtx" })],
    caseFile: { hosts },
  });
  expect(told?.changes.map(({ host, what, by }) => [host, what, by])).toEqual([
    ["FS2", "logon from the server's address (::ffff:10.0.0.5), until 2021-08-23T00:00:00Z", "adm"],
    [
      "FS1",
      "logon from the server's address (10.0.0.5), as already from 2021-08-01T00:00:00Z on",
      "adm",
    ],
  ]);
});

test("pages that rules and antivirus name, each once, and a stated test's said as such", () => {
  const page = "C:\\inetpub\\wwwroot\\aspnet_client\\a.aspx";
  const verdict = (at: string, path: string) =>
    detection(at, { rule: "verdict/defender", fields: { path: [path], threat: "Backdoor:ASP/x" } });
  const called = detection("2021-09-02T00:00:00Z", {
    rung: "used",
    fields: { "cs-uri-stem": "/aspnet_client/a.aspx", "sc-status": 200, "c-ip": "192.0.2.9" },
  });
  const detections = [
    verdict("2021-09-03T00:00:00Z", page),
    called,
    verdict("2021-09-01T00:00:00Z", page),
    verdict("2021-09-01T00:00:00Z", "C:\\Temp\\a.exe"),
    verdict("2021-08-01T00:00:00Z", page),
  ];
  const tests = new Map([[called.id, "Red Team"]]);
  const told = check("web-pages", { detections, tests });
  expect(told?.changes.map(({ ticks: at, what }) => [at, what])).toEqual([
    [ticks("2021-09-01T00:00:00Z"), `antivirus names ${page}: Backdoor:ASP/x`],
    [
      ticks("2021-09-02T00:00:00Z"),
      "page /aspnet_client/a.aspx called and answered 200 (of the test that the case file states: Red Team)",
    ],
  ]);
});

test("one cmdlet in three logs is one change", () => {
  const fields = {
    Cmdlet: "Install-TransportAgent",
    "Parameters.Name": "X",
    "Parameters.AssemblyPath": "x",
  };
  const rows = (channel: string, at: string, format: FormatId) =>
    batch([{ at, channel, eventId: format === "evtx" ? 1 : -1, fields }], {
      format,
      file: channel,
    });
  const told = check("transport-agents", {
    batches: [
      rows("MSExchange Management", "2021-09-01T00:00:01Z", "evtx"),
      rows("AdminAuditLogEvent", "2021-09-01T00:00:00Z", "audit-xml"),
      rows("CmdletInfra", "2021-09-01T00:00:02Z", "exchange"),
    ],
  });
  expect(told?.changesTotal).toBe(1);
});

test("a flood is listed up to a limit, counted, and what was not kept keeps it from being clean", () => {
  const rows = Array.from({ length: 9_000 }, (_, at) => ({
    at: ticks("2021-09-01T00:00:00Z") + BigInt(at) * 10_000_000n,
    eventId: 4720,
    channel: "Security",
    fields: { TargetUserName: `u${at}` },
  }));
  const told = check("accounts", { batches: [batch(rows, { format: "evtx" })] });
  expect([told?.changes.length, told?.changesTotal]).toEqual([20, 8_192]);
  expect(told?.why).toContain("808 further records of the kind were not kept");
  const old = rows.map((row) => ({ ...row, at: row.at - 100n * DAY }));
  const before = check("accounts", {
    batches: [batch(old, { format: "evtx" })],
    sources: [SECURITY],
  });
  expect(before?.state).toBe("not-looked-at");
});

test("what no record places on a host may be this one's", () => {
  const row = {
    at: "2021-09-01T00:00:00Z",
    host: "",
    channel: "Scheduled task",
    fields: { URI: "\\a" },
  };
  const told = check("scheduled-tasks", { batches: [batch([row], { format: "task" })] });
  expect(told?.changes[0]).toMatchObject({
    host: "",
    what: "task \\a runs (not told), registered when it says itself",
  });
});

test("what has no time is in no state, and is said", () => {
  const row = { at: null, channel: "Scheduled task", fields: { URI: "\\a" } };
  const told = check("scheduled-tasks", { batches: [batch([row], { format: "task" })] });
  expect(told?.state).toBe("not-looked-at");
  expect(told?.why).toContain("1 record of the kind has no time, and may be of any day.");
});

test("the answer tells what was found, and what nobody looked at", () => {
  const told = aftermathOf({
    batches: [CREATED],
    sources: [log("System", "2021-01-01T00:00:00Z", END)],
  });
  expect(tellAftermaths(told)[0]?.text).toMatch(
    /^How far, and still in\? .* on MX1 since 2021-08-20T04:00:00Z\. Changes that a person must judge: accounts of the server itself\. Clean: services and drivers\. Not looked at: \d+ things\.$/,
  );
  expect(unknownAftermaths(told)[0]).toContain("WMI");
  expect([tellAftermaths([]), unknownAftermaths([])]).toEqual([[], []]);
});

test("order decides nothing; hostile values end in one short visible line", () => {
  const hostile = fc.oneof(
    fc.string({ maxLength: 400 }),
    fc.constant("a\u202e\u0000\nb"),
    fc.integer(),
    fc.constant(null),
  );
  const row = fc.record({
    at: fc.constantFrom(
      "2021-08-19T00:00:00Z",
      "2021-09-01T00:00:00Z",
      "2021-09-01T00:00:01Z",
      null,
    ),
    host: fc.constantFrom("MX1", "mx1", "DC1", ""),
    eventId: fc.constantFrom(4720, 4624, 4738, 7045, 1),
    channel: fc.constantFrom("Security", "System", "MSExchange Management"),
    fields: fc.record({
      TargetUserName: hostile,
      ServiceName: hostile,
      Cmdlet: fc.constantFrom("New-InboxRule", "x"),
      LogonType: fc.constant(3),
      ElevatedToken: fc.constant("%%1842"),
    }),
  });
  fc.assert(
    fc.property(fc.array(row, { maxLength: 12 }), fc.nat(), (rows, seed) => {
      const files = rows.map((each, at) => batch([each], { format: "evtx", file: `f${at}` }));
      const plain = aftermathOf({ batches: files });
      const [one, two, merged] = [createChanges(TERMS), createChanges(TERMS), createChanges(TERMS)];
      for (const [at, file] of shuffled(files, seed).entries())
        (at % 2 === 0 ? one : two).add(file);
      merged.absorb(two.state());
      merged.absorb(one.state());
      const { signs, uncounted } = merged.state();
      const changes = { signs: shuffled(signs, seed), uncounted };
      const sources = [ON];
      const again = aftermathsOf({
        cause: { first: [firstOn("MX1")], ownTests: [] },
        coverage: { sources },
        changes,
        signs: { signs: [] },
        detections: [],
        tests: new Map(),
        caseFile: { hosts: [] },
        terms: TERMS,
      });
      expect(again).toEqual(plain);
      for (const { changes: told } of plain[0]?.checks ?? [])
        for (const { what } of told) {
          expect(what.length).toBeLessThan(400);
          // oxlint-disable-next-line no-control-regex -- control characters are what must not be there
          expect(what).not.toMatch(/[\u0000-\u001f\u202e]/);
        }
    }),
    { numRuns: 80 },
  );
});
