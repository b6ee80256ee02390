/**
 * An invented case as a Dossier value, small and rich, for tests of how it is shown; nothing in it is real.
 * Deterministic: no clock, no chance.
 */
import { readFileSync } from "node:fs";
import { known } from "../../src/base/assert.ts";
import { TICKS_PER_HOUR, UNDATED } from "../../src/base/time.ts";
import type { Cause, LadderStep, Rung, TimelineEntry } from "../../src/model/cause.ts";
import type { Coverage, SourceCoverage } from "../../src/model/coverage.ts";
import type { DyingEvidence } from "../../src/model/dying.ts";
import type { DetectionId, Level } from "../../src/model/detection.ts";
import type { Answer, Dossier, EvidenceAccount } from "../../src/model/dossier.ts";
import type { IncidentEvent, IncidentEventKind } from "../../src/model/duty.ts";
import type { Event } from "../../src/model/event.ts";
import type { FormatId } from "../../src/model/evidence.ts";
import type { StandingFinding } from "../../src/model/finding.ts";
import type { Flaw } from "../../src/model/flaw.ts";
import { answerDuties, clocksOf, parseLaws } from "../../src/questions/duties/index.ts";
import { inventedPatches } from "./invented-patches.ts";
import { at, DEFENDER, hash, IIS, RECORDS, reference, SECURITY } from "./invented-records.ts";

function entry(
  number: number,
  what: string,
  level: Level,
  rung: Rung | null,
  count = 1,
): TimelineEntry {
  const { ticks, digits, host } = known(RECORDS[number], "record");
  const until = ticks + (count > 1 ? 3n * TICKS_PER_HOUR : 0n);
  return { ticks, digits, host, what, level, rung, count, until, at: [reference(number)] };
}

function step(rung: Rung, number: number, count: number): LadderStep {
  const { ticks, digits } = known(RECORDS[number], "record");
  return {
    rung,
    first: ticks,
    digits,
    last: ticks + BigInt(count - 1) * TICKS_PER_HOUR,
    count,
    at: [reference(number)],
  };
}

function source(
  host: string,
  format: FormatId,
  channel: string,
  first: string,
  last: string,
): SourceCoverage {
  return {
    host,
    format,
    channel,
    events: 184_233,
    undated: 0,
    first: at(first),
    last: at(last),
    firstAt: reference(0),
    lastAt: reference(5),
    rhythm: 6n * TICKS_PER_HOUR,
    gaps: [],
    rotation: null,
  };
}

const WEB: SourceCoverage = {
  ...source("HVC-MAIL01", "iis", "W3SVC2", "2021-07-01T00:00:04Z", "2021-12-14T23:59:58Z"),
  gaps: [
    {
      from: at("2021-08-02T00:00Z"),
      to: at("2021-08-13T00:00Z"),
      kind: "quiet",
      why: "11 whole days without a line; the longest normal silence of this source is 6 hours",
      before: reference(0),
      after: reference(1),
    },
  ],
};

const DYING: DyingEvidence = {
  asOf: at("2021-12-15T09:00Z"),
  window: {
    from: at("2021-08-13T04:12Z"),
    to: at("2021-12-09T22:40Z"),
    why: "from the first exploitation to the last trace of one",
  },
  sources: [
    {
      evidence: "http-proxy",
      host: "HVC-MAIL01",
      what: "Exchange HttpProxy logs",
      state: "going",
      rank: 2,
      decides: "Which account a forged request acted as, and whether the back end obeyed.",
      oldest: UNDATED,
      oldestAt: null,
      missing: [{ from: at("2021-08-13T04:12Z"), to: at("2021-12-09T22:40Z") }],
      keeps: 720n * TICKS_PER_HOUR,
      basis: "stated",
      begins: at("2021-09-12T04:12Z"),
      gone: at("2022-01-08T22:40Z"),
      why: "Not here. Records of 13 August 2021 are past their time since 12 September 2021, 04:12 UTC; the last of them, of 9 December 2021, are deleted by 8 January 2022, 22:40 UTC: collect now.",
      source: "Responders' practice on Exchange servers of 2021",
      confidence: "practice",
    },
  ],
};

const COVERAGE: Coverage = {
  sources: [
    source("HVC-MAIL01", "iis", "W3SVC1", "2021-07-01T00:00:01Z", "2021-12-14T23:59:59Z"),
    WEB,
    {
      ...source("HVC-MAIL01", "evtx", "Security", "2021-11-16T08:00:00Z", "2021-12-14T09:30:00Z"),
      gaps: [
        {
          from: at("2021-07-01T00:00Z"),
          to: at("2021-11-16T08:00Z"),
          kind: "not-reaching-back",
          why: "other logs of this host begin on 1 July",
          before: reference(8),
          after: reference(8),
        },
      ],
    },
    {
      ...source(
        "HVC-MAIL01",
        "evtx",
        "Microsoft-Windows-Windows Defender/Operational",
        "2021-07-03T11:00:00Z",
        "2021-12-10T02:00:00Z",
      ),
      events: 412,
    },
    {
      ...source("HVC-DC01", "evtx", "Security", "2021-12-01T00:00:00Z", "2021-12-14T10:00:00Z"),
      undated: 3,
    },
  ],
  cleared: [
    {
      host: "HVC-MAIL01",
      log: "Security",
      ticks: at("2021-11-16T07:59:41.2Z"),
      digits: 7,
      by: "HVC\\svc-exchange",
      at: reference(8),
    },
  ],
  skews: [
    {
      host: "HVC-MAIL01",
      estimates: [
        {
          ahead: { format: "iis", channel: "W3SVC2" },
          against: { format: "iis", channel: "W3SVC1" },
          aheadMillis: 420_000,
          spreadMillis: 31,
          joins: 18_204,
          statedMillis: 0,
          statedAgainstMillis: 0,
          line: '- { files: "W3SVC2/*", skew_ms: 420000 }',
          at: [reference(0), reference(1)],
        },
      ],
      unjoined: 2,
    },
  ],
  clockChanges: [
    {
      host: "HVC-DC01",
      ticks: at("2021-12-02T07:00:00Z"),
      digits: 7,
      from: at("2021-12-02T07:00:00Z"),
      to: at("2021-12-02T07:06:58Z"),
      by: "C:\\Windows\\System32\\svchost.exe",
      at: reference(8),
    },
  ],
  expected: [
    {
      id: "http-proxy",
      host: "HVC-MAIL01",
      what: "HttpProxy logs of August",
      why: "Would tie each front-end request to its back-end answer; they reach back about 30 days and were gone by December.",
    },
    {
      id: "mailbox-audit",
      host: "HVC-MAIL01",
      what: "Mailbox audit",
      why: "Would say which messages were opened; it was never switched on.",
    },
  ],
  limits: [],
};

const CAUSE: Cause = {
  chains: [],
  timeline: [
    entry(0, "Scan for the autodiscover weakness, redirected", "medium", "probed", 14),
    entry(1, "Autodiscover request reached the back end as SYSTEM", "high", "reached"),
    entry(2, "Remote PowerShell through the front door", "critical", "executed", 6),
    entry(3, "Request for a file that was not there yet", "medium", "probed"),
    entry(4, "The same file answers 200, 91 seconds later", "critical", "executed"),
    entry(5, "Web shell used", "critical", "used", 212),
    entry(6, "Antivirus removed a web shell", "high", null),
    entry(7, "Antivirus failed to remove a miner", "critical", null),
    entry(8, "Network logon of the backup account at night", "low", null),
  ],
  ladders: [
    {
      host: "HVC-MAIL01",
      steps: [
        step("probed", 0, 15),
        step("reached", 1, 4),
        step("executed", 2, 7),
        step("used", 5, 212),
      ],
    },
    { host: "HVC-DC01", steps: [step("reached", 8, 1)] },
  ],
  first: [
    {
      host: "HVC-MAIL01",
      at: step("executed", 2, 7),
      over: COVERAGE.sources.slice(0, 2),
      hiddenBy: [{ host: WEB.host, channel: WEB.channel, gap: known(WEB.gaps[0], "gap") }],
      earlier: [step("probed", 0, 15)],
    },
  ],
  unjudged: [],
  ownTests: [
    {
      who: "Harbour Security Ltd (invented)",
      host: "HVC-MAIL01",
      first: at("2021-09-20T09:00:00Z"),
      digits: 0,
      last: at("2021-09-20T16:12:00Z"),
      count: 340,
      byTime: 0,
      at: [reference(3)],
    },
  ],
  limits: [],
};

const ANSWERS: readonly Answer[] = [
  {
    question: "patched",
    asked: "Were we patched?",
    state: "partly",
    headline:
      "No. Four updates that were claimed as installed on HVC-MAIL01 were not there; two of them are rated critical. The longest exposure is 283 to 291 days.",
    statements: [
      {
        text: "The file version on HVC-MAIL01 was 15.1.2044.4 on 10 December 2021.",
        basis: "observed",
        at: [reference(1)],
      },
      {
        text: "The provider states that all updates were installed by July 2021.",
        basis: "claimed",
        at: [],
      },
    ],
    unknown: ["Whether KB4577352 was there: the version of one more file of the build would tell."],
  },
  {
    question: "answered",
    asked: "What did our defences see, and who answered?",
    state: "partly",
    headline:
      "The antivirus reported 54 unique files on the mail server in three months. No person answered any of them.",
    statements: [
      {
        text: "The antivirus removed a web shell on 14 August 2021, 21 hours after it was written.",
        basis: "observed",
        at: [reference(6)],
      },
      {
        text: "One removal failed, on 2 October 2021, with error 0x80508014.",
        basis: "observed",
        at: [reference(7)],
      },
      {
        text: "No answer by a person stands against any of the 54 files.",
        basis: "derived",
        at: [],
      },
    ],
    unknown: [
      "Whether the alerts were ever shown to anybody.",
      "What ran between the failed removal and 10 December: no process records exist.",
      "Whether other hosts reported to the same console.",
    ],
  },
  {
    question: "cause",
    asked: "How did they get in, when, and what did they do?",
    state: "answered",
    headline:
      "Through the mail server’s autodiscover weakness, on 13 August 2021 at 04:12 UTC at the latest. A web shell was written within two minutes and used 212 times.",
    statements: [
      {
        text: "A request crossed from the front door to the back end as SYSTEM.",
        basis: "observed",
        at: [reference(1)],
      },
      {
        text: "A file that answered 404 answered 200 after 91 seconds: it was written in between.",
        basis: "derived",
        at: [reference(3), reference(4)],
      },
      {
        text: "Nothing tells what the shell was asked to do: request bodies are not logged.",
        basis: "unknown",
        at: [],
      },
    ],
    unknown: ["Whether an earlier exploitation lies in the 11 days that W3SVC2 lacks."],
  },
  {
    question: "people",
    asked: "Whose data was taken?",
    state: "not-yet",
    headline: "Not answered yet: no mailbox was handed in.",
    statements: [],
    unknown: ["Which mailboxes were within reach, and who is named in them."],
  },
];

function act(kind: IncidentEventKind, when: string, by: string, note: string): IncidentEvent {
  return { kind, at: at(when), recordedAt: at("2021-12-18T09:00Z"), by, note, law: null };
}

const INCIDENT: readonly IncidentEvent[] = [
  act(
    "suspected",
    "2021-12-09T15:40Z",
    "A. Nurse (invented)",
    "Two patients ask about strange mails",
  ),
  act("aware", "2021-12-13T10:00Z", "B. Lead (invented)", "Web shell seen on the server"),
  act("aware", "2021-12-14T08:30Z", "C. Manager (invented)", "Told at the morning meeting"),
  { ...act("notified", "2021-12-17T16:20Z", "D. Officer (invented)", ""), law: "gg-dpl-2017" },
];

const LAWS = parseLaws(
  ["gg-dpl-2017", "uk-gdpr"].map((id) =>
    JSON.parse(readFileSync(`knowledge/laws/${id}.json`, "utf8")),
  ),
);

const FINDINGS: readonly StandingFinding[] = [
  finding(
    "Web shell written and used",
    "critical",
    [4, 5],
    219,
    "One path, one client address, within an hour of each other.",
  ),
  finding(
    "Antivirus could not remove a file",
    "critical",
    [7],
    1,
    "A failed action is a finding of its own.",
  ),
  finding(
    "Antivirus removed files from a server",
    "high",
    [6],
    54,
    "54 unique paths in three months on one server.",
  ),
  finding(
    "Scan for the autodiscover weakness",
    "medium",
    [0],
    14,
    "Same client, same path, redirected each time.",
  ),
];

function finding(
  title: string,
  level: Level,
  numbers: readonly number[],
  count: number,
  why: string,
): StandingFinding {
  const first = known(RECORDS[known(numbers[0], "number")], "record").ticks;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- invented ids
  const detections = Array.from(
    { length: count },
    (_, n) => n.toString(16).padStart(32, "0") as DetectionId,
  );
  return {
    question: "answered",
    kind: "rule",
    counts: {},
    owner: null,
    opened: null,
    due: null,
    answer: null,
    stateWhy: "",
    id: `f-${title.length}-${count}`,
    title,
    level,
    state: "open",
    host: "HVC-MAIL01",
    rule: "9e2b4a1c-0f5d-4d0e-8a53-3c1f6f1f0001",
    firstSeen: first,
    lastSeen: first + BigInt(count) * TICKS_PER_HOUR,
    detections,
    examples: numbers.map(reference),
    why,
  };
}

function account(
  place: Event["place"],
  intake: EvidenceAccount["intake"],
  format: FormatId | null,
  events: number,
  flaws: number,
): EvidenceAccount {
  const file = place.file.split("!/")[0] ?? "";
  return {
    evidence: {
      hash: place.evidence,
      file,
      sizeBytes: 48_234_113 + events,
      holding: { kind: "sealed", object: "0123456789abcdef0123456789abcdef" },
      takenAt: at("2021-12-18T08:12:44Z"),
      by: "E. Responder (invented)",
      modifiedAt: at("2021-12-14T23:59:59Z"),
    },
    member: place.member,
    intake,
    format,
    events,
    flaws,
    assumptions:
      format === "iis"
        ? [
            {
              file,
              what: "zone",
              value: "UTC",
              why: "W3C logs are in UTC by their specification, and the file names no zone.",
            },
          ]
        : [],
  };
}

const FLAWS: readonly Flaw[] = [
  {
    kind: "flaw",
    place: SECURITY,
    offset: 1_048_576,
    what: "chunk checksum",
    need: "0x9a3e11f0",
    have: "0x00000000",
  },
  {
    kind: "flaw",
    place: IIS,
    offset: 733_101,
    what: "fewer fields than the directive",
    need: "15 fields",
    have: "2021-08-13 04:1\u0000\u0000",
  },
];

/** The rich small fixture: five questions, two laws, nine records. */
export function inventedDossier(): Dossier {
  const asOf = at("2021-12-18T09:00Z");
  const clocks = clocksOf(LAWS, INCIDENT, asOf, {
    nature: "Unauthorised access to the mail server through a known weakness",
  });
  return {
    caseName: "Havelet Clinic, mail server",
    synthetic: true,
    asOf,
    window: null,
    program: "breakwater 0.1.0",
    vault: {
      id: "8c1d5b0e9f3a4472b6a0c5d2e4f60718",
      entries: 37,
      checkpoint:
        "breakwater/8c1d5b0e9f3a4472b6a0c5d2e4f60718\n37\nq0v7k0dGm2n1Vb4s8yqk2m0V3nq6bE1q3Jr7l0d5v2k=\n\n\u2014 breakwater/8c1d5b0e AAAAAbase64signature==\n",
    },
    answers: [...ANSWERS, answerDuties(clocks, INCIDENT)],
    evidence: [
      account(IIS, "read", "iis", 184_233, 1),
      account(SECURITY, "read", "evtx", 21_004, 1),
      account(DEFENDER, "read", "evtx", 412, 0),
      account(
        { evidence: hash("d"), member: "", file: "evidence/notes.one" },
        "unread",
        null,
        0,
        0,
      ),
    ],
    claims: [],
    observations: [],
    patches: inventedPatches(),
    flaws: FLAWS,
    flawsTotal: FLAWS.length,
    rules: {
      files: 212,
      rules: 2850,
      run: 2791,
      refused: [
        { reason: "look-around in a regular expression", count: 41 },
        { reason: "modifier expand needs a placeholder", count: 18 },
      ],
    },
    findings: FINDINGS,
    detectionsTotal: 288,
    cause: CAUSE,
    coverage: COVERAGE,
    missed: null,
    takings: [],
    aftermaths: [],
    containment: [],
    canaries: [],
    deliveries: [],
    incident: INCIDENT,
    clocks,
    dying: DYING,
    records: RECORDS,
  };
}
