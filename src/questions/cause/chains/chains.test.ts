/** Chains as they are told, and clients who repeat, hide and flood. */
import { expect, test } from "vitest";
import type { Chain } from "../../../model/cause.ts";
import type { Detection } from "../../../model/detection.ts";
import { causeOf } from "../cause.ts";
import { detection } from "../made.test-data.ts";
import { tracesOf } from "../traces.ts";
import { actorsOf } from "./actors.ts";
import { CHAINS_MAX, followTraces } from "./chains.ts";
import { LINKS_MAX } from "./links.ts";
import {
  CLIENT,
  FILE,
  NO_COVERAGE,
  NO_TESTS,
  WORKER,
  asked,
  back,
  cmdlet,
  front,
  shell,
} from "./made.test-data.ts";

/** The whole way, as several logs tell it. */
const WAY: readonly Detection[] = [
  front("2021-08-13T04:00:00Z", "a-1"),
  back("2021-08-13T04:00:00Z", "a-1", "reached"),
  front("2021-08-13T04:01:00Z", "a-2"),
  back("2021-08-13T04:01:00Z", "a-2"),
  cmdlet("2021-08-13T04:01:10Z", "New-ManagementRoleAssignment"),
  cmdlet(
    "2021-08-13T04:01:20Z",
    "New-MailboxExportRequest",
    {
      "Parameters.FilePath": String.raw`\\localhost\c$\inetpub\wwwroot\aspnet_client\qwfpb.aspx`,
      "Parameters.Mailbox": "a@clinic.example",
    },
    "executed",
  ),
  detection("2021-08-13T04:03:00Z", {
    rung: "executed",
    channel: "Microsoft-Windows-Sysmon/Operational",
    fields: { Image: String.raw`C:\x\MSExchangeMailboxReplication.exe`, TargetFilename: FILE },
  }),
  asked("2021-08-13T04:02:00Z", 404, "probed"),
  asked("2021-08-13T04:03:10Z", 200, "used", "198.51.100.9"),
  shell(
    "2021-08-13T04:03:11Z",
    { ParentImage: WORKER, ProcessId: "23392", User: "SYSTEM" },
    "Sysmon",
  ),
  shell("2021-08-13T04:03:11Z", { ParentProcessName: WORKER, NewProcessId: "0x5b60" }, "Security"),
  cmdlet("2021-08-13T04:20:00Z", "Remove-MailboxExportRequest", {
    "Parameters.Identity": String.raw`A@clinic.example\drop`,
  }),
];

function follow(detections: readonly Detection[]) {
  return followTraces(
    tracesOf(detections, NO_TESTS, (host) => host),
    () => false,
  );
}

function told(chains: readonly Chain[]) {
  return chains.map(({ links }) =>
    links.map(({ rung, where, count, joinedBy }) => `${rung} ${where} ${count} ${joinedBy}`),
  );
}

test("one way in from source to source, each link joined to an earlier one by what both name", () => {
  expect(told(follow(WAY).chains)).toEqual([
    [
      // The back end has both requests: the front end's own line reached it, whatever its rule says alone.
      "reached front end 2 ",
      "reached back end 1 request id a-1…",
      "executed back end 1 request id a-2…",
      "executed cmdlet 1 account and 10 seconds",
      "executed cmdlet 1 account and 10 seconds",
      "probed page 1 page qwfpb.aspx",
      "executed file 1 page qwfpb.aspx",
      "used page 1 page qwfpb.aspx",
      // Two logs tell of one program.
      "used process 1 time alone: page qwfpb.aspx was in use",
      "executed cmdlet 1 export of a@clinic.example and 18 minutes",
    ],
  ]);
});

test("the ladder stands higher where only a join shows it, and says by which", () => {
  const compiled = String.raw`C:\Windows\Microsoft.NET\Framework64\v4.0.30319\Temporary ASP.NET Files\root\1a\2b\qwfpb.aspx.1a2b3c4d.compiled`;
  const written = WAY.filter(({ fields }) => fields["TargetFilename"] !== undefined);
  const called = detection("2021-08-13T04:05:00Z", {
    channel: "Sysmon",
    fields: { Image: WORKER, TargetFilename: compiled },
  });
  const failing = asked("2021-08-13T04:06:00Z", 500, "probed");
  const cause = causeOf({
    detections: [...written, called, failing],
    coverage: NO_COVERAGE,
    caseFile: NO_TESTS,
  });
  expect(
    cause.ladders[0]?.steps.map(({ rung, count, joinedBy }) => [rung, count, joinedBy]),
  ).toEqual([
    ["executed", 1, undefined],
    ["used", 2, "page qwfpb.aspx"],
  ]);
  // A page that nobody wrote: compiled as any other, and a server's error as any other.
  const alone = causeOf({
    detections: [called, failing],
    coverage: NO_COVERAGE,
    caseFile: NO_TESTS,
  });
  expect(alone.chains).toEqual([]);
  expect(alone.ladders[0]?.steps.map(({ rung }) => rung)).toEqual(["probed"]);
});

test("HttpProxy's word that the back end answered lifts the front end's line", () => {
  const proxied = detection("2021-08-13T04:07:00Z", {
    rung: "reached",
    channel: "HttpProxy",
    fields: { UrlStem: "/autodiscover/autodiscover.json", RequestId: "a-1", BackEndStatus: 200 },
  });
  const cause = causeOf({
    detections: [front("2021-08-13T04:00:00Z", "a-1"), proxied],
    coverage: NO_COVERAGE,
    caseFile: NO_TESTS,
  });
  expect(cause.ladders[0]?.steps.map(({ rung, count }) => [rung, count])).toEqual([["reached", 1]]);
});

test("probes alone, however many logs they stand in, are no way in; nor is a file that two logs tell", () => {
  expect(follow(WAY.slice(0, 2)).chains).toEqual([]);
  const verdict = { channel: "MPLog", fields: { path: [FILE], threat: "x" } };
  const twice = ["2021-08-13T04:03:00Z", "2021-08-13T04:04:00Z"].map((at) =>
    detection(at, { ...verdict, rung: "executed" }),
  );
  expect(follow(twice).chains).toEqual([]);
});

test("a stated test is in no chain, a front door's address joins nobody", () => {
  const tests = [{ who: "testers", addresses: [CLIENT], from: null, to: null }];
  const cause = causeOf({
    detections: WAY,
    coverage: NO_COVERAGE,
    caseFile: { ...NO_TESTS, tests },
  });
  const texts = cause.chains.flatMap(({ links }) => links.map(({ where }) => where));
  expect(texts).not.toContain("front end");
  expect(texts).not.toContain("back end");
  const probes = [front("2021-08-13T04:00:00Z", "b-1"), asked("2021-08-13T04:10:00Z", 200, "used")];
  expect(follow(probes).chains.length).toBe(1);
  const doors = causeOf({
    detections: probes,
    coverage: NO_COVERAGE,
    caseFile: { ...NO_TESTS, frontDoors: [`${CLIENT}/32`] },
  });
  expect(doors.chains).toEqual([]);
});

test("a client that repeats its id, or an id from another month, neither hides nor multiplies requests", () => {
  const repeated = ["04:00:30", "04:00:40", "04:00:50"].map((at) =>
    front(`2021-08-13T${at}Z`, "a-1"),
  );
  const later = front("2021-11-13T04:00:00Z", "a-2", { "c-ip": "192.0.2.1" });
  const [chain] = follow([...WAY, ...repeated, later]).chains;
  const fronts = chain?.links.filter(({ where }) => where === "front end") ?? [];
  expect(fronts.map(({ count }) => count)).toEqual([5]);
  expect(fronts[0]?.last).toBeLessThan(later.ticks);
});

test("floods stay within limits, which are said", () => {
  const pages = Array.from({ length: 2000 }, (_, n) => {
    const stem = `/aspnet_client/${n}.aspx`;
    const fields = { "cs-method": "GET", "cs-uri-stem": stem, "c-ip": CLIENT, "sc-status": 404 };
    return detection("2021-08-13T04:00:05Z", { rung: "probed", fields });
  });
  const flooded = follow([...WAY, ...pages]);
  expect(flooded.chains.length).toBe(1);
  expect(flooded.chains[0]?.links.length).toBeLessThanOrEqual(LINKS_MAX + 4);
  expect(flooded.chains[0]?.links.some(({ rung }) => rung === "used")).toBe(true);
  expect(flooded.limits.join()).toMatch(/[\d,]+ links are left out of the chains/);
  const ways = Array.from({ length: CHAINS_MAX + 10 }, (_, n) => {
    const fields = { "c-ip": `198.51.100.${n}`, "cs-uri-stem": `/owa/auth/${n}.aspx` };
    return [404, 200].map((status, minute) =>
      detection(`2021-08-13T05:0${minute}:00Z`, {
        rung: status === 200 ? "used" : "probed",
        fields: { ...fields, "sc-status": status },
      }),
    );
  }).flat();
  const many = follow(ways);
  expect(many.chains.length).toBe(CHAINS_MAX);
  expect(many.limits.join()).toContain("10 further chains are not told");
});

test("actors are the addresses that used a page, not those that looked for one", () => {
  const detections = [
    ...WAY,
    asked("2021-08-14T04:00:00Z", 404, "probed", "192.0.2.99"),
    asked("2021-08-14T05:00:00Z", 200, "used", CLIENT),
  ];
  const caseFile = NO_TESTS;
  expect(actorsOf({ detections, caseFile }, [FILE])).toEqual(["198.51.100.9", CLIENT].sort());
  expect(actorsOf({ detections, caseFile }, [String.raw`C:\inetpub\wwwroot\other.aspx`])).toEqual(
    [],
  );
  expect(actorsOf({ detections, caseFile: { ...caseFile, frontDoors: [CLIENT] } }, [FILE])).toEqual(
    ["198.51.100.9"],
  );
});
