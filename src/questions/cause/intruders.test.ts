import { expect, test } from "vitest";
import type { CaseFile } from "../../model/case-file.ts";
import { intrudersOf, isOwnAddress } from "./intruders.ts";
import { detection, ticks } from "./made.test-data.ts";

const CASE: Pick<CaseFile, "hosts" | "tests" | "frontDoors" | "staffNetworks"> = {
  hosts: [{ name: "MX1", addresses: ["10.0.0.5"], aliases: ["mail.clinic.example"], roles: [] }],
  tests: [
    {
      who: "A contracted tester",
      addresses: ["203.0.113.7"],
      from: ticks("2021-08-01T00:00:00Z"),
      to: ticks("2021-09-01T00:00:00Z"),
    },
  ],
  frontDoors: ["10.0.1.0/24"],
  staffNetworks: ["10.9.0.0/16"],
};

function by(address: string, rung: string, more: Parameters<typeof detection>[1] = {}) {
  const fields = { "c-ip": address, Side: "front-end", ...more.fields };
  return detection("2021-08-12T10:00:00Z", { rung, ...more, fields });
}

test("who reached the back end or got further, by a grave rule, is an intruder", () => {
  const found = intrudersOf(
    [
      by("198.51.100.1", "executed", { host: "mail.clinic.example" }),
      by("198.51.100.1", "reached", { host: "MX1" }),
      by("198.51.100.2", "probed"),
      by("198.51.100.3", "used", { level: "medium" }),
      by("203.0.113.7", "executed"),
      by("127.0.0.1", "executed"),
      by("10.0.0.5", "executed"),
      by("10.0.1.9", "reached"),
      by("10.9.1.1", "used"),
    ],
    CASE,
  );
  expect(found.intruders).toEqual([{ host: "MX1", address: "198.51.100.1", rung: "executed" }]);
  expect(found.leftOut).toEqual([
    { host: "MX1", address: "10.0.1.9", because: "front door" },
    { host: "MX1", address: "10.9.1.1", because: "staff network" },
  ]);
});

test("a probe whose request the back end answered is its client's, whose address only the front end knows", () => {
  const RequestId = "8715033d-145b-4b76-9d3c-000000000001";
  const found = [
    by("198.51.100.4", "probed", { level: "medium", fields: { RequestId } }),
    by("10.0.0.5", "reached", { channel: "W3SVC2", fields: { Side: "back-end", RequestId } }),
  ];
  const expected = [{ host: "MX1", address: "198.51.100.4", rung: "reached" }];
  // The two records need each other, whichever is read first.
  for (const order of [found, found.toReversed()])
    expect(intrudersOf(order, CASE).intruders).toEqual(expected);
  // Either alone names nobody: one got no further than a probe, the other has no client.
  for (const one of found) expect(intrudersOf([one], CASE).intruders).toEqual([]);
});

test("one's own addresses are those of hosts, front doors and staff, and the machine itself", () => {
  expect(
    ["10.0.0.5", "10.0.1.3", "10.9.9.9", "::1", "127.0.0.8", "198.51.100.1"].map((address) =>
      isOwnAddress(address, CASE),
    ),
  ).toEqual([true, true, true, true, true, false]);
});
