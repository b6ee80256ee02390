/** When nothing was found and it is still not clean: records without a time, auditing turned off, a server whose log is missing. */
import { expect, test } from "vitest";
import type { SourceCoverage } from "../../../model/coverage.ts";
import { batch, reference, ticks } from "../made.test-data.ts";
import { END, check, event, log } from "./made-aftermath.test-data.ts";

const CREATED = event("2021-08-21T03:00:00Z", 4720, { TargetUserName: "svc_backup2" });
const SECURITY = log("Security", "2021-06-01T00:00:00Z", END);

test("a record of the kind without a time keeps a check from being clean", () => {
  const sources = [log("System", "2021-01-01T00:00:00Z", END)];
  expect(check("services", { sources })?.state).toBe("clean");
  const row = { at: null, eventId: 7045, channel: "System", fields: { ServiceName: "x" } };
  const told = check("services", { sources, batches: [batch([row], { format: "evtx" })] });
  expect(told?.state).toBe("not-looked-at");
  expect(told?.why).toContain("1 record of the kind has no time, and may be of any day.");
});

test("from when on auditing was turned off, a log proves no absence", () => {
  const off = (sign: string, host: string, at: string, channel = "Security") => ({
    sign,
    host,
    channel,
    of: "",
    by: "",
    bucket: ticks(at),
    first: ticks(at),
    last: ticks(at),
    digits: 0,
    at: reference("s", 0),
    lastAt: reference("s", 0),
  });
  const stateWith = (...signs: readonly ReturnType<typeof off>[]) =>
    check("accounts", { sources: [SECURITY], signs: { signs } });
  expect(stateWith()?.state).toBe("clean");
  expect(stateWith(off("audit-policy", "DC1", "2021-09-01T00:00:00Z"))?.state).toBe("clean");
  const told = stateWith(off("audit-policy", "mx1", "2021-09-01T00:00:00Z"));
  expect(told?.state).toBe("not-looked-at");
  expect(told?.why).toContain(
    "nothing was looked at from 2021-09-01T00:00:00Z to 2021-12-16T00:00:00Z (MX1 Security: auditing was turned off, or a part of it).",
  );
  // A find stays one, and says what it leaves open.
  const found = check("accounts", {
    batches: [CREATED],
    sources: [SECURITY],
    signs: { signs: [off("audit-policy", "MX1", "2021-07-01T00:00:00Z")] },
  });
  expect(found?.state).toBe("found");
  expect(found?.why).toContain("There may be more: not looked at from 2021-08-20T04:00:00Z");
  const roles = (...signs: readonly ReturnType<typeof off>[]) =>
    check("exchange-roles", {
      sources: [
        log("AdminAuditLogEvent", "2021-01-01T00:00:00Z", END, { format: "audit-xml", host: "" }),
      ],
      signs: { signs },
    })?.state;
  expect(roles()).toBe("clean");
  const cmdlet = off("admin-audit-off", "MX1", "2021-09-01T00:00:00Z", "MSExchange Management");
  expect(roles(cmdlet)).toBe("not-looked-at");
});

test("each Exchange server logs only what was run through it: one of two proves no absence", () => {
  const server = (name: string) => ({ name, addresses: [], aliases: [], roles: ["exchange"] });
  const management = (host: string, to = END) =>
    log("MSExchange Management", "2021-01-01T00:00:00Z", to, { host });
  const roles = (...sources: readonly SourceCoverage[]) =>
    check("exchange-roles", { sources, caseFile: { hosts: [server("MX1"), server("MX2")] } });
  expect(roles(management("MX1"), management("mx2"))?.state).toBe("clean");
  const told = roles(management("MX1"));
  expect(told?.state).toBe("not-looked-at");
  expect(told?.why).toContain("no such log of MX2 is here");
  const short = roles(management("MX1"), management("MX2", "2021-10-01T00:00:00Z"));
  expect(short?.why).toContain("from 2021-10-01T00:00:00Z to 2021-12-16T00:00:00Z");
  expect(short?.state).toBe("not-looked-at");
  const exported = log("AdminAuditLogEvent", "2021-01-01T00:00:00Z", END, { format: "audit-xml" });
  expect(roles(management("MX1"), exported)?.state).toBe("clean");
});
