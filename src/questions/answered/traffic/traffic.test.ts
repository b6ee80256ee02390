import fc from "fast-check";
import { expect, test } from "vitest";
import type { Batch, FieldValue } from "../../../model/event.ts";
import { type MadeRow, batch, shuffled } from "../../cause/made.test-data.ts";
import { mailboxName } from "./row-values.ts";
import { noClient } from "./counts.ts";
import { LowestKeys } from "./lowest-keys.ts";
import { partBehind, partOf, plainPath } from "./parts.ts";
import { type TrafficState, leavesOutClients, logName, trafficLimits } from "./traffic-state.ts";
import { createTraffic } from "./traffic.ts";

const START = Date.parse("2021-08-12T00:00:00Z");

function web(
  minute: number,
  client: string,
  path: string,
  more: Readonly<Record<string, FieldValue>> = {},
  host = "MX1",
): MadeRow {
  const fields = {
    "c-ip": client,
    "cs-uri-stem": path,
    "cs-method": "POST",
    "sc-status": 200,
    "cs(User-Agent)": "Tool/1.0",
    Side: "front-end",
    ...more,
  };
  return { at: BigInt(START + minute * 60_000) * 10_000n, host, channel: "W3SVC1", fields };
}

function stateOf(...batches: readonly Batch[]) {
  const traffic = createTraffic();
  for (const one of batches) traffic.add(one);
  return traffic.state();
}

const CLIENTS = ["198.51.100.7", "198.51.100.8", "2001:db8::1", "127.0.0.1", "10.0.0.5"];
const PATHS = [
  "/EWS/Exchange.asmx",
  "/%70owershell/",
  "/owa/auth/x.aspx",
  "/aspnet_client/y.aspx",
  "/mapi/emsmdb",
  "/",
];
const ROW = fc.record({
  minute: fc.integer({ min: 0, max: 200_000 }),
  client: fc.constantFrom(...CLIENTS),
  path: fc.constantFrom(...PATHS),
  status: fc.constantFrom<FieldValue>(200, 206, 302, 401, "200", null),
  bytes: fc.oneof(
    fc.integer({ min: 0, max: 5_000_000 }),
    fc.constantFrom<FieldValue>(-5, Number.NaN, 2 ** 60, "12"),
  ),
  user: fc.constantFrom("CLINIC\\Ada", "clinic\\bob", "HealthMailbox12@x"),
  host: fc.constantFrom("MX1", "MX2"),
});
type Row = typeof ROW extends fc.Arbitrary<infer T> ? T : never;

function made(rows: readonly Row[], file: string): Batch {
  return batch(
    rows.map((row) =>
      web(
        row.minute,
        row.client,
        row.path,
        { "sc-status": row.status, "sc-bytes": row.bytes, "cs-username": row.user },
        row.host,
      ),
    ),
    { file },
  );
}

/** What a plain loop over the rows says of one client at one host. */
function plainly(rows: readonly Row[], host: string, client: string) {
  const own = rows.filter((row) => row.host === host && row.client === client);
  const good = own.filter(({ status }) => status === 200 || status === 206);
  if (own.length === 0 || client === "127.0.0.1") return null;
  const stated = good.flatMap(({ bytes }) =>
    typeof bytes === "number" && bytes >= 0 && bytes <= 2 ** 40 ? [bytes] : [],
  );
  return {
    requests: own.length,
    answered: good.length,
    bytes: stated.reduce((all, size) => all + size, 0),
    stated: stated.length,
    largest: stated.toSorted((a, b) => b - a).slice(0, 4),
    first: START + 60_000 * Math.min(...own.map(({ minute }) => minute)),
    last: START + 60_000 * Math.max(...own.map(({ minute }) => minute)),
  };
}

/** The same by what was counted. */
function counted(state: TrafficState, host: string, client: string) {
  const answered = state.answered.get(logName(host, "front end"))?.get(client);
  const refused = state.refused.get(logName(host, "front end"))?.get(client);
  if (answered === undefined && refused === undefined) return null;
  const [a, b] = [answered ?? noClient(), refused ?? noClient()];
  const parts = a.parts.filter((part) => part !== null);
  return {
    requests: a.requests + b.requests,
    answered: a.requests,
    bytes: parts.reduce((all, part) => all + part.sentBytes, 0),
    stated: parts.reduce((all, part) => all + part.stated, 0),
    largest: a.largest.map(({ sizeBytes }) => sizeBytes),
    first: Math.min(a.firstMillis, b.firstMillis),
    last: Math.max(a.lastMillis, b.lastMillis),
  };
}

test("counts are those of a plain loop over the rows", () => {
  const pairs = ["MX1", "MX2"].flatMap((host) => CLIENTS.map((client) => [host, client] as const));
  fc.assert(
    fc.property(fc.array(ROW, { maxLength: 60 }), (rows) => {
      const state = stateOf(made(rows, "a.log"));
      expect(pairs.map(([host, client]) => counted(state, host, client))).toEqual(
        pairs.map(([host, client]) => plainly(rows, host, client)),
      );
    }),
    { numRuns: 150 },
  );
});

test("in whatever order rows are read and counts are merged, the state is the same", () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(ROW, { maxLength: 25 }), { maxLength: 5 }),
      fc.nat(),
      (files, seed) => {
        const batches = files.map((rows, at) => made(rows, `${at}.log`));
        const whole = stateOf(...batches);
        const merged = createTraffic();
        for (const one of shuffled(batches, seed)) merged.absorb(structuredClone(stateOf(one)));
        expect(merged.state()).toEqual(whole);
        const twice = createTraffic();
        twice.absorb(merged.state());
        expect(twice.state()).toEqual(whole);
      },
    ),
    { numRuns: 150 },
  );
});

test("of too many keys the same ones stay in every order, with all that was counted of them", () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(..."a b c d e f g h i j k l m n o p q r s t".split(" ")), {
        maxLength: 300,
      }),
      fc.nat(),
      (keys, seed) => {
        const count = (order: readonly string[]) => {
          const lowest = new LowestKeys<{ n: number }>(5, (key) => key === "q");
          for (const key of order) {
            const held = lowest.of("g", key, () => ({ n: 0 }));
            if (held !== null) held.n++;
          }
          return lowest.state();
        };
        const state = count(keys);
        expect(count(shuffled(keys, seed))).toEqual(state);
        const own = state.get("g") ?? new Map<string, { n: number }>();
        expect(own.size).toBe(Math.min(5, new Set(keys).size));
        for (const [key, { n }] of own)
          expect(n).toBe(keys.filter((other) => other === key).length);
        expect(own.has("q")).toBe(keys.includes("q"));
      },
    ),
  );
});

test("a flood of clients is bounded, and what it left out is told", () => {
  const traffic = createTraffic(new Set(["intruder"]));
  const flood = 140_000;
  for (let from = 0; from < flood; from += 20_000)
    traffic.add(
      batch(
        Array.from({ length: 20_000 }, (_, at) => web(from + at, `c${from + at}`, "/owa/")),
        { from },
      ),
    );
  traffic.add(batch([web(1, "intruder", "/ews/exchange.asmx")], { file: "last.log" }));
  const state = traffic.state();
  const own = state.answered.get(logName("MX1", "front end"));
  expect(own?.size).toBe(65_536);
  expect(own?.has("intruder")).toBe(true);
  expect(leavesOutClients(state)).toBe(true);
  expect(trafficLimits(state)[0]).toMatch(/^What 74,465 requests of further clients would add/);
});

test("values of any length and kind neither fail nor grow what is kept", () => {
  const long = "x".repeat(100_000);
  const state = stateOf(
    batch([
      web(0, "198.51.100.7", `/${long}`, {
        "cs(User-Agent)": long,
        "cs-username": long,
        "sc-bytes": 10,
      }),
      web(1, long, "/ews/"),
      web(2, "198.51.100.7", "/ews/", { "cs(User-Agent)": long, "sc-bytes": -1 }),
      { ...web(3, "198.51.100.7", "/ews/", { "sc-bytes": 2 ** 53 }), at: null },
      { ...web(3, "198.51.100.7", "/ews/"), at: 0n },
      { ...web(4, "198.51.100.7", "/ews/"), fields: {} },
    ]),
  );
  expect(
    JSON.stringify([...state.agents.values()].map((own) => [...own.keys()])).length,
  ).toBeLessThan(500);
  const own = state.answered.get(logName("MX1", "front end"))?.get("198.51.100.7");
  expect(own?.requests).toBe(4);
  expect(own?.firstMillis).toBe(START);
  expect(own?.lastMillis).toBe(START + 120_000);
  expect(state.seen.answered).toBe(4);
});

test("a path is what the back end is asked for", () => {
  expect(partOf(plainPath("/%70owershell/?x"))).toBe("PowerShell");
  expect(partOf(plainPath("/Microsoft-Server-ActiveSync/default.eas"))).toBe("ActiveSync");
  expect(partOf("/ewsx/")).toBe("pages elsewhere");
  const behind = (stem: string, query: string) => partBehind(plainPath(stem), query);
  expect(
    behind("/autodiscover/autodiscover.json", "a@b.test/EWS/Exchange.asmx?&Email=x/mapi/"),
  ).toBe("EWS");
  expect(behind("/Autodiscover/autodiscover.json", "@b.test/%70owershell/?X-Rps-CAT=V")).toBe(
    "PowerShell",
  );
  expect(behind("/autodiscover/autodiscover.json", "?@b.test/ews/exchange.asmx?&Email=x")).toBe(
    "EWS",
  );
  expect(behind("/autodiscover/autodiscover.json@b.test/mapi/nspi", "")).toBe("MAPI and RPC");
  expect(
    behind("/autodiscover/autodiscover.json", "Email=user@clinic.example&Protocol=ActiveSync"),
  ).toBe("Autodiscover");
  expect(mailboxName("Smtp~Ada@clinic.example")).toBe("ada@clinic.example");
  expect(mailboxName("HealthMailbox77@clinic.example")).toBe("");
});
