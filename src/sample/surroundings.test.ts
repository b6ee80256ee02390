/** What stands beside the logs of the story agrees with it: the machine in front, HTTPERR, audits, exports, a scan, alerts. */
import { expect, test } from "vitest";
import { DAY, MINUTE, SECOND } from "./calendar.ts";
import { Chance } from "./chance.ts";
import { cmdletsAuditedFrom, firstRotatedDay } from "./keeping.ts";
import { MANAGEMENT, managementEvents } from "./management-log.ts";
import { readSample, type Row } from "./read-sample.test-data.ts";
import { drawStory } from "./story.ts";

const REQUEST = "c-ip c-uri sc-status cs-method cs(User-Agent) time-taken".split(" ");

const requestOf = (row: Row) =>
  ["c-ip", "c-uri", "sc-status", "cs-method", "cs(User-Agent)"]
    .map((name) => row.field(name))
    .join(" ");

test("the access log in front of the web server has its requests, each by a clock that is right", async () => {
  const { read } = await readSample(
    3,
    "exchange",
    (path) => /nginx\/access|WEB1\/.*u_ex/.test(path),
    REQUEST,
  );
  const { gaps } = drawStory(3, "small", "exchange");
  const rowsIn = (pattern: RegExp) =>
    read.filter(({ path }) => pattern.test(path)).flatMap(({ rows }) => rows);
  const endOf = (row: Row) => row.millis + Number(row.field("time-taken")) - gaps.skewMillis;
  const behind = rowsIn(/WEB1/).filter((row) => endOf(row) >= firstRotatedDay() * DAY);
  const front = rowsIn(/access/).toSorted((left, right) => left.millis - right.millis);
  expect(front.length).toBeGreaterThan(1000);
  expect(front.map(requestOf).toSorted()).toEqual(behind.map(requestOf).toSorted());
  // Both logs cut the second.
  const ends = behind.map(endOf).toSorted((left, right) => left - right);
  expect(front.map(({ millis }) => millis)).toEqual(ends);
});

test("HTTPERR has the end of a scanner's connection, and nothing while the server is down", async () => {
  const story = drawStory(1, "small", "exchange");
  const { read } = await readSample(1, "exchange", (path) => /HTTPERR/.test(path), [
    "c-ip",
    "s-reason",
  ]);
  const rows = read.flatMap((file) => file.rows);
  const scans = story.plan.steps.filter(({ kind }) => kind === "scan");
  expect(scans.length).toBeGreaterThan(0);
  for (const { requestId, logged } of scans) {
    const request = story.plan.requests.find(({ query }) => query.includes(requestId ?? "?"));
    const closed = rows.find(
      (row) =>
        row.field("c-ip") === request?.client &&
        row.millis >= logged + 2 * MINUTE &&
        row.millis <= logged + 2 * MINUTE + SECOND,
    );
    expect(closed?.field("s-reason")).toBe("Timer_ConnectionIdle");
    expect(closed?.channel).toBe("HTTPERR");
  }
  const { downtimes } = story.gaps;
  expect(downtimes.length).toBeGreaterThan(0);
  for (const { from, to } of downtimes) {
    expect(rows.filter(({ millis }) => millis >= from && millis < to)).toEqual([]);
    const stopped = rows.filter(({ millis }) => millis >= from - 5 * SECOND && millis < from);
    expect(stopped.map((row) => row.field("s-reason"))).toContain(
      "Connection_Abandoned_By_ReqQueue",
    );
  }
});

test.each([1, 2, 3])(
  "the audit of administrators has the cmdlets of the Management log (seed %i)",
  async (seed) => {
    const story = drawStory(seed, "small", "insider");
    const { read } = await readSample(seed, "insider", (path) => /SearchResult/.test(path), [
      "Cmdlet",
      "Caller",
      "Succeeded",
      "CmdletParameters.FilePath",
      "LogonUserDisplayName",
      "ClientIPAddress",
    ]);
    const rows = read.flatMap((file) => file.rows);
    const from = cmdletsAuditedFrom(story.gaps.managementFrom);
    const told = [...managementEvents(story, new Chance(seed, `${MANAGEMENT}/insider`))]
      .filter(({ event }) => event.at >= from)
      .map(
        ({ event }) =>
          `${event.at} ${event.data[0]?.[1]} ${event.data[2]?.[1]} ${event.eventId === 1}`,
      );
    const audited = rows.filter(({ channel }) => channel === "AdminAuditLogEvent");
    expect(audited.length).toBeGreaterThan(50);
    expect(
      audited.map(
        (row) =>
          `${row.millis} ${["Cmdlet", "Caller", "Succeeded"].map((name) => row.field(name)).join(" ")}`,
      ),
    ).toEqual(told);
    const exported = audited.flatMap((row) => row.field("CmdletParameters.FilePath") ?? []);
    for (const file of exported) expect(file).toMatch(/^\\\\fs1\..*\.pst$/);
    // Somebody opened a mailbox that is not his, from home.
    const visits = story.plan.steps.filter(({ kind }) => kind === "other-mailbox-opened");
    const [employee] = story.actors;
    const opened = rows.filter((row) => row.field("ClientIPAddress") === employee?.addresses[0]);
    expect(opened.map(({ millis }) => millis)).toEqual(visits.map(({ logged }) => logged));
  },
);

test("exports and the consultant's scan name the build that is installed", async () => {
  const { read, truth } = await readSample(
    4,
    "exchange",
    (path) => /(?:inventory|exports)\/.*\.xml$/.test(path),
    ["Build", "Observation", "Enabled"],
  );
  const rows = read.flatMap((file) => file.rows);
  const builds = (kind: string) =>
    rows
      .filter((row) => row.field("Observation") === kind)
      .map((row) => String(row.field("Build")));
  expect(builds("owa-header")).toEqual([truth.patches.build]);
  const [, , number] = truth.patches.build.split(".");
  expect(builds("exported-manifest")).toHaveLength(1);
  expect(builds("exported-manifest")[0]).toContain(`${number}.`);
  expect(rows.filter(({ channel }) => channel === "TransportAgent")).toHaveLength(7);
});

test("the antivirus of the machine in front finds the test file where somebody tried it, and nothing else", async () => {
  const found = async (variant: "insider" | "benign") => {
    const { read } = await readSample(1, variant, (path) => /clamav/.test(path), ["ThreatName"]);
    return read.flatMap((file) => file.rows).flatMap((row) => row.field("ThreatName") ?? []);
  };
  expect(await found("benign")).toEqual([]);
  expect(await found("insider")).toEqual(["Win.Test.EICAR_HDB-1"]);
});

test("mails to outside leave in sessions that the send log shows", async () => {
  const { read } = await readSample(1, "benign", (path) => /SEND|MSGTRK/.test(path), [
    "event-id",
    "recipient-address",
    "data",
    "Tls",
  ]);
  const rows = read.flatMap((file) => file.rows);
  const to = rows.flatMap((row) =>
    row.field("event-id") === "SENDEXTERNAL"
      ? [`RCPT TO:<${String(row.field("recipient-address"))}>`]
      : [],
  );
  const said = rows.filter(({ channel }) => channel === "SmtpSend");
  const asked = said
    .map((row) => String(row.field("data")))
    .filter((data) => data.startsWith("RCPT"));
  expect(asked.length).toBeGreaterThan(100);
  expect(asked.toSorted()).toEqual(to.toSorted());
  const sent = said.filter((row) => String(row.field("data")).startsWith("MAIL FROM"));
  expect(new Set(sent.map((row) => row.field("Tls")))).toEqual(new Set([true, false]));
});

test("requests of Outlook on the web and of remote PowerShell are those that HttpProxy passed on", async () => {
  const { read } = await readSample(
    2,
    "benign",
    (path) => /OwaServer|Rps_Http|HttpProxy\/(?:Owa|Powershell)/.test(path),
    ["RequestId", "EventData"],
  );
  const idsIn = (pattern: RegExp) =>
    read
      .filter(({ path }) => pattern.test(path))
      .flatMap(({ rows }) =>
        rows.map((row) => {
          const said = /S:REQID=([^;]+)/.exec(String(row.field("EventData")))?.[1];
          return said ?? String(row.field("RequestId"));
        }),
      );
  const passed = new Set(idsIn(/HttpProxy/));
  for (const log of [/OwaServer/, /Rps_Http/]) {
    const ids = idsIn(log);
    expect(ids.length).toBeGreaterThan(30);
    expect(ids.filter((id) => !passed.has(id))).toEqual([]);
  }
});

test("alerts of the tenant speak of the thief, and of one thing that was nothing", async () => {
  const { read } = await readSample(2, "credentials", (path) => /Alerts/.test(path), [
    "title",
    "determination",
  ]);
  const rows = read.flatMap((file) => file.rows);
  expect(new Set(rows.map(({ channel }) => channel))).toEqual(new Set(["Alerts"]));
  const unsolved = rows.filter((row) => row.field("determination") === "unknown");
  expect(unsolved.map((row) => row.field("title"))).toEqual([
    "Unfamiliar sign-in properties",
    "Suspicious inbox manipulation rule",
  ]);
  expect(rows.length).toBe(4);
});

test("the mail that Outlook saved reads as it was sent", async () => {
  const story = drawStory(2, "small", "exchange");
  const names = ["Subject", "Message-ID", "From", "Recipients", "MessageClass"];
  const { read } = await readSample(2, "exchange", (path) => path.endsWith(".msg"), names);
  const [row] = read.flatMap((file) => file.rows);
  const mail = story.oddMails.find(({ file }) => file.endsWith(".msg"));
  expect(row?.millis).toBe(mail?.at);
  expect(row?.field("Message-ID")).toBe(mail?.messageId);
  expect(mail?.text).toContain(`Subject: ${String(row?.field("Subject"))}`);
  expect(mail?.text).toContain(`From: ${String(row?.field("From"))}`);
  expect(row?.field("MessageClass")).toBe("IPM.Note");
});
