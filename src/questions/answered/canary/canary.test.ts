/** Canaries over made detections and coverage: seen, waiting, missing, not judged; marks of nobody; marks that are used again. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { known } from "../../../base/assert.ts";
import { UNDATED, toTicks } from "../../../base/time.ts";
import type { Canary } from "../../../model/canary.ts";
import type { SourceCoverage } from "../../../model/coverage.ts";
import type { Detection } from "../../../model/detection.ts";
import { detection, source, ticks } from "../../cause/made.test-data.ts";
import { groupFindings } from "../findings.ts";
import { isCanary, marksOf, withMarks } from "./marks.ts";
import { type SetCanary, nobodysMarks, sightCanaries, withoutCanaries } from "./sights.ts";
import { type CanaryMatter, canaryFindings, judgeCanary, tellCanaries } from "./unseen.ts";

const MARK = "breakwater-canary-0123456789abcdef";
const OTHER = "breakwater-canary-fedcba9876543210";
const at = (iso: string) => known(toTicks(ticks(iso)), "a real time");
const SET: SetCanary = {
  mark: MARK,
  setAt: at("2022-03-01T10:00:00Z"),
  by: "Ann",
  where: "",
  due: at("2022-03-01T11:00:00Z"),
};
const MATTER: CanaryMatter = {
  asOf: ticks("2022-03-01T12:00:00Z"),
  from: null,
  to: null,
  hosts: [],
  coverage: { sources: [] },
  isFollowed: () => false,
  hasRules: true,
};

/** A match of a rule about canaries on a record with these words. */
function marked(when: string, words: string, parts: Parameters<typeof detection>[1] = {}) {
  const fields = { "cs-uri-stem": `/owa/auth/${words}.aspx` };
  const rule = { rule: "canary", level: "informational", tags: ["breakwater.canary"] } as const;
  return withMarks(detection(when, { ...rule, fields, ...parts }));
}

function until(last: string, parts: Partial<SourceCoverage> = {}): SourceCoverage {
  return source("W3SVC1", "2022-01-01T00:00:00Z", last, parts);
}

function judge(sources: readonly SourceCoverage[], given: Partial<CanaryMatter> = {}, set = SET) {
  const matter = { ...MATTER, ...given, coverage: { sources } };
  return judgeCanary({ ...set, seen: [] }, matter);
}

describe("marks", () => {
  test("whole ones in any field, in any spelling, each once; nothing else of the record is kept", () => {
    const fields = { Data: [`a ${MARK.toUpperCase()} b`, [OTHER]], Message: MARK, "c-ip": "::1" };
    const kept = withMarks(
      detection("2022-03-01T10:00:00Z", { tags: ["Breakwater.Canary"], fields }),
    );
    expect(kept.fields).toEqual({ canary: [MARK, OTHER] });
    expect(marksOf(kept)).toEqual([MARK, OTHER]);
  });

  test.each([
    `${MARK}0`,
    MARK.slice(0, -1),
    "breakwater-canary-",
    "breakwater-canary-0123456789abcdeg",
  ])("%s is none", (words) => expect(marksOf(marked("2022-03-01T10:00:00Z", words))).toEqual([]));

  test("a record of 10 MB costs its length once, and keeps at most sixteen", () => {
    const many = Array.from(
      { length: 250_000 },
      (_, n) => `breakwater-canary-${String(n).padStart(16, "0")}`,
    );
    expect(marksOf(marked("2022-03-01T10:00:00Z", many.join(" ")))).toHaveLength(16);
    const started = performance.now();
    marked("2022-03-01T10:00:00Z", "breakwater-canary-".repeat(600_000));
    marked("2022-03-01T10:00:00Z", `breakwater-canary-${"a".repeat(10_000_000)}`);
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  test("a field that only calls itself so is no mark: the rule's tag decides", () => {
    const made = withMarks(detection("2022-03-01T10:00:00Z", { fields: { canary: [MARK] } }));
    expect([isCanary(made), marksOf(made)]).toEqual([false, []]);
  });
});

describe("sights", () => {
  test("the first in each source, whatever the order; a copy of the log adds none", () => {
    const front = marked("2022-03-01T10:00:05Z", MARK);
    const rows = [
      front,
      marked("2022-03-01T10:00:05Z", MARK, { file: "copy.log" }),
      marked("2022-03-01T10:00:09Z", MARK, { host: "mx1" }),
      marked("2022-03-01T10:00:06Z", MARK, { channel: "HttpProxy" }),
      marked("2022-03-01T10:00:01Z", MARK, { host: "FW1", ticks: UNDATED }),
      marked("2022-03-01T10:00:01Z", OTHER),
    ];
    const expected = sightCanaries([SET], rows);
    expect(expected[0]?.seen.map(({ host, channel }) => `${host} ${channel}`)).toEqual([
      "MX1 W3SVC1",
      "MX1 HttpProxy",
      "FW1 W3SVC1",
    ]);
    expect(nobodysMarks([SET], rows)).toMatchObject([{ mark: OTHER, sight: { host: "MX1" } }]);
    fc.assert(
      fc.property(fc.shuffledSubarray(rows, { minLength: rows.length }), (mixed) => {
        expect(sightCanaries([SET], mixed)).toEqual(expected);
      }),
      { numRuns: 30 },
    );
  });
});

describe("signs of an attack", () => {
  /** Both detections of one record: the canary's, and another rule's of this level. */
  function record(when: string, mark: string, level: Detection["level"], offset: number) {
    return [marked(when, mark, { offset }), detection(when, { rung: "used", level, offset })];
  }
  const left = (rows: readonly Detection[]) => {
    const canaries = sightCanaries([SET], rows);
    return withoutCanaries(rows, canaries).map((each) => `${each.level} ${each.at.offset}`);
  };

  test("neither the canary nor what its first sight sets off is one", () => {
    expect(left(record("2022-03-01T10:05:00Z", MARK, "critical", 1))).toEqual([]);
    const late = record("2022-03-01T11:00:01Z", MARK, "low", 1);
    expect(left(late)).toEqual([]);
  });

  test("a mark that is used again, comes late, or is nobody's, hides nothing grave", () => {
    const again = [
      ...record("2022-03-01T10:05:00Z", MARK, "critical", 1),
      ...record("2022-03-01T10:06:00Z", MARK, "medium", 2),
      ...record("2022-03-01T10:07:00Z", MARK, "low", 3),
      ...record("2022-03-01T10:04:00Z", OTHER, "low", 4),
    ];
    expect(left(again)).toEqual(["medium 2", "low 4"]);
    expect(left(record("2022-03-01T11:00:01Z", MARK, "critical", 5))).toEqual(["critical 5"]);
  });
});

describe("a mark that travels", () => {
  const used = (when: string, channel: string, offset: number, ticks?: bigint) => {
    const where = { offset, channel, ...(ticks === undefined ? {} : { ticks }) };
    return [
      marked(when, MARK, where),
      detection(when, { rung: "used", level: "critical", ...where }),
    ];
  };
  const left = (rows: readonly Detection[]) =>
    withoutCanaries(rows, sightCanaries([SET], rows)).map(({ at: { offset } }) => offset);

  test("is one canary in the logs that one request passes; who reads it there hides nothing in a third", () => {
    const rows = [
      ...used("2022-03-01T10:05:00Z", "W3SVC1", 1),
      ...used("2022-03-01T10:05:02Z", "HttpProxy", 2),
      ...used("2022-03-01T10:30:00Z", "W3SVC2", 3),
      ...used("2022-03-01T10:05:01Z", "undated", 4, UNDATED),
    ];
    expect(left(rows)).toEqual([3, 4]);
  });

  test("is told of fifty sources: a sender of syslog may call itself anything", () => {
    const rows = Array.from({ length: 60 }, (_, n) =>
      marked("2022-03-01T10:05:00Z", MARK, { host: `sender-${n}`, offset: n }),
    );
    expect(sightCanaries([SET], rows)[0]?.seen).toHaveLength(50);
  });
});

describe("the alarm that did not ring", () => {
  test("is a finding when it was due, with what was looked at", () => {
    const sources = [
      until("2022-03-01T11:30:00Z"),
      until("2022-02-01T00:00:00Z", { channel: "HttpProxy" }),
      until("2022-03-01T11:59:00Z", { format: "mft", channel: "C:" }),
    ];
    const matter = { ...MATTER, coverage: { sources } };
    const [finding, ...more] = canaryFindings([{ ...SET, where: "IIS of MX1", seen: [] }], matter);
    expect(more).toEqual([]);
    expect(finding).toMatchObject({
      kind: "canary",
      level: "high",
      host: "MX1",
      firstSeen: SET.setAt,
    });
    expect(finding?.detections).toHaveLength(1);
    expect(finding?.why).toBe(
      `Ann set ${MARK} at 2022-03-01T10:00:00Z for IIS of MX1; it should have been seen by 2022-03-01T11:00:00Z, and nothing that was read has it: looked at: MX1 W3SVC1 until 2022-03-01T11:30:00Z; 1 log ends before it was set`,
    );
  });

  test("is none before it is due, and none where it came back: that is the rule's own finding", () => {
    const sources = [until("2022-03-01T11:30:00Z")];
    expect(judge(sources, { asOf: SET.due - 1n }).state).toBe("waiting");
    expect(judge(sources, { asOf: SET.due }).state).toBe("missing");
    const rows = [marked("2022-03-01T10:00:05Z", MARK)];
    const canaries = sightCanaries([SET], rows);
    expect(canaryFindings(canaries, { ...MATTER, coverage: { sources } })).toEqual([]);
    expect(groupFindings(rows)).toMatchObject([{ kind: "rule", level: "informational" }]);
    expect(tellCanaries(canaries, [], MATTER).statements[0]?.text).toContain("1 canary of 1");
  });
});

describe("what was read", () => {
  test.each<[string, readonly SourceCoverage[], Partial<CanaryMatter>, string]>([
    ["nothing was read", [], {}, "no dated log was read"],
    [
      "the evidence ends before",
      [until("2022-03-01T09:59:59Z")],
      {},
      "ends at 2022-03-01T09:59:59Z",
    ],
    ["no rule looks for it", [until("2022-03-01T11:30:00Z")], { hasRules: false }, "no rule"],
    [
      "the window begins later",
      [until("2022-03-01T11:30:00Z")],
      { from: SET.setAt + 1n },
      "window",
    ],
    ["the window ends too early", [until("2022-03-01T11:30:00Z")], { to: SET.due }, "window"],
  ])("is not judged where %s", (_, sources, given, why) => {
    const judged = judge(sources, given);
    expect(judged).toMatchObject({ state: "unjudged", why: expect.stringContaining(why) });
    const matter = { ...MATTER, ...given, coverage: { sources } };
    expect(tellCanaries([{ ...SET, seen: [] }], [], matter).unknown.join()).toContain(why);
  });

  test("a log that is being followed reaches to now: its silence is what a canary is for", () => {
    const sources = [until("2022-03-01T09:00:00Z")];
    expect(judge(sources, { isFollowed: () => true }).state).toBe("missing");
  });

  test("the evidence of the host that is named decides, by any of its names; of two hosts, all of it", () => {
    const hosts = [{ name: "MX1", addresses: [], aliases: ["mail.clinic.example"], roles: [] }];
    const sources = [until("2022-02-01T00:00:00Z"), until("2022-03-01T11:30:00Z", { host: "FW1" })];
    const named = (where: string) => judge(sources, { hosts }, { ...SET, where }).state;
    expect(named("IIS of mail.clinic.example")).toBe("unjudged");
    expect(named("the log of IIS on MX1.")).toBe("unjudged");
    expect(named("syslog (fw1)")).toBe("missing");
    expect(named("MX1, by way of FW1")).toBe("missing");
    expect(named("somewhere")).toBe("missing");
  });

  test("words of people stay one visible line; many canaries stay a short answer", () => {
    const many = Array.from({ length: 50 }, (_, n): Canary => {
      const mark = `breakwater-canary-${String(n).padStart(16, "0")}`;
      return { ...SET, mark, where: "MX1\u001b[2J\u202e", seen: [] };
    });
    const { unknown } = tellCanaries(many, [], MATTER);
    expect(unknown).toHaveLength(5);
    expect(unknown.join("")).toContain("MX1\\u{1b}[2J\\u{202e}");
  });
});
