import { expect, test } from "vitest";
import { detectionId } from "../../../engines/sigma/index.ts";
import type { EventKey } from "../../../model/event.ts";
import type { EvidenceHash } from "../../../model/evidence.ts";
import type { Finding } from "../../../model/finding.ts";
import { DAY, HOUR, type MadeRow, batch, shuffled, ticks } from "../../cause/made.test-data.ts";
import { trafficFindings } from "./analytics.ts";
import { networkOf } from "./first-seen.ts";
import { limitOf } from "./mailbox-volume.ts";
import { analyticFinding } from "./traffic-finding.ts";
import { createTraffic } from "./traffic.ts";

const START = ticks("2021-06-01T08:00:00Z");

function row(
  day: number,
  client: string,
  path: string,
  agent: string,
  more: MadeRow["fields"] = {},
): MadeRow {
  const fields = {
    "c-ip": client,
    "cs-uri-stem": path,
    "cs-method": "POST",
    "sc-status": 200,
    "cs(User-Agent)": agent,
    Side: "front-end",
    ...more,
  };
  return { at: START + BigInt(day) * DAY, channel: "W3SVC1", fields };
}

/** An office: the same people with the same programs, every day. */
function office(days: number): MadeRow[] {
  return Array.from({ length: days }, (_, day) => [
    row(day, "10.0.0.9", "/powershell/", "Microsoft WinRM Client"),
    row(day, "198.18.4.4", "/EWS/Exchange.asmx", `MacOutlook/16.${day}.1 (Intel)`),
    row(day, "10.0.0.9", "/owa/auth/logon.aspx", "Browser"),
  ]).flat();
}

function findings(rows: readonly MadeRow[], intruders: readonly string[] = []): readonly Finding[] {
  const traffic = createTraffic();
  traffic.add(batch(rows));
  return trafficFindings({
    traffic: traffic.state(),
    hosts: [],
    intruders: intruders.map((address) => ({ host: "MX1", address })),
    isOwn: (address) => address.startsWith("10."),
  });
}

const rules = (found: readonly Finding[]) => found.map(({ rule, level }) => `${rule} ${level}`);

test("an office that goes on is none of it, however long", () => {
  expect(findings(office(200))).toEqual([]);
});

test("a first is told after a baseline, low by itself, medium with an intruder's address", () => {
  const tool = (day: number) => row(day, "203.0.113.9", "/powershell/", "python-requests/2.26");
  const found = findings([...office(94), tool(60)]);
  expect(rules(found)).toEqual([
    "analytic/first-seen-agent low",
    "analytic/first-seen-address low",
  ]);
  expect(found[0]?.why).toContain(
    "python-requests/# to PowerShell on 2021-07-31 (1 request, from 203.0.113.9; in 60 days before 1 was known there, the last new one since 2021-06-01)",
  );
  const [example] = found[0]?.examples ?? [];
  expect(found[0]?.detections).toEqual([
    detectionId("analytic/first-seen-agent", example?.key ?? ("" as never)),
  ]);
  expect(example?.record).toBe(String(94 * 3 + 1));
  expect(findings([...office(94), tool(20)])).toEqual([]);
  expect(rules(findings([...office(94), tool(60)], ["203.0.113.9"]))).toEqual([
    "analytic/first-seen-agent medium",
    "analytic/first-seen-address medium",
  ]);
});

test("where new ones keep coming, a first is no news; what was refused is none", () => {
  const phones = Array.from({ length: 30 }, (_, nth) =>
    row(30 + nth * 2, `203.0.${nth}.1`, "/EWS/Exchange.asmx", "MacOutlook/16.2 (Intel)"),
  );
  const found = findings([...office(100), ...phones]);
  // The first ones come to a settled way; from the third day with new ones on it is none.
  expect(found.map(({ counts }) => counts)).toEqual([{ networks: 3 }]);
  const refused = row(60, "203.0.113.9", "/powershell/", "curl/7", { "sc-status": 401 });
  expect(findings([...office(94), refused])).toEqual([]);
});

test("a mailbox is held against its own history, with a floor", () => {
  const ews = (day: number, items: number): MadeRow => ({
    at: START + BigInt(day) * DAY,
    channel: "Ews",
    fields: {
      ClientIpAddress: "10.0.0.5",
      HttpStatus: 200,
      LocalIdCount: items,
      ResponseSize: items * 50,
      AuthenticatedUser: "ada@clinic.example",
      RequestId: `r${day}`,
    },
  });
  const judged = (items: number, days = 94, intruders: readonly string[] = []) => {
    const traffic = createTraffic();
    traffic.add(
      batch(
        Array.from({ length: days }, (_, day) => ews(day, 1 + (day % 40))),
        { format: "exchange" },
      ),
    );
    traffic.add(batch([ews(days, items)], { format: "exchange", file: "b.log" }));
    traffic.add(
      batch([row(days, "203.0.113.9", "/owa/", "x", { "cs-username": "Ada@clinic.example" })], {
        file: "c.log",
      }),
    );
    return trafficFindings({
      traffic: traffic.state(),
      hosts: [],
      intruders: intruders.map((address) => ({ host: "MX1", address })),
      isOwn: () => false,
    });
  };
  expect(judged(900)).toEqual([]);
  expect(judged(4_102, 15)).toEqual([]);
  const [found, ...more] = judged(4_102);
  expect(more).toEqual([]);
  expect(found).toMatchObject({
    rule: "analytic/mailbox-volume",
    level: "low",
    kind: "analytic",
    counts: { mailboxes: 1, days: 1 },
  });
  expect(found?.why).toContain(
    "ada@clinic.example gave 4,102 items on 2021-09-03; on its 94 other days 1 item to 40 items, the middle one 17 items",
  );
  expect(judged(4_102, 94, ["203.0.113.9"])[0]?.level).toBe("high");
});

test("the limit is robust: what is judged does not move it", () => {
  const days = Array.from({ length: 40 }, (_, day) => 10 + (day % 3));
  expect(limitOf([...days, 1e9, 1e9], 20)).toBeLessThan(60);
  expect(limitOf(days, 1_000)).toBe(999);
  expect(limitOf([], 5)).toBe(4);
});

test("a page that a few outsiders come back to for weeks is told, one that staff use is not", () => {
  const visits = (client: string, page = "/owa/auth/x.aspx") =>
    [2, 9, 12, 20, 31, 45].map((day) => row(day, client, page, "Browser"));
  const [found, ...more] = findings([...office(60), ...visits("203.0.113.9")]);
  expect(more).toEqual([]);
  expect(found).toMatchObject({
    rule: "analytic/long-sequence",
    level: "low",
    counts: { pages: 1 },
  });
  expect(found?.detections.length).toBe(6);
  expect(found?.why).toContain(
    "/owa/auth/x.aspx by 203.0.113.9, 6 times on 6 days from 2021-06-03 to 2021-07-16",
  );
  expect(rules(findings([...office(60), ...visits("203.0.113.9")], ["203.0.113.9"]))).toEqual([
    "analytic/long-sequence high",
  ]);
  expect(findings([...office(60), ...visits("203.0.113.9"), ...visits("10.0.0.9")])).toEqual([]);
  const many = Array.from({ length: 9 }, (_, nth) => visits(`203.${nth}.113.9`)).flat();
  expect(findings([...office(60), ...many])).toEqual([]);
  expect(findings([...office(60), ...visits("203.0.113.9", "/owa/x.js")])).toEqual([]);
  const busy = Array.from({ length: 70 }, (_, nth) => ({
    ...row(2, "203.0.113.9", "/owa/auth/x.aspx", "B"),
    at: START + 2n * DAY + BigInt(nth) * (HOUR / 60n),
  }));
  expect(findings([...office(60), ...visits("203.0.113.9"), ...busy])).toEqual([]);
});

test("the order of evidence decides nothing of a finding", () => {
  const rows = [
    ...office(60),
    ...[40, 44, 47, 50, 61].map((day) => row(day, "203.0.113.9", "/ecp/x.aspx", "curl/7")),
  ];
  const one = findings(rows);
  const traffic = createTraffic();
  for (const [at, part] of shuffled([...rows.entries()], 7))
    traffic.add(batch([part], { from: at }));
  const other = trafficFindings({
    traffic: traffic.state(),
    hosts: [],
    intruders: [],
    isOwn: (address) => address.startsWith("10."),
  });
  expect(other).toEqual(one);
  expect(one.length).toBe(3);
});

test("networks", () => {
  expect(
    [
      "198.51.100.7",
      "::ffff:198.51.100.7",
      "198.51.100.7:4431",
      "2001:db8:7:1::9",
      "2001:0db8:0007::1",
      "x",
    ].map(networkOf),
  ).toEqual([
    "198.51.100.0/24",
    "198.51.100.0/24",
    "198.51.100.0/24",
    "2001:db8:7::/48",
    "2001:db8:7::/48",
    "x",
  ]);
});

test("a host that calls itself by two names has one history, and one finding of a kind", () => {
  const tool = (day: number) => row(day, "203.0.113.9", "/powershell/", "python-requests/2.26");
  const traffic = createTraffic();
  traffic.add(batch([...office(40), tool(35)]));
  const named = (rows: readonly MadeRow[]) => rows.map((each) => ({ ...each, host: "mx1.clinic" }));
  traffic.add(batch(named([...office(94).slice(40 * 3), tool(60)]), { file: "later.log" }));
  const found = trafficFindings({
    traffic: traffic.state(),
    hosts: [{ name: "MX1", addresses: [], aliases: ["mx1.clinic"], roles: [] }],
    intruders: [],
    isOwn: (address) => address.startsWith("10."),
  });
  expect(found.map(({ rule, host, counts }) => [rule, host, counts])).toEqual([
    ["analytic/first-seen-agent", "MX1", { agents: 1 }],
    ["analytic/first-seen-address", "MX1", { networks: 1 }],
  ]);
  expect(found[0]?.why).toContain("on 2021-07-06 (2 requests, from 203.0.113.9; in 35 days before");
});

test("as many oddities as a flood can make are one finding, and many clients of one network one newcomer", () => {
  const at = {
    key: "k" as EventKey,
    evidence: "e" as EvidenceHash,
    file: "",
    record: "1",
    offset: 0,
  };
  const oddities = Array.from({ length: 300_000 }, (_, millis) => ({
    words: "w",
    sights: [{ millis, digits: 0, at }],
    lastMillis: millis,
    graver: "",
  }));
  const about = { rule: "analytic/x", host: "MX1", title: "x", counts: {}, because: "x" };
  const one = analyticFinding({ ...about, level: "low", graverLevel: "high" }, oddities);
  expect(one?.lastSeen).toBe(299_999n * 10_000n);
  const clients = Array.from({ length: 40_000 }, (_, nth) =>
    row(60, `2001:db8:1::${nth.toString(16)}`, "/ecp/", "Browser"),
  );
  const [agents, networks] = findings([...office(94), ...clients]);
  expect([agents?.counts, networks?.counts]).toEqual([{ agents: 1 }, { networks: 1 }]);
  expect(networks?.why).toContain("2001:db8:1::/48 to ECP on 2021-07-31 (40,000 requests");
});
