/** Observations over the shipped knowledge and made batches: strengths, merging, bounds, what a client can say. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { UNDATED, parseTime } from "../../base/time.ts";
import type { Batch, FieldValue } from "../../model/event.ts";
import type { EvidenceHash, FormatId } from "../../model/evidence.ts";
import { compareBuilds, parseBuild } from "./build.ts";
import { type ObservationTerms, createObservations } from "./observations.ts";
import { parseStrengths } from "./strengths.ts";

const KNOWLEDGE: unknown = JSON.parse(readFileSync("knowledge/observations.json", "utf8"));
const TERMS: ObservationTerms = {
  strengths: parseStrengths(KNOWLEDGE),
  hosts: [],
  changedAt: () => null,
};

interface MadeRow {
  readonly time?: string;
  readonly host?: string;
  readonly id?: number;
  readonly provider?: string;
  readonly fields: Readonly<Record<string, FieldValue>>;
}

function batchOf(format: FormatId, channel: string, rows: readonly MadeRow[], start = 0): Batch {
  const fieldsOf = (row: number) => rows[row]?.fields ?? {};
  return {
    kind: "batch",
    format,
    place: { evidence: "e".repeat(64) as EvidenceHash, member: "", file: channel },
    length: rows.length,
    ticks: BigInt64Array.from(rows, ({ time }) =>
      time === undefined ? UNDATED : (parseTime(time)?.ticks ?? UNDATED),
    ),
    digits: 0,
    zoneAssumed: null,
    offsets: Float64Array.from(rows, (_, row) => start + row),
    record: (row) => String(start + row + 1),
    host: (row) => rows[row]?.host ?? "MX1",
    channel: () => channel,
    eventId: (row) => rows[row]?.id ?? -1,
    provider: (row) => rows[row]?.provider ?? "",
    field: (row, name) => fieldsOf(row)[name],
    names: (row) => Object.keys(fieldsOf(row)),
    putFields: () => {},
  };
}

function stem(path: string, status: number, time = "2021-08-12T09:00:00Z"): MadeRow {
  return { time, fields: { "cs-uri-stem": path, "sc-status": status } };
}

const observe = (...batches: readonly Batch[]) => {
  const collector = createObservations();
  for (const batch of batches) collector.add(batch);
  return collector.finish(TERMS);
};

describe("builds", () => {
  test.each([
    ["15.01.2375.007", [15, 1, 2375, 7]],
    ["15.1.2375.7", [15, 1, 2375, 7]],
    ["Version 15.1 (Build 2375.7)", [15, 1, 2375, 7]],
    ["Version 15.1 (Build 32375.7)", [15, 1, 2375, 7]],
    ["15.1.2044", [15, 1, 2044]],
    ["15.1", null],
    ["15.1.2044.4.1", null],
    ["fifteen", null],
    ["", null],
  ])("%s", (text, numbers) => {
    expect(parseBuild(text)).toEqual({ text, numbers });
  });

  test("are compared as numbers, as far as both go", () => {
    expect(compareBuilds([15, 1, 2044, 13], [15, 1, 2044, 4])).toBeGreaterThan(0);
    expect(compareBuilds([15, 1, 986, 5], [15, 1, 1118, 25])).toBeLessThan(0);
    expect(compareBuilds([15, 1, 2044], [15, 1, 2044, 4])).toBe(0);
  });
});

describe("what a server's own logs testify", () => {
  test("paths count where the server served them, and only there", () => {
    const { observations } = observe(
      batchOf("iis", "W3SVC1", [
        stem("/owa/auth/15.1.2044/themes/resources/logon.css", 200),
        stem("/ecp/15.1.2176.2/scripts/common.js", 404),
        stem("/owa/prem/15.1.2044.4/scripts/boot.js", 304, "2021-08-14T09:00:00Z"),
        stem("/other/15.1.9999.9/x", 200),
        stem("/owa/../15.2.1/x", 200),
      ]),
    );
    expect(
      observations.map(({ build, kind, strength, revisionStrength, days }) => [
        build?.text,
        kind,
        strength,
        revisionStrength,
        days,
      ]),
    ).toEqual([
      ["15.1.2044", "owa-path", "strong", "weak", [18851]],
      ["15.1.2044.4", "owa-path", "strong", "weak", [18853]],
    ]);
  });

  test("columns beside every request, and a pair in an activity log", () => {
    const version = (build: number, revision: number, host = "MX1"): MadeRow => ({
      time: "2021-08-12T09:00:00Z",
      host,
      fields: {
        MajorVersion: 15,
        MinorVersion: 1,
        BuildVersion: build,
        RevisionVersion: revision,
        UrlStem: "/owa/15.1.9999.9/x",
        HttpStatus: 200,
      },
    });
    const { observations } = observe(
      batchOf("exchange", "HttpProxy", [
        version(2044, 4),
        version(2044, 4),
        version(2044, 4, "MX2"),
        version(2242, 4),
        { fields: {} },
        version(2044, 4),
      ]),
      batchOf("exchange", "Ecp", [
        { fields: { EventData: "S:PSA=a;S:Bld=15.1.2375.7;S:ActID=1" } },
        { fields: { EventData: "S:URL=/x?S:Bld=9.9.9.9" } },
      ]),
    );
    expect(
      observations.map(({ host, source, build, records, kind }) => [
        host,
        source,
        build?.text,
        records,
        kind,
      ]),
    ).toEqual([
      ["MX1", "Ecp", "15.1.2375.7", 1, "server-log"],
      ["MX1", "HttpProxy", "15.1.2044.4", 3, "server-log"],
      ["MX1", "HttpProxy", "15.1.2242.4", 1, "server-log"],
      ["MX2", "HttpProxy", "15.1.2044.4", 1, "server-log"],
    ]);
  });
});

describe("what lists and Windows say", () => {
  test("events in which Windows says that an update was installed", () => {
    const title = "Security Update For Exchange Server 2016 CU20 (KB5001779)";
    const update = (id: number, provider: string, fields: MadeRow["fields"]): MadeRow => ({
      id,
      provider,
      fields,
    });
    const { observations } = observe(
      batchOf("evtx", "System", [
        update(19, "Microsoft-Windows-WindowsUpdateClient", { updateTitle: title }),
        update(19, "Another", { updateTitle: title }),
        update(20, "Microsoft-Windows-WindowsUpdateClient", { updateTitle: title }),
      ]),
      batchOf("evtx", "Application", [
        update(1022, "MsiInstaller", { Data: ["Microsoft Exchange Server", title, "(NULL)"] }),
      ]),
    );
    expect(
      observations.map(({ source, kb, kind, strength }) => [source, kb, kind, strength]),
    ).toEqual([
      ["Application", "KB5001779", "update-history", "weak"],
      ["System", "KB5001779", "update-history", "weak"],
    ]);
  });

  test("inventory rows: the contradiction of two strong ones is there to be seen", () => {
    const row = (build: string, observation: string): MadeRow => ({
      fields: { Product: "Exchange Server", Build: build, Observation: observation },
    });
    const { observations } = observe(
      batchOf("clixml", "FileVersionInfo", [row("15.02.1118.025", "file-version")]),
      batchOf("clixml", "ExchangeServer", [row("Version 15.2 (Build 986.5)", "exported-manifest")]),
      batchOf("clixml", "X", [row("1.2.3.4", "hearsay"), row("", "file-version")]),
    );
    expect(observations.map(({ build, strength }) => [build?.numbers, strength])).toEqual([
      [[15, 2, 986, 5], "strong"],
      [[15, 2, 1118, 25], "strong"],
    ]);
  });
});

describe("gathering", () => {
  const parts = [
    batchOf("iis", "W3SVC1", [stem("/owa/15.1.2044.4/a.js", 200, "2021-08-12T09:00:00Z")], 10),
    batchOf("iis", "W3SVC1", [stem("/owa/15.1.2044.4/a.js", 200, "2021-08-10T09:00:00Z")], 20),
    batchOf("iis", "W3SVC1", [stem("/owa/15.1.2044.4/a.js", 200), { fields: {} }], 5),
    batchOf("clixml", "HotFix", [
      { host: "mx1", fields: { Kb: "KB3192137", Observation: "hotfix-list", Product: "Windows" } },
    ]),
  ];

  test("in whatever order and by however many hands: the same", () => {
    const whole = observe(...parts);
    expect(whole.observations.map(({ records, days }) => [records, days])).toEqual([
      [3, [18849, 18851]],
      [1, []],
    ]);
    for (const order of [parts, parts.toReversed()]) {
      const joined = createObservations();
      for (const part of order) {
        const hand = createObservations();
        hand.add(part);
        joined.absorb(structuredClone(hand.state()));
      }
      expect(joined.finish(TERMS)).toEqual(whole);
    }
    const [first] = whole.observations;
    expect([first?.first.at.offset, first?.last.at.offset]).toEqual([20, 5]);
  });

  test("a log that names builds without end is cut, and that is said", () => {
    const rows = Array.from({ length: 5000 }, (_, at) => stem(`/owa/15.1.${at}.1/a.js`, 200));
    const { observations, limits } = observe(batchOf("iis", "W3SVC1", rows), ...parts.slice(3));
    expect(observations.length).toBe(4097);
    expect(limits).toEqual([expect.stringMatching(/^904 records/)]);
  });

  test("a file without times is dated by its last change, and never before it", () => {
    const collector = createObservations();
    const fields = { Product: "Exchange Server", Build: "15.1.1.1", Observation: "file-version" };
    collector.add(batchOf("clixml", "FileVersionInfo", [{ fields }]));
    const { observations } = collector.finish({ ...TERMS, changedAt: () => 7n });
    expect(observations[0]?.notAfter).toBe(7n);
  });
});

test("knowledge: a kind left out, or an unknown word, is refused", () => {
  expect(() => parseStrengths({ about: "", entries: [] })).toThrow(/observations\.json/);
  const known = KNOWLEDGE as { about: string; entries: object[] };
  expect(() => parseStrengths({ ...known, entries: known.entries.slice(1) })).toThrow(
    /file-version/,
  );
  expect(() => parseStrengths({ ...known, entries: [...known.entries, known.entries[0]] })).toThrow(
    /twice/,
  );
});
