import { expect, test } from "vitest";
import { DAY, type MadeRow, batch, ticks } from "../../cause/made.test-data.ts";
import { tellTakings } from "./taking-words.ts";
import { takingsOf } from "./takings.ts";
import { createTraffic } from "./traffic.ts";

const INTRUDER = "198.51.100.7";
const AT = ticks("2021-09-14T09:58:35Z");
const ID = (nth: number) => `0000000${nth}-8f1e-4a52-9d3c-000000000001`;

function front(nth: number, more: MadeRow["fields"] = {}): MadeRow {
  const fields = {
    "c-ip": INTRUDER,
    "cs-uri-stem": "/autodiscover/autodiscover.json",
    "cs-uri-query": "@x.test/EWS/Exchange.asmx?&Email=autodiscover/autodiscover.json%3F@x.test",
    "cs-method": "POST",
    "sc-status": 200,
    "cs(User-Agent)": "Tool/1.0",
    Side: "front-end",
    RequestId: ID(nth),
    ...more,
  };
  return { at: AT + BigInt(nth) * DAY, channel: "W3SVC1", fields };
}

function back(nth: number): MadeRow {
  const { fields, ...row } = front(nth, {
    "c-ip": "10.0.0.5",
    "cs-uri-stem": "/EWS/Exchange.asmx",
    Side: "back-end",
  });
  return { ...row, channel: "W3SVC2", ...(fields === undefined ? {} : { fields }) };
}

function proxy(nth: number, bytes: number): MadeRow {
  const fields = {
    ClientIpAddress: INTRUDER,
    UrlStem: "/EWS/Exchange.asmx",
    HttpStatus: 200,
    ResponseBytes: bytes,
    AnchorMailbox: "Smtp~ada@clinic.example",
    RequestId: ID(nth),
  };
  return { at: AT + BigInt(nth) * DAY, channel: "HttpProxy", fields };
}

function service(nth: number, bytes: number, items: number): MadeRow {
  const fields = {
    ClientIpAddress: "10.0.0.5",
    HttpStatus: 200,
    ResponseSize: bytes,
    LocalIdCount: items,
    AuthenticatedUser: "bob@clinic.example",
    RequestId: ID(nth).toUpperCase(),
  };
  return { at: AT + BigInt(nth) * DAY, channel: "Ews", fields };
}

function takings(iis: readonly MadeRow[], exchange: readonly MadeRow[] = []) {
  const traffic = createTraffic();
  traffic.add(batch(iis, { file: "u_ex.log" }));
  traffic.add(batch(exchange, { file: "exchange.log", format: "exchange" }));
  return takingsOf(traffic.state(), [{ host: "MX1", address: INTRUDER }], []);
}

test("one request in four logs counts once; its bytes are the proxy's, its items the service's", () => {
  const [one, ...more] = takings(
    [front(1), back(1), front(2), back(2)],
    [proxy(1, -1), proxy(2, 7_000_000), service(1, 1_000, 10), service(2, 9_000_000, 200)],
  );
  expect(more).toEqual([]);
  expect(one).toMatchObject({
    requestsFrom: "front end",
    bytesFrom: "proxy",
    taking: {
      requests: 2,
      answered: 2,
      sentBytes: 7_000_000,
      withoutBytes: 1,
      items: 210,
      mailboxes: ["ada@clinic.example", "bob@clinic.example"],
      parts: [{ what: "EWS", requests: 2, answered: 2, sentBytes: 7_000_000, items: 210 }],
    },
  });
});

test("the front end's bytes come before the proxy's, and without both the service lends its own", () => {
  const bytesOf = (...given: Parameters<typeof takings>) => {
    const [one] = takings(...given);
    return [one?.bytesFrom, one?.taking.sentBytes, one?.taking.withoutBytes];
  };
  expect(bytesOf([front(1, { "sc-bytes": 5 })], [proxy(1, 7), service(1, 9, 0)])).toEqual([
    "front end",
    5,
    0,
  ]);
  const unstated = proxy(1, -1);
  expect(bytesOf([front(1), front(2)], [unstated, service(1, 9, 3)])).toEqual(["service", 9, 1]);
  expect(bytesOf([front(1), front(2)])).toEqual([null, null, 2]);
});

test("what was refused is a request and gave nothing", () => {
  const [one] = takings([
    front(1, { "sc-status": 401, "sc-bytes": 900 }),
    front(2, { "sc-bytes": 40 }),
  ]);
  expect(one?.taking).toMatchObject({ requests: 2, answered: 1, sentBytes: 40, withoutBytes: 0 });
  expect(one?.taking.first).toBe(AT + DAY);
  expect(one?.taking.last).toBe(AT + 2n * DAY);
});

test("a sentence bounds and never counts mails; without bytes it says what would tell", () => {
  const told = tellTakings(takings([front(1, { "sc-bytes": 3_400_000 })]), []);
  expect(told.statements[0]?.text).toBe(
    "198.51.100.7 asked MX1 1 time from 2021-09-15T09:58:35Z to 2021-09-15T09:58:35Z (by the front end's log), and was answered 1 time (EWS 1 time): at most 3.4 MB left in these answers, by the front end's log. These are bounds, not a count of mails: an answer may hold many mails, one, or none.",
  );
  expect(told.unknown).toEqual([]);
  const silent = tellTakings(takings([front(1)]), [
    { host: "MX1", address: "10.9.9.9", because: "front door" },
  ]);
  expect(silent.statements[0]).toMatchObject({ basis: "unknown" });
  expect(silent.statements[0]?.text).toContain(
    "the logs state no bytes: how much left is unknown.",
  );
  expect(silent.unknown[0]).toContain("sc-bytes only where it is switched on");
  expect(silent.unknown[1]).toContain("10.9.9.9 (front door)");
});

test("whom no log names took nothing that could be told", () => {
  const traffic = createTraffic();
  traffic.add(batch([front(1)]));
  expect(takingsOf(traffic.state(), [{ host: "MX2", address: INTRUDER }], [])).toEqual([]);
  expect(takingsOf(traffic.state(), [], [])).toEqual([]);
});

test("where the front end's log is cut short, the proxy's counts, and what neither counts is said", () => {
  const [one] = takings([front(1, { "sc-bytes": 5 })], [proxy(1, 7), proxy(2, 70), proxy(3, 700)]);
  expect(one).toMatchObject({
    requestsFrom: "proxy",
    bytesFrom: "proxy",
    beyond: [],
    taking: { requests: 3, answered: 3, sentBytes: 777, withoutBytes: 0, last: AT + 3n * DAY },
  });
  const parted = takings([front(1), front(2)], [proxy(3, 700)]);
  expect(parted[0]).toMatchObject({ requestsFrom: "front end", beyond: ["proxy"] });
  expect(tellTakings(parted, []).unknown[0]).toContain("198.51.100.7 (HttpProxy's log)");
});
