/**
 * The first question of the invented case: one mail server on an old build against four claims, one that is in order, one that only a
 * list of updates speaks of. Builds, numbers and days of updates are public; hosts, people and tickets are invented.
 */
import { known } from "../../src/base/assert.ts";
import { parseDay, type Day } from "../../src/base/day.ts";
import { UNDATED } from "../../src/base/time.ts";
import type { Severity, VulnerabilityId } from "../../src/model/catalogue.ts";
import type { Claim } from "../../src/model/claim.ts";
import type { Observation, Sighting } from "../../src/model/observation.ts";
import type {
  BuildSpan,
  Exposure,
  FixState,
  HostPatches,
  PatchItem,
  PatchReport,
  PublicFact,
  VulnerabilityState,
} from "../../src/model/patch.ts";
import { at, hash, reference } from "./invented-records.ts";
import { eventKey, type EventReference } from "../../src/model/event.ts";

const MAIL = "HVC-MAIL01";
const EXCHANGE = "Exchange Server 2016";

function day(text: string): Day {
  return known(parseDay(text), text);
}

const INVENTORY = { evidence: hash("e"), member: "", file: "evidence/inventory.csv" };
/** A row of a list that the dossier does not print: the reference is written out. */
const ROW: EventReference = {
  key: eventKey(INVENTORY, 77),
  evidence: INVENTORY.evidence,
  file: INVENTORY.file,
  record: "2",
  offset: 77,
};

function sighting(time: string | null, ref: EventReference): Sighting {
  return { ticks: time === null ? UNDATED : at(time), digits: 0, zoneAssumed: null, at: ref };
}

function span(
  text: string,
  [first, last]: readonly [string, string] | readonly [null, null],
  strong: boolean,
): BuildSpan {
  const observation: Observation = {
    host: MAIL,
    hostAssumedFrom: "",
    product: "Exchange Server",
    build: { text, numbers: text.split(".").map(Number) },
    kb: "",
    kind: strong ? "file-version" : "server-log",
    strength: "strong",
    revisionStrength: strong ? "strong" : "weak",
    source: strong ? "evidence/inventory.csv" : "HttpProxy",
    basis: strong
      ? "The version of ExSetup.exe is that of the installed update."
      : "The server's own log writes its version beside every request.",
    first: sighting(first, strong ? ROW : reference(1)),
    last: sighting(last, strong ? ROW : reference(2)),
    days: first === null ? [] : [day(first), day(last)],
    records: strong ? 1 : 4021,
    notAfter: null,
  };
  return {
    build: observation.build ?? { text, numbers: null },
    first: first === null ? null : day(first),
    last: last === null ? null : day(last),
    strength: observation.strength,
    revisionStrength: observation.revisionStrength,
    observation,
  };
}

function claim(kb: string, said: string, when: string, by: string | null, ref: string): Claim {
  return {
    host: MAIL,
    product: "Exchange Server",
    kb,
    claim: said,
    by,
    at: when === "" ? null : at(when),
    digits: 0,
    atText: when,
    reference: ref,
    lacks: when === "" ? ["when it was said"] : [],
    more: {},
    file: "claims.csv",
    record: "3",
    offset: 120,
  };
}

/** `CVE-2021-34473 critical missing`, and what else is to be said of it. */
function vulnerability(text: string, more: Partial<VulnerabilityState> = {}): VulnerabilityState {
  const [id, severity, state] = text.split(" ");
  return {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- an id of the fixture
    id: id as VulnerabilityId,
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- its rating
    severity: severity as Severity,
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- its state
    state: state as FixState,
    alias: "",
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the same rating
    rank: severity as Severity,
    lentBy: "",
    why: "The build 15.1.2044.4 is older than 15.1.2044.13, the first of its cumulative update that holds the fix.",
    requires: "",
    disputed: "",
    epss: null,
    ...more,
  };
}

function open(from: string, days: readonly [number, number], used: readonly [number, number]) {
  return {
    from: day(from),
    to: null,
    daysMin: days[0],
    daysMax: days[1],
    exploitedDaysMin: used[0],
    exploitedDaysMax: used[1],
    daysWithoutFix: 0,
  } satisfies Exposure;
}

function fact(when: string, what: PublicFact["what"], text: string): PublicFact {
  return { day: day(when), what, text };
}

const EXCUSES = [
  "The cumulative update was out of support: Windows Update offered it nothing, and reported that nothing was missing.",
  "The update was started by hand without elevation: it ends without a message, and the services keep their old files.",
];

const BASE: PatchItem = {
  host: MAIL,
  product: EXCHANGE,
  build: "15.1.2044.4",
  observedAt: at("2021-12-10T11:20:00Z"),
  strength: "strong",
  kb: "",
  kbs: [],
  update: "",
  vulnerabilities: [],
  severity: "important",
  rank: "important",
  released: null,
  verdict: "contradicted",
  requires: [],
  claims: [],
  excuses: EXCUSES,
  exposure: null,
  known: [],
  deadline: null,
  why: "Claimed as installed; the file version on the disk is that of the cumulative update without any security update.",
  at: [ROW, reference(1)],
};

const PROXYSHELL = "ProxyShell";
const PROVIDER = "Harbour IT Services (invented)";

const ITEMS: readonly PatchItem[] = [
  {
    ...BASE,
    kb: "KB5001779",
    kbs: ["KB5001779"],
    update: "Apr21SU",
    severity: "critical",
    rank: "critical",
    released: day("2021-04-13"),
    vulnerabilities: [
      vulnerability("CVE-2021-34473 critical missing", { alias: PROXYSHELL }),
      vulnerability("CVE-2021-34523 critical missing", { alias: PROXYSHELL }),
      vulnerability("CVE-2021-28480 critical missing"),
      vulnerability("CVE-2021-28481 critical missing"),
      vulnerability("CVE-2021-28482 important missing"),
      vulnerability("CVE-2021-28483 critical missing"),
      vulnerability("CVE-2021-33766 important missing", {
        alias: "ProxyToken",
        disputed:
          "One source sets the first fix at the July update; the maker's record says April.",
      }),
    ],
    claims: [claim("KB5001779", "installed", "2021-04-22", PROVIDER, "ticket 4711")],
    exposure: open("2021-04-13", [241, 249], [120, 134]),
    known: [
      fact("2021-04-13", "fix released", "KB5001779"),
      fact(
        "2021-04-13",
        "published",
        "CVE-2021-28480, CVE-2021-28481, CVE-2021-28482, CVE-2021-28483",
      ),
      fact("2021-07-13", "published", "CVE-2021-34473, CVE-2021-34523"),
      fact("2021-08-12", "exploitation reported", "CVE-2021-34473, by an incident response firm"),
      fact(
        "2021-11-03",
        "listed as exploited",
        "CVE-2021-34473 in the list of the CISA, which began on that day",
      ),
    ],
    deadline: { rule: "48 hours where it is critical", due: day("2021-04-15"), daysLate: 247 },
  },
  {
    ...BASE,
    kb: "KB5000871",
    kbs: ["KB5000871"],
    update: "Mar21SU",
    severity: "critical",
    rank: "critical",
    released: day("2021-03-02"),
    vulnerabilities: [
      vulnerability("CVE-2021-26855 critical missing", { alias: "ProxyLogon" }),
      vulnerability("CVE-2021-27065 important missing", {
        alias: "ProxyLogon",
        rank: "critical",
        lentBy: "ProxyLogon",
      }),
    ],
    claims: [claim("KB5000871", "installed", "2021-03-08", PROVIDER, "ticket 4603")],
    exposure: { ...open("2021-03-02", [283, 291], [283, 291]), daysWithoutFix: 58 },
    known: [
      fact("2021-03-02", "fix released", "KB5000871"),
      fact("2021-03-02", "published", "CVE-2021-26855, CVE-2021-27065"),
      fact(
        "2021-03-02",
        "exploitation reported",
        "CVE-2021-26855, by the maker; used since 2021-01-03",
      ),
      fact("2021-11-03", "listed as exploited", "CVE-2021-26855"),
    ],
    deadline: { rule: "48 hours where it is exploited", due: day("2021-03-04"), daysLate: 289 },
  },
  {
    ...BASE,
    kb: "KB5003435",
    kbs: ["KB5003435"],
    update: "May21SU",
    severity: "moderate",
    rank: "critical",
    released: day("2021-05-11"),
    vulnerabilities: [
      vulnerability("CVE-2021-31207 moderate missing", {
        alias: PROXYSHELL,
        rank: "critical",
        lentBy: PROXYSHELL,
      }),
      vulnerability("CVE-2021-31195 important missing"),
    ],
    claims: [claim("KB5003435", "installed", "", null, "")],
    exposure: open("2021-05-11", [213, 221], [120, 134]),
    known: [fact("2021-05-11", "published", "CVE-2021-31207")],
    deadline: { rule: "14 days", due: day("2021-05-25"), daysLate: 207 },
  },
  {
    ...BASE,
    kb: "KB5004779",
    kbs: ["KB5004779", "KB5004780"],
    update: "Jul21SU",
    released: day("2021-07-13"),
    vulnerabilities: [
      vulnerability("CVE-2021-34470 important missing", {
        requires: "The schema of Active Directory must be extended as well.",
      }),
    ],
    requires: ["The schema of Active Directory must be extended as well."],
    claims: [claim("KB5004779", "installed", "2021-07-19", PROVIDER, "ticket 5020")],
    exposure: open("2021-07-13", [150, 158], [0, 0]),
    known: [fact("2021-07-13", "fix released", "KB5004779")],
    deadline: { rule: "14 days", due: day("2021-07-27"), daysLate: 144 },
  },
  {
    ...BASE,
    verdict: "missing",
    kb: "KB5007409",
    kbs: ["KB5007409"],
    update: "Nov21SU",
    released: day("2021-11-09"),
    vulnerabilities: [vulnerability("CVE-2021-42321 important missing")],
    excuses: [],
    exposure: open("2021-11-09", [31, 39], [31, 39]),
    known: [fact("2021-11-09", "exploitation reported", "CVE-2021-42321, by the maker")],
    deadline: { rule: "48 hours where it is exploited", due: day("2021-11-11"), daysLate: 37 },
    why: "The build is older than every cumulative update that got this update.",
  },
  {
    ...BASE,
    verdict: "unknown",
    strength: "weak",
    kb: "KB4577352",
    kbs: ["KB4577352"],
    update: "Sep20SU",
    severity: "critical",
    rank: "critical",
    released: day("2020-09-08"),
    vulnerabilities: [
      vulnerability("CVE-2020-16875 critical unknown", {
        why: "Sources set the first fixed build at this one or at the next. The file version of Microsoft.Exchange.Data.dll would tell.",
      }),
    ],
    excuses: [],
    exposure: { ...open("2020-09-08", [0, 466], [0, 0]) },
    known: [fact("2020-09-08", "published", "CVE-2020-16875")],
    deadline: null,
    why: "The evidence cannot tell.",
  },
  {
    ...BASE,
    verdict: "fixed",
    kb: "KB4540123",
    kbs: ["KB4540123"],
    update: "Mar20SU",
    released: day("2020-03-10"),
    vulnerabilities: [vulnerability("CVE-2020-0903 important fixed")],
    claims: [claim("KB4540123", "installed", "2020-10-20", PROVIDER, "ticket 3980")],
    excuses: [],
    exposure: {
      ...open("2020-09-15", [30, 72], [0, 0]),
      to: [day("2020-10-15"), day("2020-11-26")],
    },
    deadline: { rule: "14 days", due: day("2020-09-29"), daysLate: 58 },
    why: "The build holds it.",
  },
  {
    ...BASE,
    host: "HVC-DC01",
    product: "Windows Server 2016",
    build: "",
    observedAt: at("2021-08-14T00:00:00Z"),
    strength: "weak",
    verdict: "unverified",
    kb: "KB5005043",
    kbs: ["KB5005043"],
    update: "",
    released: day("2021-08-10"),
    vulnerabilities: [vulnerability("CVE-2021-36936 critical unknown")],
    severity: "critical",
    rank: "critical",
    claims: [claim("KB5005043", "installed", "2021-08-14", PROVIDER, "monthly report")],
    excuses: [],
    exposure: null,
    why: "A list of updates names it; no file version is at hand.",
  },
];

const HOST: HostPatches = {
  host: MAIL,
  product: EXCHANGE,
  build: "15.1.2044.4",
  observedAt: at("2021-12-10T11:20:00Z"),
  decidedBy: span("15.1.2044.4", ["2021-12-10", "2021-12-10"], true).observation,
  strength: "strong",
  revisionStrength: "strong",
  spans: [
    span("15.1.1979.3", ["2020-08-20", "2020-10-15"], false),
    span("15.1.2044.4", ["2020-11-26", "2021-11-30"], false),
    span("15.1.2044.4", ["2021-12-10", "2021-12-10"], true),
    span("15.1.1913.5", [null, null], false),
  ],
  unfixed: 5,
  critical: 3,
  unknown: 1,
  next: {
    cu: "CU22",
    update: "Nov21SU",
    build: "15.1.2375.17",
    kbs: ["KB5007409"],
    closes: ITEMS.slice(0, 5).flatMap(({ vulnerabilities }) => vulnerabilities.map(({ id }) => id)),
    configuration: [
      {
        text: "Extend the schema of Active Directory with the setup of the cumulative update.",
        closes: ITEMS.slice(3, 4).flatMap(({ vulnerabilities }) =>
          vulnerabilities.map(({ id }) => id),
        ),
      },
    ],
    why: "CU17 gets no more updates; CU22 is the newest cumulative update on the day for which this is told.",
  },
  remarks: [
    {
      kind: "unsupported",
      text: "CU17 has had no security updates since the release of CU19 on 2020-12-15, except that of March 2021.",
      at: [ROW],
    },
    {
      kind: "contradiction",
      text: "Two observations of 2021-11-30 differ: 15.1.2044.4 in its own log, 15.1.1979.3 in the path of Outlook on the web.",
      at: [reference(2), reference(3)],
    },
  ],
};

const HOSTS: readonly HostPatches[] = [
  HOST,
  {
    ...HOST,
    host: "HVC-MAIL02",
    build: "15.1.2375.17",
    spans: [],
    unfixed: 0,
    critical: 0,
    unknown: 0,
    next: null,
    remarks: [],
  },
  {
    ...HOST,
    host: "HVC-DC01",
    product: "Windows Server 2016",
    build: "",
    observedAt: null,
    decidedBy: null,
    strength: "weak",
    revisionStrength: "none",
    spans: [],
    unfixed: 1,
    critical: 1,
    unknown: 0,
    next: null,
    remarks: [],
  },
];

/** The report of the invented case as of 2021-12-18. */
export function inventedPatches(): PatchReport {
  const regulator = claim(
    "",
    "four updates were missing",
    "2021-12-20",
    "Regulator (invented)",
    "decision, page 3",
  );
  const review = claim(
    "",
    "no security update for 13 months",
    "2021-12-20",
    "Review (invented)",
    "section 4",
  );
  return {
    asOf: day("2021-12-18"),
    hosts: HOSTS,
    items: ITEMS,
    measured: [
      {
        claim: regulator,
        reads: "4 updates missing",
        verdict: "contradicted",
        why: "Records show 5 updates missing on this host on 2021-12-18; 4 of them were claimed as installed.",
      },
      {
        claim: review,
        reads: "no update for 13 months",
        verdict: "unknown",
        why: "The build is that of 2020-06-16, seen since 2020-11-26: 12 to 18 months, depending on the day of installation.",
      },
    ],
    contradictions: [
      {
        kind: "claim-claim",
        host: MAIL,
        text: "“four updates were missing” and “no security update for 13 months” cannot both be so: in 13 months more than four were released.",
        at: [],
      },
      {
        kind: "claim-observation",
        host: MAIL,
        text: "KB5001779 was claimed as installed on 2021-04-22; the file version of 2021-12-10 is without it.",
        at: [ROW],
      },
    ],
    unknown: [
      "Which host “the old server” in claims.csv, line 9, is: the case file names no such alias.",
    ],
    catalogueAgeDays: 26,
  };
}
