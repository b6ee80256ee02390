/**
 * An invented case as a Dossier value, small and rich, for tests of how it is shown; nothing in it is real.
 * Deterministic: no clock, no chance.
 */
import { readFileSync } from "node:fs";
import type { Dossier, EvidenceAccount } from "../../src/model/dossier.ts";
import type { IncidentEvent, IncidentEventKind } from "../../src/model/duty.ts";
import type { Event } from "../../src/model/event.ts";
import type { FormatId } from "../../src/model/evidence.ts";
import type { Flaw } from "../../src/model/flaw.ts";
import { answerDuties, clocksOf, parseLaws } from "../../src/questions/duties/index.ts";
import { AFTERMATHS, CONTAINMENT, TAKINGS } from "./invented-aftermath.ts";
import { ANSWERS } from "./invented-answers.ts";
import { CAUSE } from "./invented-cause.ts";
import { COVERAGE, DYING } from "./invented-coverage.ts";
import { CANARIES, DELIVERIES, FINDINGS, MISSED } from "./invented-findings.ts";
import { inventedPatches } from "./invented-patches.ts";
import { at, DEFENDER, hash, IIS, RECORDS, SECURITY } from "./invented-records.ts";

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
        { state: "refused", reason: "look-around in a regular expression", count: 41 },
        { state: "refused", reason: "modifier expand needs a placeholder", count: 18 },
      ],
      filters: 0,
      notHere: [
        {
          reason: "no log of windows/process_creation/- is here",
          needs: "Microsoft-Windows-Sysmon/Operational 1, or Security 4688",
          count: 1180,
        },
      ],
    },
    findings: FINDINGS,
    detectionsTotal: 288,
    cause: CAUSE,
    coverage: COVERAGE,
    missed: MISSED,
    takings: TAKINGS,
    aftermaths: AFTERMATHS,
    containment: CONTAINMENT,
    canaries: CANARIES,
    deliveries: DELIVERIES,
    incident: INCIDENT,
    clocks,
    dying: DYING,
    records: RECORDS,
  };
}
