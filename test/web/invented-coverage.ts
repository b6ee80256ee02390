/** What the invented case covers, where it is silent, and which evidence does not wait; nothing in it is real. */
import { TICKS_PER_HOUR, UNDATED } from "../../src/base/time.ts";
import type { Coverage, SourceCoverage } from "../../src/model/coverage.ts";
import type { DyingEvidence } from "../../src/model/dying.ts";
import type { FormatId } from "../../src/model/evidence.ts";
import { at, reference } from "./invented-records.ts";

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

/** The log of the back end, with eleven days missing. */
export const WEB: SourceCoverage = {
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

/** One kind of evidence that is being deleted. */
export const DYING: DyingEvidence = {
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

/** Five sources on two hosts. */
export const COVERAGE: Coverage = {
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
