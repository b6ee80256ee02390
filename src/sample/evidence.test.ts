/** Every file of the sample is told by its content, reads without a flaw that was not planted, and agrees with the others. */
import { expect, test } from "vitest";
import { utf8 } from "../base/bytes.ts";
import { parseClaims } from "../engines/formats/index.ts";
import type { FormatId } from "../model/evidence.ts";
import { Chance } from "./chance.ts";
import { MANAGEMENT, managementEvents } from "./management-log.ts";
import { readSample, type Row } from "./read-sample.test-data.ts";
import { drawStory, type SampleVariant } from "./story.ts";

/** What a path below the evidence is to be recognised as; the first that fits. */
const EXPECTED: readonly (readonly [path: RegExp, format: FormatId])[] = [
  [/\.evtx$/, "evtx"],
  [/u_ex\d{6}\.log$/, "iis"],
  [/HTTPERR\/httperr1\.log$/, "iis"],
  [/nginx\/access\.log/, "ncsa"],
  [/clamav\/\w+\.log$/, "clamav"],
  [/SearchResult\.xml$/, "audit-xml"],
  [/nmap\.xml$/, "nmap"],
  [/exports\/.*\.xml$/, "clixml"],
  [/\.LOG$/, "exchange"],
  [/ExchangeSetup\.log$/, "exchange-setup"],
  [/MPLog-.*\.log$/, "mplog"],
  [/System32\/Tasks\//, "task"],
  [/config\/SOFTWARE$/, "registry"],
  [/\$MFT$/, "mft"],
  [/\$UsnJrnl_\$J$/, "usn"],
  [/systeminfo\.txt$/, "systeminfo"],
  [/owa-headers\.txt$/, "http-headers"],
  [/\.(?:eml|mbox|msg)$/, "mail"],
  [/AuditLog.*\.csv$|SignIns\.json$|Alerts\.json$/, "m365"],
  [/\.csv$/, "table"],
];

const VARIANTS: readonly (readonly [SampleVariant, number])[] = [
  ["exchange", 2],
  ["credentials", 2],
  ["insider", 1],
  ["benign", 1],
];

test.each(VARIANTS)(
  "%s, seed %i: each file is told by its content and has no flaw but the planted ones",
  async (variant, seed) => {
    // A day of each IIS folder stands for the others: sample.test.ts reads them all.
    const { read, truth } = await readSample(
      seed,
      variant,
      (path) => !/u_ex\d{6}\.log$/.test(path) || /u_ex2111(?:17|18)/.test(path),
      [],
    );
    const wrong = read.filter(
      ({ path, format }) => EXPECTED.find(([pattern]) => pattern.test(path))?.[1] !== format,
    );
    expect(wrong.map(({ path, format }) => `${path} is ${format}`)).toEqual([]);
    const planted = truth.tenant?.duplicates.map(() => "duplicate") ?? [];
    const flaws = read.flatMap(({ flaws: own }) => own);
    expect(flaws.toSorted()).toEqual([...(truth.tenant === null ? [] : ["AuditData"]), ...planted]);
    const undatedIsWrong =
      /HttpProxy|Ews_|MSGTRK|RECV|SEND|Rps_|ECPActivity|OwaServer|MPLog|httperr|access|clam|Search|nmap|\.(?:eml|msg)$/;
    const undated = read.filter(
      ({ path, rows }) =>
        undatedIsWrong.test(path) && rows.some(({ millis }) => millis < Date.UTC(2021, 4)),
    );
    expect(undated.map(({ path }) => path)).toEqual([]);
    const formatsRead = new Set(read.map(({ format }) => format));
    const wanted = new Set(EXPECTED.map(([, format]) => format));
    if (truth.tenant === null) wanted.delete("m365");
    expect(formatsRead).toEqual(wanted);
  },
);

test.each([1, 2, 3, 4])("HttpProxy and IIS tell the same requests (seed %i)", async (seed) => {
  const { read, truth } = await readSample(seed, "exchange", (path) =>
    /MX1\/(?!local|march).*(?:u_ex2111\d\d\.log|HttpProxy_202111.*\.LOG|Ews_202111.*\.LOG)$/.test(
      path,
    ),
  );
  const rowsIn = (pattern: RegExp) =>
    read.filter(({ path }) => pattern.test(path)).flatMap(({ rows }) => rows);
  const ends = (rows: readonly Row[]) =>
    new Map(rows.map((row) => [String(row.field("RequestId")), row]));
  const front = ends(rowsIn(/W3SVC1/));
  const back = ends(rowsIn(/W3SVC2/));
  const proxied = rowsIn(/HttpProxy_/);
  expect(proxied.length).toBeGreaterThan(8000);
  const ahead = truth.exchange_logs.http_proxy_clock.ahead_ms;
  const differences: number[] = [];
  for (const row of proxied) {
    const same = front.get(String(row.field("RequestId")));
    if (same === undefined) continue;
    expect(row.host).toBe("MX1");
    // An event of IIS stands at the start of the request, one of HttpProxy at its end.
    differences.push(row.millis - same.millis - Number(same.field("time-taken")) - ahead);
  }
  // Nearly all of them: the front end's own days may lack one.
  expect(differences.length).toBeGreaterThan(proxied.length * 0.7);
  expect(Math.min(...differences)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...differences)).toBeLessThan(1000);
  const served = rowsIn(/Ews_/);
  const backEnd = served.filter((row) => back.has(String(row.field("RequestId"))));
  expect(backEnd.length).toBe(served.length);
});

test("what a mailbox was robbed of stands in the EWS log by counts and bytes, where a day of it is left", async () => {
  let found = 0;
  for (let seed = 1; seed <= 8; seed++) {
    const { read, truth } = await readSample(seed, "exchange", (path) => /Ews_/.test(path));
    const reads = new Set(
      truth.steps.filter(({ kind }) => kind === "mail-read").map((step) => step.request_id),
    );
    const days = new Set([...truth.exchange_logs.days, ...truth.exchange_logs.saved.days]);
    const left = truth.steps.filter(
      ({ kind, logged }) => kind === "mail-read" && days.has(logged.slice(0, 10)),
    );
    const rows = read
      .flatMap((file) => file.rows)
      .filter((row) => reads.has(String(row.field("RequestId"))));
    expect(rows.length).toBe(left.length);
    for (const row of rows) expect(Number(row.field("ResponseSize"))).toBeGreaterThan(4000);
    found += rows.length;
  }
  expect(found).toBeGreaterThan(100);
});

test("twenty seeds: some save days of August, some have a collector's clock, the others not", () => {
  const kept = Array.from({ length: 20 }, (_, at) => drawStory(at + 1, "small", "exchange")).map(
    ({ keeping }) => keeping,
  );
  expect(new Set(kept.map(({ savedDays }) => savedDays.length > 0)).size).toBe(2);
  expect(new Set(kept.map(({ collectorSkewMillis }) => Math.abs(collectorSkewMillis)))).toEqual(
    new Set([0, 420_000]),
  );
  for (const { days } of kept) expect(days).toHaveLength(30);
});

test("MPLog names every removed file with the hash of the truth", async () => {
  const { read, truth } = await readSample(5, "exchange", (path) => /MPLog/.test(path));
  const rows = read.flatMap((file) => file.rows);
  const hashes = new Set(rows.map((row) => row.field("Sha1")));
  expect(truth.defender.files.filter(({ sha1 }) => !hashes.has(sha1))).toEqual([]);
  expect(truth.defender.files).toHaveLength(54);
});

test("reported mails that passed the server are in its tracking log, the others are not", async () => {
  const { read, truth } = await readSample(6, "exchange", (path) => /MSGTRK|mails\//.test(path));
  const rows = read.flatMap((file) => file.rows);
  const tracked = new Set(rows.map((row) => row.field("message-id")));
  expect(truth.mails).toHaveLength(5);
  expect(truth.mails.map((mail) => tracked.has(mail.message_id))).toEqual(
    truth.mails.map((mail) => mail.tracked),
  );
  const handedIn = new Set(rows.map((row) => row.field("Message-ID")));
  for (const mail of truth.mails) expect(handedIn).toContain(mail.message_id);
});

test("some deliveries come encrypted and some do not", async () => {
  const { read } = await readSample(1, "benign", (path) => /RECV/.test(path));
  const said = read
    .flatMap((file) => file.rows)
    .filter((row) => String(row.field("data")).startsWith("MAIL FROM"));
  expect(new Set(said.map((row) => row.field("Tls")))).toEqual(new Set([true, false]));
});

test("remote cmdlets are those of the Management log", async () => {
  const { read } = await readSample(3, "insider", (path) => /Rps_Cmdlet/.test(path));
  const rows = read.flatMap((file) => file.rows);
  expect(rows.length).toBeGreaterThan(20);
  const story = drawStory(3, "small", "insider");
  const chance = new Chance(3, `${MANAGEMENT}/insider`);
  const told = new Set(
    [...managementEvents(story, chance)].map(
      ({ event }) => `${event.at} ${event.data[0]?.[1]} ${event.data[1]?.[1]}`,
    ),
  );
  for (const row of rows)
    expect(told).toContain([row.millis, row.field("Cmdlet"), row.field("Parameters")].join(" "));
});

test("claims can be read, and those of an exploited half-year contradict each other and the server", async () => {
  const { papers, truth, read } = await readSample(2, "exchange", (path) =>
    /ExchangeSetup|ECPActivity|inventory|SOFTWARE/.test(path),
  );
  const claims = ["claims.csv", "claims.yaml"].flatMap((file) => {
    const parsed = parseClaims(utf8(papers.get(file) ?? ""), file);
    expect(parsed.flaws).toEqual([]);
    return parsed.claims;
  });
  const missing = truth.patches.missing.map(({ kb }) => kb);
  expect(missing).toHaveLength(4);
  expect(truth.patches.missing.filter(({ rating }) => rating === "Critical")).toHaveLength(1);
  const said = (kb: string) => claims.filter((claim) => claim.kb === kb).map(({ claim }) => claim);
  for (const kb of missing) expect(said(kb)).toContain("installed");
  expect(new Set(said(missing[0] ?? "")).size).toBe(2);
  expect(claims.some(({ claim }) => claim.includes("13 months"))).toBe(true);
  const rows = read.flatMap((file) => file.rows);
  const [, , number = ""] = truth.patches.build.split(".");
  const builds = new Set(
    rows.flatMap((row) => (row.field("Observation") === "setup-log" ? [row.field("Build")] : [])),
  );
  expect([...builds].every((build) => String(build).startsWith(`15.1.${number}.`))).toBe(true);
  expect(builds.size).toBe(1);
  expect(
    rows.some((row) => String(row.field("EventData")).includes(`S:BLD=${truth.patches.build}`)),
  ).toBe(true);
  expect(rows.map((row) => row.field("Kb")).filter((kb) => missing.includes(String(kb)))).toEqual(
    [],
  );
});

test("a tenant shows bound, synchronised and throttled accesses, and a rule", async () => {
  const { read, truth } = await readSample(2, "credentials", (path) => /m365/.test(path));
  const rows = read.flatMap((file) => file.rows);
  const { tenant } = truth;
  expect(tenant).not.toBeNull();
  expect(rows.filter(({ channel }) => channel === "UnifiedAudit")).toHaveLength(
    tenant?.records ?? 0,
  );
  expect(new Set(rows.map((row) => row.field("MailAccessType")))).toEqual(
    new Set([undefined, "Bind", "Sync"]),
  );
  expect(rows.filter((row) => row.field("IsThrottled") === true)).toHaveLength(1);
  expect(rows.filter((row) => row.field("Operation") === "New-InboxRule")).toHaveLength(1);
  expect(new Set(rows.map(({ channel }) => channel))).toEqual(
    new Set(["UnifiedAudit", "SignIn", "MessageTrace", "MfaRegistration", "Alerts"]),
  );
});

test("a task of the intruder is there in an exploited half-year, and in no other", async () => {
  const commands = async (variant: SampleVariant) => {
    const { read, truth } = await readSample(1, variant, (path) => /Tasks/.test(path));
    return {
      told: truth.persistence?.command ?? null,
      shown: read.flatMap((file) => file.rows).map((row) => row.field("Command")),
    };
  };
  const exploited = await commands("exchange");
  expect(exploited.shown).toContain(exploited.told);
  const benign = await commands("benign");
  expect(benign.told).toBeNull();
  expect(benign.shown).toEqual(["C:\\Program Files\\BackupAgent\\agent.exe"]);
});
