/** What left, what changed and what was done about it in the invented case; nothing in it is real. */
import { known } from "../../src/base/assert.ts";
import { TICKS_PER_DAY } from "../../src/base/time.ts";
import type { Aftermath, AftermathCheck, AftermathState } from "../../src/model/aftermath.ts";
import type { Containment, ContainmentKind } from "../../src/model/containment.ts";
import type { Taking } from "../../src/model/taking.ts";
import { at, RECORDS, reference } from "./invented-records.ts";

const FIRST = known(RECORDS[2], "record");

/** Two addresses: one with bytes, one of which no log states any. */
export const TAKINGS: readonly Taking[] = [
  {
    host: "HVC-MAIL01",
    client: "203.0.113.77",
    first: FIRST.ticks,
    digits: 0,
    last: FIRST.ticks + 96n * TICKS_PER_DAY,
    requests: 4211,
    answered: 3977,
    sentBytes: 1_734_202_118,
    withoutBytes: 212,
    items: 9120,
    parts: [
      { what: "EWS", requests: 3800, answered: 3760, sentBytes: 1_512_000_407, items: 9120 },
      { what: "PowerShell", requests: 14, answered: 6, sentBytes: 22_201_711, items: null },
      { what: "pages in web folders", requests: 397, answered: 211, sentBytes: null, items: null },
    ],
    mailboxes: ["accounts@clinic.example", "reception@clinic.example"],
    at: [reference(5), reference(2)],
  },
  {
    host: "HVC-MAIL01",
    client: "198.51.100.20",
    first: FIRST.ticks + 20n * TICKS_PER_DAY,
    digits: 0,
    last: FIRST.ticks + 20n * TICKS_PER_DAY,
    requests: 3,
    answered: 3,
    sentBytes: null,
    withoutBytes: 3,
    items: null,
    parts: [
      { what: "pages in web folders", requests: 3, answered: 3, sentBytes: null, items: null },
    ],
    mailboxes: [],
    at: [reference(4)],
  },
];

function check(
  id: string,
  about: AftermathCheck["about"],
  what: string,
  state: AftermathState,
  why: string,
): AftermathCheck {
  const over =
    state === "not-looked-at"
      ? []
      : ["HVC-MAIL01 Security from 2021-11-16T08:00:00Z to 2021-12-14T09:30:00Z"];
  return { id, about, what, state, changes: [], changesTotal: 0, over, why };
}

/** One host, with every state in both lists. */
export const AFTERMATHS: readonly Aftermath[] = [
  {
    host: "HVC-MAIL01",
    since: FIRST.ticks,
    checks: [
      {
        ...check(
          "accounts",
          "spread",
          "Accounts created or enabled",
          "found",
          "Accounts that came up since the first exploitation, on this host or in its domain.",
        ),
        changes: [
          {
            ticks: at("2021-11-20T03:01:09.5Z"),
            digits: 7,
            host: "HVC-DC01",
            what: "account svc_backup2 created",
            by: "HVC\\svc-exchange",
            at: reference(8),
          },
          {
            ticks: at("2021-11-20T03:04:00.1Z"),
            digits: 7,
            host: "HVC-DC01",
            what: "account svc_backup2 added to Domain Admins",
            by: "",
            at: reference(8),
          },
        ],
        changesTotal: 14,
      },
      check("shares", "spread", "Shares of other hosts", "clean", "No record of a share is there."),
      check(
        "directory",
        "spread",
        "Changes of the directory",
        "not-looked-at",
        "The Security log of a domain controller with 5136 would tell.",
      ),
      check(
        "shells",
        "persistence",
        "Pages in web folders",
        "found",
        "Two pages answered after the antivirus had removed the others.",
      ),
      check("tasks", "persistence", "Scheduled tasks", "clean", "No task came up since."),
      check(
        "machine-keys",
        "persistence",
        "Machine keys of the web server",
        "not-looked-at",
        "Whether they were read, no log tells: treat them as known, and make new ones.",
      ),
    ],
  },
];

function act(
  kind: ContainmentKind,
  subject: string,
  when: string,
  verified: string,
  note = "",
): Containment {
  return {
    kind,
    subject,
    at: at(when),
    recordedAt: at("2021-12-17T09:00Z"),
    by: "B. Lead (invented)",
    verified,
    note,
  };
}

/** Three acts, one of which nobody verified. */
export const CONTAINMENT: readonly Containment[] = [
  act(
    "isolated",
    "HVC-MAIL01",
    "2021-12-13T11:20Z",
    "No request from outside in the log of the firewall since.",
  ),
  act("reset", "svc_backup2", "2021-12-13T12:00Z", ""),
  act(
    "rebuilt",
    "HVC-MAIL01",
    "2021-12-15T18:00Z",
    "Build 15.1.2375.18 on a new disk.",
    "Mailboxes were moved; no file of the old disk was copied.",
  ),
];
